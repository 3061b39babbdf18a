"""What changes nothing for a wish changes nothing in its answer; the rest follows."""

from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger import COLOUR, CUT, SERVICES, WASH, Line
from small_day import CLOSE, OPEN, SmallDayCase

from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_booking.engine.wishes import ServiceWish, VisitWish
from odoo.addons.salon_booking.exceptions import SlotTaken
from odoo.addons.salon_booking.tests.common import THURSDAY

WEEK = timedelta(weeks=1)
lines = st.lists(
    st.builds(
        Line,
        st.sampled_from([CUT, COLOUR, WASH]),
        st.sampled_from(["mia", "oleg"]),
        st.integers(OPEN // 15, CLOSE // 15 - 2).map(lambda quarter: quarter * 15),
    ),
    max_size=6,
)
few = settings(
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestAnswersFollow(SmallDayCase):
    def book_those_that_fit(self, lines, later=timedelta()):
        booked = []
        for line in lines:
            (wish,) = self.wish(line)
            wish["start"] += later
            try:
                with self.env.cr.savepoint():
                    self.env["salon.booking"]._book(self.branch, self.anna, [wish])
            except SlotTaken:
                continue
            booked.append(line)
        return booked

    def answer(self, later=timedelta()):
        """Every service with every person of the small day, by minute of the day."""
        day = THURSDAY + later
        shift = self.midnight + later // timedelta(minutes=1)
        return {
            (service.name, name): [
                offer.start - shift
                for offer in self.env["salon.availability"]._find_offers(
                    VisitWish(
                        self.branch.id,
                        (ServiceWish(self.products[service.name].id, (person.id,)),),
                    ),
                    day,
                    day,
                )
            ]
            for service in SERVICES.values()
            for name, person in self.people.items()
        }

    def rolled_back(self, check, *args):
        """One example: whatever it does is gone before the next one."""
        with self.env.cr.savepoint() as savepoint:
            check(*args)
            savepoint.rollback()
        self.env.invalidate_all()

    @few
    @given(lines)
    def test_the_same_bookings_a_week_later_leave_the_same_times(self, wanted):
        def check():
            booked = self.book_those_that_fit(wanted)
            self.assertEqual(self.book_those_that_fit(booked, WEEK), booked)
            self.assertEqual(self.answer(), self.answer(WEEK))

        self.rolled_back(check)

    @few
    @given(lines)
    def test_somebody_new_takes_no_time_away(self, wanted):
        def check():
            self.book_those_that_fit(wanted)
            before = self.answer()
            self.env["hr.employee"].create(
                {
                    "name": "New",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(self.branch.ids)],
                    "resource_calendar_id": self.calendar.id,
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": product.product_tmpl_id.id})
                        for product in self.products.values()
                    ],
                }
            )
            self.assertEqual(self.answer(), before)

        self.rolled_back(check)

    @few
    @given(lines, st.sampled_from(range(OPEN, CLOSE - 30, 15)), st.integers(1, 29))
    def test_a_booking_in_two_halves_leaves_the_same_times(self, wanted, start, cut):
        whole = Line(CUT, "mia", start)
        halves = [
            Line(CUT.lasting(cut), "mia", start),
            Line(CUT.lasting(30 - cut), "mia", start + cut),
        ]
        answers = []

        def check(parts):
            booked = self.book_those_that_fit([*parts, *wanted])
            answers.append((self.answer(), booked[len(parts) :]))

        self.rolled_back(check, [whole])
        self.rolled_back(check, halves)
        self.assertEqual(answers[0], answers[1])
