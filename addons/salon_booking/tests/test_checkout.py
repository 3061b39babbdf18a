from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestCheckout(SalonCase):
    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut)

    def sold(self, product, quantity=1, **values):
        return {"product_id": product.id, "quantity": quantity, **values}

    def test_a_visit_becomes_order_invoice_and_payment(self):
        result = self.checkout(self.visit, 55, user=self.receptionist)
        self.assertEqual(result["order"].state, "sale")
        self.assertEqual(result["invoice"].state, "posted")
        self.assertEqual(result["invoice"].amount_untaxed, 50)
        self.assertEqual(result["invoice"].amount_total, 55)
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertEqual(self.visit.amount_total, 55)
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.visit.appointment_ids.amount_invoiced, 50)

    def test_a_bill_is_paid_in_several_tenders(self):
        result = self.checkout(
            self.visit, 20, self.tender(35, self.bank_journal), user=self.receptionist
        )
        self.assertEqual(len(result["payments"]), 2)
        self.assertEqual(
            result["payments"].journal_id, self.cash_journal | self.bank_journal
        )
        self.assertEqual(self.visit.payment_state, "paid")

    def test_what_is_not_paid_is_a_debt_of_the_client(self):
        result = self.checkout(self.visit, 20, user=self.receptionist)
        self.assertEqual(result["invoice"].amount_residual, 35)
        self.assertEqual(result["invoice"].partner_id, self.anna)
        self.assertEqual(self.visit.payment_state, "partial")
        self.pay(result["invoice"])
        self.assertEqual(self.visit.payment_state, "paid")

    def test_each_line_keeps_who_did_it_for_whom_and_where(self):
        result = self.checkout(
            self.visit,
            extra_lines=[self.sold(self.shampoo, 2, staff_id=self.oleg.id)],
        )
        lines = result["invoice"].invoice_line_ids
        service, product = lines.sorted("price_subtotal", reverse=True)
        self.assertEqual(service.salon_appointment_id, self.visit.appointment_ids)
        self.assertEqual(service.salon_staff_id, self.mia)
        self.assertEqual(product.salon_staff_id, self.oleg)
        self.assertEqual(lines.salon_client_id, self.anna)
        self.assertEqual(
            service.analytic_distribution,
            {str(self.branch.analytic_account_id.id): 100},
        )

    def person_account(self, staff):
        """An analytic account of this person, in a plan of people."""
        plan = self.env["account.analytic.plan"].create({"name": "People (test)"})
        account = self.env["account.analytic.account"].create(
            {"name": staff.name, "plan_id": plan.id}
        )
        staff.salon_analytic_account_id = account
        return account

    def test_revenue_is_posted_to_the_person_in_a_plan_of_its_own(self):
        account = self.person_account(self.mia)
        sold = self.sold(self.shampoo, staff_id=self.oleg.id)
        bill = self.checkout(
            self.visit, 77, user=self.receptionist, extra_lines=[sold]
        )["invoice"]
        branch = self.branch.analytic_account_id
        people, branches = (plan._column_name() for plan in (account + branch).plan_id)
        items = bill.invoice_line_ids.analytic_line_ids
        of_mia = items.filtered(lambda item: item[people])
        self.assertEqual(of_mia[people], account)
        self.assertEqual(sum(of_mia.mapped("amount")), 50)
        of_branch = items.filtered(lambda item: item[branches] == branch)
        self.assertEqual(sum(of_branch.mapped("amount")), 70)

    def test_a_rule_of_the_accountant_stands_beside_the_branch(self):
        account = self.person_account(self.oleg)
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.haircut.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        bill = self.checkout(self.visit, 55)["invoice"]
        self.assertEqual(
            bill.invoice_line_ids.analytic_distribution,
            {
                str(account.id): 100,
                str(self.branch.analytic_account_id.id): 100,
            },
        )

    def test_a_person_has_no_account_in_the_plan_of_branches(self):
        with self.assertRaisesRegex(ValidationError, "Test Branch"):
            self.mia.salon_analytic_account_id = self.branch.analytic_account_id

    def test_a_branch_that_came_into_the_plan_of_people_is_posted_to_alone(self):
        account = self.person_account(self.mia)
        branch = account.copy({"name": "Test Branch, too"})
        self.branch.analytic_account_id = branch
        bill = self.checkout(self.visit, 55)["invoice"]
        self.assertEqual(
            bill.invoice_line_ids.analytic_distribution, {str(branch.id): 100}
        )

    def test_one_payer_pays_for_several_visits(self):
        other = self.book(self.blowdry, at="12:00", client=self.bella)
        result = self.checkout(self.visit | other, 88)
        self.assertEqual(result["invoice"].partner_id, self.anna)
        self.assertEqual(
            result["invoice"].invoice_line_ids.salon_client_id, self.anna | self.bella
        )
        self.assertEqual(other.payment_state, "paid")
        self.assertEqual(other.amount_total, 33)

    def test_the_same_visit_is_not_billed_twice(self):
        self.checkout(self.visit, 55)
        with self.assertRaisesRegex(UserError, "nothing left to bill"):
            self.checkout(self.visit, 55)

    def test_a_product_can_be_added_after_the_bill(self):
        self.checkout(self.visit, 55)
        result = self.checkout(self.visit, 22, extra_lines=[self.sold(self.shampoo)])
        self.assertEqual(result["invoice"].amount_total, 22)
        self.assertEqual(self.visit.amount_total, 77)

    def test_the_visit_says_what_was_sold_and_by_whom(self):
        self.checkout(
            self.visit,
            99,
            extra_lines=[self.sold(self.shampoo, 2, staff_id=self.oleg.id)],
        )
        for user in (self.receptionist, self.stylist):
            visit = self.visit.with_user(user)
            self.assertEqual(
                visit.sold_names, f"2 × {self.shampoo.name} · {self.oleg.name}"
            )

    def test_more_than_is_due_is_refused_and_leaves_nothing_behind(self):
        with (
            self.assertRaisesRegex(UserError, "only .*55.* is due"),
            self.env.cr.savepoint(),
        ):
            self.checkout(self.visit, 60)
        self.assertFalse(self.visit.order_id)
        self.assertEqual(self.visit.payment_state, "no_bill")

    def test_a_negative_payment_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self.checkout(self.visit, -5)

    def test_a_journal_that_is_no_tender_of_the_branch_is_refused(self):
        self.branch.tender_journal_ids = self.cash_journal
        with self.assertRaisesRegex(UserError, "does not take payments"):
            self.checkout(self.visit, self.tender(55, self.bank_journal))

    def test_visits_of_two_branches_are_two_bills(self):
        other = self.env["salon.branch"].create(
            {
                "name": "Other (test)",
                "tz": "Europe/Brussels",
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.mia.salon_branch_ids += other
        there = self.book(self.haircut, "14:00", branch=other)
        with self.assertRaisesRegex(UserError, "belongs to one branch"):
            self.checkout(self.visit | there, 110)

    @freeze_time("2031-06-12 22:30:00")
    def test_a_bill_has_the_date_on_the_wall_of_the_branch(self):
        """After midnight in Brussels, for a clerk whose own clock is still before."""
        self.receptionist.tz = "UTC"
        result = self.checkout(self.visit, 55, user=self.receptionist)
        tomorrow = THURSDAY + self.days(1)
        self.assertEqual(result["invoice"].invoice_date, tomorrow)
        self.assertEqual(result["payments"].date, tomorrow)

    def test_a_walk_in_without_a_name_is_billed_to_the_branch(self):
        self.visit.client_id = False
        result = self.checkout(self.visit, 55)
        self.assertEqual(result["invoice"].partner_id, self.branch.walk_in_partner_id)

    def test_a_cancelled_service_is_not_billed(self):
        self.env["salon.appointment"].create(
            {
                "visit_id": self.visit.id,
                "product_id": self.blowdry.id,
                "start": self.at("11:00"),
            }
        )._set_state("cancelled")
        result = self.checkout(self.visit, 55)
        self.assertEqual(len(result["invoice"].invoice_line_ids), 1)

    def test_a_free_visit_is_paid_at_once(self):
        self.visit.appointment_ids.price = 0
        result = self.checkout(self.visit)
        self.assertEqual(result["invoice"].amount_total, 0)
        self.assertEqual(self.visit.payment_state, "paid")

    def test_a_stylist_does_not_check_out(self):
        with self.assertRaises(AccessError):
            self.checkout(self.visit, user=self.stylist)

    def test_a_receptionist_of_another_branch_does_not_check_out(self):
        other = self.env["salon.branch"].create({"name": "Other"})
        self.receptionist.salon_branch_ids = other
        with self.assertRaises(AccessError):
            self.checkout(self.visit, user=self.receptionist)

    def open_dialog(self):
        action = self.visit.with_user(self.receptionist).action_checkout()
        return (
            self.env["salon.checkout.wizard"]
            .with_user(self.receptionist)
            .browse(action["res_id"])
        )

    def test_the_dialog_proposes_the_whole_amount(self):
        dialog = self.open_dialog()
        self.assertEqual(dialog.amount_total, 55)
        self.assertEqual(dialog.amount_tendered, 55)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_change_is_given_back_from_cash(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            with form.tender_ids.edit(0) as tender:
                tender.journal_id = self.cash_journal
                tender.amount = 100
            self.assertEqual(form.amount_change, 45)
        message = dialog.action_checkout()["params"]["message"]
        self.assertIn("45", message)
        self.assertEqual(
            sum(self.visit.invoice_ids.matched_payment_ids.mapped("amount")), 55
        )

    def test_change_is_not_given_from_a_card(self):
        self.branch.tender_journal_ids = self.bank_journal
        dialog = self.open_dialog()
        dialog.tender_ids.amount = 100
        with self.assertRaisesRegex(UserError, "in cash only"):
            dialog.action_checkout()

    def test_a_product_and_a_discount_in_the_dialog_reach_the_bill(self):
        dialog = self.open_dialog()
        dialog.line_ids.discount = 10
        dialog.line_ids = [
            Command.create({"product_id": self.shampoo.id, "staff_id": self.mia.id})
        ]
        self.assertAlmostEqual(dialog.amount_total, 71.5)
        dialog.tender_ids.amount = 71.5
        dialog.action_checkout()
        self.assertEqual(self.visit.amount_total, 71.5)

    def test_a_price_changed_in_the_dialog_is_that_of_the_bill(self):
        """The price of the booking is proposed, whatever the service costs now."""
        self.haircut.list_price = 70
        dialog = self.open_dialog()
        self.assertEqual(dialog.line_ids.price_unit, 50)
        dialog.line_ids.price_unit = 60
        dialog.tender_ids.amount = 66
        dialog.action_checkout()
        self.assertEqual(self.visit.amount_total, 66)
        self.assertEqual(self.visit.payment_state, "paid")

    def test_a_service_that_was_done_cannot_be_left_off_the_bill(self):
        dialog = self.open_dialog()
        dialog.line_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "not on the bill"):
            dialog.action_checkout()

    def test_the_dialog_and_the_invoice_agree_with_taxes_included(self):
        self.tax.price_include_override = "tax_included"
        dialog = self.open_dialog()
        self.assertEqual(dialog.amount_total, 50)
        dialog.action_checkout()
        self.assertEqual(self.visit.invoice_ids.amount_total, 50)
        self.assertAlmostEqual(self.visit.invoice_ids.amount_untaxed, 45.45)

    def test_the_dialog_and_the_invoice_agree_by_fiscal_position(self):
        position = self.env["account.fiscal.position"].create({"name": "Abroad (test)"})
        tax = self.tax.copy(
            {
                "name": "20 % (test)",
                "amount": 20,
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(self.tax.ids)],
            }
        )
        self.anna.property_account_position_id = position
        dialog = self.open_dialog()
        self.assertEqual((dialog.amount_total, dialog.amount_tendered), (60, 60))
        dialog.action_checkout()
        bill = self.visit.invoice_ids
        self.assertEqual((bill.amount_total, bill.payment_state), (60, "paid"))
        self.assertEqual(bill.invoice_line_ids.tax_ids, tax)

    def test_a_salon_without_tax_bills_takes_and_gives_back_the_price(self):
        self.haircut.taxes_id = [Command.clear()]
        self.env["salon.deposit"]._take(self.visit, [self.tender(20)])
        dialog = self.open_dialog()
        self.assertEqual((dialog.amount_total, dialog.amount_tax), (50, 0))
        self.assertEqual(dialog.amount_tendered, 30)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertFalse(self.visit.invoice_ids.line_ids.tax_ids)
        lines = self.env["salon.refund"]._get_bill_lines(self.visit)
        amounts = {line.id: amount for line, amount in lines.items()}
        self.assertEqual(sum(amounts.values()), 50)
        self.env["salon.refund"]._refund(self.visit, amounts, [self.tender(50)])
        self.assertEqual(self.visit.amount_total, 0)

    def test_the_dialog_and_the_invoice_agree_however_taxes_are_rounded(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            self.visit = self.book(
                self.haircut, client=self.bella, at="14:00", overlap_reason="Test"
            )
            self.visit.appointment_ids.price = 10.05
            dialog = self.open_dialog()
            dialog.line_ids = [
                Command.create({"product_id": self.shampoo.id, "price_unit": 10.05})
                for _line in range(3)
            ]
            dialog.tender_ids.amount = dialog.amount_total
            dialog.action_checkout()
            self.assertEqual(self.visit.invoice_ids.amount_total, dialog.amount_total)
            self.assertEqual(self.visit.payment_state, "paid")

    def test_a_line_cannot_name_a_visit_that_is_not_on_the_bill(self):
        foreign = self.book(self.haircut, at="12:00", client=self.bella)
        with self.assertRaisesRegex(UserError, "one of the visits"):
            self.checkout(
                self.visit, extra_lines=[self.sold(self.shampoo, visit_id=foreign.id)]
            )

    def test_a_payer_with_prices_in_another_currency_owes_what_the_dialog_shows(self):
        dollar = self.env.ref("base.USD")
        other = (
            self.env.ref("base.EUR") if self.company.currency_id == dollar else dollar
        )
        other.active = True
        self.anna.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": other.id}
        )
        result = self.checkout(self.visit, 55)
        self.assertEqual(result["invoice"].currency_id, self.company.currency_id)
        self.assertEqual(self.visit.payment_state, "paid")
