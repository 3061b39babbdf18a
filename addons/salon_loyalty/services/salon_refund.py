from odoo import api, models


class SalonRefund(models.AbstractModel):
    _inherit = "salon.refund"

    @api.model
    def _complete(self, visits, amounts, options):
        return self._with_packages(super()._complete(visits, amounts, options))

    @api.model
    def _get_credit_total(self, lines, amounts):
        amounts = self._with_packages(amounts)
        lines = lines.browse([line for line in amounts if amounts[line]])
        return super()._get_credit_total(lines, amounts)

    @api.model
    def _with_packages(self, amounts):
        """What a package paid goes back to the package, with its service and as much.

        :param amounts: ``{account.move.line id: amount with tax}``
        """
        # sudo: account.move.line - of the bills that are given back
        items = self.env["account.move.line"].sudo().browse(amounts)
        # sudo: sale.order.line - which services packages paid for
        uses = items.move_id.invoice_line_ids.filtered(
            lambda item: item.sale_line_ids.salon_package_credit_id
        )
        if not uses:
            return amounts
        amounts = {line: amounts[line] for line in amounts if line not in uses.ids}
        by_appointment = {
            item.salon_appointment_id: item for item in items if item not in uses
        }
        for use in uses:
            service = by_appointment.get(use.sale_line_ids.salon_covered_id)
            if service and service.move_id == use.move_id:
                amounts[use.id] = -amounts[service.id]
        return amounts
