from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonHealthLog(models.Model):
    """Who opened whose health notes, and when; never changed afterwards."""

    _name = "salon.health.log"
    _description = "Opened Health Notes"
    _order = "at desc, id desc"
    _rec_name = "client_id"
    _log_access = False

    at = fields.Datetime("When", required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, index=True, ondelete="restrict"
    )
    client_id = fields.Many2one(
        "res.partner",
        "Whose",
        index="btree_not_null",
        ondelete="set null",
        help="Empty once the contact was erased.",
    )
    note_count = fields.Integer("Notes", aggregator=None)
    access = fields.Selection(
        [("read", "Opened"), ("group", "Grouped or counted"), ("export", "Exported")],
        "How",
        required=True,
        default="read",
    )

    # Nothing is ever written.
    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(
            self.env._(
                "The record of who opened the health notes of %(client)s cannot be "
                "edited.",
                client=self[:1].client_id.display_name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The record of who opened the health notes of %(client)s cannot be "
                "deleted.",
                client=self[:1].client_id.display_name,
            )
        )
