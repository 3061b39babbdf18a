from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from odoo.addons.salon_booking.tests.common import THURSDAY

from .common import CrmCase


@tagged("post_install", "-at_install")
class TestFigures(CrmCase):
    def week(self, *offsets):
        """Days so many days after a certain Thursday."""
        return [date.fromordinal(THURSDAY.toordinal() + offset) for offset in offsets]

    def test_a_visit_counts_once_a_service_is_done(self):
        visit = self.book(self.haircut)
        self.assertEqual(self.anna.salon_visit_counted, 0)
        visit._set_state("done")
        self.assertEqual(self.anna.salon_visit_counted, 1)
        self.assertEqual(self.anna.salon_first_visit, THURSDAY)
        self.assertEqual(self.anna.salon_last_visit, THURSDAY)

    def test_two_visits_on_one_day_in_one_branch_are_one(self):
        self.visit_of(self.anna, [THURSDAY, THURSDAY])
        self.assertEqual(self.anna.salon_visit_counted, 1)

    def test_one_day_in_two_branches_are_two_visits(self):
        other = self.branch.copy({"name": "Second Branch"})
        first, second = self.visit_of(self.anna, [THURSDAY, THURSDAY])
        second.branch_id = other
        self.assertEqual(self.anna.salon_visit_counted, 2)

    def test_a_reopened_visit_counts_no_more(self):
        visit = self.book(self.haircut)
        visit._set_state("done")
        visit.action_reopen()
        self.assertEqual(self.anna.salon_visit_counted, 0)
        self.assertFalse(self.anna.salon_last_visit)

    def test_a_thing_sold_alone_is_a_visit(self):
        visit = self.env["salon.visit"].create(
            {
                "client_id": self.anna.id,
                "branch_id": self.branch.id,
                "start": self.at("10:00"),
            }
        )
        self.assertEqual(self.anna.salon_visit_counted, 0)
        self.checkout(visit, 22, extra_lines=[{"product_id": self.shampoo.id}])
        self.assertEqual(self.anna.salon_visit_counted, 1)

    def test_a_fee_for_a_missed_visit_is_no_visit(self):
        visit = self.book(self.haircut)
        visit._set_state("no_show")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.anna.id,
                "salon_branch_id": self.branch.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.shampoo.id,
                            "price_unit": 15,
                            "salon_visit_id": visit.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(self.anna.salon_visit_counted, 0)
        self.assertEqual(self.anna.salon_no_show_count, 1)
        self.assertEqual(self.anna.salon_amount_spent, 15)

    def test_no_shows_and_cancellations_are_counted_apart(self):
        self.visit_of(self.anna, self.week(0, 7), "no_show")
        self.visit_of(self.anna, self.week(14, 21, 28), "cancelled")
        self.visit_of(self.anna, self.week(35), "done", "cancelled")
        self.assertEqual(self.anna.salon_no_show_count, 2)
        self.assertEqual(self.anna.salon_cancel_count, 3)
        self.assertEqual(self.anna.salon_visit_counted, 1)

    def test_spending_is_net_of_tax_and_of_credit_notes(self):
        visit = self.book(self.haircut)
        bill = self.checkout(visit, 77, extra_lines=[{"product_id": self.shampoo.id}])[
            "invoice"
        ]
        self.assertEqual(bill.amount_total, 77)
        self.assertEqual(self.anna.salon_amount_spent, 70)
        self.assertEqual(self.anna.salon_amount_average, 70)
        sold = bill.invoice_line_ids.filtered(
            lambda line: line.product_id == self.shampoo
        )
        self.refund(bill, sold)
        self.assertEqual(self.anna.salon_amount_spent, 50)

    def test_spending_is_the_clients_whoever_pays(self):
        hers = self.book(self.haircut)
        his = self.book(self.blowdry, at="11:00", client=self.bella)
        self.checkout(hers | his, 88, options={"payer_id": self.anna.id})
        self.assertEqual(self.anna.salon_amount_spent, 50)
        self.assertEqual(self.bella.salon_amount_spent, 30)

    def test_a_draft_bill_is_no_spending(self):
        bill = self.checkout(self.book(self.haircut))["invoice"]
        bill.sudo().button_draft()
        self.assertEqual(self.anna.salon_amount_spent, 0)

    def test_spending_in_another_currency_is_converted_at_the_rate_of_the_day(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2031-01-01", "rate": 0.5}
        )
        bill = self.checkout(self.book(self.haircut), 55)["invoice"]
        figures = self.env["salon.client.figures"]
        found = figures._load(self.anna.ids)
        with freeze_time(bill.date):
            self.env["res.currency.rate"].create(
                {"currency_id": euro.id, "name": bill.date, "rate": 2}
            )
        figures._load_spending(found, {self.anna.id: euro})
        self.assertEqual(found[self.anna.id].amount_spent, 100)

    def test_the_interval_is_the_median_between_the_last_five_visits(self):
        self.visit_of(self.anna, self.week(0, 200, 230, 260, 270, 300))
        self.assertEqual(self.anna.salon_interval_days, 30)

    def test_the_home_branch_is_the_last_one_unless_there_is_a_preferred_one(self):
        other = self.branch.copy({"name": "Second Branch"})
        visits = self.visit_of(self.anna, self.week(0, 7))
        visits[1].branch_id = other
        self.assertEqual(self.anna.salon_branch_id, other)
        self.anna.salon_preferred_branch_id = self.branch
        self.assertEqual(self.anna.salon_branch_id, self.branch)

    def test_a_visit_given_to_another_client_moves_the_figures(self):
        visit = self.visit_of(self.anna, [THURSDAY])
        visit.client_id = self.bella
        self.assertEqual(self.anna.salon_visit_counted, 0)
        self.assertEqual(self.bella.salon_visit_counted, 1)

    @freeze_time("2031-06-12 06:00")
    def test_the_next_visit_is_the_first_one_still_to_come(self):
        self.visit_of(self.anna, self.week(-7))
        later = self.book(self.haircut, date=self.week(14)[0])
        sooner = self.book(self.haircut, date=self.week(7)[0])
        self.assertEqual(self.anna.salon_next_visit, sooner.start)
        sooner._set_state("cancelled")
        self.anna.invalidate_recordset(["salon_next_visit"])
        self.assertEqual(self.anna.salon_next_visit, later.start)

    @freeze_time("2031-06-12 06:00")
    def test_clients_are_found_by_what_is_booked(self):
        self.visit_of(self.anna, self.week(-7))
        self.visit_of(self.bella, self.week(-7))
        self.book(self.haircut, date=self.week(7)[0])
        clients = self.env["res.partner"].search(
            [("id", "in", (self.anna | self.bella).ids)]
        )

        def found(*condition):
            domain = [("salon_next_visit", *condition), ("id", "in", clients.ids)]
            return self.env["res.partner"].search(domain)

        self.assertEqual(found("=", False), self.bella)
        self.assertEqual(found("!=", False), self.anna)
        self.assertEqual(found("<", "2031-06-30"), self.anna)
        self.assertFalse(found("<", "2031-06-13"))
        self.assertEqual(found(">=", "2031-06-13"), self.anna)

    @users("test_stylist")
    def test_stylists_see_the_figures_of_clients(self):
        self.visit_of(self.anna, [THURSDAY])
        anna = self.anna.with_user(self.env.user)
        self.assertEqual(anna.salon_visit_counted, 1)
        found = self.env["res.partner"].search(
            [("salon_visit_counted", "=", 1), ("id", "=", anna.id)]
        )
        self.assertEqual(found, anna)

    @users("test_accountant", "test_portal")
    def test_nobody_outside_the_salon_sees_figures(self):
        partner = self.env.user.partner_id.with_user(self.env.user)
        for name in ("salon_amount_spent", "salon_status", "salon_block_reason"):
            with self.assertRaises(AccessError):
                partner.read([name])

    def test_figures_of_many_clients_take_the_same_number_of_queries(self):
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(20)]
        )
        for client in clients:
            self.visit_of(client, self.week(0, 30))

        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            partners._refresh_salon_figures()
            return self.env.cr.sql_log_count - start

        queries(clients)
        one, many = queries(clients[:1]), queries(clients)
        self.assertEqual(one, many)
        self.assertLessEqual(many, 12)

    def test_a_booking_leaves_alone_what_the_client_had(self):
        self.visit_of(self.anna, [THURSDAY])
        self.anna.flush_recordset()
        service = type(self.env["salon.client.figures"])
        with patch.object(service, "_load", side_effect=AssertionError):
            self.book(self.haircut, date=self.week(7)[0])
            self.env.flush_all()

    def test_what_is_created_as_over_is_counted_at_once(self):
        def create(state, date):
            return self.env["salon.visit"].create(
                {
                    "client_id": self.anna.id,
                    "branch_id": self.branch.id,
                    "appointment_ids": [
                        Command.create(
                            {
                                "product_id": self.haircut.id,
                                "staff_id": self.mia.id,
                                "start": self.at("10:00", date),
                                "state": state,
                            }
                        )
                    ],
                }
            )

        first, second, third = self.week(0, 7, 14)
        create("done", first)
        create("no_show", second)
        create("cancelled", third)
        self.assertEqual(self.anna.salon_visit_counted, 1)
        self.assertEqual(self.anna.salon_last_visit, first)
        self.assertEqual(self.anna.salon_no_show_count, 1)
        self.assertEqual(self.anna.salon_cancel_count, 1)

    def test_a_booking_brings_a_lost_client_back_at_once(self):
        with freeze_time(self.at("12:00")):
            self.visit_of(self.anna, [THURSDAY])
        with freeze_time(self.at("12:00", self.week(200)[0])):
            self.anna._refresh_salon_figures()
            self.assertEqual(self.anna.salon_status, "lost")
            self.book(self.haircut, date=self.week(203)[0])
            self.assertNotEqual(self.anna.salon_status, "lost")

    def test_what_does_not_change_is_not_written(self):
        self.visit_of(self.anna, [THURSDAY])
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute(
            "SELECT xmin FROM res_partner WHERE id = %s", [self.anna.id]
        )
        before = self.env.cr.fetchone()
        with self.env.cr.savepoint():
            self.anna._refresh_salon_figures()
            self.env.cr.execute(
                "SELECT xmin FROM res_partner WHERE id = %s", [self.anna.id]
            )
            self.assertEqual(self.env.cr.fetchone(), before)
