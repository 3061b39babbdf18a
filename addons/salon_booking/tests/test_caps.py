from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import clock
from ..engine.wishes import ServiceWish, VisitWish
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase

FRIDAY = THURSDAY + timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestCaps(SalonCase):
    """Not more bookings a day than a service or a person may have."""

    def limit(self, **caps):
        return self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "horizon_days": 0, **caps}
        )

    def book(self, *args, **kwargs):
        return super().book(*args, **{"user": self.receptionist, **kwargs})

    def offers(self, *services, staff=None, **rules):
        wish = VisitWish(
            self.branch.id,
            tuple(
                ServiceWish(service.id, staff and tuple(staff.ids))
                for service in services
            ),
            **rules,
        )
        env = self.env(user=self.receptionist)
        return env["salon.availability"]._find_offers(wish, THURSDAY, THURSDAY)

    @contextmanager
    def refused(self, reason):
        with self.assertRaises(SlotTaken) as refused:
            yield refused
        self.assertIn(reason, str(refused.exception))

    # What is offered

    def test_all_services_of_one_visit_count_for_the_limit_of_a_service(self):
        self.limit(daily_cap=2)
        self.assertTrue(self.offers(self.haircut, self.haircut))
        self.book(self.haircut, at="09:00")
        self.assertTrue(self.offers(self.haircut))
        self.assertFalse(self.offers(self.haircut, self.haircut))

    def test_all_services_of_one_visit_count_for_the_limit_of_a_person(self):
        self.mia.salon_daily_cap = 2
        both = self.offers(self.haircut, self.blowdry, staff=self.mia)
        self.assertTrue(both)
        self.book(self.colour, at="09:00")
        self.assertFalse(self.offers(self.haircut, self.blowdry, staff=self.mia))

    def test_who_may_do_one_more_shares_the_visit_with_a_colleague(self):
        self.mia.salon_daily_cap = 1
        self.oleg.salon_daily_cap = 1
        offers = self.offers(self.haircut, self.blowdry)
        self.assertTrue(offers)
        for offer in offers:
            self.assertEqual(
                {part.staff for part in offer.parts}, {self.mia.id, self.oleg.id}
            )

    def test_the_limit_is_named_where_only_all_services_are_too_many(self):
        self.mia.salon_daily_cap = 1
        wish = VisitWish(
            self.branch.id,
            (
                ServiceWish(self.haircut.id, tuple(self.mia.ids)),
                ServiceWish(self.blowdry.id, tuple(self.mia.ids)),
            ),
        )
        start = clock.to_minutes(self.at("10:00"))
        env = self.env(user=self.receptionist)
        codes = [one.code for one in env["salon.reasons"]._explain(wish, start)]
        self.assertEqual(codes, ["staff_daily_cap"])

    # What is booked

    def test_a_booking_over_the_limit_of_a_service_names_other_days(self):
        self.limit(daily_cap=1)
        self.book(self.haircut, at="09:00")
        with self.refused("fully booked") as refused:
            self.book(self.haircut, at="12:00", staff=self.oleg)
        self.assertTrue(refused.exception.alternatives)
        self.assertTrue(self.book(self.blowdry, at="12:00"))

    def test_two_services_of_one_visit_are_not_booked_over_the_limit(self):
        self.mia.salon_daily_cap = 1
        booking = self.env(user=self.receptionist)["salon.booking"]
        with self.refused("takes no more bookings"):
            booking._book(
                self.branch.with_user(self.receptionist),
                self.anna,
                [
                    {
                        "product_id": self.haircut.id,
                        "staff_id": self.mia.id,
                        "start": self.at(at),
                    }
                    for at in ("09:00", "10:00")
                ],
            )

    def test_a_booking_is_not_moved_to_a_day_or_person_that_has_enough(self):
        self.limit(staff_daily_cap=1)
        self.book(self.haircut, at="09:00")
        other = self.book(self.haircut, at="09:00", staff=self.oleg).appointment_ids
        with self.refused("takes no more"):
            other.write({"staff_id": self.mia.id, "start": self.at("12:00")})
        tomorrow = self.book(self.haircut, date=FRIDAY).appointment_ids
        with self.refused("takes no more"):
            tomorrow.start = self.at("12:00")

    def test_a_lost_booking_makes_room_and_does_not_come_back_into_a_full_day(self):
        self.limit(daily_cap=1)
        visit = self.book(self.haircut, at="09:00")
        visit._set_state("cancelled")
        self.book(self.haircut, at="12:00")
        with self.refused("fully booked"):
            visit.with_user(self.owner).appointment_ids._set_state("booked")

    def test_two_who_swap_stay_within_the_limit(self):
        self.limit(staff_daily_cap=1)
        one = self.book(self.haircut, at="09:00").appointment_ids
        other = self.book(self.haircut, at="09:00", staff=self.oleg).appointment_ids
        one.env["salon.booking"]._swap(one, other)
        self.assertEqual((one.staff_id, other.staff_id), (self.oleg, self.mia))

    def test_a_lowered_limit_leaves_what_is_booked_as_it_is(self):
        one = self.book(self.haircut, at="09:00").appointment_ids
        self.book(self.haircut, at="10:00")
        self.limit(daily_cap=1)
        one.start = self.at("14:00")
        one._set_state("confirmed")
        self.assertEqual(one.start, self.at("14:00"))
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="11:00")

    def test_who_may_override_rules_books_over_the_limit_with_a_reason(self):
        self.limit(daily_cap=1)
        self.book(self.haircut, at="09:00")
        self.manager.group_ids |= self.env.ref("salon_booking.group_salon_override")
        with self.refused("Booked against the Rules"):
            self.book(self.haircut, at="12:00", user=self.manager)
        booking = self.env(user=self.manager)["salon.booking"]
        wish = {
            "product_id": self.haircut.id,
            "staff_id": self.mia.id,
            "start": self.at("12:00"),
        }
        self.assertTrue(
            booking._book(
                self.branch.with_user(self.manager),
                self.anna,
                [wish],
                override_reason="Regular client",
            )
        )

    def test_without_a_limit_nothing_is_counted(self):
        self.book(self.haircut, at="09:00")
        self.assertFalse(self.env["salon.capped.day"].search([]))

    @freeze_time("2031-06-12 08:10:00")
    def test_who_comes_late_after_all_is_one_too_many_on_a_full_day(self):
        self.limit(daily_cap=1)
        visit = self.book(self.haircut, at="09:00")
        visit._set_state("no_show")
        self.book(self.haircut, at="15:00", client=self.bella)
        self.receptionist.group_ids += self.env.ref("salon_booking.group_salon_undo")
        with self.assertRaises(SlotTaken):
            visit.action_reopen()


@tagged("post_install", "-at_install")
class TestCapsAtOnce(TransactionCase):
    """Two clerks in two transactions of two real connections."""

    def setUp(self):
        super().setUp()
        self.day = fields.Date.today() + timedelta(days=30)
        with self.transaction() as env:
            self.ids = self.make_salon(env)
        self.addCleanup(self.remove_salon)

    @contextmanager
    def transaction(self, user_id=SUPERUSER_ID):
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, user_id, {})

    def make_salon(self, env):
        service = env["product.product"].create(
            {
                "name": "At once",
                "type": "service",
                "is_salon_service": True,
                "salon_phase_ids": [Command.create({"kind": "work", "minutes": 30})],
            }
        )
        branches = env["salon.branch"].create(
            [
                {"name": name, "tz": zone, "resource_calendar_id": False}
                for name, zone in (("At once", "UTC"), ("At once too", "Asia/Tokyo"))
            ]
        )
        staff = env["hr.employee"].create(
            [
                {
                    "name": f"At once {number}",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(branches.ids)],
                    "resource_calendar_id": False,
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                    ],
                }
                for number in range(2)
            ]
        )
        clerk = new_test_user(
            env,
            "at_once_clerk",
            groups="base.group_user,salon_booking.group_salon_receptionist",
        )
        return {
            "product.product": service.ids,
            "salon.branch": branches.ids,
            "hr.employee": staff.ids,
            "res.users": clerk.ids,
        }

    def remove_salon(self):
        with self.transaction() as env:
            branches = env["salon.branch"].browse(self.ids["salon.branch"])
            env["salon.visit"].search([("branch_id", "in", branches.ids)]).unlink()
            policies = env["salon.booking.policy"]
            policies.search([("branch_id", "in", branches.ids)]).unlink()
            made = branches.analytic_account_id, branches.walk_in_partner_id
            staff = env["hr.employee"].browse(self.ids["hr.employee"])
            resources = staff.resource_id
            staff.unlink()
            resources.exists().unlink()
            branches.unlink()
            for records in made:
                records.unlink()
            env["product.product"].browse(
                self.ids["product.product"]
            ).product_tmpl_id.unlink()
            user = env["res.users"].browse(self.ids["res.users"])
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def limit(self, **caps):
        with self.transaction() as env:
            branch_id = self.ids["salon.branch"][0]
            env["salon.booking.policy"].create({"branch_id": branch_id, **caps})

    def book(self, env, hour, person=0, branch=0):
        start = clock.to_utc(clock.day_bounds(self.day, "UTC")[0])
        return env["salon.booking"]._book(
            env["salon.branch"].browse(self.ids["salon.branch"][branch]),
            env["res.partner"],
            [
                {
                    "product_id": self.ids["product.product"][0],
                    "staff_id": self.ids["hr.employee"][person],
                    "start": start + timedelta(hours=hour),
                }
            ],
        )

    def assert_one_too_many(self, late_place):
        """The late clerk began before the early one was ready."""
        clerk = self.ids["res.users"][0]
        with self.transaction(clerk) as late:
            late["salon.visit"].search_count([])
            with self.transaction(clerk) as early:
                self.book(early, 10)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.book(late, 12, **late_place)
            late.cr.rollback()
            with self.assertRaises(SlotTaken):
                self.book(late, 12, **late_place)
            late.cr.rollback()

    def test_the_last_booking_of_a_service_is_sold_once(self):
        self.limit(daily_cap=1)
        self.assert_one_too_many({"person": 1})

    def test_the_last_booking_of_a_person_is_sold_once(self):
        with self.transaction() as env:
            staff = env["hr.employee"].browse(self.ids["hr.employee"])
            staff.salon_daily_cap = 1
        self.assert_one_too_many({})

    def test_the_last_booking_of_a_person_is_sold_in_one_branch_only(self):
        with self.transaction() as env:
            staff = env["hr.employee"].browse(self.ids["hr.employee"])
            staff.salon_daily_cap = 1
        self.assert_one_too_many({"branch": 1})

    def test_without_a_limit_nobody_is_sent_back(self):
        clerk = self.ids["res.users"][0]
        with self.transaction(clerk) as late:
            late["salon.visit"].search_count([])
            with self.transaction(clerk) as early:
                self.book(early, 10)
            self.assertTrue(self.book(late, 12, person=1))
            late.cr.rollback()
