from odoo import api, fields, models

PACKAGE_KINDS = [
    ("sold", "Sold"),
    ("used", "Used"),
    ("returned", "Returned"),
    ("refunded", "Refunded"),
    ("paid", "Paid"),
    ("expired", "Expired"),
    ("adjusted", "Adjusted"),
    ("transferred", "Transferred"),
]


class SalonPackageEntry(models.Model):
    """One change of one client's package. Rows are only ever added."""

    _name = "salon.package.entry"
    _description = "Package Ledger Entry"
    _inherit = ["salon.append.only.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    package_id = fields.Many2one(
        "salon.package", required=True, readonly=True, index=True, ondelete="restrict"
    )
    credit_id = fields.Many2one(
        "salon.package.credit", "Credits of", readonly=True, ondelete="restrict"
    )
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", "Sold as", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "salon.branch", readonly=True, index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(PACKAGE_KINDS, required=True, readonly=True)
    credits = fields.Integer(readonly=True)
    amount = fields.Monetary(
        "Owed",
        readonly=True,
        help="Change of what was paid and not used, as the books have it.",
    )
    amount_unpaid = fields.Monetary(
        "Not Paid",
        readonly=True,
        help="Change of what was sold and neither paid nor used.",
    )
    date = fields.Date(required=True, readonly=True, index=True)
    reference = fields.Char("Document", readonly=True)
    note = fields.Char("Reason", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    use_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    visit_id = fields.Many2one(
        "salon.visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    appointment_id = fields.Many2one(
        "salon.appointment", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.depends("kind", "reference")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = " · ".join(
                filter(None, (kinds.get(entry.kind), entry.reference))
            )
