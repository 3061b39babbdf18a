"""Errors that callers of the suite may want to tell apart."""

from odoo.exceptions import UserError


class SlotTaken(UserError):
    """A person or place is not free any more.

    ``alternatives`` holds the nearest ``engine.wishes.Part`` that can be had.
    """

    def __init__(self, message, alternatives=()):
        super().__init__(message)
        self.alternatives = list(alternatives)


class NotEligible(UserError):
    """A rule about the client or the service refuses a booking.

    ``refusals`` holds the ``engine.refusals.Refusal``.
    """

    def __init__(self, message, refusals=()):
        super().__init__(message)
        self.refusals = list(refusals)
