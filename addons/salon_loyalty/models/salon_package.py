from odoo import api, fields, models
from odoo.fields import Domain


class SalonPackage(models.Model):
    """A package that a client has bought: what is left to use, and what it is worth.

    Its sums follow ``salon.package.entry``, which follows the books.
    """

    _name = "salon.package"
    _description = "Client Package"
    _inherit = ["mail.thread", "salon.guarded.mixin"]
    _order = "date_start desc, id desc"
    _guarded_fields = frozenset(
        "name client_id company_id product_id branch_id staff_id date_start "
        "amount_left amount_unpaid is_taxed sale_line_id credit_ids entry_ids "
        "bill_line_ids".split()
    )

    name = fields.Char(required=True, readonly=True)
    client_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    product_id = fields.Many2one(
        "product.product", "Package", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "salon.branch", "Sold in", readonly=True, index="btree_not_null"
    )
    staff_id = fields.Many2one("hr.employee", "Sold by", readonly=True)
    date_start = fields.Date("Sold on", required=True, readonly=True)
    date_end = fields.Date(
        "Valid until", tracking=True, index="btree_not_null", help="Empty: for ever."
    )
    is_shared = fields.Boolean(
        "For the Family",
        tracking=True,
        help="Everybody with the same payer may use it.",
    )
    is_taxed = fields.Boolean(
        readonly=True, help="Its tax was paid with the sale; none is due on its use."
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    credit_ids = fields.One2many("salon.package.credit", "package_id", "Credits")
    entry_ids = fields.One2many("salon.package.entry", "package_id", "Ledger")
    bill_line_ids = fields.One2many(
        "account.move.line",
        "salon_package_id",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    credits_bought = fields.Integer(compute="_compute_credits", store=True)
    credits_left = fields.Integer(compute="_compute_credits", store=True)
    credits_used = fields.Integer(compute="_compute_credits", store=True)
    credits_lapsed = fields.Integer(
        compute="_compute_credits", store=True, help="Expired before their use."
    )
    amount_left = fields.Monetary(
        "Value Left", readonly=True, help="Of the price, what was not used."
    )
    amount_unpaid = fields.Monetary(
        "Not Paid", readonly=True, help="Of the value left, what is still to be paid."
    )
    amount_owed = fields.Monetary(
        "Owed to the Client",
        compute="_compute_amount_owed",
        store=True,
        help="Paid and not used: what the books show as a liability.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("refundable", "To Refund"),
            ("used", "Used up"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="To refund: value is left, but no credit to use it with.",
    )

    _left_not_negative = models.Constraint(
        "CHECK (amount_left >= 0)", "More of a package cannot be used than was paid."
    )
    _unpaid_not_negative = models.Constraint(
        "CHECK (amount_unpaid >= 0)", "More of a package cannot be paid than it costs."
    )

    @api.depends(
        "credit_ids.credits",
        "credit_ids.credits_left",
        "entry_ids.kind",
        "entry_ids.credits",
    )
    def _compute_credits(self):
        for package in self:
            bought = sum(package.credit_ids.mapped("credits"))
            left = sum(package.credit_ids.mapped("credits_left"))
            expired = package.entry_ids.filtered(lambda entry: entry.kind == "expired")
            lapsed = -sum(expired.mapped("credits"))
            package.credits_bought, package.credits_left = bought, left
            package.credits_lapsed = lapsed
            package.credits_used = bought - left - lapsed

    @api.depends("amount_left", "amount_unpaid")
    def _compute_amount_owed(self):
        for package in self:
            package.amount_owed = package.amount_left - package.amount_unpaid

    @api.depends("credits_left", "credits_lapsed", "amount_owed", "date_end")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for package in self:
            if package.credits_left:
                is_over = package.date_end and package.date_end < today
                package.state = "expired" if is_over else "open"
            elif package.amount_owed > 0:
                package.state = "refundable"
            else:
                package.state = "expired" if package.credits_lapsed else "used"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        has_credits = Domain("credits_left", ">", 0)
        lapsed = Domain("credits_lapsed", ">", 0)
        is_settled = ~has_credits & Domain("amount_owed", "<=", 0)
        domains = {
            "open": has_credits & self._get_valid_domain(today),
            "refundable": ~has_credits & Domain("amount_owed", ">", 0),
            "used": is_settled & ~lapsed,
            "expired": (has_credits & Domain("date_end", "<", today))
            | (is_settled & lapsed),
        }
        return Domain.OR([domains[state] for state in value if state in domains])

    @api.model
    def _get_valid_domain(self, today):
        return Domain("date_end", "=", False) | Domain("date_end", ">=", today)

    @api.depends("name", "client_id.name")
    def _compute_display_name(self):
        for package in self:
            package.display_name = f"{package.name} · {package.client_id.name}"

    @api.model
    def _portal_list(self):
        """What the client can use, and what was used up or has expired last."""
        client = self.env.user.partner_id
        # sudo: salon.package - clients have no access to the model, only to this page
        own = self.sudo().search([("client_id", "=", client.id)], limit=100)
        usable = self.env["salon.packages"]._find_credits(client).get(client.id, ())
        shared = self.sudo().union(*(credit.package_id for credit in usable))
        return (shared | own).sorted(lambda package: package.state != "open")

    # rpc: leads to records that are read with the rights of the user
    def action_view_entries(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_loyalty.salon_package_entry_action"
        )
        return {**action, "domain": [("package_id", "in", self.ids)], "context": {}}

    # rpc: the refund dialog checks who asks
    def action_refund(self):
        """Give back what is left of it, in the dialog of its bill."""
        self.ensure_one()
        return self.env["salon.packages"]._open_refund(self)

    # rpc: creating the dialog needs the right
    def action_transfer(self):
        self.ensure_one()
        wizard = self.env["salon.package.transfer"].create({"package_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give to Another Client"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }


class SalonPackageCredit(models.Model):
    """The credits of one kind in a client's package."""

    _name = "salon.package.credit"
    _description = "Credits of a Package"
    _inherit = ["salon.credit.scope", "salon.guarded.mixin"]
    _order = "package_id, id"
    _guarded_fields = frozenset(
        "package_id credits credits_left single_price service_ids category_id".split()
    )

    package_id = fields.Many2one(
        "salon.package", required=True, readonly=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one(related="package_id.client_id")
    company_id = fields.Many2one(related="package_id.company_id", store=True)
    credits = fields.Integer("Bought", required=True, readonly=True)
    credits_left = fields.Integer(required=True, readonly=True, default=0)

    _left_not_negative = models.Constraint(
        "CHECK (credits_left >= 0)", "No more credits can be used than there are."
    )

    @api.depends("package_id.name", "credits", "credits_left", "client_id.name")
    @api.depends_context("salon_client_id")
    def _compute_display_name(self):
        client = self.env.context.get("salon_client_id")
        for credit in self:
            credit.display_name = self.env._(
                "%(package)s: %(left)s of %(bought)s left",
                package=credit.package_id.name,
                left=credit.credits_left,
                bought=credit.credits,
            )
            if client and credit.client_id.id != client:
                credit.display_name += f" · {credit.client_id.name}"
