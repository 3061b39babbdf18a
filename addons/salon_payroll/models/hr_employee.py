from odoo import api, fields, models

MANAGER = "salon_booking.group_salon_manager"


class SalonEarnerMixin(models.AbstractModel):
    """What a manager sees of pay on the card of a team member."""

    _name = "salon.earner.mixin"
    _description = "Salon Team Member Who Earns"

    salon_pay_currency_id = fields.Many2one(
        "res.currency", compute="_compute_salon_commission_amount", groups=MANAGER
    )
    salon_commission_amount = fields.Monetary(
        "Commission This Month",
        compute="_compute_salon_commission_amount",
        currency_field="salon_pay_currency_id",
        groups=MANAGER,
    )

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_salon_commission_amount(self):
        amounts = self.env["salon.commission"]._sum_this_month(self.ids)
        for person in self:
            person.salon_pay_currency_id = person.company_id.currency_id
            person.salon_commission_amount = amounts.get(person._origin.id, 0)

    def action_view_salon_commissions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_payroll.salon_commission_action"
        )
        return {
            **action,
            "domain": [("staff_id", "=", self.id)],
            "context": {"search_default_this_month": 1},
        }


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "salon.earner.mixin"]

    salon_pay_assignment_ids = fields.One2many(
        "salon.pay.assignment", "staff_id", "Pay Schemes", groups=MANAGER
    )


class HrEmployeePublic(models.Model):
    """The same for managers of a branch, who see no personnel files."""

    _name = "hr.employee.public"
    _inherit = ["hr.employee.public", "salon.earner.mixin"]
