from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCertificates(LoyaltyCase):
    def test_a_sold_certificate_is_a_debt_not_revenue(self):
        card = self.sell_certificate(500)
        self.assertEqual(card.points, 500)
        self.assertOwed(500)
        line = self.sale["invoice"].invoice_line_ids
        self.assertEqual(line.account_id, self.liability)
        self.assertFalse(line.tax_ids)
        self.assertFalse(line.analytic_distribution)
        self.assertLedgerHolds()

    def test_a_certificate_with_a_tax_is_not_sold(self):
        self.certificate.taxes_id = self.tax
        with self.assertRaisesRegex(UserError, "Take the tax off"):
            self.sell_certificate(500)

    def test_the_desk_sells_a_certificate_of_any_amount(self):
        """Less than the list price is no discount that a manager has to give."""
        self.certificate.list_price = 100
        visit = self.book(self.haircut)
        line = {"product_id": self.certificate.id, "price_unit": 20}
        result = self.checkout(visit, 75, user=self.receptionist, extra_lines=[line])
        cards = result["order"].sudo().order_line.salon_certificate_ids
        self.assertEqual(cards.mapped("points"), [20])

    def test_a_cent_of_the_other_lines_is_not_owed_on_the_certificate(self):
        """Three of 24.0625 are 72.19 together; the certificate is the largest line."""
        self.company.tax_calculation_rounding_method = "round_globally"
        services = [self.haircut, self.blowdry, self.colour]
        visits = self.env["salon.visit"].union(
            *(
                self.book(service, at=f"{10 + number}:00")
                for number, service in enumerate(services)
            )
        )
        prices = {
            appointment.id: {"price_unit": 27.5, "discount": 12.5}
            for appointment in visits.appointment_ids
        }
        line = {"product_id": self.certificate.id, "price_unit": 50.01}
        bill = self.checkout(visits, extra_lines=[line], options={"prices": prices})
        owed = bill["invoice"].line_ids.filtered(
            lambda item: item.account_id == self.liability
        )
        self.assertEqual(-owed.balance, 50.01)
        self.assertEqual(bill["invoice"].amount_untaxed, 122.2)
        self.assertOwed(50.01)

    def test_a_cent_of_the_other_lines_is_not_given_back_to_a_certificate(self):
        """Two of 33.33 and 10 % are 73.33, though each line says 36.66."""
        self.company.tax_calculation_rounding_method = "round_globally"
        for amount, left, at in ((73.33, 0, "10:00"), (50, 23.33, "14:00")):
            card = self.sell_certificate(amount)
            other = self.book(self.haircut, at=at, staff=self.oleg, client=self.bella)
            visits = self.book(self.haircut, at=at) | other
            prices = {one.id: {"price_unit": 33.33} for one in visits.appointment_ids}
            options = {"prices": prices, "certificate_codes": [card.code]}
            bill = self.checkout(visits, *([left] if left else []), options=options)
            self.assertEqual(
                (card.points, bill["invoice"].amount_residual), (0, 0), "all is paid"
            )
            service = self.env["salon.refund"]
            lines = service._get_bill_lines(visits)
            service._refund(
                visits,
                {line.id: given_back for line, given_back in lines.items()},
                [self.tender(left)],
            )
            self.assertEqual(card.points, amount)
            self.assertOwed(amount)
            self.used_before += amount
            self.booked_before += amount

    def test_m2_using_three_of_five_hundred_makes_revenue_and_leaves_two(self):
        card = self.sell_certificate(500)
        result = self.use(self._visit_of(300), card)
        invoice = result["invoice"]
        self.assertEqual(invoice.amount_total, 0)
        self.assertEqual(invoice.payment_state, "paid")
        revenue = invoice.line_ids.filtered(
            lambda line: line.account_id.internal_group == "income"
        )
        self.assertEqual(-sum(revenue.mapped("balance")), 300)
        self.assertEqual(card.points, 200)
        self.assertOwed(200)
        self.assertLedgerHolds()

    def _visit_of(self, price, at="10:00"):
        """A visit that costs so much, without tax."""
        service = self._service("Treatment", price, [("work", 30)])
        service.taxes_id = False
        self.mia.salon_skill_ids = [
            fields.Command.create({"product_tmpl_id": service.product_tmpl_id.id})
        ]
        return self.book(service, at=at)

    def test_the_bill_counts_as_paid_and_gives_points(self):
        card = self.sell_certificate(500)
        self.use(self.book(self.haircut), card)
        self.assertEqual(self.points(), 50)

    def test_a_certificate_and_cash_pay_one_bill(self):
        card = self.sell_certificate(20)
        result = self.use(self.book(self.haircut), card, tender=35)
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(card.points, 0)
        self.assertOwed(0)

    def test_two_certificates_pay_one_bill(self):
        cards = self.sell_certificate(30, quantity=2)
        self.assertEqual(cards.mapped("points"), [30, 30])
        self.use(self.book(self.haircut), *cards)
        self.assertEqual(sorted(cards.mapped("points")), [0, 5])
        self.assertOwed(5)

    def test_what_is_left_of_one_cent_can_be_used(self):
        card = self.sell_certificate(55.01)
        self.use(self.book(self.haircut), card)
        self.assertEqual(card.points, 0.01)
        self.use(self.book(self.haircut, at="12:00"), card, tender=54.99)
        self.assertEqual(card.points, 0)
        self.assertOwed(0)

    def test_odd_cents_of_several_certificates_are_owed_to_the_cent(self):
        cards = self.sell_certificate(33.33, quantity=3, discount=0.01)
        total = self.sale["invoice"].amount_total
        self.assertAlmostEqual(sum(cards.mapped("points")), total, places=2)
        self.assertOwed(total)

    def test_a_certificate_used_up_expired_or_unknown_gets_the_same_answer(self):
        used = self.sell_certificate(55)
        self.use(self.book(self.haircut), used)
        expired = self.sell_certificate(10)
        expired.expiration_date = fields.Date.today() - timedelta(days=1)
        answers = set()
        for code in (used.code, expired.code, "no-such-code"):
            with self.assertRaises(UserError) as refusal:
                self.env["salon.loyalty.certificate"]._find(code, self.company)
            answers.add(str(refusal.exception).replace(code, "CODE"))
        self.assertEqual(len(answers), 1)
        self.assertIn("ask a manager", answers.pop())

    def test_a_code_of_another_company_cannot_be_used(self):
        other = self.env["res.company"].create({"name": "Other"})
        card = self.sell_certificate(50)
        with self.assertRaisesRegex(UserError, "cannot be used"):
            self.env["salon.loyalty.certificate"]._find(card.code, other)

    def test_a_code_is_found_as_typed(self):
        card = self.sell_certificate(50)
        find = self.env["salon.loyalty.certificate"]._find
        self.assertEqual(find(f"  {card.code.upper()} ", self.company), card)

    def test_nothing_is_booked_when_a_code_is_refused(self):
        visit = self.book(self.haircut)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.checkout(visit, options={"certificate_codes": ["nope"]})
        self.assertFalse(visit.order_id)

    def test_a_refunded_bill_gives_the_certificate_its_money_back(self):
        card = self.sell_certificate(500)
        invoice = self.use(self.book(self.haircut), card)["invoice"]
        self.assertOwed(445)
        refund = self.refund(invoice)
        self.assertEqual(card.points, 500)
        self.assertOwed(500)
        refund.button_draft()
        self.assertOwed(445)
        self.assertLedgerHolds()

    def test_what_a_certificate_paid_is_not_given_back_as_money(self):
        card = self.sell_certificate(500)
        visit = self.book(self.haircut)
        self.use(visit, card)
        refund = self.env["salon.refund"].with_user(self.manager)
        left = refund._get_bill_lines(visit)
        (service,) = [line for line in left if line.price_total > 0]
        visit = visit.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "together with"), self.cr.savepoint():
            refund._refund(visit, {service.id: 55}, [self.tender(55)])
        refund._refund(visit, {line.id: amount for line, amount in left.items()})
        self.assertEqual(card.points, 500)
        self.assertOwed(500)

    def test_a_partly_refunded_bill_gives_back_that_part(self):
        card = self.sell_certificate(500)
        invoice = self.use(self.book(self.haircut), card)["invoice"]
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        for line in refund.invoice_line_ids:
            line.price_unit = line.price_unit / 2
        refund.action_post()
        self.assertEqual(card.points, 472.5)
        self.assertOwed(472.5)

    def test_a_bill_credited_and_made_again_uses_the_certificate_again(self):
        card = self.sell_certificate(500)
        invoice = self.use(self.book(self.haircut), card)["invoice"]
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()
        again = wizard.new_move_ids
        again.filtered(lambda move: move.state == "draft").action_post()
        self.assertOwed(445)
        self.assertEqual(card.points, 445)
        self.assertLedgerHolds()

    def test_refunding_the_sale_voids_the_unused_certificate(self):
        card = self.sell_certificate(500)
        self.refund(self.sale["invoice"])
        self.assertEqual(card.points, 0)
        self.assertOwed(0)
        with self.assertRaises(UserError):
            self.env["salon.loyalty.certificate"]._find(card.code, self.company)
        self.assertLedgerHolds()

    def test_refunding_one_of_two_certificates_leaves_the_other(self):
        self.sell_certificate(50, quantity=2)
        invoice = self.sale["invoice"]
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        cards = self.sale["order"].order_line.salon_certificate_ids
        self.assertEqual(sorted(cards.mapped("points")), [0, 50])
        self.assertOwed(50)

    def test_the_sale_of_a_used_certificate_cannot_be_refunded_in_full(self):
        card = self.sell_certificate(100)
        self.use(self.book(self.haircut), card)
        with self.assertRaisesRegex(UserError, "already used"), self.cr.savepoint():
            self.refund(self.sale["invoice"])
        self.assertOwed(45)

    def test_cancelling_the_order_after_a_refund_gives_nothing_twice(self):
        card = self.sell_certificate(100)
        result = self.use(self.book(self.haircut), card)
        self.refund(result["invoice"])
        result["order"]._action_cancel()
        self.assertEqual(card.points, 100)
        self.assertOwed(100)
        self.assertLedgerHolds()

    def test_a_cancelled_sale_keeps_the_ledger_of_its_certificate(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.anna.id,
                "order_line": [
                    fields.Command.create({"product_id": self.certificate.id})
                ],
            }
        )
        order.action_confirm()
        card = order.order_line.salon_certificate_ids
        self.assertEqual(card.points, 100)
        order._action_cancel()
        self.assertTrue(card.exists())
        self.assertFalse(card.active)
        self.assertEqual(card.salon_entry_ids.mapped("points"), [-100, 100])
        self.assertLedgerHolds()

    def test_selling_a_certificate_earns_no_points(self):
        self.sell_certificate(500)
        self.assertFalse(self.card())

    def test_the_report_shows_what_is_owed_and_that_the_books_agree(self):
        row = self.env["salon.certificate.liability"].browse(self.company.id)
        before = row.amount_open, row.certificate_count, row.amount_difference
        card = self.sell_certificate(500)
        self.use(self.book(self.haircut), card)
        self.env.invalidate_all()
        self.assertAlmostEqual(row.amount_open, before[0] + 445)
        self.assertEqual(row.certificate_count, before[1] + 1)
        self.assertAlmostEqual(row.amount_difference, before[2])

    def test_the_report_shows_a_certificate_made_by_hand_as_a_difference(self):
        row = self.env["salon.certificate.liability"].browse(self.company.id)
        before = row.amount_difference
        self.env["loyalty.card"].create(
            {"program_id": self.certificates.id, "points": 30}
        )
        self.env.invalidate_all()
        self.assertAlmostEqual(row.amount_difference, before + 30)

    def test_the_printed_certificate_shows_its_name_value_and_code(self):
        card = self.sell_certificate(500)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.receptionist)
            ._render_qweb_html("salon_loyalty.salon_certificate_report", card.ids)[0]
            .decode()
        )
        self.assertIn("Gift certificate", html)
        self.assertIn("500.00", html)
        self.assertIn(card.code, html)

    def test_the_host_prints_its_gift_card_too(self):
        card = self.sell_certificate(500)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty.gift_card_report_i18n", card.ids
        )[0]
        self.assertIn(card.code, html.decode())

    def test_a_certificate_is_not_sold_in_another_currency(self):
        other = self.env["res.currency"].search(
            [("id", "!=", self.company.currency_id.id)], limit=1
        ) or self.env["res.currency"].with_context(active_test=False).search(
            [("id", "!=", self.company.currency_id.id)], limit=1
        )
        other.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": other.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.anna.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    fields.Command.create({"product_id": self.certificate.id})
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "is sold in"):
            order.action_confirm()

    def test_the_desk_lists_the_codes_of_its_branch_only(self):
        card = self.sell_certificate(50)
        other = self.env["salon.branch"].create({"name": "Other"})
        self.receptionist.salon_branch_ids = other
        cards = self.env["loyalty.card"].with_user(self.receptionist)
        self.assertNotIn(card, cards.search([("points", ">", 0)]))
        self.receptionist.salon_branch_ids = self.branch
        self.assertIn(card, cards.search([("points", ">", 0)]))

    def test_certificates_are_proven_by_their_account(self):
        # In the demo salon it may be tomorrow; it has sold certificates, too.
        day, earlier = (self.today + timedelta(days=count) for count in (1, -1))

        before, past = self.proven(day), self.proven(earlier)
        self.use(self._visit_of(300), self.sell_certificate(500))
        after = self.proven(day)
        self.assertAlmostEqual(after - before, 200, places=2)
        self.assertEqual(self.proven(earlier), past)
        with freeze_time(day + timedelta(days=2)):
            self.assertEqual(self.proven(day), after)

    def proven(self, date):
        """What is owed on certificates by their ledger; the books say the same."""
        totals = self.env["salon.instruments"]._totals(self.company, date)
        [total] = [one for one in totals if one["code"] == "certificates"]
        self.assertEqual(total["accounts"], self.liability)
        self.assertEqual(total["difference"], 0)
        return total["ledger"]

    def test_an_accountant_a_day_behind_the_branch_sees_no_difference(self):
        yesterday = self.today - timedelta(days=1)
        past = self.proven(yesterday)
        self.use(self._visit_of(300), self.sell_certificate(500))
        with freeze_time(yesterday):
            self.assertEqual(self.proven(yesterday), past)

    def test_the_ledger_says_what_is_on_the_cards(self):
        """Sold, taken back, used, given back and expired."""
        self.company.salon_breakage = "expiry"
        self.sell_certificate(400)
        self.refund(self.sale["invoice"])
        used = self.sell_certificate(500)
        bill = self.use(self._visit_of(300), used)
        self.refund(bill["invoice"])
        self.use(self._visit_of(200, at="12:00"), used)
        expired = self.sell_certificate(70)
        expired.expiration_date = fields.Date.today() - timedelta(days=2)
        self.env["salon.estimates"]._run(self.company)
        estimates = self.env["salon.estimate"].search(
            [("kind", "=", "certificates"), ("company_id", "=", self.company.id)]
        )
        on_cards = self.open_certificates() + sum(estimates.mapped("amount"))
        # In the demo salon it may be tomorrow.
        owed = self.proven(self.today + timedelta(days=1))
        self.assertAlmostEqual(owed, on_cards, places=2)
        self.assertEqual((used.points, expired.points), (300, 0))
