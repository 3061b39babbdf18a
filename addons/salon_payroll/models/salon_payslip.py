from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

LOCKED = ("confirmed", "posted")
OVERLAP = "salon_payslip_no_overlap"
#: What a payslip says; changed only by its steps, or by hand while it is a draft.
TERMS = frozenset(
    {"staff_id", "company_id", "branch_id", "date_from", "date_to", "pays_tips"}
)
STEPS = frozenset({"name", "state", "move_id", "reversal_move_id", "amount_tips"})


class SalonPayslip(models.Model):
    """What a person gets for a period, and the entry that owes it to them."""

    _name = "salon.payslip"
    _description = "Salon Payslip"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "date_from desc, staff_id, id desc"
    _check_company_auto = True
    _guarded_fields = STEPS

    name = fields.Char(
        "Number", readonly=True, copy=False, help="Given when it is confirmed."
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "Staff Member",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_salon_staff', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "salon.branch",
        compute="_compute_branch_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
        help="Whose manager sees the payslip. Cost goes to the branch where the work "
        "was done.",
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("posted", "Posted"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    commission_ids = fields.One2many(
        "salon.commission", "payslip_id", "Commissions", readonly=True
    )
    commission_count = fields.Integer(compute="_compute_amounts", store=True)
    amount_services = fields.Monetary(compute="_compute_amounts", store=True)
    amount_products = fields.Monetary(compute="_compute_amounts", store=True)
    pays_tips = fields.Boolean(
        "Pay Out Tips",
        compute="_compute_pays_tips",
        store=True,
        readonly=False,
        precompute=True,
        help="What is owed in tips up to the end of the period is paid with this "
        "payslip.",
    )
    amount_tips = fields.Monetary("Tips", readonly=True, copy=False)
    amount_total = fields.Monetary("To Pay", compute="_compute_amounts", store=True)
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, copy=False, check_company=True
    )
    reversal_move_id = fields.Many2one(
        "account.move", "Reversal Entry", readonly=True, copy=False, check_company=True
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(staff_id, staff_id, '[]') WITH =,"
        " int4range(company_id, company_id, '[]') WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&) WHERE (state != 'cancelled')",
        "This person already has a payslip for a part of this period. Open it, or "
        "choose another period.",
    )
    _period_sensible = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends on its first day or later."
    )
    _name_company_unique = models.UniqueIndex(
        "(company_id, name)", "The payslip number is already used."
    )

    @api.model
    def _assert_guarded(self):
        """Raise when the table lacks the constraint against overlapping payslips."""
        self.env.cr.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [OVERLAP])
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "The constraint %(name)s is missing: a person could be paid twice "
                    "for one day. Look for its error in the server log.",
                    name=OVERLAP,
                )
            )

    @api.depends("staff_id", "company_id")
    def _compute_branch_id(self):
        for payslip in self:
            # sudo: hr.employee - where somebody works is no secret of the file
            branches = payslip.staff_id.sudo().salon_branch_ids.filtered(
                lambda branch, payslip=payslip: branch.company_id == payslip.company_id
            )
            if payslip.branch_id not in branches:
                payslip.branch_id = branches[:1]

    @api.depends("company_id")
    def _compute_pays_tips(self):
        for payslip in self:
            # sudo: res.company - a choice of the house
            payslip.pays_tips = payslip.company_id.sudo().salon_pay_tips

    @api.depends(
        "amount_tips", "commission_ids.amount", "commission_ids.source", "state"
    )
    def _compute_amounts(self):
        # A cancelled payslip gave its rows back but keeps what it said.
        for payslip in self:
            if payslip.state == "cancelled":
                payslip.commission_count = payslip.commission_count
                payslip.amount_services = payslip.amount_services
                payslip.amount_products = payslip.amount_products
                payslip.amount_total = payslip.amount_total
                continue
            # sudo: salon.commission - a person is paid for every branch, whoever looks
            rows = payslip.sudo().commission_ids
            of = rows.grouped("source")
            payslip.commission_count = len(rows)
            payslip.amount_services = sum(of.get("service", rows[:0]).mapped("amount"))
            payslip.amount_products = sum(of.get("product", rows[:0]).mapped("amount"))
            earned = sum(rows.mapped("amount"))
            payslip.amount_total = earned + payslip.amount_tips

    @api.depends("name", "staff_id", "date_from", "date_to")
    def _compute_display_name(self):
        for payslip in self:
            if payslip.name:
                payslip.display_name = f"{payslip.name} {payslip.staff_id.name or ''}"
                continue
            payslip.display_name = self.env._(
                "Draft %(staff)s, %(start)s – %(stop)s",
                staff=payslip.staff_id.name or "",
                start=format_date(self.env, payslip.date_from),
                stop=format_date(self.env, payslip.date_to),
            )

    @api.constrains("staff_id", "branch_id")
    def _check_branch_of_staff(self):
        """A manager makes payslips of the own team only, as the branch decides who
        reads them."""
        for payslip in self:
            # sudo: hr.employee - where somebody works
            staff = payslip.staff_id.sudo()
            if payslip.branch_id in staff.salon_branch_ids:
                continue
            raise ValidationError(
                self.env._(
                    "%(staff)s does not work in %(branch)s. Choose one of the branches "
                    "on the employee's form.",
                    staff=payslip.staff_id.display_name,
                    branch=payslip.branch_id.display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_no_step(vals)
        payslips = super().create(vals_list)
        payslips._collect()
        return payslips

    def write(self, vals):
        self._check_no_step(vals)
        terms = vals.keys() & TERMS
        if terms:
            for payslip in self:
                if payslip.state != "draft":
                    raise UserError(
                        self.env._(
                            "%(payslip)s is %(state)s and cannot be changed. Cancel it "
                            "and make a new one.",
                            payslip=payslip.display_name,
                            state=payslip._state_label(),
                        )
                    )
        result = super().write(vals)
        if terms:
            self._collect()
        return result

    def _check_no_step(self, vals):
        """The state and the entries are results of the steps, never typed in."""
        if vals.keys() & STEPS and not self.env.su:
            raise AccessError(
                self.env._(
                    "A payslip is confirmed, posted and cancelled by its buttons only."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for payslip in self:
            if payslip.state in LOCKED or payslip.move_id:
                raise UserError(
                    self.env._(
                        "%(payslip)s was issued and cannot be deleted. Cancel it "
                        "instead.",
                        payslip=payslip.display_name,
                    )
                )

    def _filter_locked(self):
        return self.filtered(lambda payslip: payslip.state in LOCKED)

    @api.model
    def _search_locked(self, staff):
        """Payslips of these people that nothing may be added to."""
        return self.search([("staff_id", "in", staff.ids), ("state", "in", LOCKED)])

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _collect(self):
        self.env["salon.pay.run"]._collect(self)

    def action_refresh(self):
        """Take in what was earned since, and let go what the period lost."""
        self.check_access("write")
        self._collect()

    def action_confirm(self):
        self.env["salon.pay.run"]._confirm(self)

    def action_back_to_draft(self):
        self.env["salon.pay.run"]._back_to_draft(self)

    def action_post(self):
        self.env["salon.pay.run"]._post(self)

    def action_cancel(self):
        self.env["salon.pay.run"]._cancel(self)

    def action_view_move(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_journal_line"
        )
        moves = self.move_id | self.reversal_move_id
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}

    def _get_expenses(self):
        """What the person earned in each branch, as ``{branch: amount}``."""
        self.ensure_one()
        currency = self.currency_id
        amounts = {
            branch: currency.round(sum(rows.mapped("amount")))
            for branch, rows in self.commission_ids.grouped("branch_id").items()
        }
        return {
            branch: amount
            for branch, amount in amounts.items()
            if not currency.is_zero(amount)
        }

    def _get_tips_owed(self):
        """What each person is owed in tips up to the end of the period, in sudo.

        What was paid out or taken back later counts, too, and what came back from a
        payslip that was cancelled.

        :return: ``{payslip id: amount}``
        """
        self.env["salon.tip"].flush_model()
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """SELECT slip.id, COALESCE(SUM(tip.amount), 0)
                     FROM salon_payslip slip
                     JOIN res_company company ON company.id = slip.company_id
                LEFT JOIN (salon_tip tip
                           LEFT JOIN account_move entry ON entry.id = tip.move_id)
                       ON tip.staff_id = slip.staff_id
                      AND tip.company_id =
                          split_part(company.parent_path, '/', 1)::int
                      AND (tip.date <= slip.date_to OR tip.amount < 0
                           OR entry.reversed_entry_id IS NOT NULL)
                    WHERE slip.id = ANY(%s)
                 GROUP BY slip.id""",
                self.ids,
            )
        )
        return {payslip_id: float(amount) for payslip_id, amount in rows}

    def _get_report_lang(self):
        """The language of the person it is for."""
        # The report comes here first. Whatever is read in sudo is in memory afterwards
        # and is not checked again: so check before.
        self.check_access("read")
        # sudo: hr.employee - the language of a colleague is no secret
        person = self.sudo().staff_id
        return person.work_contact_id.lang or person.user_id.lang or self.env.lang

    def _get_summary(self):
        """Rows by kind and category for the printed payslip, largest first."""
        self.ensure_one()
        # sudo: salon.commission - a payslip tells all of its rows to who may read it
        rows = self.sudo().commission_ids
        return sorted(
            (
                {
                    "source": source,
                    "category": category.display_name or "",
                    "count": len(group),
                    "base": sum(group.mapped("base_amount")),
                    "amount": sum(group.mapped("amount")),
                }
                for (source, category), group in rows.grouped(
                    lambda row: (row.source, row.category_id)
                ).items()
            ),
            key=lambda line: (line["source"] != "service", -line["amount"]),
        )
