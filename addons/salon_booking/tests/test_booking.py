from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestBooking(SalonCase):
    def test_the_table_of_occupied_times_is_guarded(self):
        self.env["salon.occupancy"]._assert_guarded()

    def test_the_same_person_is_never_booked_twice(self):
        self.book(self.haircut, at="10:00", staff=self.mia)
        with self.assertRaises(SlotTaken) as refused:
            self.book(self.haircut, at="10:30", staff=self.mia)
        self.assertTrue(refused.exception.alternatives)
        self.assertIn("Nearest free times", str(refused.exception))

    def test_back_to_back_appointments_do_not_clash(self):
        self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="10:45")

    def test_during_processing_the_stylist_takes_another_client(self):
        self.book(self.colour, at="10:00")
        self.book(self.blowdry, at="10:30", client=self.bella)
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="10:30", client=self.bella)

    def test_a_cancelled_appointment_frees_its_time(self):
        visit = self.book(self.haircut, at="10:00")
        visit.appointment_ids._set_state("cancelled", "ill")
        self.assertFalse(visit.appointment_ids.occupancy_ids)
        self.book(self.haircut, at="10:00")

    def test_reopening_a_cancelled_appointment_needs_its_time(self):
        visit = self.book(self.haircut, at="10:00")
        visit._set_state("cancelled")
        self.book(self.haircut, at="10:00")
        with self.assertRaises(SlotTaken):
            visit.action_reopen()

    def test_two_appointments_can_swap_their_people(self):
        first = self.book(self.haircut, at="10:00", staff=self.mia).appointment_ids
        second = self.book(self.haircut, at="10:00", staff=self.oleg).appointment_ids
        self.env["salon.booking"]._release(first | second)
        first.staff_id, second.staff_id = self.oleg, self.mia
        self.assertEqual(first.occupancy_ids.resource_id, self.oleg.resource_id)
        self.assertEqual(second.occupancy_ids.resource_id, self.mia.resource_id)

    def test_a_moved_appointment_keeps_its_length(self):
        appointment = self.book(self.haircut, duration_minutes=60).appointment_ids
        appointment.start = self.at("14:00")
        self.assertEqual(appointment.stop, self.at("15:00"))
        self.book(self.haircut, at="10:00")

    def _chairs(self, capacity):
        """A kind of place, and a cut and a drying that are done there."""
        chair = self.env["salon.facility.type"].create({"name": "Chair (test)"})
        self.env["salon.facility"].create(
            {
                "name": "Chairs",
                "branch_id": self.branch.id,
                "type_id": chair.id,
                "capacity": capacity,
            }
        )
        services = self._service("Cut", 50, [("work", 45)], chair) | self._service(
            "Dry", 30, [("work", 30)], chair
        )
        for person in self.mia, self.oleg:
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                for service in services
            ]
        return services

    def _two_services(self, services, date):
        """Wishes for a cut with Mia, then a drying with Oleg."""
        times = self.at("10:00", date), self.at("10:45", date)
        return [
            {"product_id": service.id, "staff_id": person.id, "start": start}
            for service, person, start in zip(
                services, self.mia | self.oleg, times, strict=True
            )
        ]

    def test_a_visit_is_booked_with_few_queries(self):
        services = self._chairs(2)
        env = self.env(user=self.receptionist)
        # Within the time for which hours are kept.
        today = fields.Date.today()
        thursday = today + self.days(10 - today.weekday())

        first, second = (
            self._two_services(services, thursday + self.days(days)) for days in (0, 7)
        )

        def book(wishes):
            env["salon.booking"]._book(self.branch.with_env(env), self.anna, wishes)
            env.flush_all()
            # What the other screens are told is a part of the price.
            env.cr.flush()

        self.env.cr.flush()
        book(first)
        self.env.invalidate_all()
        with self.assertQueryCount(19):
            book(second)

    def test_many_visits_are_booked_with_the_queries_of_one(self):
        services = self._chairs(2)

        def queries(weeks):
            vals_list = [
                {
                    "branch_id": self.branch.id,
                    "client_id": self.anna.id,
                    "appointment_ids": [
                        Command.create(wish)
                        for wish in self._two_services(
                            services, THURSDAY + self.days(7 * week)
                        )
                    ],
                }
                for week in weeks
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits = self.env["salon.visit"].create(vals_list)
            self.env.flush_all()
            self.assertEqual(len(visits.appointment_ids.occupancy_ids), 4 * len(weeks))
            return self.env.cr.sql_log_count - before

        queries([0])
        self.assertEqual(queries([1]), queries(range(2, 42)))

    def test_a_visit_is_written_once(self):
        with patch.object(type(self.env["salon.visit"]), "_write_multi") as written:
            visit = self.book(self.haircut, at="10:00")
            self.env.flush_all()
        written.assert_not_called()
        self.assertEqual(visit.start, self.at("10:00"))
        self.assertEqual(visit.stop, visit.appointment_ids.stop)
        self.assertEqual(visit.amount_planned, visit.appointment_ids.price)
        self.assertEqual(visit.business_date, THURSDAY)

    def test_a_visit_follows_an_addon_that_books_at_another_time(self):
        appointments = type(self.env["salon.appointment"])
        create = appointments.create

        def an_hour_later(records, vals_list):
            for vals in vals_list:
                vals.update(start=vals["start"] + timedelta(hours=1), price=1)
            return create(records, vals_list)

        with patch.object(appointments, "create", an_hour_later):
            visit = self.book(self.haircut, at="10:00")
        self.assertEqual(visit.start, self.at("11:00"))
        self.assertEqual(visit.stop, self.at("11:45"))
        self.assertEqual(visit.amount_planned, 1)

    def test_a_service_is_booked_as_it_was_changed_a_moment_ago(self):
        self.book(self.haircut, at="10:00")
        self.haircut.salon_phase_ids.minutes = 60
        self.haircut.salon_buffer_after = 15
        taken = self.book(self.haircut, at="12:00").appointment_ids.occupancy_ids
        self.assertEqual(max(taken.mapped("stop")), self.at("13:15"))
        self.haircut.salon_phase_ids = [
            Command.create({"kind": "finish", "minutes": 30, "sequence": 20})
        ]
        visit = self.book(self.haircut, at="14:00")
        self.assertEqual(visit.stop, self.at("15:30"))
        self.haircut.salon_phase_ids[1].unlink()
        visit = self.book(self.haircut, at="16:00")
        self.assertEqual(visit.stop, self.at("17:00"))

    def test_a_person_is_booked_as_she_was_changed_a_moment_ago(self):
        self.book(self.haircut, at="10:00")
        self.mia.salon_buffer_after = 15
        taken = self.book(self.haircut, at="12:00").appointment_ids.occupancy_ids
        self.assertEqual(max(taken.mapped("stop")), self.at("13:00"))
        catalog = self.env["salon.catalog"]
        self.assertFalse(catalog._people(self.mia.ids)[self.mia.id].is_shared)
        other = self.env["salon.branch"].create(
            {"name": "Other", "staff_ids": [Command.link(self.mia.id)]}
        )
        self.assertTrue(catalog._people(self.mia.ids)[self.mia.id].is_shared)
        other.staff_ids = [Command.unlink(self.mia.id)]
        self.assertFalse(catalog._people(self.mia.ids)[self.mia.id].is_shared)
        self.mia.salon_branch_ids |= other
        self.assertTrue(catalog._people(self.mia.ids)[self.mia.id].is_shared)

    def test_a_visit_changes_branch_under_the_locks_of_both(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "staff_ids": [Command.link(self.mia.id)]}
        )
        visit = self.book(self.haircut, at="10:00")
        claim, locked = type(self.env["salon.claim"]), []
        lock_days = claim._lock_days

        def lock(model, days):
            locked.append(set(days))
            return lock_days(model, days)

        with patch.object(claim, "_lock_days", lock):
            visit.branch_id = other
        self.assertEqual(visit.appointment_ids.occupancy_ids.branch_id, other)
        owners = {owner for owner, _day in locked[0]}
        self.assertLessEqual({self.branch.id, other.id}, owners)

    def test_one_of_another_company_is_found_among_many(self):
        other = self.env["res.company"].create({"name": "Other salon (test)"})
        foreign = self.env["res.partner"].create(
            {"name": "Foreign", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.env["salon.visit"].create(
                [
                    {"branch_id": self.branch.id, "client_id": client.id}
                    for client in (self.anna, self.anna, foreign)
                ]
            )

    def test_places_run_out_before_people_do(self):
        basin = self.env["salon.facility.type"].create({"name": "Basin (test)"})
        self.env["salon.facility"].create(
            {
                "name": "Basins",
                "branch_id": self.branch.id,
                "type_id": basin.id,
                "capacity": 2,
            }
        )
        wash = self._service("Wash", 10, [("work", 15)], basin)
        none = self.env["hr.employee"]
        self.book(wash, staff=none)
        self.book(wash, staff=none)
        with self.assertRaises(SlotTaken):
            self.book(wash, staff=none)

    def test_history_holds_nobodys_time(self):
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.branch.id,
                "is_history": True,
                "appointment_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.haircut.id,
                            "staff_id": self.mia.id,
                            "start": self.at("10:00"),
                            "state": "done",
                        },
                    )
                ]
                * 2,
            }
        )
        self.assertFalse(visit.appointment_ids.occupancy_ids)

    def test_one_of_two_services_taken_books_neither(self):
        self.book(self.haircut, at="11:00")
        before = self.env["salon.visit"].search_count([])
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.env["salon.booking"]._book(
                self.branch,
                self.anna,
                [
                    {
                        "product_id": self.blowdry.id,
                        "staff_id": self.mia.id,
                        "start": self.at("10:00"),
                    },
                    {
                        "product_id": self.haircut.id,
                        "staff_id": self.mia.id,
                        "start": self.at("11:15"),
                    },
                ],
            )
        self.assertEqual(self.env["salon.visit"].search_count([]), before)

    @users("test_receptionist")
    def test_a_receptionist_books_without_personnel_rights(self):
        visit = self.book(self.haircut, user=self.env.user)
        self.assertEqual(visit.state, "booked")
        self.assertEqual(visit.name[0], "V")

    def test_a_receptionist_may_not_squeeze_in(self):
        self.book(self.haircut)
        with self.assertRaises(AccessError):
            self.book(
                self.haircut, user=self.receptionist, overlap_reason="She insists"
            )

    def test_a_manager_squeezes_in_and_it_is_recorded(self):
        self.book(self.haircut)
        visit = self.book(
            self.haircut, user=self.manager, overlap_reason="Bride, wedding at noon"
        )
        self.assertEqual(visit.appointment_ids.overlap_user_id, self.manager)

    def test_a_stylist_books_nobody(self):
        with self.assertRaises(AccessError):
            self.book(self.haircut, user=self.stylist)

    def test_an_occupied_row_cannot_be_written_by_hand(self):
        self.book(self.haircut)
        row = self.env["salon.occupancy"].search([], limit=1)
        with self.assertRaises(AccessError):
            row.with_user(self.manager).write({"is_blocking": False})

    def test_a_product_from_the_shelf_cannot_be_booked(self):
        with self.assertRaisesRegex(UserError, "no salon service"):
            self.book(self.shampoo)

    def test_booking_ten_appointments_costs_as_many_queries_as_two(self):
        def book_many(count, date):
            self.env["salon.booking"]._book(
                self.branch,
                self.anna,
                [
                    {
                        "product_id": self.blowdry.id,
                        "staff_id": self.mia.id,
                        "start": self.at(
                            f"{9 + index // 2:02}:{index % 2 * 30:02}", date
                        ),
                    }
                    for index in range(count)
                ],
            )
            self.env.flush_all()

        book_many(2, self.at("10:00").date() + self.days(1))
        counts = []
        for count, ahead in ((2, 2), (10, 3)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            book_many(count, self.at("10:00").date() + self.days(ahead))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def squeezed_in(self):
        """Two at ten with Mia; Bella's may overlap."""
        self.book(self.haircut, at="10:00")
        visit = self.book(
            self.haircut, at="10:00", client=self.bella, overlap_reason="A wedding"
        )
        return visit.appointment_ids

    def test_what_was_squeezed_in_and_moved_takes_its_new_time(self):
        appointment = self.squeezed_in()
        appointment.with_user(self.receptionist).start = self.at("14:00")
        with self.assertRaises(SlotTaken):
            self.book(self.blowdry, at="14:00")

    def test_a_permitted_overlap_does_not_permit_another_one(self):
        appointment = self.squeezed_in()
        self.book(self.haircut, at="12:00")
        with self.assertRaises(SlotTaken):
            appointment.with_user(self.receptionist).start = self.at("12:00")

    def test_what_was_squeezed_in_is_lengthened_where_it_is(self):
        appointment = self.squeezed_in()
        appointment.duration_minutes = 60
        self.assertEqual(appointment.overlap_reason, "A wedding")

    def test_who_has_served_clients_is_archived_and_not_deleted(self):
        visit = self.book(self.haircut, at="10:00")
        visit._set_state("cancelled", "ill")
        with self.assertRaisesRegex(UserError, "Mia is named in visits"):
            self.mia.unlink()
        self.assertTrue(self.mia.action_archive() or not self.mia.active)

    def test_a_client_with_visits_is_archived_and_not_deleted(self):
        self.book(self.haircut, at="10:00")
        with self.assertRaisesRegex(UserError, "Anna has visits"):
            self.anna.unlink()

    def test_visits_of_merged_clients_belong_to_the_one_who_is_left(self):
        self.book(self.haircut, at="10:00")
        visit = self.book(self.haircut, at="12:00", client=self.bella)
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((self.anna | self.bella).ids)],
                "dst_partner_id": self.anna.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.bella.exists())
        self.assertEqual(visit.client_id, self.anna)
        self.assertEqual(visit.appointment_ids.client_id, self.anna)

    def test_a_busy_day_of_hundreds_is_seated_in_one_go(self):
        kind = self.env["salon.facility.type"].create({"name": "Row (test)"})
        self.env["salon.facility"].create(
            {
                "name": "Row (test)",
                "branch_id": self.branch.id,
                "type_id": kind.id,
                "capacity": 40,
            }
        )
        shave = self._service("Shave", 20, [("work", 30)], kind)
        visits = self.env["salon.visit"].create(
            [
                {
                    "branch_id": self.branch.id,
                    "appointment_ids": [
                        Command.create(
                            {
                                "product_id": shave.id,
                                "start": self.at("09:00")
                                + timedelta(minutes=number * 7 % 480),
                            }
                        )
                    ],
                }
                for number in range(600)
            ]
        )
        self.assertEqual(len(visits.appointment_ids.occupancy_ids), 600)
