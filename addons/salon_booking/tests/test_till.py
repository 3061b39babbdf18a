from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import SalonCase


class TillCase(SalonCase):
    """Bills of 55.00 (haircut with 10 % tax) and what else is paid with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book(cls.haircut)

    def tip(self, amount, staff=None):
        return {"staff_id": (staff or self.mia).id, "amount": amount}

    def pay_bill(self, *tenders, visit=None, **options):
        return self.checkout(
            visit or self.visit, *tenders, user=self.receptionist, options=options
        )

    def from_balance(self, amount):
        return self.tender(amount, self.company._get_salon_balance_journal())

    def open_dialog(self, visits=None):
        visits = (visits or self.visit).with_user(self.receptionist)
        action = visits.action_checkout()
        return visits.env["salon.checkout.wizard"].browse(action["res_id"])

    def items(self, move):
        """What an entry books: {(account type, partner): balance}."""
        return {
            (line.account_id.account_type, line.partner_id.name): line.balance
            for line in move.line_ids
        }

    def assert_ledgers_agree(self):
        """The rows, their kept sums, and the account in the books say the same."""
        for name in ("salon.balance.entry", "salon.tip"):
            ledger = self.env[name]
            company = self.company.root_id
            account = company[ledger._account_field]
            rows = ledger.search([("company_id", "=", company.id)])
            totals = self.env[ledger._totals_model].search(
                [("company_id", "=", company.id)]
            )
            lines = self.env["account.move.line"].search(
                [("account_id", "=", account.id), ("parent_state", "=", "posted")]
            )
            owed = sum(rows.mapped("amount"))
            self.assertAlmostEqual(owed, -sum(lines.mapped("balance")), 2)
            self.assertAlmostEqual(owed, sum(totals.mapped("amount")), 2)
            by_owner = rows.grouped(ledger._owner_field)
            for total in totals:
                own = by_owner.get(total[ledger._owner_field], rows.browse())
                self.assertAlmostEqual(total.amount, sum(own.mapped("amount")), 2)


@tagged("post_install", "-at_install")
class TestTips(TillCase):
    def owed(self, staff=None):
        return (
            self.env["salon.tip.balance"]
            .search([("staff_id", "=", (staff or self.mia).id)])
            .amount
        )

    def test_a_tip_is_owed_to_the_person_and_is_no_revenue(self):
        result = self.pay_bill(60, tips=[self.tip(5)])
        bill, tip = result["payments"].sorted("amount", reverse=True)
        self.assertEqual(result["invoice"].amount_total, 55)
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual((bill.amount, tip.amount), (55, 5))
        account = self.company.salon_tips_account_id
        owed = tip.move_id.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual(account.account_type, "liability_current")
        self.assertEqual(owed.balance, -5)
        self.assertEqual(owed.partner_id, self.mia.work_contact_id)
        money = tip.move_id.line_ids - owed
        self.assertEqual(money.balance, 5)
        self.assertEqual(money.account_id, tip.outstanding_account_id)
        self.assertFalse(tip.move_id.line_ids.tax_ids)

    def test_the_ledger_knows_whose_tip_it_is_and_from_which_visit(self):
        self.pay_bill(60, tips=[self.tip(5)])
        row = self.env["salon.tip"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(row.staff_id, self.mia)
        self.assertEqual(row.branch_id, self.branch)
        self.assertEqual(row.amount, 5)
        self.assertEqual(self.owed(), 5)
        self.assert_ledgers_agree()

    def test_a_tip_is_taken_from_the_tender_that_the_bill_leaves(self):
        result = self.pay_bill(
            self.tender(55, self.bank_journal), 5, tips=[self.tip(5)]
        )
        tip = result["payments"].filtered("salon_staff_id")
        self.assertEqual(tip.journal_id, self.cash_journal)

    def test_a_tip_for_two_is_owed_to_each(self):
        self.pay_bill(70, tips=[self.tip(10), self.tip(5, self.oleg)])
        self.assertEqual((self.owed(), self.owed(self.oleg)), (10, 5))
        self.assert_ledgers_agree()

    def test_half_a_tip_is_refused(self):
        with self.assertRaisesRegex(UserError, "2.00 is missing"):
            self.pay_bill(58, tips=[self.tip(5)])

    def test_who_is_not_on_the_team_gets_no_tip(self):
        stranger = self.env["hr.employee"].create({"name": "Stranger"})
        with self.assertRaisesRegex(UserError, "Stranger is not on the team"):
            self.pay_bill(60, tips=[self.tip(5, stranger)])

    def test_a_tip_taken_back_is_owed_no_longer(self):
        result = self.pay_bill(60, tips=[self.tip(5)])
        result["payments"].filtered("salon_staff_id").action_draft()
        self.assertEqual(self.owed(), 0)
        self.assert_ledgers_agree()
        result["payments"].filtered("salon_staff_id").action_post()
        self.assertEqual(self.owed(), 5)
        self.assert_ledgers_agree()

    def test_an_entry_by_hand_is_in_the_ledger_too(self):
        """The rows follow the books, whoever posts."""
        self.pay_bill(60, tips=[self.tip(5)])
        account = self.company.salon_tips_account_id
        money = self.cash_journal.default_account_id

        def entry(partner):
            return self.env["account.move"].create(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": partner.id,
                                "debit": 5,
                            }
                        ),
                        Command.create({"account_id": money.id, "credit": 5}),
                    ]
                }
            )

        entry(self.mia.work_contact_id).action_post()
        self.assertEqual(self.owed(), 0)
        self.assert_ledgers_agree()
        with self.assertRaisesRegex(UserError, "names nobody of it"):
            entry(self.anna).action_post()

    def test_more_than_is_owed_is_not_paid_out(self):
        self.pay_bill(60, tips=[self.tip(5)])
        tip = self.env["salon.tip"].search([("visit_id", "=", self.visit.id)])
        with self.assertRaisesRegex(UserError, "is owed .*5.00 .*6.00"):
            self.env["account.payment"].create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": self.mia.work_contact_id.id,
                    "journal_id": self.cash_journal.id,
                    "amount": 6,
                    "destination_account_id": self.company.salon_tips_account_id.id,
                }
            ).action_post()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            tip.amount = 1
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            tip.unlink()

    def test_g9_the_dialog_shares_a_tip_by_what_each_one_did(self):
        other = self.book(self.colour, at="12:00", staff=self.oleg)
        dialog = self.open_dialog(self.visit | other)
        with Form(dialog) as form:
            form.amount_tip = 30
        self.assertEqual(
            {tip.staff_id: tip.amount for tip in dialog.tip_ids},
            {self.mia: 10, self.oleg: 20},
        )
        self.assertEqual(dialog.tender_ids.amount, 165 + 30)
        dialog.action_checkout()
        self.assertEqual((self.owed(), self.owed(self.oleg)), (10, 20))
        self.assertEqual(self.visit.payment_state, "paid")

    def test_shares_entered_by_hand_are_kept(self):
        other = self.book(self.colour, at="12:00", staff=self.oleg)
        dialog = self.open_dialog(self.visit | other)
        with Form(dialog) as form:
            form.amount_tip = 30
            with form.tip_ids.edit(0) as tip:
                tip.amount = 15
            self.assertEqual(form.amount_tip, 35)
        self.assertEqual(dialog.tip_ids.mapped("amount"), [15, 20])

    def test_a_stylist_reads_own_tips_only(self):
        self.pay_bill(70, tips=[self.tip(10), self.tip(5, self.oleg)])
        tips = self.env["salon.tip"].with_user(self.stylist)
        self.assertEqual(tips.search([]).staff_id.ids, self.mia.ids)
        with self.assertRaises(AccessError):
            tips.create({"staff_id": self.mia.id, "amount": 100})


@tagged("post_install", "-at_install")
class TestClientBalance(TillCase):
    def balance(self, client=None):
        return (client or self.anna).with_user(self.receptionist).salon_balance

    def test_what_is_paid_beyond_the_bill_is_kept_for_the_next_time(self):
        result = self.pay_bill(100, to_balance=45)
        ahead = result["payments"].filtered(lambda payment: payment.amount == 45)
        account = self.company.salon_balance_account_id
        owed = ahead.move_id.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual((owed.balance, owed.partner_id), (-45, self.anna))
        self.assertEqual(account.account_type, "liability_current")
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(self.balance(), 45)
        self.assert_ledgers_agree()

    def test_a_bill_is_paid_from_the_balance(self):
        self.pay_bill(100, to_balance=45)
        other = self.book(self.blowdry, at="12:00")
        result = self.pay_bill(self.from_balance(33), visit=other)
        payment = result["payments"]
        self.assertEqual(
            {line.account_id: line.balance for line in payment.move_id.line_ids},
            {
                self.company.salon_balance_account_id: 33,
                self.anna.property_account_receivable_id: -33,
            },
        )
        self.assertEqual(payment.state, "paid")
        self.assertEqual(other.payment_state, "paid")
        self.assertEqual(self.balance(), 12)
        self.assert_ledgers_agree()

    def test_a_tip_is_given_from_the_balance_of_the_client(self):
        self.pay_bill(100, to_balance=45)
        other = self.book(self.blowdry, at="12:00")
        self.pay_bill(self.from_balance(38), visit=other, tips=[self.tip(5)])
        self.assertEqual(self.balance(), 7)
        owed = self.env["salon.tip.balance"].search([("staff_id", "=", self.mia.id)])
        self.assertEqual(owed.amount, 5)
        self.assert_ledgers_agree()

    def test_nobody_pays_with_more_than_is_on_the_balance(self):
        self.pay_bill(65, to_balance=10)
        other = self.book(self.blowdry, at="12:00")
        with self.assertRaisesRegex(UserError, "Anna has .*10.00 .*33.00"):
            self.pay_bill(self.from_balance(33), visit=other)

    def test_a_balance_is_not_moved_onto_itself(self):
        self.pay_bill(105, to_balance=50)
        other = self.book(self.blowdry, at="12:00")
        with self.assertRaisesRegex(UserError, "More is taken from the balance"):
            self.pay_bill(self.from_balance(40), visit=other, to_balance=7)

    def test_who_left_no_name_has_no_balance(self):
        self.visit.client_id = False
        with self.assertRaisesRegex(UserError, "leaves no name"):
            self.pay_bill(100, to_balance=45)

    def test_a_payment_ahead_that_was_spent_is_not_cancelled(self):
        ahead = self.pay_bill(100, to_balance=45)["payments"][-1]
        self.pay_bill(self.from_balance(33), visit=self.book(self.blowdry, at="12:00"))
        with self.assertRaisesRegex(UserError, "Anna has .*12.00"):
            ahead.action_draft()

    def test_the_dialog_keeps_the_rest_when_asked_to(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            with form.tender_ids.edit(0) as tender:
                tender.journal_id = self.bank_journal
                tender.amount = 60
            form.keeps_rest = True
            self.assertEqual((form.amount_change, form.amount_to_balance), (0, 5))
        dialog.action_checkout()
        self.assertEqual(self.balance(), 5)

    def test_the_dialog_offers_the_balance_to_who_has_one(self):
        self.assertNotIn(
            self.company._get_salon_balance_journal(),
            self.open_dialog().tender_journal_ids,
        )
        self.pay_bill(65, to_balance=10)
        dialog = self.open_dialog(self.book(self.blowdry, at="12:00"))
        self.assertEqual(dialog.client_balance, 10)
        self.assertIn(
            self.company._get_salon_balance_journal(), dialog.tender_journal_ids
        )
        self.assertEqual(dialog.tender_ids.journal_id.salon_kind, False)

    def test_the_account_of_a_used_ledger_stays(self):
        self.pay_bill(65, to_balance=10)
        with self.assertRaisesRegex(UserError, "Rename the account"):
            self.company.salon_balance_account_id = (
                self.company._get_salon_tips_account()
            )

    def test_merged_clients_have_the_balance_of_both(self):
        self.pay_bill(65, to_balance=10)
        other = self.book(self.blowdry, at="12:00", client=self.bella)
        self.pay_bill(40, visit=other, to_balance=7)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.anna | self.bella).ids, self.anna
        )
        self.assertEqual(self.balance(), 17)
        self.assert_ledgers_agree()


@tagged("post_install", "-at_install")
class TestTillAsAWhole(TillCase):
    def test_earlier_bills_are_paid_first_the_oldest_before_all(self):
        first = self.pay_bill()["invoice"]
        second = self.pay_bill(visit=self.book(self.blowdry, at="12:00"))["invoice"]
        third = self.pay_bill(
            100, visit=self.book(self.blowdry, at="13:00"), pays_debts=True
        )
        self.assertEqual(first.payment_state, "paid")
        self.assertEqual(second.payment_state, "paid")
        self.assertEqual(third["invoice"].amount_residual, 55 + 33 + 33 - 100)
        self.assertEqual(third["payments"].mapped("amount"), [55, 33, 12])

    def test_the_dialog_shows_what_is_owed_and_adds_it_when_asked_to(self):
        self.pay_bill(20)
        dialog = self.open_dialog(self.book(self.blowdry, at="12:00"))
        with Form(dialog) as form:
            self.assertEqual(form.client_debt, 35)
            form.pays_debts = True
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 68)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_the_desk_takes_off_no_more_than_it_may(self):
        self.branch.desk_discount_limit = 10
        price = {self.visit.appointment_ids.id: {"price_unit": 50, "discount": 10}}
        sold = {"product_id": self.shampoo.id, "price_unit": 17.99}
        with self.assertRaisesRegex(UserError, "Shampoo .*20.00.* 10 %.*18.00"):
            self.checkout(self.visit, user=self.receptionist, extra_lines=[sold])
        with self.assertRaisesRegex(UserError, "Haircut .*45.00"):
            self.pay_bill(prices={self.visit.appointment_ids.id: {"price_unit": 44.99}})
        self.assertEqual(self.pay_bill(prices=price)["invoice"].amount_untaxed, 45)

    def test_what_is_below_zero_is_given_back_by_right_only(self):
        prices = {self.visit.appointment_ids.id: {"price_unit": -50}}
        for sold, options in (
            ({"quantity": -1}, {}),
            ({"price_unit": -5}, {}),
            ({}, {"prices": prices}),
        ):
            sold = [{"product_id": self.shampoo.id, **sold}]
            with self.assertRaisesRegex(AccessError, "right to refund"):
                self.checkout(
                    self.visit,
                    user=self.receptionist,
                    extra_lines=sold,
                    options=options,
                )
        sold = [{"product_id": self.shampoo.id, "price_unit": -5}]
        bill = self.checkout(self.visit, user=self.manager, extra_lines=sold)["invoice"]
        self.assertEqual(bill.amount_total, 49.5)

    def test_a_manager_has_a_limit_of_her_own_and_the_owner_none(self):
        self.branch.write({"desk_discount_limit": 0, "manager_discount_limit": 50})
        free = {"prices": {self.visit.appointment_ids.id: {"discount": 100}}}
        with self.assertRaisesRegex(UserError, "25.00"):
            self.checkout(self.visit, user=self.manager, options=free)
        bill = self.checkout(self.visit, user=self.owner, options=free)["invoice"]
        self.assertEqual(bill.amount_total, 0)

    def test_a_personal_discount_is_proposed_and_may_be_given(self):
        self.branch.desk_discount_limit = 0
        self.anna.salon_discount = 20
        dialog = self.open_dialog()
        self.assertEqual(dialog.amount_total, 44)
        dialog.action_checkout()
        self.assertEqual(self.visit.amount_total, 44)

    def test_a_discount_on_all_is_in_every_line(self):
        dialog = self.open_dialog(self.visit | self.book(self.blowdry, at="12:00"))
        with Form(dialog) as form:
            form.discount_all = 50
            self.assertEqual(form.amount_total, 44)
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 44)

    def take_deposit(self, amount):
        """More than the visit costs at the end."""
        visit = self.visit.with_user(self.receptionist)
        visit.env["salon.deposit"]._take(visit, [self.tender(amount)])
        self.visit.appointment_ids.price = 30

    def test_a_deposit_beyond_the_bill_is_given_back_as_change(self):
        self.take_deposit(50)
        dialog = self.open_dialog()
        self.assertEqual((dialog.amount_total, dialog.amount_change), (33, 17))
        self.assertFalse(dialog.tender_ids)
        message = dialog.action_checkout()["params"]["message"]
        self.assertIn("17", message)
        credit = self.visit.invoice_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(credit.matched_payment_ids.journal_id.type, "cash")

    def test_a_deposit_beyond_the_bill_can_go_onto_the_balance(self):
        self.take_deposit(50)
        dialog = self.open_dialog()
        dialog.keeps_rest = True
        dialog.amount_tip = 3
        dialog.tender_ids = [
            Command.create({"journal_id": self.cash_journal.id, "amount": 5})
        ]
        self.assertEqual((dialog.amount_change, dialog.amount_to_balance), (0, 19))
        dialog.action_checkout()
        self.assertEqual(self.anna.with_user(self.receptionist).salon_balance, 19)
        self.assert_ledgers_agree()

    def test_the_same_checkout_sent_again_gives_the_same_bill(self):
        result = self.pay_bill(60, tips=[self.tip(5)], checkout_key="k1")
        again = self.pay_bill(60, tips=[self.tip(5)], checkout_key="k1")
        self.assertEqual(again["order"], result["order"])
        self.assertEqual(again["invoice"], result["invoice"])
        self.assertEqual(len(self.visit.invoice_ids), 1)

    def test_a_dialog_confirmed_twice_bills_once(self):
        dialog = self.open_dialog()
        dialog.action_checkout()
        dialog.action_checkout()
        self.assertEqual(len(self.visit.invoice_ids), 1)

    def test_a_key_of_another_bill_gives_nothing_of_it_away(self):
        self.pay_bill(55, checkout_key="k1")
        other = self.book(self.blowdry, at="12:00", client=self.bella)
        # The database refuses; nobody is told of the other bill.
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.pay_bill(33, visit=other, checkout_key="k1")

    def test_all_at_once_is_exact_with_taxes_included(self):
        self.tax.price_include_override = "tax_included"
        self.pay_bill(20)
        other = self.book(self.blowdry, at="12:00")
        result = self.pay_bill(
            self.tender(40, self.bank_journal),
            40,
            visit=other,
            pays_debts=True,
            tips=[self.tip(3.33)],
            to_balance=16.67,
        )
        self.assertEqual(
            result["payments"].sorted("id").mapped("amount"), [30, 10, 20, 3.33, 16.67]
        )
        self.assertEqual((self.visit | other).mapped("payment_state"), ["paid"] * 2)
        self.assert_ledgers_agree()
        lines = result["payments"].move_id.line_ids
        self.assertAlmostEqual(sum(lines.mapped("debit")), 80)

    def totals(self):
        """Of each liability: (ledger, books, difference)."""
        # In the branch it may be tomorrow.
        date = fields.Date.today() + self.days(1)
        return {
            total["code"]: (total["ledger"], total["books"], total["difference"])
            for total in self.env["salon.instruments"]._totals(self.company, date)
        }

    def test_a_liability_that_left_its_account_is_seen(self):
        self.pay_bill(100, tips=[self.tip(5)], to_balance=40)
        account = self.env["salon.deposit"]._get_account(self.company)
        before = {code: row[2] for code, row in self.totals().items()}
        for table in ("salon_tip", "salon_balance_entry"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET amount = amount + 1 "
                    "WHERE id = (SELECT max(id) FROM %(table)s)",
                    table=SQL.identifier(table),
                )
            )
        other = self.cash_journal.default_account_id
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": one.id, "balance": amount})
                    for one, amount in ((account, 3), (other, -3))
                ]
            }
        )
        entry.action_post()
        after = {code: row[2] for code, row in self.totals().items()}
        moved = {code: after[code] - before.get(code, 0) for code in after}
        seen = {code: amount for code, amount in moved.items() if amount}
        self.assertEqual(
            seen, {"salon.tip": 1, "salon.balance.entry": 1, "deposits": 3}
        )

    def test_each_liability_is_proven_by_its_account(self):
        nothing = (0, 0, 0)
        before = self.totals()
        self.pay_bill(100, tips=[self.tip(5)], to_balance=40)
        after = self.totals()
        for code, amount in (("salon.tip", 5), ("salon.balance.entry", 40)):
            ledger, books, difference = before.get(code, nothing)
            self.assertEqual(after[code], (ledger + amount, books + amount, 0), code)
            self.assertEqual(difference, 0)
