from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import names
from ..engine.privacy import masked_phone, short_name

STAFF = "salon_booking.group_salon_stylist"
DESK = "salon_booking.group_salon_receptionist,account.group_account_readonly"


class ResPartner(models.Model):
    _inherit = "res.partner"

    salon_visit_ids = fields.One2many(
        "salon.visit",
        "client_id",
        "Visits",
        groups="salon_booking.group_salon_stylist",
    )
    salon_visit_count = fields.Integer(
        compute="_compute_salon_visit_count", groups="salon_booking.group_salon_stylist"
    )
    salon_gender = fields.Selection(
        [("female", "Female"), ("male", "Male"), ("other", "Other")],
        "Gender",
        groups=STAFF,
        help="Only if the client wants to say. For services that are for one gender.",
    )
    salon_discount = fields.Float(
        "Personal Discount",
        groups="salon_booking.group_salon_manager",
        help="Per cent that the checkout takes off everything this client pays.",
    )
    salon_needs_approval = fields.Boolean(
        "Ask before Booking",
        groups=STAFF,
        help="This client is booked by the salon only: online bookings are refused and "
        "asked to call, the desk is warned.",
    )
    salon_is_deposit_exempt = fields.Boolean(
        "Never Asked for a Deposit",
        groups="salon_booking.group_salon_receptionist",
    )
    salon_patch_test_ids = fields.One2many(
        "salon.patch.test", "client_id", "Patch Tests", groups=STAFF
    )
    salon_timing_ids = fields.One2many(
        "salon.client.timing", "client_id", "Own Times and Prices", groups=STAFF
    )
    salon_balance_currency_id = fields.Many2one(
        "res.currency", compute="_compute_salon_balance", groups=DESK
    )
    salon_balance = fields.Monetary(
        "Client Balance",
        compute="_compute_salon_balance",
        currency_field="salon_balance_currency_id",
        groups=DESK,
        help="Paid ahead, to pay with.",
    )
    salon_debt = fields.Monetary(
        "Owes",
        compute="_compute_salon_debt",
        currency_field="salon_balance_currency_id",
        groups=DESK,
        help="Open on earlier bills.",
    )
    salon_standing_count = fields.Integer(
        compute="_compute_salon_standing_count",
        groups="salon_booking.group_salon_stylist",
    )

    _salon_discount_sensible = models.Constraint(
        "CHECK (salon_discount BETWEEN 0 AND 100)",
        "A personal discount is between 0 and 100 %.",
    )
    # Words of names by their beginnings, and both ends of every number: clients are
    # found while typing, on any PostgreSQL. What could not be read as a number is found
    # by its digits as they were typed. The services salon.clients and salon.phone ask
    # in the same words.
    _salon_name_words_idx = models.Index(f"USING gin ({names.sql_words('name')})")
    _salon_phone_first_digits_idx = models.Index(
        "(regexp_replace(COALESCE(phone_sanitized, phone), '[^0-9]', '', 'g') "
        "text_pattern_ops) WHERE phone IS NOT NULL"
    )
    _salon_phone_last_digits_idx = models.Index(
        "(reverse(regexp_replace(COALESCE(phone_sanitized, phone), "
        "'[^0-9]', '', 'g')) text_pattern_ops) WHERE phone IS NOT NULL"
    )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Names are handed about in sudo: cut them here for who is not to know.

        The host shows the display name beside every link to a closed contact, and adds
        mail, address and the like to it when the context asks for them.
        """
        closed = self._closed_to_stylist()
        super(ResPartner, self - closed)._compute_display_name()
        for partner in closed:
            partner.display_name = partner._get_salon_name()

    def _closed_to_stylist(self):
        """Those of whom the user is told what a branch allows, and no more."""
        if not self.env.user._is_only_stylist():
            return self.browse()
        # sudo: res.partner, hr.employee - to tell clients from companies and colleagues
        closed = self.sudo().filtered(
            lambda partner: (
                partner.partner_share
                and not partner.is_company
                and not partner.employee_ids
            )
        )
        return closed.with_env(self.env)

    def _get_salon_name(self):
        """The name as the user may know it; empty for nobody."""
        # sudo: res.partner - how much of the name is told, is decided by the next line
        return self._tell_salon_name(self.sudo().name or "")

    @api.model
    def _tell_salon_name(self, name):
        """So much of a client's name as the user may know, for what SQL has read."""
        return short_name(name) if self.env.user._sees_only_initials() else name

    def _get_salon_phone(self, branch):
        """The phone as the branch lets the user know it; empty for none."""
        if not self.env.user._is_only_stylist():
            return self.phone or ""
        # sudo: res.partner - how much of the number is told, is decided below
        phone = self.sudo().phone or ""
        # sudo: salon.branch - its settings are no secret of the staff
        told = branch.sudo().stylist_client_phone
        return {"shown": phone, "masked": masked_phone(phone)}.get(told, "")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visited(self):
        # sudo: salon.visit - also visits that the user does not see
        visit = self.env["salon.visit"].sudo()
        visit = visit.search([("client_id", "in", self.ids)], limit=1)
        if visit:
            raise UserError(
                self.env._(
                    "%(client)s has visits and cannot be deleted. Archive the contact "
                    "instead, or merge it with another one.",
                    client=visit.client_id.name,
                )
            )

    @api.depends("salon_visit_ids")
    def _compute_salon_visit_count(self):
        counts = dict(
            self.env["salon.visit"]._read_group(
                [("client_id", "in", self.ids)], ["client_id"], ["__count"]
            )
        )
        for partner in self:
            partner.salon_visit_count = counts.get(partner._origin, 0)

    @api.depends_context("company")
    def _compute_salon_balance(self):
        company = self.env.company.root_id
        owners = self.commercial_partner_id._origin
        # sudo: salon.balance - of the clients that the user reads
        rows = (
            self.env["salon.balance"]
            .sudo()
            .search_fetch(
                [("client_id", "in", owners.ids), ("company_id", "=", company.id)],
                ["client_id", "amount"],
            )
        )
        amounts = {row.client_id.id: row.amount for row in rows}
        for partner in self:
            partner.salon_balance_currency_id = company.currency_id
            owner = partner.commercial_partner_id._origin
            partner.salon_balance = amounts.get(owner.id, 0)

    @api.depends_context("company")
    def _compute_salon_debt(self):
        # sudo: account.move - the desk sees what is open, not the books
        amounts = {
            owner.id: amount
            for owner, amount in self.env["account.move"]
            .sudo()
            ._read_group(
                self._get_salon_debt_domain(self.env.company),
                ["commercial_partner_id"],
                ["amount_residual_signed:sum"],
            )
        }
        for partner in self:
            owner = partner.commercial_partner_id._origin
            partner.salon_debt = amounts.get(owner.id, 0)

    def _get_salon_discount(self):
        """The client's personal discount, in per cent."""
        # sudo: res.partner - who checks out gives it, though managers alone set it
        return self.sudo().salon_discount

    def _get_salon_debts(self, company):
        """Posted bills of the salon that are not fully paid, the oldest first."""
        # sudo: account.move - the desk sees what is open, not the books
        return (
            self.env["account.move"]
            .sudo()
            .search(self._get_salon_debt_domain(company), order="invoice_date, id")
        )

    def _get_salon_debt_domain(self, company):
        return [
            ("commercial_partner_id", "in", self.commercial_partner_id._origin.ids),
            ("company_id", "=", company.id),
            ("currency_id", "=", company.currency_id.id),
            ("salon_branch_id", "!=", False),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("amount_residual", ">", 0),
            # A deposit that nobody has paid is asked for, not owed.
            "|",
            ("is_salon_deposit", "=", False),
            ("payment_state", "=", "partial"),
        ]

    # rpc: the till checks who asks
    def action_change_salon_balance(self):
        """Open the dialog in which money goes onto the balance or is paid back."""
        self.ensure_one()
        return self.env["salon.balance.wizard"]._open(self)

    def action_view_salon_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }

    def _get_salon_block_reason(self):
        """Hook: why this client is not to be booked, False when nothing is wrong."""
        return False

    def _get_salon_birth_date(self):
        """Hook: the date of birth, None when day, month or year is not known."""
        return

    def _get_salon_package_services(self, templates):
        """Hook: of these services, those that an open package of each client covers.

        :return: ``{res.partner id: product.template}``; without an entry, none
        """
        return {}

    @api.depends_context("uid")
    def _compute_salon_standing_count(self):
        counts = dict(
            self.env["salon.standing"]._read_group(
                [("client_id", "in", self.ids), ("state", "=", "active")],
                ["client_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.salon_standing_count = counts.get(partner._origin, 0)

    # rpc: leads to records that are read with the rights of the user
    def action_view_salon_standings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_standing_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }

    def _get_salon_account_rows(self):
        """Hook: what the client has at the salon, for the own page.

        :return: list of dicts of ``name`` and ``value``, both texts
        """
        self.ensure_one()
        # sudo: salon.balance - of the client who asks, by the portal
        balances = (
            self.env["salon.balance"]
            .sudo()
            .search(
                [("client_id", "=", self.commercial_partner_id.id), ("amount", ">", 0)]
            )
        )
        return [
            {
                "name": self.env._("Paid ahead"),
                "value": balance.currency_id.format(balance.amount),
            }
            for balance in balances
        ]
