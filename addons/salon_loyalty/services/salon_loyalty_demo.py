from odoo import api, fields, models


class SalonLoyaltyDemo(models.AbstractModel):
    """Points and certificates for the demo salon, through the real services."""

    _name = "salon.loyalty.demo"
    _description = "Salon Loyalty Demo Data"

    @api.model
    def _generate(self):
        self._award_past_bills()
        codes = self._sell_certificates()
        self._use_certificate(codes[0])

    @api.model
    def _award_past_bills(self):
        """The demo visits were paid before there were points."""
        bills = self.env["account.move"].search(
            [("is_salon_settled", "=", True), ("move_type", "=", "out_invoice")],
            order="invoice_date, id",
        )
        self.env["salon.loyalty.award"]._settle(bills)

    @api.model
    def _sell_certificates(self):
        """One for 150 and two for 50, paid in cash."""
        product = self.env.ref("salon_loyalty.product_certificate")
        lines = [
            {"product_id": product.id, "price_unit": 150},
            {"product_id": product.id, "price_unit": 50, "quantity": 2},
        ]
        result = self._buy("client_emma", lines)
        invoice = result["invoice"]
        self.env["salon.checkout"]._register_tender(
            invoice,
            {
                "journal_id": invoice.salon_branch_id._get_tender_journals()[:1].id,
                "amount": invoice.amount_residual,
            },
        )
        return result["order"].order_line.salon_certificate_ids.mapped("code")

    @api.model
    def _use_certificate(self, code):
        oil = self.env.ref("salon_booking.product_hair_oil").product_variant_id
        self._buy(
            "client_hannah", [{"product_id": oil.id}], {"certificate_codes": [code]}
        )

    @api.model
    def _buy(self, client, lines, options=None):
        """Somebody comes in only to buy something."""
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.env.ref("salon_booking.branch_center").id,
                "client_id": self.env.ref(f"salon_booking.{client}").id,
                "start": fields.Datetime.now(),
                "source": "walk_in",
            }
        )
        # sudo: account.payment - the desk of the demo takes money like the dialog does
        checkout = self.env["salon.checkout"].sudo()
        return checkout._checkout(visit, extra_lines=lines, options=options)
