from contextlib import suppress
from datetime import timedelta

from odoo import Command, api, fields, models

from odoo.addons.salon_booking.exceptions import SlotTaken


class SalonLoyaltyDemo(models.AbstractModel):
    """Points and certificates for the demo salon, through the real services."""

    _name = "salon.loyalty.demo"
    _description = "Salon Loyalty Demo Data"

    @api.model
    def _generate(self):
        self._award_past_bills()
        codes = self._sell_certificates()
        self._use_certificate(codes[0])
        self._sell_packages()

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
    def _sell_packages(self):
        """To clients who come soon: the board and the checkout show them."""
        for name, service, count, price, used, paid in (
            (self.env._("Six massages"), "massage", 6, 475, 4, 475),
            (self.env._("Five gel manicures"), "gel_manicure", 5, 195, 2, 195),
            (self.env._("Ten beards"), "beard", 10, 180, 0, 90),
        ):
            template = self.env.ref(f"salon_booking.service_{service}")
            package = self._create_package(name, template, count, price)
            coming = self.env["salon.appointment"].search(
                [
                    ("product_id", "in", template.product_variant_ids.ids),
                    ("state", "in", ("booked", "confirmed")),
                    ("start", ">", fields.Datetime.now()),
                    ("client_id", "!=", False),
                ],
                order="start, id",
                limit=1,
            )
            if not coming:
                continue
            self._buy_package(coming, package, paid)
            for number in range(used):
                # A demo is none the worse for one use less.
                with suppress(SlotTaken), self.env.cr.savepoint():
                    self._use_package(coming, number)

    @api.model
    def _create_package(self, name, template, count, price):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "purchase_ok": False,
                "taxes_id": [Command.clear()],
                "categ_id": template.categ_id.id,
                "is_salon_package": True,
                "salon_package_months": 12,
                "salon_package_content_ids": [
                    Command.create(
                        {"credits": count, "service_ids": [Command.set(template.ids)]}
                    )
                ],
            }
        )

    @api.model
    def _buy_package(self, appointment, package, paid):
        branch = appointment.branch_id
        visit = self.env["salon.visit"].create(
            {
                "branch_id": branch.id,
                "client_id": appointment.client_id.id,
                "start": fields.Datetime.now(),
                "source": "walk_in",
            }
        )
        tender = {"journal_id": branch._get_tender_journals()[:1].id, "amount": paid}
        # sudo: account.payment - the desk of the demo takes money like the dialog does
        checkout = self.env["salon.checkout"].sudo()
        checkout._checkout(visit, [tender], [{"product_id": package.id}])

    @api.model
    def _use_package(self, appointment, number):
        """A visit of last year, when nobody else was there."""
        start = appointment.start - timedelta(days=370 + number)
        wish = {
            "product_id": appointment.product_id.id,
            "staff_id": appointment.staff_id.id,
            "start": start,
        }
        visit = self.env["salon.booking"]._book(
            appointment.branch_id, appointment.client_id, [wish]
        )
        proposed = self.env["salon.packages"]._propose(visit.appointment_ids)
        uses = {one.id: credit.id for one, credit in proposed.items()}
        # sudo: sale.order - as in _buy_package
        checkout = self.env["salon.checkout"].sudo()
        checkout._checkout(visit, options={"packages": uses})

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
