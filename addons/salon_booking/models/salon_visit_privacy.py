from odoo import models


class SalonVisit(models.Model):
    """What was written to a client names the client, so it is closed like the card."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    def _closed_to_stylist(self):
        """Those whose client's card the user may not open."""
        if not self.env.user._is_only_stylist():
            return self.browse()
        # sudo: salon.branch - its settings are no secret of the staff
        return self.filtered(
            lambda visit: not visit.sudo().branch_id.stylists_open_cards
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Messages are read by who could delete the visit, which no stylist can.

        Own messages and those one was notified of are read all the same.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read":
            operations.update(dict.fromkeys(self._closed_to_stylist(), "unlink"))
        return operations

    def _message_get_suggested_recipients(self, *args, **kwargs):
        """The host would tell name and address of whom to write to."""
        if self._closed_to_stylist():
            return []
        return super()._message_get_suggested_recipients(*args, **kwargs)
