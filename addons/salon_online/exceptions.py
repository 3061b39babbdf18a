"""Errors that callers of the pages may want to tell apart."""

from odoo.exceptions import UserError


class TooManyTries(UserError):
    """Somebody asks more often than people do."""

    http_status = 429
