from odoo import fields, models
from odoo.exceptions import UserError


class SalonCommissionCatchUp(models.TransientModel):
    """Commissions of bills that were paid before their people had a pay scheme."""

    _name = "salon.commission.catch.up"
    _description = "Catch Up on Salon Commissions"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "Bills From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date("Bills To", required=True, default=fields.Date.context_today)

    def action_settle(self):
        self.ensure_one()
        added = self.env["salon.commission.ledger"]._settle_period(
            self.company_id, self.date_from, self.date_to
        )
        if not added:
            raise UserError(
                self.env._(
                    "No commission is missing. If you expected some, check that the "
                    "bills are paid, that their lines name a person, and that the "
                    "person has a pay scheme on the day of the bill."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_payroll.salon_commission_action"
        )
        return {**action, "domain": [("id", "in", added.ids)], "context": {}}
