from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonPayslipCreate(models.TransientModel):
    """Draft payslips of a period for everybody who earned something in it."""

    _name = "salon.payslip.create"
    _description = "Create Salon Payslips"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._month()[0]
    )
    date_to = fields.Date("To", required=True, default=lambda self: self._month()[1])
    branch_ids = fields.Many2many(
        "salon.branch",
        string="Branches",
        required=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_branch_ids(),
        help="A person who works in several branches gets one payslip for all of them.",
    )
    staff_ids = fields.Many2many(
        "hr.employee",
        string="Only These People",
        domain="[('is_salon_staff', '=', True), ('company_id', '=', company_id)]",
        help="Empty: everybody who earned something in these branches.",
    )

    @api.model
    def _month(self):
        """First and last day of last month."""
        last = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    @api.model
    def _default_branch_ids(self):
        return self.env["salon.branch"].search(
            [
                ("company_id", "=", self.env.company.id),
                *(
                    [("id", "in", self.env.user.salon_branch_ids.ids)]
                    if self.env.user.salon_branch_ids
                    else []
                ),
            ]
        )

    def action_create(self):
        self.ensure_one()
        if self.date_from > self.date_to:
            raise UserError(self.env._("The period ends before it begins."))
        payslips = self.env["salon.pay.run"]._create_payslips(
            self.date_from, self.date_to, self.branch_ids, self.staff_ids
        )
        if not payslips:
            raise UserError(
                self.env._(
                    "Nobody has anything left to be paid from %(start)s to %(stop)s: "
                    "there are no commissions, or payslips were made already.",
                    start=fields.Date.to_string(self.date_from),
                    stop=fields.Date.to_string(self.date_to),
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_payroll.salon_payslip_action"
        )
        return {**action, "domain": [("id", "in", payslips.ids)], "context": {}}
