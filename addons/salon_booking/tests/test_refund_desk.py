from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_till import TillCase


@tagged("post_install", "-at_install")
class TestRefundAtTheDesk(TillCase):
    """A bill of 55.00 and 22.00, paid in cash, is given back in every way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.checkout(
            cls.visit, 77, extra_lines=[{"product_id": cls.shampoo.id}]
        )["invoice"]

    def open_refund(self, visit=None, user=None):
        visit = (visit or self.visit).with_user(user or self.manager)
        return visit.env["salon.refund.wizard"].browse(visit.action_refund()["res_id"])

    def give_back(self, amounts, *tenders, user=None, **options):
        """Refund these amounts by product; all tenders in cash unless they say."""
        visit = self.visit.with_user(user or self.manager)
        lines = self.bill.invoice_line_ids
        return visit.env["salon.refund"]._refund(
            visit,
            {
                lines.filtered(lambda line, one=product: line.product_id == one).id: (
                    amount
                )
                for product, amount in amounts.items()
            },
            [t if isinstance(t, dict) else self.tender(t) for t in tenders],
            options,
        )

    def to_balance(self, amount):
        return self.tender(amount, self.company._get_salon_balance_journal())

    def test_the_whole_bill_goes_back_the_way_it_was_paid(self):
        dialog = self.open_refund()
        self.assertEqual(dialog.amount_due, 77)
        self.assertEqual(dialog.tender_ids.journal_id, self.cash_journal)
        dialog.reason = "Not happy"
        dialog.action_refund()
        credit = self.bill.reversal_move_ids
        self.assertEqual(credit.amount_total, 77)
        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(credit.ref, "Not happy")
        self.assertEqual(self.visit.payment_state, "refunded")
        payment = credit.matched_payment_ids
        self.assertEqual((payment.payment_type, payment.amount), ("outbound", 77))
        self.assertEqual(
            {
                line.account_id.account_type: line.balance
                for line in payment.move_id.line_ids
            }["asset_receivable"],
            77,
        )
        receivable = (self.bill | credit | payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(sum(receivable.mapped("amount_residual")), 0)

    def test_one_line_goes_back(self):
        result = self.give_back({self.shampoo: 22}, 22)
        self.assertEqual(result["refunds"].amount_total, 22)
        self.assertEqual(result["refunds"].invoice_line_ids.product_id, self.shampoo)
        self.assertEqual(self.visit.amount_total, 55)
        self.assertTrue(self.visit.appointment_ids.is_billed)

    def test_an_amount_goes_back_to_the_cent(self):
        """0.17 with 10 % tax is 0.15 and 0.02, which no net price gives."""
        for amount in (10, 0.17, 0.11, 33.33):
            with self.subTest(amount=amount), self.env.cr.savepoint():
                result = self.give_back({self.haircut: amount}, amount)
                self.assertEqual(result["refunds"].amount_total, amount)
                self.assertEqual(result["refunds"].payment_state, "paid")
                # Its tax goes back in proportion, but for the cent that is left over.
                tax = result["refunds"].amount_tax
                self.assertAlmostEqual(tax, amount / 11, delta=0.0101)

    def test_what_was_paid_in_two_ways_goes_back_in_both(self):
        other = self.book(self.blowdry, at="12:00", client=self.bella)
        self.checkout(other, 13, self.tender(20, self.bank_journal))
        dialog = self.open_refund(other)
        back = {one.journal_id: one.amount for one in dialog.tender_ids}
        self.assertEqual(back, {self.cash_journal: 13, self.bank_journal: 20})
        dialog.action_refund()
        payments = other.invoice_ids.filtered(
            lambda move: move.move_type == "out_refund"
        ).matched_payment_ids
        self.assertEqual(
            {one.journal_id: one.amount for one in payments},
            {self.cash_journal: 13, self.bank_journal: 20},
        )

    def test_nobody_without_a_name_gets_it_onto_a_balance(self):
        nobody = self.book(self.blowdry, at="12:00")
        nobody.client_id = False
        self.bill = self.checkout(nobody, 33)["invoice"]
        self.visit = nobody
        with self.assertRaisesRegex(UserError, "leaves no name"):
            self.give_back({self.blowdry: 33}, self.to_balance(33))

    def test_a_part_of_several_pieces_goes_back_without_tax(self):
        self.shampoo.taxes_id = False
        other = self.book(self.blowdry, at="12:00")
        sold = {"product_id": self.shampoo.id, "quantity": 3}
        self.bill = self.checkout(other, 93, extra_lines=[sold])["invoice"]
        self.visit = other
        result = self.give_back({self.shampoo: 10}, 10)
        self.assertEqual(result["refunds"].amount_total, 10)

    def test_a_deposit_goes_back_with_the_bill_it_was_taken_off(self):
        other = self.book(self.blowdry, at="12:00").with_user(self.receptionist)
        other.env["salon.deposit"]._take(other, [self.tender(20)])
        self.checkout(other, 13)
        dialog = self.open_refund(other)
        self.assertEqual(dialog.amount_due, 33)
        dialog.reason = "Not happy"
        dialog.action_refund()
        self.assertEqual(other.payment_state, "refunded")
        account = other.env["salon.deposit"]._get_account(self.company)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("salon_visit_id", "=", other.id)]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)

    def test_a_deposit_that_was_taken_off_does_not_go_back_once_more(self):
        other = self.book(self.blowdry, at="12:00").with_user(self.receptionist)
        deposit = other.env["salon.deposit"]._take(other, [self.tender(20)])
        bill = self.checkout(other, 13)["invoice"]
        refund = self.env["salon.refund"].with_user(self.manager)._refund
        visit = other.with_user(self.manager)
        service = bill.invoice_line_ids.filtered(
            lambda line: line.product_id == self.blowdry
        )
        refund(visit, {service.id: 33}, [self.tender(33)])
        advance = deposit.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        with self.assertRaisesRegex(UserError, "deposit of .* cannot be given back"):
            refund(visit, {advance.id: 20}, [self.tender(20)])

    def test_the_line_of_a_deposit_does_not_go_back_alone(self):
        other = self.book(self.blowdry, at="12:00").with_user(self.receptionist)
        other.env["salon.deposit"]._take(other, [self.tender(20)])
        bill = self.checkout(other, 13)["invoice"]
        advance = bill.invoice_line_ids.filtered(
            lambda line: line.is_downpayment and line.display_type == "product"
        )
        with self.assertRaisesRegex(UserError, r"-\D*20\.00 cannot be given back of"):
            self.env["salon.refund"].with_user(self.manager)._refund(
                other.with_user(self.manager), {advance.id: -20}
            )

    def test_visits_of_one_bill_end_at_nothing_when_all_of_it_went_back(self):
        """Parts of 33.33 and 27.50 with tax on top leave no cent on either visit."""
        prices = {self.haircut: 33.33, self.blowdry: 27.5}
        visits = self.visit.union(
            *(
                self.book(service, at=at, client=client)
                for service, at, client in (
                    (self.haircut, "12:00", self.anna),
                    (self.blowdry, "14:00", self.bella),
                    (self.haircut, "16:00", self.bella),
                )
            )
        )
        visits -= self.visit
        for appointment in visits.appointment_ids:
            appointment.price = prices[appointment.product_id]
        result = self.checkout(visits, options={"payer_id": self.anna.id})
        bill = result["invoice"]
        self.pay(bill)
        refund = self.env["salon.refund"].with_user(self.manager)
        for part in (0.31, 0.5, 0.13, 0.5, 1):
            for line, left in refund._get_bill_lines(visits).items():
                amount = bill.currency_id.round(left * part) or left
                refund._refund(
                    visits.with_user(self.manager),
                    {line.id: amount},
                    [self.tender(amount)],
                )
                billed = sum(visits.mapped("amount_total"))
                credited = sum(bill.reversal_move_ids.mapped("amount_total"))
                self.assertAlmostEqual(billed, bill.amount_total - credited, 2)
                self.assertGreaterEqual(min(visits.mapped("amount_total")), 0)
        self.assertEqual(visits.mapped("amount_total"), [0, 0, 0])
        self.assertEqual(visits.mapped("payment_state"), ["refunded"] * 3)

    def test_no_line_goes_back_twice(self):
        self.give_back({self.shampoo: 20}, 20)
        with self.assertRaisesRegex(UserError, "2.00 of it is left"):
            self.give_back({self.shampoo: 22}, 22)
        self.give_back({self.shampoo: 2}, 2)
        lines = self.open_refund().line_ids
        self.assertEqual(lines.mapped("amount_left"), [55])

    def test_money_goes_onto_the_balance(self):
        result = self.give_back({self.haircut: 55}, 15, self.to_balance(40))
        self.assertEqual(self.anna.with_user(self.receptionist).salon_balance, 40)
        self.assertEqual(result["refunds"].payment_state, "paid")
        self.assert_ledgers_agree()

    def test_other_money_than_is_due_is_refused(self):
        with self.assertRaisesRegex(UserError, "55.00 is to be given back"):
            self.give_back({self.haircut: 55}, 50)
        with self.assertRaisesRegex(UserError, "Enter what is given back"):
            self.give_back({})

    def test_what_is_still_owed_is_let_off_first(self):
        other = self.book(self.blowdry, at="12:00")
        bill = self.checkout(other, 13)["invoice"]
        dialog = self.open_refund(other)
        self.assertEqual((dialog.amount_total, dialog.amount_due), (33, 13))
        dialog.reason = "Goodwill"
        dialog.action_refund()
        self.assertEqual(bill.amount_residual, 0)
        self.assertEqual(bill.reversal_move_ids.matched_payment_ids.amount, 13)

    def test_what_is_open_on_another_bill_is_no_part_of_it(self):
        sold = [{"product_id": self.shampoo.id}]
        later = self.checkout(self.visit, extra_lines=sold)["invoice"]
        dialog = self.open_refund()
        self.assertEqual((dialog.amount_total, dialog.amount_due), (99, 77))
        # sudo: account.move.line - which line is of which bill
        other = dialog.sudo().line_ids.filtered(
            lambda line: line.bill_line_id.move_id == later
        )
        other.amount = 0
        self.assertEqual((dialog.amount_total, dialog.amount_due), (77, 77))
        dialog.reason = "Not happy"
        dialog.action_refund()
        self.assertEqual(later.amount_residual, 22)

    def test_the_tip_goes_back_only_when_asked(self):
        other = self.book(self.blowdry, at="12:00")
        self.pay_bill(38, visit=other, tips=[self.tip(5)])
        owed = self.env["salon.tip.balance"].search([("staff_id", "=", self.mia.id)])
        dialog = self.open_refund(other)
        with Form(dialog) as form:
            form.reason = "Not happy"
            form.takes_tips_back = True
            self.assertEqual(form.amount_due, 38)
        dialog.action_refund()
        self.assertEqual(owed.amount, 0)
        self.assert_ledgers_agree()

    def test_a_tip_goes_back_onto_the_balance_of_the_client(self):
        other = self.book(self.blowdry, at="12:00")
        bill = self.pay_bill(38, visit=other, tips=[self.tip(5)])["invoice"]
        visit = other.with_user(self.manager)
        visit.env["salon.refund"]._refund(
            visit,
            {bill.invoice_line_ids.id: 33},
            [self.to_balance(38)],
            {"takes_tips_back": True},
        )
        both = self.anna | self.mia.work_contact_id
        balances = self.env["salon.balance"].search([("client_id", "in", both.ids)])
        self.assertEqual((balances.client_id, balances.amount), (self.anna, 38))
        self.assert_ledgers_agree()

    def test_a_tip_was_money_and_does_not_go_back_by_barter(self):
        self.branch.takes_barter = True
        other = self.book(self.blowdry, at="12:00")
        bill = self.pay_bill(38, visit=other, tips=[self.tip(5)])["invoice"]
        visit = other.with_user(self.manager)
        barter = self.company._get_salon_barter_journal()
        with self.assertRaisesRegex(UserError, "A tip is money"):
            visit.env["salon.refund"]._refund(
                visit,
                {bill.invoice_line_ids.id: 33},
                [self.tender(38, barter)],
                {"takes_tips_back": True},
            )

    def test_a_reopened_visit_can_be_billed_again(self):
        dialog = self.open_refund()
        dialog.write({"reason": "Wrong service", "reopens": True})
        dialog.action_refund()
        self.assertEqual(self.visit.state, "in_service")
        result = self.checkout(self.visit, 55)
        self.assertEqual(result["invoice"].amount_total, 55)

    def test_giving_back_needs_the_right(self):
        with self.assertRaisesRegex(AccessError, "right to refund"):
            self.open_refund(user=self.receptionist)
        with self.assertRaises(AccessError):
            self.give_back({self.shampoo: 22}, 22, user=self.receptionist)

    def test_reopening_needs_a_right_of_its_own(self):
        refund = self.env.ref("salon_booking.group_salon_refund")
        undo = self.env.ref("salon_booking.group_salon_undo")
        self.receptionist.group_ids += refund
        self.assertFalse(self.receptionist.has_group("salon_booking.group_salon_undo"))
        amounts = {self.haircut: 55, self.shampoo: 22}
        with self.assertRaisesRegex(AccessError, "right to undo"):
            self.give_back(amounts, 77, user=self.receptionist, reopens=True)
        self.receptionist.group_ids += undo
        self.give_back(amounts, 77, user=self.receptionist, reopens=True)
        self.assertEqual(self.visit.state, "in_service")

    def test_bills_of_other_visits_stay(self):
        other = self.book(self.blowdry, at="12:00", client=self.bella)
        bill = self.checkout(other, 33)["invoice"]
        with self.assertRaisesRegex(UserError, "cannot be given back"):
            self.env["salon.refund"].with_user(self.manager)._refund(
                self.visit.with_user(self.manager),
                {bill.invoice_line_ids.id: 33},
                [self.tender(33)],
            )

    def bill_whose_lines_miss_its_total(self):
        """Two of 27.50 with 15 %: each is 31.63 with tax, both are 63.25."""
        self.company.tax_calculation_rounding_method = "round_globally"
        tax = self.tax.copy({"name": "15 % (test)", "amount": 15})
        service = self._service("Odd", 27.5, [("work", 30)])
        service.taxes_id = tax
        for person in (self.mia, self.oleg):
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": service.product_tmpl_id.id})
            ]
        visit = self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [
                {
                    "product_id": service.id,
                    "staff_id": staff.id,
                    "start": self.at("15:00"),
                }
                for staff in (self.mia, self.oleg)
            ],
        )
        bill = self.checkout_paid(visit)["invoice"]
        self.assertEqual(bill.amount_total, 63.25)
        return visit

    def refund_lines(self, visit, lines):
        self.env["salon.refund"]._refund(
            visit, lines, [self.tender(sum(lines.values()))]
        )

    def test_a_visit_and_its_refund_are_to_the_cent_what_was_billed(self):
        visit = self.bill_whose_lines_miss_its_total()
        self.assertEqual(visit.amount_total, 63.25)
        left = self.env["salon.refund"]._get_bill_lines(visit)
        self.assertEqual(sorted(left.values()), [31.62, 31.63])
        self.refund_lines(visit, {line.id: amount for line, amount in left.items()})
        self.assertFalse(self.env["salon.refund"]._get_bill_lines(visit))
        self.assertEqual((visit.amount_total, visit.payment_state), (0, "refunded"))

    def test_refunded_line_by_line_no_cent_is_left(self):
        visit = self.bill_whose_lines_miss_its_total()
        for _line in range(2):
            left = self.env["salon.refund"]._get_bill_lines(visit)
            line, amount = next(iter(left.items()))
            self.refund_lines(visit, {line.id: amount})
        self.assertFalse(self.env["salon.refund"]._get_bill_lines(visit))
        self.assertEqual((visit.amount_total, visit.payment_state), (0, "refunded"))
