from odoo import fields
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPoints(LoyaltyCase):
    def test_a_paid_bill_gives_a_point_per_unit_without_tax(self):
        self.checkout(self.book(self.haircut), 55)
        self.assertEqual(self.points(), 50)
        self.assertLedgerHolds()

    def test_the_client_reads_own_points_and_certificates_without_codes(self):
        self.checkout(self.book(self.haircut), 55)
        self.sell_certificate(120)
        card = self.env["loyalty.card"].search(
            [("salon_kind", "=", "certificate")], order="id desc", limit=1
        )
        card.partner_id = self.anna
        rows = {
            row["name"]: row["value"] for row in self.anna._get_salon_account_rows()
        }
        self.assertIn("50", rows[self.program.name])
        [certificate] = [name for name in rows if card.program_id.name in name]
        self.assertIn("120", rows[certificate])
        self.assertNotIn(card.code, repr(rows))
        self.assertNotIn(self.program.name, repr(self.bella._get_salon_account_rows()))

    def test_a_rule_may_count_the_price_with_tax(self):
        self.program.rule_ids.salon_tax_mode = "incl"
        self.checkout(self.book(self.haircut), 55)
        self.assertEqual(self.points(), 55)

    def test_points_follow_the_amount_booked_when_the_whole_bill_is_rounded(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.tax.write({"amount": 20, "price_include_override": "tax_included"})
        self.haircut.list_price = 34
        visit = self.book(self.haircut)
        invoice = self.checkout_paid(
            visit,
            extra_lines=[{"product_id": self.shampoo.id, "price_unit": 19}],
        )["invoice"]
        booked = -sum(invoice.invoice_line_ids.mapped("balance"))
        self.assertNotEqual(
            round(sum(invoice.invoice_line_ids.mapped("price_subtotal")), 2),
            round(booked, 2),
        )
        self.assertAlmostEqual(self.points(), booked)

    def test_a_bill_on_the_tab_gives_nothing_until_it_is_paid(self):
        invoice = self.checkout(self.book(self.haircut), 20)["invoice"]
        self.assertFalse(self.card())
        self.pay(invoice)
        self.assertEqual(self.points(), 50)

    def test_m9_service_gives_one_and_product_two_points_per_unit_of_money(self):
        self.program.active = False
        program = self.points_program(
            {"product_domain": "[('is_salon_service', '=', True)]"},
            {"product_category_id": self.category_retail.id, "reward_point_amount": 2},
        )
        bottle = {"product_id": self.shampoo.id, "price_unit": 50}
        self.checkout_paid(self.book(self.colour), extra_lines=[bottle])
        self.assertEqual(self.points(program=program), 200)

    def test_each_client_of_a_shared_bill_gets_own_points(self):
        visits = self.book(self.haircut) | self.book(
            self.colour, staff=self.oleg, client=self.bella
        )
        self.checkout_paid(visits)
        self.assertEqual(self.points(self.anna), 50)
        self.assertEqual(self.points(self.bella), 100)

    def test_somebody_without_a_name_earns_nothing(self):
        visit = self.env["salon.booking"]._book(
            self.branch,
            self.env["res.partner"],
            [
                {
                    "product_id": self.haircut.id,
                    "staff_id": self.mia.id,
                    "start": self.at("10:00"),
                }
            ],
        )
        self.checkout(visit, 55)
        self.assertFalse(self.card(self.branch.walk_in_partner_id))

    def test_being_told_twice_that_a_bill_is_paid_gives_points_once(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        invoice._on_salon_bill_paid()
        invoice._on_salon_bill_paid()
        self.assertEqual(self.points(), 50)
        self.assertEqual(len(self.card().salon_entry_ids), 1)

    def test_points_go_when_the_payment_is_removed_and_come_back_with_it(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self.points(), 0)
        invoice._on_salon_bill_unpaid()
        self.assertEqual(self.points(), 0)
        self.pay(invoice)
        self.assertEqual(self.points(), 50)
        self.assertEqual(
            self.card().salon_entry_ids.sorted("id").mapped("points"), [50, -50, 50]
        )
        self.assertLedgerHolds()

    def test_a_bill_taken_back_to_draft_takes_its_points_back(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        invoice.button_draft()
        self.assertEqual(self.points(), 0)
        self.assertLedgerHolds()

    def test_a_refund_takes_back_what_was_granted(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        self.refund(invoice)._on_salon_bill_reversed()
        self.assertEqual(self.points(), 0)
        self.assertLedgerHolds()

    def test_a_partial_refund_takes_back_the_points_of_that_line(self):
        bottle = {"product_id": self.shampoo.id}
        invoice = self.checkout_paid(self.book(self.haircut), extra_lines=[bottle])[
            "invoice"
        ]
        self.assertEqual(self.points(), 70)
        self.refund(
            invoice,
            invoice.invoice_line_ids.filtered(
                lambda line: line.product_id == self.shampoo
            ),
        )
        self.assertEqual(self.points(), 50)
        self.refund(invoice)
        self.assertEqual(self.points(), 0)
        self.assertLedgerHolds()

    def test_a_bill_that_is_cancelled_by_its_credit_note_gives_nothing(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}], cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self.points(), 0)
        self.assertLedgerHolds()

    def test_half_the_price_refunded_takes_back_half_the_points(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.invoice_line_ids.price_unit = 25
        refund.action_post()
        self.assertEqual(self.points(), 25)

    def test_a_refund_counts_by_what_was_granted_not_by_the_rules_of_today(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        self.program.rule_ids.reward_point_amount = 10
        self.refund(invoice)
        self.assertEqual(self.points(), 0)

    def test_an_unpaid_bill_that_is_refunded_takes_nothing(self):
        self.give(30)
        invoice = self.checkout(self.book(self.haircut))["invoice"]
        self.refund(invoice)
        self.assertEqual(self.points(), 30)

    def test_a_credit_note_taken_back_to_draft_gives_the_points_again(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        refund = self.refund(invoice)
        refund.button_draft()
        self.assertEqual(self.points(), 50)
        self.assertLedgerHolds()

    def test_points_already_spent_become_a_debt_that_the_next_ones_pay(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        self.card().points = 20
        self.refund(invoice)
        self.assertEqual(self.points(), 0)
        self.assertEqual(self.card().salon_points_owed, 30)
        self.assertLedgerHolds()
        self.checkout(self.book(self.colour, at="12:00"), 110)
        self.assertEqual(self.points(), 70)
        self.assertEqual(self.card().salon_points_owed, 0)
        self.assertLedgerHolds()

    def test_a_discount_lowers_the_points(self):
        visit = self.book(self.haircut)
        prices = {visit.appointment_ids.id: {"price_unit": 50, "discount": 20}}
        self.checkout_paid(visit, options={"prices": prices})
        self.assertEqual(self.points(), 40)

    def test_the_minimum_of_a_rule_is_respected(self):
        self.program.rule_ids.minimum_amount = 60
        self.checkout(self.book(self.haircut), 55)
        self.assertFalse(self.card())

    def test_a_program_that_ended_gives_nothing(self):
        self.program.date_to = fields.Date.subtract(fields.Date.today(), days=1)
        self.checkout(self.book(self.haircut), 55)
        self.assertFalse(self.card())

    def test_the_host_issues_no_points_when_a_salon_bill_is_confirmed(self):
        self.program.salon_only = False
        self.give(10)
        order = self.checkout(self.book(self.haircut))["order"]
        self.assertFalse(order.coupon_point_ids)
        self.assertEqual(self.points(), 10)

    def test_other_orders_give_points_at_confirmation_as_ever(self):
        self.program.salon_only = False
        order = self._shop_order()
        order.action_confirm()
        self.assertEqual(self.points(), 22)
        entry = self.card().salon_entry_ids
        self.assertEqual((entry.kind, entry.order_id), ("issued", order))
        order._action_cancel()
        self.assertEqual(self.points(), 0)
        self.assertLedgerHolds()

    def test_other_orders_know_nothing_of_a_program_for_salon_bills_only(self):
        self.give(100)
        order = self._shop_order()
        order._update_programs_and_rewards()
        self.assertFalse(order._get_claimable_rewards())
        order.action_confirm()
        self.assertEqual(self.points(), 100)

    def _shop_order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.anna.id,
                "order_line": [fields.Command.create({"product_id": self.shampoo.id})],
            }
        )

    def test_the_desk_gives_points_without_rights_on_cards(self):
        visit = self.book(self.haircut)
        self.checkout(visit, 55, user=self.receptionist)
        self.assertEqual(self.points(), 50)

    def test_the_client_sees_the_bill_behind_the_points(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        history = self.card().history_ids
        self.assertEqual((history.issued, history.description), (50, invoice.name))
        self.assertIn(f"/my/invoices/{invoice.id}", history._get_order_portal_url())

    def test_settling_many_bills_takes_as_many_queries_as_few(self):
        self.give(1)
        bills = self.env["account.move"]
        for hour in range(9, 17):
            visit = self.book(self.haircut, at=f"{hour:02}:00")
            bills |= self.checkout(visit)["invoice"]
        bills.is_salon_settled = True
        few = self._queries_of_settling(bills[:2])
        many = self._queries_of_settling(bills[2:])
        self.assertLessEqual(many, few)
        self.assertEqual(self.points(), 1 + 8 * 50)

    def _queries_of_settling(self, bills):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["salon.loyalty.award"]._settle(bills)
        self.env.flush_all()
        return self.cr.sql_log_count - before
