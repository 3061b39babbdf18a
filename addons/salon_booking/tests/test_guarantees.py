"""What the suite promises about time, whoever writes and whatever breaks."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine.wishes import ServiceWish, VisitWish
from .common import THURSDAY, SalonCase

GUARD = "salon_occupancy_no_overlap"


class GuaranteeCase(SalonCase):
    @classmethod
    def without_guard(cls):
        """Drop the constraint; the test's own savepoint brings it back."""
        cls.env.cr.execute(f"ALTER TABLE salon_occupancy DROP CONSTRAINT {GUARD}")
        cls.env.registry.clear_cache()

    def wish(self, at="10:00", service=None, staff=None):
        return {
            "product_id": (service or self.haircut).id,
            "staff_id": (staff or self.mia).id,
            "start": self.at(at),
        }


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestOneKeyOneBooking(GuaranteeCase):
    def book_by_key(self, key, at="10:00", client=None, user=None):
        booking = self.env["salon.booking"].with_user(user or self.receptionist)
        return booking._book(self.branch, client or self.anna, [self.wish(at)], key=key)

    def test_the_same_key_gives_the_same_visit(self):
        first = self.book_by_key("a")
        self.assertEqual(self.book_by_key("a"), first)
        self.assertEqual(len(first.appointment_ids), 1)

    def test_a_lost_answer_to_a_cancelled_booking_books_nothing_new(self):
        first = self.book_by_key("a")
        first._set_state("cancelled")
        self.assertEqual(self.book_by_key("a").state, "cancelled")

    def test_another_key_is_another_booking(self):
        first = self.book_by_key("a")
        self.assertNotEqual(self.book_by_key("b", at="12:00"), first)

    def test_without_a_key_each_call_is_a_booking(self):
        first = self.book_by_key(None)
        self.assertNotEqual(self.book_by_key(None, at="12:00"), first)

    def test_a_key_tells_nothing_of_another_clients_booking(self):
        self.book_by_key("a")
        with self.assertRaisesRegex(UserError, "another client"):
            self.book_by_key("a", client=self.bella)

    def test_the_search_dialog_repeats_its_answer(self):
        dialog = (
            self.env["salon.booking.wizard"]
            .with_user(self.receptionist)
            .create(
                {
                    "branch_id": self.branch.id,
                    "client_id": self.anna.id,
                    "product_id": self.haircut.id,
                    "date_from": THURSDAY,
                }
            )
        )
        people = dialog.slots["days"][0]["people"]
        chosen = people[0]["times"][0]["start"], people[0]["id"], "key"
        self.assertEqual(dialog.action_book(*chosen), dialog.action_book(*chosen))


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestWithoutTheGuard(GuaranteeCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.env.registry.clear_cache)
        self.without_guard()

    def wish_for(self, channel):
        services = (ServiceWish(self.haircut.id),)
        return VisitWish(self.branch.id, services, channel=channel)

    def find(self, channel):
        return self.env["salon.availability"]._find_offers(
            self.wish_for(channel), THURSDAY, THURSDAY
        )

    def test_online_booking_shows_no_times(self):
        with (
            self.assertLogs("odoo.addons.salon_booking", "ERROR"),
            self.assertRaisesRegex(UserError, "closed for the moment"),
        ):
            self.find("web")

    def test_online_booking_books_nothing(self):
        with (
            self.assertLogs("odoo.addons.salon_booking", "ERROR"),
            self.assertRaisesRegex(UserError, "closed for the moment"),
        ):
            self.env["salon.booking"]._book(
                self.branch, self.anna, [self.wish()], source="web"
            )

    def test_the_desk_goes_on_by_eye(self):
        self.assertTrue(self.find("desk"))
        self.assertTrue(self.book(self.haircut))

    def test_a_guard_that_goes_while_the_server_runs_closes_online_booking(self):
        """Times may be shown for a while, but none is booked."""
        self.patch(
            type(self.env["salon.occupancy"]), "_was_guarded", lambda _model: True
        )
        offers = self.find("web")
        with (
            self.assertLogs("odoo.addons.salon_booking", "ERROR"),
            self.assertRaisesRegex(UserError, "closed for the moment"),
        ):
            self.env["salon.booking"]._book_offer(
                self.wish_for("web"), offers[0], source="web"
            )


@tagged("post_install", "-at_install")
class TestWhatTheDeskMayNotSet(SalonCase):
    """Ways around a right that an RPC call could take."""

    def test_people_of_a_group_event_are_linked_and_never_changed(self):
        self.haircut.write({"is_salon_group_service": True, "salon_group_capacity": 5})
        event = self.env["salon.group.event"].create(
            {
                "product_id": self.haircut.id,
                "branch_id": self.branch.id,
                "start": self.at("10:00"),
                "staff_ids": [(6, 0, self.mia.ids)],
            }
        )
        desk = event.with_user(self.receptionist)
        for command in (
            (1, self.mia.id, {"user_id": self.receptionist.id}),
            (0, 0, {"name": "Nobody"}),
            (2, self.mia.id),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                desk.write({"staff_ids": [command]})
        self.assertEqual(self.mia.user_id, self.stylist)

    def test_a_default_is_no_reason_to_book_against_the_rules(self):
        visits = self.env(user=self.receptionist)["salon.visit"]
        visit = visits.with_context(default_override_reason="x").create(
            {"branch_id": self.branch.id, "client_id": self.anna.id}
        )
        self.assertFalse(visit.override_reason)

    def test_a_visit_joins_a_series_through_the_series_only(self):
        visit = self.book(self.haircut)
        with self.assertRaises(AccessError):
            visit.with_user(self.receptionist).write({"standing_date": THURSDAY})
