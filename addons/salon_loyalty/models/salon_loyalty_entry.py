from odoo import api, fields, models

ENTRY_KINDS = [
    ("earned", "Earned"),
    ("issued", "Issued"),
    ("spent", "Spent"),
    ("returned", "Returned"),
    ("taken_back", "Taken back"),
    ("voided", "Voided"),
    ("expired", "Expired"),
    ("adjusted", "Adjusted"),
    ("owed", "Owed"),
]


class SalonLoyaltyEntry(models.Model):
    """One change of one card. Rows are only ever added; their sum is the balance.

    The host's ``loyalty.history`` shows the same on its own screens but is deleted when
    an order is cancelled, so it is not the ledger.
    """

    _name = "salon.loyalty.entry"
    _description = "Points Ledger Entry"
    _inherit = ["salon.append.only.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, index=True, ondelete="restrict"
    )
    program_id = fields.Many2one(
        related="card_id.program_id", store=True, precompute=True, index=True
    )
    salon_kind = fields.Selection(
        string="Of", related="program_id.salon_kind", store=True, precompute=True
    )
    client_id = fields.Many2one(
        related="card_id.partner_id",
        string="Client",
        store=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    kind = fields.Selection(
        ENTRY_KINDS,
        required=True,
        readonly=True,
        help="A row of the same kind with the opposite sign undoes an earlier one. "
        "Owed: what was to be taken back but had been spent; the next points pay it.",
    )
    points = fields.Float(
        digits=(16, 2),
        required=True,
        readonly=True,
        help="Added to the card; in money for gift certificates.",
    )
    balance = fields.Float(
        digits=(16, 2), readonly=True, help="On the card after this entry."
    )
    worth = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="Of the price of what was bought, the part that these points are worth.",
    )
    date = fields.Date(required=True, readonly=True, index=True)
    reference = fields.Char("Document", readonly=True)
    note = fields.Char("Reason", readonly=True)
    branch_id = fields.Many2one(
        "salon.branch", readonly=True, index="btree_not_null", ondelete="set null"
    )
    visit_id = fields.Many2one(
        "salon.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    order_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move",
        "Bill",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        "Bill Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The sold thing that earned the points.",
    )
    key = fields.Char(
        readonly=True, help="What the entry is for; empty for a change by hand."
    )
    occurrence = fields.Integer(
        readonly=True, help="How many entries of the card had this key before."
    )

    _written_once = models.UniqueIndex(
        "(card_id, key, occurrence) WHERE key IS NOT NULL",
        "This change of the card is already in the ledger.",
    )

    @api.depends("kind", "points", "reference")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{kinds.get(entry.kind)} {entry.points:+.2f}" + (
                f" · {entry.reference}" if entry.reference else ""
            )

    def _message_not_changed(self):
        return self.env._(
            "%(entry)s is in the ledger and stays as it is. Correct the balance of "
            "the card; that adds an entry.",
            entry=self.display_name,
        )

    def _message_not_deleted(self):
        return self.env._(
            "%(entry)s is in the ledger and cannot be deleted. Correct the balance "
            "of the card; that adds an entry.",
            entry=self.display_name,
        )
