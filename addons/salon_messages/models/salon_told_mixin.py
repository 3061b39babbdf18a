from odoo import models


class SalonToldMixin(models.AbstractModel):
    """What people can be told about: whom it concerns, where, and is it still true.

    Called in sudo.
    """

    _name = "salon.told.mixin"
    _description = "Record That Messages Are About"

    def _get_message_client(self):
        """The res.partner who is told as the client; empty for nobody."""
        return self.env["res.partner"]

    def _get_message_staff(self):
        """The res.partner of those of the team whom it concerns."""
        return self.env["res.partner"]

    def _get_message_branch(self):
        return self.env["salon.branch"]

    def _get_message_visit(self):
        return self.env["salon.visit"]

    def _is_message_true(self, _code, _occasion):
        """Whether what is to be told is still so, just before it leaves."""
        return True

    def _get_message_attachments(self, _code, _occasion):
        """The ir.attachment that go with a mail."""
        return self.env["ir.attachment"]

    def _get_message_links(self):
        """Addresses for the templates: ``{record id: {name: url}}``, in one go."""
        return {}
