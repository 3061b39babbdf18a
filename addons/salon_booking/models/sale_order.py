from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    salon_branch_id = fields.Many2one(
        "salon.branch", index="btree_not_null", check_company=True
    )
    salon_visit_ids = fields.One2many(
        "salon.visit", "order_id", "Visits", groups="salon_booking.group_salon_stylist"
    )

    salon_checkout_key = fields.Char(
        copy=False,
        readonly=True,
        help="Chosen by the checkout, once per bill: sent again, after a lost answer, "
        "it gives the bill that is there instead of a second one.",
    )

    _salon_checkout_key_unique = models.UniqueIndex(
        "(salon_checkout_key) WHERE salon_checkout_key IS NOT NULL",
        "This checkout was made already.",
    )

    def _prepare_invoice(self):
        return {
            **super()._prepare_invoice(),
            "salon_branch_id": self.salon_branch_id.id,
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    salon_visit_id = fields.Many2one(
        "salon.visit", "Visit", index="btree_not_null", ondelete="restrict"
    )
    salon_appointment_id = fields.Many2one(
        "salon.appointment", "Appointment", index="btree_not_null", ondelete="restrict"
    )
    salon_staff_id = fields.Many2one(
        "hr.employee",
        "Done or Sold by",
        index="btree_not_null",
        check_company=True,
        help="Empty: the house.",
    )
    salon_client_id = fields.Many2one(
        related="salon_visit_id.client_id", string="Client"
    )

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        return {**values, **self._prepare_salon_values()}

    def _prepare_salon_values(self):
        """What an invoice line keeps of where, by whom and for whom."""
        return {
            "salon_visit_id": self.salon_visit_id.id,
            "salon_appointment_id": self.salon_appointment_id.id,
            "salon_staff_id": self.salon_staff_id.id,
        }

    @api.depends("order_id.salon_branch_id", "salon_staff_id")
    def _compute_analytic_distribution(self):
        super()._compute_analytic_distribution()
        lines = self.filtered(
            lambda line: line.order_id.salon_branch_id and not line.display_type
        )
        ids_in = self._get_analytic_account_ids_from_distributions
        # sudo: account.analytic.account - of which plan each is, whoever makes the bill
        accounts = self.env["account.analytic.account"].sudo()
        existing = accounts.browse(
            ids_in(lines.mapped("analytic_distribution"))
        ).exists()
        for line in lines:
            distribution = line.analytic_distribution
            line.analytic_distribution = (
                line.order_id.salon_branch_id._complete_analytic(
                    distribution,
                    line.salon_staff_id,
                    existing & accounts.browse(ids_in(distribution)),
                )
            )
