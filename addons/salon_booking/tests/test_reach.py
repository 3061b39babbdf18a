from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import SalonCase

FAR = ("0001-01-01", "0068-09-01", "2999-12-31", "9999-12-31")


@tagged("post_install", "-at_install")
class TestReach(SalonCase):
    """Days and lengths that nobody means are refused before they cost anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book(cls.haircut)
        cls.appointment = cls.visit.appointment_ids

    def wish(self, **values):
        return {
            "branch": self.branch.id,
            "client": self.anna.id,
            "services": [[self.haircut.id, False]],
            "date": "2031-06-12",
            **values,
        }

    @users("test_receptionist")
    def test_screens_refuse_days_of_another_century(self):
        branch = self.branch.id
        quick, board = self.env["salon.quick.booking"], self.env["salon.board"]
        for day in FAR:
            for ask in (
                lambda day=day: board.load([branch], day, day),
                lambda day=day: board.week([branch], day),
                lambda day=day: board.answers(self.appointment.id, day, day),
                lambda day=day: self.env["salon.roster.grid"].load(branch, day),
                lambda day=day: self.env["salon.my.day"].load_day(day),
                lambda day=day: quick.answer(self.wish(date=day)),
            ):
                with self.subTest(day=day), self.assertRaisesRegex(UserError, "years"):
                    ask()

    @users("test_receptionist")
    def test_drops_refuse_minutes_that_are_none(self):
        board, quick = self.env["salon.board"], self.env["salon.quick.booking"]
        for minute in (-(10**9), 10**12, 1e18, float("nan"), float("inf"), "x"):
            for ask in (
                lambda at=minute: board.change(self.appointment.id, {"start": at}),
                lambda at=minute: board.change(self.appointment.id, {"stop": at}),
                lambda at=minute: board.book_again(self.appointment.id, {"start": at}),
                lambda at=minute: board.block({"start": at, "stop": at}),
                lambda at=minute: quick.answer(self.wish(start=at)),
            ):
                with (
                    self.subTest(at=minute),
                    self.assertRaisesRegex(UserError, "years"),
                ):
                    ask()

    def test_nothing_is_planned_in_another_century(self):
        for day in FAR[1:3]:
            for plan in (
                lambda day=day: self.appointment.write({"start": f"{day} 10:00:00"}),
                lambda day=day: self.env["salon.shift"].create(
                    {
                        "staff_id": self.mia.id,
                        "branch_id": self.branch.id,
                        "business_date": day,
                        "time_from": 9,
                        "time_to": 17,
                    }
                ),
                lambda day=day: self.env["salon.block"].create(
                    {
                        "branch_id": self.branch.id,
                        "staff_ids": [Command.set(self.mia.ids)],
                        "start": f"{day} 10:00:00",
                        "stop": f"{day} 11:00:00",
                    }
                ),
            ):
                with self.subTest(day=day), self.assertRaisesRegex(UserError, "years"):
                    plan()

    def test_the_past_of_the_salon_and_its_plans_are_within_reach(self):
        today = date.today()
        self.env["salon.reach"]._check_days(
            None,
            today.replace(today.year - 15, 1, 1),
            today.replace(today.year + 15, 1),
        )

    @mute_logger("odoo.sql_db")
    def test_an_appointment_lasts_a_day_at_most(self):
        # In the past nothing else would speak against it.
        drop = {"start": 29_000_000, "stop": 29_000_000 + 1441}
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.env["salon.board"].change(self.appointment.id, drop)

    @mute_logger("odoo.sql_db")
    def test_blocked_time_lasts_a_year_at_most(self):
        block = {
            "branch": self.branch.id,
            "staff": self.mia.id,
            "start": 33_000_000,
            "stop": 33_000_000 + 367 * 1440,
        }
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.env["salon.board"].block(block)

    @mute_logger("odoo.sql_db")
    def test_a_wish_on_the_waitlist_covers_a_year_at_most(self):
        for first, last, refusal in (
            ("2031-01-01", "2032-02-01", CheckViolation),
            ("2999-01-01", "2999-02-01", UserError),
        ):
            entry = {
                "branch_id": self.branch.id,
                "client_id": self.anna.id,
                "product_ids": [Command.set(self.haircut.ids)],
                "wish_ids": [Command.create({"date_from": first, "date_to": last})],
            }
            with (
                self.subTest(first=first),
                self.assertRaises(refusal),
                self.cr.savepoint(),
            ):
                self.env["salon.waitlist.entry"].create(entry)

    def test_what_is_refused_is_a_mistake_of_the_input(self):
        with self.assertRaises(ValidationError):
            self.env["salon.reach"]._check_minutes(10**9)
