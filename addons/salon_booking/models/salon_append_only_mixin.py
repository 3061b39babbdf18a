from odoo import api, models
from odoo.exceptions import UserError


class SalonAppendOnlyMixin(models.AbstractModel):
    """Rows that are only ever added: what happened is corrected by another row."""

    _name = "salon.append.only.mixin"
    _description = "Rows That Are Only Ever Added"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self[:1]._message_not_changed())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self[:1]._message_not_deleted())

    def _message_not_changed(self):
        """Why a row stays as it is, and what to do instead."""
        return self.env._(
            "%(entry)s is in the ledger and stays as it is. Correct the document "
            "it comes from.",
            entry=self.display_name,
        )

    def _message_not_deleted(self):
        return self.env._(
            "%(entry)s is in the ledger and cannot be deleted. Correct the "
            "document it comes from.",
            entry=self.display_name,
        )
