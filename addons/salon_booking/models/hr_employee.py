from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What of a person decides where it can be booked; its hours are the version's.
HOURS_SOURCES = frozenset(
    {"active", "is_salon_staff", "resource_id", "salon_branch_ids"}
)
#: What bookings keep of people: see ``salon.catalog._people``.
KEPT = frozenset(
    {
        "resource_id",
        "salon_branch_ids",
        "salon_buffer_after",
        "salon_buffer_before",
        "salon_travel_minutes",
    }
)


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    is_salon_staff = fields.Boolean(
        "Salon Staff", help="Clients can be booked with this person."
    )
    salon_branch_ids = fields.Many2many(
        "salon.branch",
        "hr_employee_salon_branch_rel",
        "employee_id",
        "branch_id",
        string="Branches",
    )
    salon_skill_ids = fields.One2many("salon.skill", "staff_id", "Services")
    salon_buffer_before = fields.Integer(
        "Own Buffer Before",
        groups="hr.group_hr_user",
        help="Minutes this person needs before each client.",
    )
    salon_buffer_after = fields.Integer(
        "Own Buffer After",
        groups="hr.group_hr_user",
        help="Minutes this person needs after each client.",
    )
    salon_travel_minutes = fields.Integer(
        "Travel Between Branches",
        groups="hr.group_hr_user",
        help="Minutes between two of the person's branches; kept free on the way.",
    )
    salon_level_id = fields.Many2one(
        "salon.staff.level",
        "Level",
        index="btree_not_null",
        help="Clients may ask for a level instead of a name.",
    )
    salon_daily_cap = fields.Integer(
        "Bookings per Day", help="No more on one day. 0: as many as fit."
    )

    salon_analytic_account_id = fields.Many2one(
        "account.analytic.account",
        "Analytic Account",
        check_company=True,
        groups="hr.group_hr_user",
        help="What this person does and sells is posted to it, beside the branch. "
        "Empty: to the branch alone.",
    )

    _salon_not_negative = models.Constraint(
        """CHECK (LEAST(salon_buffer_before, salon_buffer_after, salon_daily_cap,
            salon_travel_minutes) >= 0)""",
        "Minutes and limits of a person cannot be negative.",
    )

    @api.constrains("salon_analytic_account_id")
    def _check_salon_analytic_account(self):
        """Of one plan an amount is posted to one account, and that is the branch."""
        # sudo: account.analytic.account, salon.branch - their plans alone
        for staff in self.sudo().filtered("salon_analytic_account_id"):
            account = staff.salon_analytic_account_id
            branches = self.env["salon.branch"].sudo().with_context(active_test=False)
            if branch := branches.search(
                [("analytic_account_id.root_plan_id", "=", account.root_plan_id.id)],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "“%(account)s” of %(staff)s is of the plan of the branch "
                        "%(branch)s. Choose an account of another plan.",
                        account=account.name,
                        staff=staff.name,
                        branch=branch.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            employees = super().create(vals_list)
            employees._salon_hours_changed()
        return employees

    def write(self, vals):
        with self.env["salon.hours"]._collected():
            result = super().write(vals)
            if KEPT & vals.keys():
                self.env.registry.clear_cache()
            if HOURS_SOURCES & vals.keys():
                self._salon_hours_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        # sudo: salon.appointment - also what is booked in other branches
        appointments = self.env["salon.appointment"].sudo()
        booked = appointments.search([("staff_id", "in", self.ids)], limit=1)
        if booked:
            raise UserError(
                self.env._(
                    "%(staff)s is named in visits and cannot be deleted. Archive the "
                    "employee instead; what is still booked is then listed under To Be "
                    "Moved.",
                    staff=booked.staff_id.name,
                )
            )

    def unlink(self):
        result = super().unlink()
        # Places that were for them alone are for everybody.
        self.env.registry.clear_cache()
        return result

    def _salon_hours_changed(self):
        # sudo: hr.employee - only the ids of resources are read
        resources = self.sudo().resource_id
        self.env["salon.hours"]._changed(
            resources.ids, origin=self.env._("Team"), is_structure=True
        )

    # rpc: _open checks who asks
    def action_salon_calendar_link(self):
        """Show the person's calendar link."""
        return self.env["salon.calendar.feed"]._open(self)


class HrEmployeePublic(models.Model):
    """The same fields for those who see colleagues but no personnel files."""

    _inherit = "hr.employee.public"

    is_salon_staff = fields.Boolean("Salon Staff", readonly=True)
    salon_branch_ids = fields.Many2many(
        "salon.branch",
        "hr_employee_salon_branch_rel",
        "employee_id",
        "branch_id",
        string="Branches",
        readonly=True,
    )
    salon_skill_ids = fields.One2many(
        "salon.skill", "staff_id", "Services", readonly=True
    )
    salon_level_id = fields.Many2one("salon.staff.level", "Level", readonly=True)
    salon_buffer_before = fields.Integer("Minutes Before", readonly=True)
    salon_buffer_after = fields.Integer("Minutes After", readonly=True)
    salon_daily_cap = fields.Integer("Bookings per Day", readonly=True)
    salon_travel_minutes = fields.Integer("Travel Minutes", readonly=True)

    # rpc: _open checks who asks
    def action_salon_calendar_link(self):
        """Show the person's calendar link."""
        staff = self.env["hr.employee"].browse(self.ids)
        return self.env["salon.calendar.feed"]._open(staff)
