from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCashRights(CashCase):
    def test_a_stylist_has_no_cash_desk(self):
        day = self.open_till()
        with self.assertRaises(AccessError):
            day.with_user(self.stylist).action_count()
        with self.assertRaises(AccessError):
            self.desk.with_user(self.stylist)._open(
                self.branch.with_user(self.stylist), self.till, []
            )

    def test_a_desk_sees_the_tills_of_its_branches_only(self):
        day = self.open_till()
        order = self.desk._move_cash(day, self.income, 5)
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.receptionist, other)
        entries = self.env["salon.cash.entry"].search([("day_id", "=", day.id)])
        for record in (day, order, entries):
            own = record.with_user(self.receptionist)
            self.assertFalse(own.search([("id", "in", record.ids)]))
        with self.assertRaises(AccessError):
            self.desk._move_cash(day, self.income, 5)
        with self.assertRaises(AccessError):
            day.action_count()

    def test_a_desk_opens_no_till_of_another_branch(self):
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.receptionist, other)
        with self.assertRaises(AccessError):
            self.open_till()

    def test_a_blind_count_tells_the_desk_nothing(self):
        self.branch.is_cash_count_blind = True
        day = self.open_till(100)
        self.sell()
        day.invalidate_recordset()
        self.assertFalse(day.amount_in)
        self.assertFalse(day.amount_expected)
        self.assertFalse(self.moved(day))
        self.assertFalse(day._get_report_figures()["tenders"])
        own = day.with_user(self.manager)
        self.assertEqual(own.amount_expected, 155)
        self.close(day, 150)
        self.assertEqual(own.amount_difference, -5)

    def test_the_desk_reads_no_difference(self):
        day = self.close(self.open_till(100), 95)
        with self.assertRaises(AccessError):
            day.read(["amount_difference"])
        self.assertEqual(day.with_user(self.manager).amount_difference, -5)

    def test_the_accountant_sees_all_and_changes_nothing(self):
        day = self.close(self.open_till(100), 95)
        own = day.with_user(self.accountant)
        self.assertEqual(own.read(["amount_difference"])[0]["amount_difference"], -5)
        for method in (own.action_count, own.action_close):
            with self.assertRaises(AccessError):
                method()
        with self.assertRaises(AccessError):
            own.note = "x"

    def test_defaults_of_a_call_set_nothing_that_is_kept(self):
        closed = self.close(self.open_till(100), 100)
        desk = self.desk.with_context(default_state="closed", default_amount_left=1)
        day = desk._open(
            self.branch.with_user(self.receptionist), self.till, [(1, 100)]
        )
        self.assertEqual((day.state, day.amount_left), ("open", 0))
        visit = self.book(self.haircut).with_user(self.receptionist)
        result = (
            self.env["salon.checkout"]
            .with_user(self.receptionist)
            .with_context(default_salon_cash_day_id=closed.id)
            ._checkout(visit, [self.tender(55, self.till)])
        )
        self.assertEqual(result["payments"].move_id.sudo().salon_cash_day_id, day)

    def test_orders_are_not_made_by_hand(self):
        day = self.open_till()
        for user in (self.receptionist, self.manager, self.owner):
            with self.assertRaises(AccessError):
                self.env["salon.cash.order"].with_user(user).create(
                    {"name": "1", "day_id": day.id, "direction": "in"}
                )
            with self.assertRaises(AccessError):
                self.env["salon.cash.day"].with_user(user).create(
                    {"branch_id": self.branch.id, "journal_id": self.till.id}
                )
