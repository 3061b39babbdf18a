from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import clock
from ..exceptions import NotEligible
from .common import THURSDAY
from .test_till import TillCase


class DebtCase(TillCase):
    """Anna's haircut costs 55.00; what she does not pay is her debt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.debt.policy"].search([]).active = False
        cls.anna.email = "anna@example.com"
        cls.boss = new_test_user(
            cls.env,
            "test_overriding",
            groups="salon_booking.group_salon_receptionist,"
            "salon_booking.group_salon_override",
            tz="Europe/Brussels",
            company_id=cls.company.id,
        )

    @classmethod
    def policy(cls, **values):
        return cls.env["salon.debt.policy"].create(
            {"has_limit": False, "is_automatic": True, **values}
        )

    @classmethod
    def owe(cls, days=0, client=None, paid=0, at="10:00"):
        """A bill of 55.00 of a visit so many days ago."""
        client = client or cls.anna
        visit = cls.book(
            cls.haircut, client=client, date=cls.today, staff=cls.oleg, at=at
        )
        day = cls.today - timedelta(days=days)
        service = type(cls.env["salon.checkout"])
        with patch.object(service, "_get_bill_date", lambda self, order: day):
            bill = cls.checkout(visit, *([paid] if paid else []))["invoice"]
        bill.line_ids.filtered("date_maturity").date_maturity = day
        return bill

    @contextmanager
    def assert_refused(self, error, words=""):
        """What was begun is taken back, as at the end of a request."""
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            yield

    def debts(self, client=None):
        self.env.flush_all()
        return self.env["salon.debt.item"].search(
            [("client_id", "=", (client or self.anna).id)]
        )


@tagged("post_install", "-at_install")
class TestLimits(DebtCase):
    def test_without_a_policy_any_amount_goes_on_the_tab(self):
        self.assertEqual(self.pay_bill()["invoice"].amount_residual, 55)

    def test_nobody_without_a_name_owes(self):
        visit = self.env["salon.visit"].create({"branch_id": self.branch.id})
        sold = [{"product_id": self.shampoo.id}]
        with self.assert_refused(UserError, "left no name.*22.00"):
            self.checkout(visit, user=self.receptionist, extra_lines=sold)
        with self.assert_refused(UserError, "left no name.*2.00"):
            self.checkout(visit, 20, extra_lines=sold)
        bill = self.checkout(visit, 22, extra_lines=sold)["invoice"]
        self.assertEqual(bill.payment_state, "paid")

    def test_a_bill_beyond_the_limit_is_refused_at_the_desk(self):
        self.policy(has_limit=True, limit=30)
        with self.assert_refused(UserError, r"would owe \$.55\.00.*limit"):
            self.pay_bill()

    def test_so_much_is_paid_that_the_rest_is_within_the_limit(self):
        self.policy(has_limit=True, limit=30)
        self.assertEqual(self.pay_bill(25)["invoice"].amount_residual, 30)

    def test_earlier_debts_count_for_the_limit(self):
        self.policy(has_limit=True, limit=70)
        self.owe()
        with self.assert_refused(UserError, "110.00"):
            self.pay_bill(visit=self.book(self.haircut, at="12:00"))
        self.assertTrue(self.pay_bill(60, pays_debts=True)["invoice"])

    def test_the_own_limit_of_a_client_goes_before_the_policy(self):
        self.policy(has_limit=True, limit=30)
        self.anna.with_user(self.manager).salon_debt_limit = 60
        self.assertTrue(self.pay_bill()["invoice"])
        self.assertEqual(self.anna.credit_limit, 60)
        self.anna.with_user(self.manager).salon_debt_limit = 0
        self.assertFalse(self.anna.use_partner_credit_limit)

    def test_one_client_may_be_kept_off_the_tab(self):
        self.anna.with_user(self.manager).salon_pays_at_once = True
        self.assertTrue(self.pay_bill(55)["invoice"])
        with self.assert_refused(UserError, "limit"):
            self.pay_bill(54, visit=self.book(self.haircut, at="12:00"))

    def test_the_policy_of_a_branch_goes_before_that_of_the_company(self):
        self.policy(has_limit=True, limit=30)
        self.policy(branch_id=self.branch.id, has_limit=True, limit=60)
        self.assertTrue(self.pay_bill()["invoice"])

    def test_the_default_credit_limit_of_the_accounts_holds_without_a_policy(self):
        self.company.account_use_credit_limit = True
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 30, company_id=self.company.id
        )
        with self.assert_refused(UserError, "30.00"):
            self.pay_bill()

    def test_a_receptionist_does_not_set_limits(self):
        with self.assertRaises(AccessError):
            self.anna.with_user(self.receptionist).salon_debt_limit = 1000
        with self.assertRaises(AccessError):
            self.anna.with_user(self.receptionist).salon_pays_at_once = False

    def test_a_reason_alone_does_not_lift_the_limit(self):
        self.policy(has_limit=True, limit=30)
        with self.assert_refused(UserError, "ask somebody"):
            self.pay_bill(tab_reason="A friend")

    def test_with_the_right_a_reason_lifts_the_limit_and_stays_on_the_bill(self):
        self.policy(has_limit=True, limit=30)
        other = self.book(self.haircut, at="12:00")
        with self.assert_refused(UserError, "say why"):
            self.checkout(other, user=self.boss)
        result = self.checkout(
            self.visit, user=self.boss, options={"tab_reason": "Pays on Friday"}
        )
        self.assertEqual(result["invoice"].salon_tab_reason, "Pays on Friday")
        self.assertEqual(self.debts().tab_reason, "Pays on Friday")

    def test_a_negative_limit_is_refused_by_the_database(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policy(has_limit=True, limit=-1)

    def test_two_bills_at_once_meet_in_the_row_of_the_payer(self):
        self.policy(has_limit=True, limit=300)
        before = self.anna.salon_debt_revision
        self.pay_bill()
        self.anna.invalidate_recordset()
        self.assertEqual(self.anna.salon_debt_revision, before + 1)

    def test_the_dialog_warns_and_shows_what_is_too_much(self):
        self.policy(has_limit=True, limit=70)
        self.owe()
        with Form(self.open_dialog()) as form:
            self.assertIn("Owes", form.debt_note)
            self.assertFalse(form.is_over_limit)
            form.tender_ids.remove(0)
            self.assertTrue(form.is_over_limit)
            self.assertFalse(form.can_override)


@tagged("post_install", "-at_install")
class TestBookingWithDebts(DebtCase):
    def book_online(self):
        wish = {
            "product_id": self.haircut.id,
            "staff_id": self.mia.id,
            "start": self.at("15:00"),
        }
        return self.env["salon.booking"]._book(
            self.branch, self.anna, [wish], source="web"
        )

    def book_at_desk(self, user=None, **values):
        return self.book(
            self.haircut, at="16:00", user=user or self.receptionist, **values
        )

    def test_a_debt_only_warns_where_no_policy_says_more(self):
        self.owe(days=400)
        self.assertTrue(self.book_online())
        self.assertTrue(self.book_at_desk(staff=self.oleg))

    def test_late_payers_are_refused_online_and_booked_at_the_desk(self):
        self.policy(bars="online", grace_days=14)
        self.owe(days=15)
        with self.assert_refused(NotEligible, "call us"):
            self.book_online()
        self.assertTrue(self.book_at_desk())

    def test_within_the_grace_a_debt_bars_nobody(self):
        self.policy(bars="always", grace_days=14)
        self.owe(days=14)
        self.assertTrue(self.book_online())

    def test_over_the_limit_bars_whatever_is_due_when(self):
        self.policy(bars="online", has_limit=True, limit=30)
        self.owe()
        with self.assert_refused(NotEligible):
            self.book_online()

    def test_the_desk_needs_an_approval_where_the_policy_says_so(self):
        self.policy(bars="always", grace_days=14)
        self.owe(days=15)
        with self.assert_refused(NotEligible, "to be paid before"):
            self.book_at_desk()
        dialog = self.env["salon.booking.wizard"].with_user(self.boss)
        with Form(dialog) as form:
            form.branch_id = self.branch
            form.client_id = self.anna
            form.product_id = self.haircut
            form.date_from = THURSDAY
            self.assertTrue(form.can_override)
            form.override_reason = "Pays tomorrow"
        action = form.record.action_book(
            clock.to_minutes(self.at("16:00")), self.mia.id
        )
        visit = self.env["salon.visit"].browse(action["res_id"])
        self.assertEqual(visit.override_user_id, self.boss)

    def test_who_has_paid_books_again(self):
        self.policy(bars="always", grace_days=14)
        bill = self.owe(days=15)
        self.pay(bill)
        self.assertTrue(self.book_at_desk())

    def test_without_a_barring_policy_a_booking_asks_nothing_of_debts(self):
        self.owe(days=400)
        self.env["salon.debt.policy"]._find(self.branch)
        with patch.object(type(self.env["salon.debt"]), "_of") as asked:
            self.book_at_desk()
        asked.assert_not_called()

    def test_the_booking_dialog_says_what_is_owed_since_when(self):
        self.policy(has_limit=True, limit=30)
        self.owe(days=15)
        dialog = self.env["salon.booking.wizard"].with_user(self.receptionist)
        with Form(dialog) as form:
            form.branch_id = self.branch
            form.client_id = self.anna
            form.product_id = self.haircut
            self.assertRegex(form.rule_warnings, "Owes .*55.00 since")
            self.assertRegex(form.rule_warnings, "All of it is overdue, since")
            self.assertRegex(form.rule_warnings, "limit is .*30.00")

    def test_quick_booking_warns_too(self):
        self.owe()
        answer = (
            self.env["salon.quick.booking"]
            .with_user(self.receptionist)
            .answer(
                {
                    "branch": self.branch.id,
                    "client": self.anna.id,
                    "services": [[self.haircut.id, self.mia.id]],
                    "start": clock.to_minutes(self.at("16:00")),
                }
            )
        )
        self.assertRegex(" ".join(answer["warnings"]), "Owes .*55.00")

    def test_the_visit_tells_the_desk_but_not_the_stylist(self):
        self.owe()
        visit = self.visit.with_user(self.receptionist)
        self.assertEqual(visit.client_debt, 55)
        self.assertIn("Owes", visit._get_warnings()[-1]["text"])
        self.assertFalse(self.visit.with_user(self.stylist)._get_warnings())


@tagged("post_install", "-at_install")
class TestPayers(DebtCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls.env["res.partner"].create({"name": "Lena"})
        cls.child.with_user(cls.receptionist).salon_payer_id = cls.anna

    def test_bills_of_a_child_go_to_the_parent(self):
        bill = self.owe(client=self.child)
        self.assertEqual(bill.partner_id, self.anna)
        self.assertEqual(self.debts(), self.debts(self.anna))
        self.assertFalse(self.debts(self.child))
        self.assertEqual(self.anna.salon_debt, 55)

    def test_the_limit_is_the_parents(self):
        self.policy(has_limit=True, limit=70)
        self.owe(client=self.child)
        with self.assert_refused(UserError, "Anna would owe"):
            self.pay_bill()

    def test_the_debts_of_the_parent_are_said_at_the_childs_visit(self):
        self.owe()
        visit = self.book(self.haircut, client=self.child, at="16:00")
        note = visit.with_user(self.receptionist).client_debt_note
        self.assertIn("Anna, who pays, owes", note)

    def test_old_debts_of_the_child_are_not_forgotten(self):
        other = self.env["res.partner"].create({"name": "Timo"})
        self.owe(client=other)
        other.salon_payer_id = self.anna
        visit = self.book(self.haircut, client=other, at="16:00")
        self.assertEqual(visit.client_debt, 55)

    def test_who_pays_for_others_pays_for_herself(self):
        with self.assertRaises(ValidationError):
            self.anna.salon_payer_id = self.bella
        with self.assertRaises(ValidationError):
            self.bella.salon_payer_id = self.child
        with self.assertRaises(ValidationError):
            self.bella.salon_payer_id = self.bella

    def test_merging_parent_and_child_leaves_one_who_pays(self):
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.anna | self.child).ids, self.anna)
        self.assertFalse(self.anna.salon_payer_id)
        self.assertFalse(self.child.exists())


@tagged("post_install", "-at_install")
class TestInstalments(DebtCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "Three months",
                "line_ids": [
                    Command.clear(),
                    Command.create({"value_amount": 33, "nb_days": 30}),
                    Command.create({"value_amount": 33, "nb_days": 60}),
                    Command.create({"value_amount": 34, "nb_days": 90}),
                ],
            }
        )

    def due(self, bill):
        lines = bill.line_ids.filtered("date_maturity").sorted("date_maturity")
        return [
            ((line.date_maturity - bill.invoice_date).days, line.amount_residual)
            for line in lines
            if line.amount_residual
        ]

    def test_the_rest_falls_due_by_the_term(self):
        bill = self.pay_bill(25, payment_term_id=self.term.id)["invoice"]
        self.assertEqual(self.due(bill), [(30, 9.9), (60, 9.9), (90, 10.2)])
        self.assertEqual(bill.amount_residual, 30)
        self.assertEqual(self.debts().mapped("age"), ["not_due"] * 3)

    def test_nothing_paid_divides_the_whole_bill(self):
        bill = self.pay_bill(payment_term_id=self.term.id)["invoice"]
        self.assertEqual(self.due(bill), [(30, 18.15), (60, 18.15), (90, 18.7)])

    def test_what_is_paid_later_pays_the_oldest_first(self):
        bill = self.pay_bill(25, payment_term_id=self.term.id)["invoice"]
        self.env["salon.checkout"].with_user(self.receptionist)._take_payment(
            self.visit.with_user(self.receptionist), self.tender(12)
        )
        self.assertEqual(self.due(bill), [(60, 7.8), (90, 10.2)])

    def test_earlier_bills_and_tips_do_not_count_as_paid_at_once(self):
        self.owe()
        result = self.pay_bill(80, payment_term_id=self.term.id, pays_debts=True)
        self.assertEqual(result["invoice"].amount_residual, 30)
        self.assertEqual(len(self.due(result["invoice"])), 3)

    def test_who_pays_all_has_nothing_left_to_divide(self):
        bill = self.pay_bill(55, payment_term_id=self.term.id)["invoice"]
        self.assertEqual(bill.payment_state, "paid")
        self.assertFalse(self.due(bill))


@tagged("post_install", "-at_install")
class TestAgeing(DebtCase):
    def test_a_debt_has_its_age(self):
        ages = {0: "not_due", 1: "1_30", 31: "31_60", 61: "61_90", 91: "over_90"}
        for hour, days in enumerate(ages, 10):
            self.owe(days=days, at=f"{hour}:00")
        found = {item.days_overdue: item.age for item in self.debts()}
        self.assertEqual(found, ages)

    def test_the_sum_is_the_balance_of_the_receivables(self):
        self.owe(days=10, paid=20)
        paid = self.owe(at="12:00", paid=55)
        self.refund(paid)
        items = self.debts()
        self.assertEqual(sum(items.mapped("residual")), self.anna.credit)
        self.assertEqual(sorted(items.mapped("residual")), [-55, 35])

    def test_what_is_paid_is_no_debt(self):
        self.pay(self.owe())
        self.assertFalse(self.debts())

    def test_a_receptionist_sees_the_debts_of_her_branches(self):
        self.owe()
        items = self.debts().with_user(self.receptionist)
        self.assertEqual(items.residual, 55)
        other = self.env["salon.branch"].create({"name": "Elsewhere", "tz": "UTC"})
        self.receptionist.salon_branch_ids = other
        self.assertFalse(items.search([("client_id", "=", self.anna.id)]))

    def test_a_stylist_sees_no_debts(self):
        with self.assertRaises(AccessError):
            self.env["salon.debt.item"].with_user(self.stylist).search([])

    def test_the_accountant_gets_to_the_bill_and_the_desk_to_the_visit(self):
        bill = self.owe()
        item = self.debts()
        self.assertEqual(
            item.with_user(self.accountant).action_open_bill()["res_id"], bill.id
        )
        self.assertEqual(
            item.with_user(self.receptionist).action_open_bill()["res_model"],
            "salon.visit",
        )

    def test_a_payment_is_taken_from_the_list(self):
        self.owe()
        action = self.debts().with_user(self.receptionist).action_take_payment()
        wizard = self.env["salon.payment.wizard"].browse(action["res_id"])
        wizard.with_user(self.receptionist).action_pay()
        self.assertFalse(self.debts())


@tagged("post_install", "-at_install")
class TestReminders(DebtCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.policy(
            level_ids=[
                Command.create({"name": "First", "days": 7}),
                Command.create({"name": "Second", "days": 21}),
            ]
        ).level_ids

    def remind(self):
        self.env.flush_all()
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1
        ):
            self.env["salon.debt.reminders"]._run()
        self.env.invalidate_all()

    def sent(self, client=None):
        return self.env["salon.debt.reminder"].search(
            [("client_id", "=", (client or self.anna).id)]
        )

    def test_an_overdue_debt_is_reminded_of_once(self):
        bill = self.owe(days=8)
        self.remind()
        self.remind()
        self.assertEqual(self.sent().level_id, self.levels[0])
        message = self.anna.message_ids[0]
        self.assertIn(bill.name, message.body)
        self.assertEqual(message.notified_partner_ids, self.anna)

    def test_nothing_is_sent_before_the_first_level(self):
        self.owe(days=6)
        self.remind()
        self.assertFalse(self.sent())

    def test_the_next_level_follows(self):
        bill = self.owe(days=8)
        self.remind()
        # The journal item stays: only time goes by.
        bill.line_ids.filtered("date_maturity").date_maturity -= timedelta(days=14)
        self.remind()
        self.assertEqual(self.sent().level_id, self.levels)

    def test_who_is_late_already_gets_the_level_it_has_come_to(self):
        self.owe(days=40)
        self.remind()
        self.remind()
        self.assertEqual(self.sent().level_id, self.levels[1])

    def test_several_debts_make_one_mail(self):
        bills = self.owe(days=8) | self.owe(days=30, at="12:00")
        before = self.anna.message_ids
        self.remind()
        [message] = self.anna.message_ids - before
        for bill in bills:
            self.assertIn(bill.name, message.body)
        self.assertEqual(len(self.sent()), 2)

    def test_paid_debts_and_excluded_clients_are_left_alone(self):
        self.pay(self.owe(days=8))
        self.bella.write({"email": "b@example.com", "salon_is_not_reminded": True})
        self.owe(days=8, client=self.bella, at="12:00")
        self.remind()
        self.assertFalse(self.sent() | self.sent(self.bella))

    def test_a_policy_by_hand_sends_nothing_by_itself(self):
        self.levels.policy_id.is_automatic = False
        self.owe(days=8)
        self.remind()
        self.assertFalse(self.sent())

    def test_one_bad_address_does_not_stop_the_others(self):
        self.bella.email = "b@example.com"
        self.owe(days=8)
        self.owe(days=8, client=self.bella, at="12:00")
        service = type(self.env["salon.debt.reminders"])
        original = service._notify

        def fail(self, client, template):
            if client.name == "Anna":
                raise ValueError("no such address")
            return original(self, client, template)

        logger = "odoo.addons.salon_booking.services.salon_debt_reminders"
        with patch.object(service, "_notify", fail), mute_logger(logger):
            self.remind()
        self.assertFalse(self.sent())
        self.assertTrue(self.sent(self.bella))

    def test_the_database_refuses_the_same_level_twice(self):
        self.owe(days=8)
        self.remind()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.sent().copy()

    def test_a_receptionist_reminds_by_hand(self):
        self.owe(days=2)
        items = self.debts().with_user(self.receptionist)
        action = items.action_remind()
        wizard = self.env["salon.debt.remind"].with_user(self.receptionist)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.client_ids, self.anna)
        wizard.action_send()
        self.assertEqual(self.sent().amount, 55)
        self.assertFalse(self.sent().level_id)

    def test_a_mail_about_something_else_is_not_sent_to_a_client(self):
        self.owe(days=2)
        action = self.debts().with_user(self.receptionist).action_remind()
        wizard = self.env["salon.debt.remind"].with_user(self.receptionist)
        wizard = wizard.browse(action["res_id"])
        wizard.template_id = self.env.ref("account.email_template_edi_invoice")
        with self.assert_refused(UserError, "no mail to a client"):
            wizard.action_send()


@tagged("post_install", "-at_install")
class TestStatement(DebtCase):
    def statement(self, client=None, user=None):
        user = user or self.receptionist
        action = (client or self.anna).with_user(user).action_salon_statement()
        return self.env["salon.statement"].with_user(user).browse(action["res_id"])

    def balance_of(self, client):
        account = self.company._get_salon_balance_account()
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("partner_id", "=", client.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(lines.mapped("balance"))

    def test_it_agrees_with_the_books(self):
        self.owe(days=400)
        self.pay_bill(80, tips=[self.tip(5)], to_balance=20)
        later = self.book(self.haircut, at="12:00", date=self.today)
        bill = self.pay_bill(self.from_balance(10), visit=later)["invoice"]
        self.refund(bill, bill.invoice_line_ids)
        statement = self.statement()
        self.env.flush_all()
        self.assertEqual(statement.opening_debt, 55)
        self.assertAlmostEqual(statement.closing_debt, self.anna.credit)
        self.assertAlmostEqual(statement.closing_balance, self.balance_of(self.anna))
        self.assertAlmostEqual(statement.closing_balance, self.anna.salon_balance)
        self.assertAlmostEqual(
            statement.opening_debt + sum(statement.line_ids.mapped("change")),
            statement.closing_debt,
        )
        self.assertEqual(statement.line_ids[-1].debt, statement.closing_debt)

    def test_every_kind_has_its_line_and_tips_have_none(self):
        self.pay_bill(80, tips=[self.tip(5)], to_balance=20)
        later = self.book(self.haircut, at="12:00")
        self.env["salon.deposit"]._take(later, [self.tender(15)])
        bill = self.pay_bill(visit=later)["invoice"]
        self.refund(bill)
        kinds = [(line.kind, line.change) for line in self.statement().line_ids]
        self.assertEqual(
            sorted(kinds),
            sorted(
                [
                    ("bill", 55),
                    ("payment", -55),
                    ("payment", 0),
                    ("deposit", 15),
                    ("payment", -15),
                    ("bill", 40),
                    ("refund", -40),
                ]
            ),
        )

    def test_the_statement_of_a_child_is_the_payers_and_names_the_child(self):
        child = self.env["res.partner"].create(
            {"name": "Lena", "salon_payer_id": self.anna.id}
        )
        self.owe(client=child)
        statement = self.statement(child)
        self.assertEqual(statement.client_id, self.anna)
        self.assertEqual(statement.paid_for, "Lena")
        self.assertEqual(statement.line_ids.clients, "Lena")

    def test_other_days_are_worked_out_anew(self):
        self.owe()
        statement = self.statement()
        with Form(statement) as form:
            form.date_to = self.today - timedelta(days=1)
        self.assertFalse(statement.line_ids)
        self.assertEqual(statement.closing_debt, 0)

    def test_it_is_mailed_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.anna.lang = "tr_TR"
        self.owe()
        before = self.anna.message_ids
        self.statement().action_send()
        [message] = self.anna.message_ids - before
        self.assertEqual(message.notified_partner_ids, self.anna)
        self.assertTrue(message.attachment_ids)

    def test_the_accountant_sees_it_and_the_stylist_does_not(self):
        self.owe()
        self.assertEqual(self.statement(user=self.accountant).closing_debt, 55)
        with self.assertRaises(AccessError):
            self.statement(user=self.stylist)

    def test_another_company_stays_closed(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.env["salon.statement"].with_user(self.receptionist).create(
                {
                    "client_id": self.anna.id,
                    "company_id": other.id,
                    "date_from": self.today,
                    "date_to": self.today,
                }
            )

    def test_a_long_account_costs_as_many_queries_as_a_short_one(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            queries = self.env.cr.sql_log_count
            self.env["salon.account"]._get(
                self.anna,
                self.company,
                self.today - timedelta(days=30),
                self.today,
            )
            return self.env.cr.sql_log_count - queries

        self.owe()
        count()
        short = count()
        for hour in (12, 13, 14, 15):
            self.owe(at=f"{hour}:00", paid=5)
        self.assertLessEqual(count(), short + 4)
