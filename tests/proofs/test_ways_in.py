"""Whoever writes, and however: two clients never have one person, room or seat."""

from datetime import timedelta

from freezegun import freeze_time
from ledger import CUT, Line
from psycopg2.errors import ExclusionViolation
from small_day import SmallDayCase

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.salon_booking.engine.wishes import ServiceWish, VisitWish
from odoo.addons.salon_booking.exceptions import SlotTaken
from odoo.addons.salon_booking.tests.common import THURSDAY

TEN = 10 * 60
#: At most so many for a listing of one service and of a visit of three, with places.
QUERIES = {1: 10, 3: 11}


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestWaysIn(SmallDayCase):
    def setUp(self):
        super().setUp()
        self.first = self.book_line(Line(CUT, "mia", TEN))

    def book_line(self, line, user=None):
        booking = self.env["salon.booking"].with_user(user or self.env.user)
        return booking._book(self.branch, self.anna, self.wish(line))

    def assert_taken(self, operation):
        with (
            self.assertRaisesRegex(SlotTaken, "Nearest free times") as refused,
            self.env.cr.savepoint(),
        ):
            operation()
        self.assertTrue(refused.exception.alternatives)
        self.assertEqual(self.overlaps(), 0)

    def test_the_constraint_is_what_it_should_be(self):
        self.env.cr.execute(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                WHERE conname = 'salon_occupancy_no_overlap'"""
        )
        ((definition,),) = self.env.cr.fetchall()
        for part in (
            "EXCLUDE USING gist",
            "int4range(resource_id, resource_id, '[]'::text) WITH =",
            "int4range(unit, unit, '[]'::text) WITH =",
            "tsrange(start, stop, '[)'::text) WITH &&",
            "WHERE (is_blocking)",
        ):
            self.assertIn(part, definition)
        self.assertNotIn("DEFERRABLE", definition)

    def test_by_the_form_of_a_visit(self):
        self.assert_taken(
            lambda: (
                self.env["salon.visit"]
                .with_user(self.receptionist)
                .web_save(
                    {
                        "branch_id": self.branch.id,
                        "appointment_ids": [
                            Command.create(values)
                            for values in self.wish(Line(CUT, "mia", TEN + 15))
                        ],
                    },
                    {},
                )
            )
        )

    def test_by_drag_and_drop_in_the_calendar(self):
        visit = self.book_line(Line(CUT, "oleg", TEN), self.receptionist)
        self.assert_taken(
            lambda: visit.appointment_ids.web_save({"staff_id": self.mia.id}, {})
        )
        later = self.book_line(Line(CUT, "mia", TEN + 60), self.receptionist)
        self.assert_taken(
            lambda: later.appointment_ids.web_save(
                {"start": self.moment(TEN + 15), "stop": self.moment(TEN + 45)}, {}
            )
        )

    def test_by_the_import_of_a_file(self):
        """The host's own import of records, not that of another software's export."""
        fields = [
            *("branch_id/.id", "client_id/.id", "appointment_ids/product_id/.id"),
            *("appointment_ids/staff_id/.id", "appointment_ids/start"),
        ]
        row = [
            *map(str, (self.branch.id, self.anna.id, self.products["cut"].id)),
            *(str(self.mia.id), str(self.moment(TEN))),
        ]
        before = self.env["salon.visit"].search_count([])
        try:
            with self.env.cr.savepoint():
                visits = self.env["salon.visit"].with_context(tz="UTC")
                result = visits.load(fields, [row])
        except SlotTaken as refusal:
            text = str(refusal)
        else:
            self.assertFalse(result["ids"])
            text = str(result["messages"])
        self.assertIn("Nearest free times", text)
        self.assertEqual(self.env["salon.visit"].search_count([]), before)
        self.assertEqual(self.overlaps(), 0)

    def copy_rows(self):
        self.env.cr.execute(
            """INSERT INTO salon_occupancy (appointment_id, branch_id, resource_id,
                      unit, phase_kind, start, stop, is_blocking, travel_minutes)
               SELECT appointment_id, branch_id, resource_id, unit, phase_kind,
                      start + interval '5 minutes', stop, is_blocking, 0
                 FROM salon_occupancy WHERE appointment_id = %s""",
            [self.first.appointment_ids.id],
        )

    def test_by_plain_sql(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.copy_rows()
        self.assertEqual(self.overlaps(), 0)

    def test_by_another_addon_the_user_reads_that_the_time_was_taken(self):
        """What the host makes of the database's refusal: no error of the server."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation) as refused,
            self.env.cr.savepoint(),
        ):
            self.copy_rows()
        text = self.env["salon.occupancy"]._sql_error_to_message(refused.exception)
        self.assertIn("just taken", text)

    def make_branch(self, **values):
        return self.env["salon.branch"].create(
            {"name": "Sister", "tz": self.branch.tz, **values}
        )

    def test_from_another_branch(self):
        sister = self.make_branch(resource_calendar_id=self.calendar.id)
        self.mia.salon_branch_ids |= sister
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.env["salon.booking"]._book(
                sister, self.bella, self.wish(Line(CUT, "mia", TEN + 15))
            )
        self.assertEqual(self.overlaps(), 0)

    def test_from_a_branch_of_another_company(self):
        company = self.env["res.company"].create({"name": "Sister"})
        sister = self.make_branch(company_id=company.id, resource_calendar_id=False)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["salon.booking"]._book(
                sister, self.bella, self.wish(Line(CUT, "mia", TEN))
            )
        self.assertEqual(self.overlaps(), 0)


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestBudget(SmallDayCase):
    """T9: what a listing costs does not grow with the team or the days."""

    def queries(self, people, days, services=1):
        staff = tuple(self.env["hr.employee"].browse(people).ids)
        wish = VisitWish(
            self.branch.id,
            tuple(
                ServiceWish(product.id, staff)
                for product in list(self.products.values())[:services]
            ),
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = self.env["salon.availability"]._find_offers(
            wish, THURSDAY, THURSDAY + timedelta(days=days - 1)
        )
        self.assertTrue(found)
        return self.env.cr.sql_log_count - before

    def test_a_listing_costs_the_same_queries_for_many_people_days_and_services(self):
        team = self.env["hr.employee"].create(
            [
                {
                    "name": f"Stylist {number}",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(self.branch.ids)],
                    "resource_calendar_id": self.calendar.id,
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": product.product_tmpl_id.id})
                        for product in self.products.values()
                    ],
                }
                for number in range(12)
            ]
        )
        for services in (1, 3):
            # What services are made of is kept in memory from the first time on.
            self.queries(team.ids, 14, services)
            small = self.queries(team[:2].ids, 1, services)
            self.assertEqual(self.queries(team.ids, 14, services), small)
            self.assertLessEqual(small, QUERIES[services])
