from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

#: What of a branch decides when its team and places can be booked.
HOURS_SOURCES = frozenset(
    "active company_id hours_horizon_days resource_calendar_id staff_ids tz".split()
)


class SalonBranch(models.Model):
    _name = "salon.branch"
    _description = "Salon Branch"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Address",
        check_company=True,
        help="Printed on visit cards and shown to clients.",
    )
    phone = fields.Char(related="partner_id.phone", readonly=False)
    tz = fields.Selection(
        _tz_get,
        "Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Opening hours, business days and all times said to clients.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Opening Hours",
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        help="Nothing is offered outside of them. Empty: open whenever staff work.",
    )
    opens_at = fields.Float(
        "Earliest Opening",
        compute="_compute_hours",
        help="Hour of the day; the calendar begins here.",
    )
    closes_at = fields.Float("Latest Closing", compute="_compute_hours")
    slot_minutes = fields.Integer(
        "Booking Grid",
        default=15,
        required=True,
        help="Times are offered every so many minutes.",
    )
    calendar_client_names = fields.Selection(
        [("none", "No names"), ("initial", "First name and initial")],
        "Clients in Calendar Links",
        required=True,
        default="none",
        help="What phones of the team may show of a client. A link is not protected by "
        "a login.",
    )
    moves_to_real_start = fields.Boolean(
        "Move to the Real Start",
        help="When a service begins earlier or later than planned, its time on the "
        "board becomes the real one, if the person is free then.",
    )
    hours_horizon_days = fields.Integer(
        "Worked Out Ahead",
        default=120,
        required=True,
        help="For so many days the hours of team and places are kept ready, which "
        "makes searching fast. Later days can be booked, too.",
    )
    hours_revision = fields.Integer(
        readonly=True, copy=False, help="Counts changes of who works by which hours."
    )
    walk_in_partner_id = fields.Many2one(
        "res.partner",
        "Walk-in Client",
        check_company=True,
        help="Bills the visits of people who left no name.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        help="Revenue and cost of the branch are posted to it.",
    )
    tender_journal_ids = fields.Many2many(
        "account.journal",
        string="Tenders",
        check_company=True,
        domain="[('type', 'in', ('cash', 'bank', 'credit')), "
        "('salon_kind', '=', False)]",
        help="What the desk may take: cash, a card terminal, a transfer. "
        "Empty: every cash and bank journal of the company.",
    )
    takes_barter = fields.Boolean(
        help="Clients may settle a bill by what they do for the salon. What they bill "
        "is then paid from the same journal.",
    )
    cash_rounding_id = fields.Many2one(
        "account.cash.rounding",
        help="Rounds bills that are wholly paid in cash, where small coins are "
        "missing.",
    )
    fee_product_ids = fields.Many2many(
        "product.product",
        string="Always on the Bill",
        domain="[('sale_ok', '=', True)]",
        help="Put on the bill of each visit at checkout, such as a hygiene fee.",
    )
    desk_discount_limit = fields.Float(
        "Discount by the Desk",
        default=100,
        required=True,
        help="Per cent that receptionists may take off the price of a line.",
    )
    manager_discount_limit = fields.Float(
        "Discount by Managers",
        default=100,
        required=True,
        help="Per cent that branch managers may take off the price of a line.",
    )
    facility_ids = fields.One2many("salon.facility", "branch_id")
    staff_ids = fields.Many2many(
        "hr.employee",
        "hr_employee_salon_branch_rel",
        "branch_id",
        "employee_id",
        string="Team",
    )

    _name_company_unique = models.UniqueIndex(
        "(company_id, name) WHERE active",
        "Another branch of the company already has this name.",
    )
    _slot_minutes_sensible = models.Constraint(
        "CHECK (slot_minutes BETWEEN 1 AND 240)",
        "The booking grid is between 1 and 240 minutes.",
    )

    _discount_limits_sensible = models.Constraint(
        """CHECK (desk_discount_limit BETWEEN 0 AND 100
            AND manager_discount_limit BETWEEN 0 AND 100)""",
        "A limit of discounts is between 0 and 100 %.",
    )
    _hours_horizon_sensible = models.Constraint(
        "CHECK (hours_horizon_days BETWEEN 1 AND 800)",
        "Hours are worked out for between 1 and 800 days.",
    )

    @api.depends(
        "resource_calendar_id.attendance_ids.hour_from",
        "resource_calendar_id.attendance_ids.hour_to",
    )
    def _compute_hours(self):
        for branch in self:
            # sudo: resource.calendar - opening hours hang on the door
            hours = branch.sudo().resource_calendar_id.attendance_ids
            branch.opens_at = min(hours.mapped("hour_from"), default=0)
            branch.closes_at = max(hours.mapped("hour_to"), default=24)

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            branches = super().create(vals_list)
            if any(vals.get("staff_ids") for vals in vals_list):
                self.env.registry.clear_cache()
        branches._ensure_analytic_account()
        branches._ensure_walk_in_partner()
        branches._ensure_cash_journal()
        return branches

    def write(self, vals):
        if "company_id" in vals:
            moved = self.filtered(
                lambda branch: branch.company_id.id != vals["company_id"]
            )
            # sudo: salon.visit - visits that the user does not see count too
            if (
                self.env["salon.visit"]
                .sudo()
                .search_count([("branch_id", "in", moved.ids)], limit=1)
            ):
                raise UserError(
                    self.env._(
                        "%(branch)s has visits and bills in its company and stays "
                        "there. Archive it and open a new branch instead.",
                        branch=moved[0].name,
                    )
                )
        with self.env["salon.hours"]._collected():
            if "tz" in vals:
                self.env.cr.execute("SET CONSTRAINTS salon_shift_no_overlap DEFERRED")
            result = super().write(vals)
            if "tz" in vals:
                self.env["salon.shift"].flush_model()
                self.env.cr.execute("SET CONSTRAINTS salon_shift_no_overlap IMMEDIATE")
            if "staff_ids" in vals:
                self.env.registry.clear_cache()
            if HOURS_SOURCES & vals.keys():
                self._salon_hours_changed()
        return result

    def _salon_hours_changed(self):
        self.env["salon.hours"]._changed(
            branches=self.ids,
            origin=self.env._("Opening hours"),
            is_structure=True,
        )

    def _ensure_analytic_account(self):
        """Give each branch without one an analytic account of its own."""
        missing = self.filtered(lambda branch: not branch.analytic_account_id)
        if not missing:
            return
        plan = self.env.ref("salon_booking.analytic_plan_branches")
        # sudo: account.analytic.account - whoever may open a branch may account it
        accounts = (
            self.env["account.analytic.account"]
            .sudo()
            .create(
                [
                    {
                        "name": branch.name,
                        "plan_id": plan.id,
                        "company_id": branch.company_id.id,
                    }
                    for branch in missing
                ]
            )
        )
        for branch, account in zip(missing, accounts, strict=True):
            branch.analytic_account_id = account

    def _ensure_walk_in_partner(self):
        missing = self.filtered(lambda branch: not branch.walk_in_partner_id)
        if not missing:
            return
        partners = self.env["res.partner"].create(
            [
                {
                    "name": self.env._("Walk-in (%(branch)s)", branch=branch.name),
                    "company_id": branch.company_id.id,
                }
                for branch in missing
            ]
        )
        for branch, partner in zip(missing, partners, strict=True):
            branch.walk_in_partner_id = partner

    def _ensure_cash_journal(self):
        """A desk takes cash; the host's charts bring a bank journal only."""
        companies = self.company_id.filtered("chart_template")
        # sudo: account.journal - whoever may open a branch may take cash in it
        journals = self.env["account.journal"].sudo()
        having = journals.search(
            [("type", "=", "cash"), ("company_id", "in", companies.ids)]
        ).company_id
        journals.create(
            [
                {
                    "name": self.env._("Cash"),
                    "type": "cash",
                    "company_id": company.id,
                }
                for company in companies - having
            ]
        )

    def _get_tender_journals(self):
        """The journals the desk may take money into, in the order shown."""
        self.ensure_one()
        if self.tender_journal_ids:
            return self.tender_journal_ids.sorted("sequence")
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "in", ("cash", "bank")),
                ("salon_kind", "=", False),
            ],
            order="type desc, sequence, id",
        )

    def _get_settlement_journals(self):
        """Other ways to pay here, in which no money comes in."""
        self.ensure_one()
        journals = self.company_id.root_id.salon_balance_journal_id
        if self.takes_barter:
            journals |= self.company_id._get_salon_barter_journal()
        return journals

    def _get_printed_address(self):
        """The address partner, as everybody reads it on the door.

        As the superuser and not in sudo: stylists are not told addresses of contacts.
        """
        return self.with_user(SUPERUSER_ID).partner_id

    def _get_discount_limit(self):
        """How much the user may take off a price here, in per cent."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("salon_booking.group_salon_owner"):
            return 100
        if user.has_group("salon_booking.group_salon_manager"):
            return self.manager_discount_limit
        return self.desk_discount_limit

    def _get_analytic_distribution(self):
        """The ``analytic_distribution`` that puts an amount on the branch."""
        self.ensure_one()
        if not self.analytic_account_id:
            return False
        return {str(self.analytic_account_id.id): 100}

    def _complete_analytic(self, distribution, staff, named):
        """Put an amount on the branch, and on who brought it where that is wanted.

        What is said of another plan, such as by a rule of the accountant, stays beside
        it; where a plan is named already, nothing is added to it.

        :param distribution: ``{"account id,account id": per cent}`` or False
        :param named: account.analytic.account, those of the distribution that exist
        """
        self.ensure_one()
        # sudo: hr.employee - where it is posted, whoever makes the bill
        own = staff.sudo().salon_analytic_account_id
        # sudo: account.analytic.account - as above
        branch = self.sudo().analytic_account_id
        if own.root_plan_id == branch.root_plan_id:
            # Of one plan an amount is posted to one account, and that is the branch.
            own = own.browse()
        accounts = (branch | own).filtered(
            lambda one: one.root_plan_id not in named.root_plan_id
        )
        if not accounts:
            return distribution
        return {**(distribution or {}), ",".join(map(str, accounts.ids)): 100}

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {**action, "domain": [("branch_id", "=", self.id)], "context": {}}

    def copy_data(self, default=None):
        return [
            {
                **vals,
                "name": self.env._("%(branch)s (copy)", branch=branch.name),
                "analytic_account_id": False,
                "walk_in_partner_id": False,
                "facility_ids": [Command.clear()],
            }
            for branch, vals in zip(self, super().copy_data(default), strict=True)
        ]
