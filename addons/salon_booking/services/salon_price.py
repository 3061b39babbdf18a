from odoo import api, models

from ..engine import exact


class SalonPrice(models.AbstractModel):
    """What clients pay, where prices of services are without tax and where with it."""

    _name = "salon.price"
    _description = "Prices with Tax"

    @api.model
    def _with_tax(self, appointments):
        """What the bill would ask for these appointments, by the host's tax engine.

        :return: ``{appointment id: whole cents}``, those of one visit together as much
            as a bill of them
        """
        # sudo: product.product, account.tax, account.fiscal.position - as the bill
        # will have them, whoever books
        self, appointments = self.sudo(), appointments.sudo()
        prices = {}
        positions = {}
        for visit, own in appointments.grouped("visit_id").items():
            service = self.with_company(visit.company_id)
            payer = self.env["salon.checkout"]._get_payer(visit, {})
            key = payer, visit.company_id
            if key not in positions:
                fiscal = service.env["account.fiscal.position"]
                positions[key] = fiscal._get_fiscal_position(payer)
            prices |= service._tax(own, payer, positions[key])
        return prices

    @api.model
    def _tax(self, appointments, payer, position):
        """The same for appointments of one visit."""
        company, engine = self.env.company, self.env["account.tax"]
        currency = company.currency_id
        lines = [
            engine._prepare_base_line_for_taxes_computation(
                {},
                product_id=appointment.product_id,
                tax_ids=position.map_tax(
                    appointment.product_id.taxes_id._filter_taxes_by_company(company)
                ),
                price_unit=appointment.price,
                quantity=1,
                partner_id=payer,
                currency_id=currency,
            )
            for appointment in appointments
        ]
        engine._add_tax_details_in_base_lines(lines, company)
        engine._round_base_lines_tax_details(lines, company)
        total = engine._get_tax_totals_summary(lines, currency, company)
        unit = currency.rounding
        cents = exact.fit(
            [
                round(line["tax_details"]["total_included_currency"] / unit)
                for line in lines
            ],
            round(total["total_amount_currency"] / unit),
        )
        return dict(zip(appointments.ids, cents, strict=True))
