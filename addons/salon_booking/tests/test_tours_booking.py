from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestBookingTours(SalonCase, HttpCase):
    """What the desk does when plans change, in a real browser with its own rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        (cls.receptionist | cls.manager | cls.stylist).salon_branch_ids = cls.branch
        cls.clara = cls.env["res.partner"].create({"name": "Clara of the Tour"})
        cls.bella.name = "Wilma"
        cls.day = cls.today + timedelta(days=3)

    @classmethod
    def close(cls, first, last, calendar=None, staff=None, reason="Closed"):
        """Time off of the branch, or of one person, as personnel enters it."""
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": reason,
                "calendar_id": cls.calendar.id,
                "resource_id": staff.resource_id.id if staff else False,
                "date_from": cls.at("00:00", first),
                "date_to": cls.at("23:59", last),
            }
        )

    def walk(self, path, tour, login="test_receptionist"):
        self.start_tour(f"/odoo/{path}", tour, login=login)
        self.env.invalidate_all()

    def test_whoever_is_hit_by_time_off_is_moved_with_one_click(self):
        visit = self.book(self.haircut, client=self.clara, date=self.day)
        self.close(self.day, self.day, staff=self.mia, reason="Dentist")
        self.walk("salon-to-be-moved", "salon_receptionist_moves_who_was_hit")
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)
        rows = self.env["salon.displacement"].search([("visit_id", "=", visit.id)])
        self.assertEqual(rows.state, "moved")

    def test_who_waits_gets_what_becomes_free(self):
        self.close(self.today - timedelta(days=1), self.day - timedelta(days=1))
        self.close(self.day + timedelta(days=1), self.day + timedelta(days=30))
        taken = [
            self.book(
                self.haircut,
                at="09:00",
                client=self.bella,
                staff=person,
                date=self.day,
                duration_minutes=540,
            )
            for person in (self.mia, self.oleg)
        ]
        # Whatever the clock says while this runs.
        self.branch.write({"waitlist_quiet_from": 0, "waitlist_quiet_to": 0})
        self.walk("salon-today", "salon_receptionist_puts_on_the_waitlist")
        taken[0]._set_state("cancelled")
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60
        ):
            self.env["salon.waitlist"]._run()
        self.walk("salon-waitlist", "salon_receptionist_hears_yes")
        visit = self.env["salon.visit"].search([("client_id", "=", self.clara.id)])
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        self.assertEqual(visit.business_date, self.day)

    def test_a_roster_is_made_published_and_seen(self):
        pattern = self.env["salon.roster.pattern"].create(
            {
                "name": "Every day (tour)",
                "line_ids": [
                    Command.create({"weekday": "all", "time_from": 10, "time_to": 15})
                ],
            }
        )
        self.env["salon.roster.assignment"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "pattern_id": pattern.id,
                "date_from": self.today,
                "date_until": self.today + timedelta(days=5),
            }
        )
        self.walk(
            "action-salon_booking.salon_roster_generate_action",
            "salon_manager_makes_a_roster",
            login="test_manager",
        )
        shifts = self.env["salon.shift"].search([("staff_id", "=", self.mia.id)])
        self.assertEqual(len(shifts), 5)
        self.assertTrue(all(shifts.mapped("is_published")))
        self.walk(
            "action-salon_booking.salon_shift_action?view_type=list",
            "salon_stylist_sees_her_roster",
            login="test_stylist",
        )

    def test_a_series_is_booked_when_its_conflict_is_solved(self):
        self.book(self.haircut, client=self.bella, date=self.day + timedelta(weeks=1))
        series = (
            self.env["salon.standing"]
            .with_user(self.receptionist)
            .create(
                {
                    "branch_id": self.branch.id,
                    "client_id": self.clara.id,
                    "date_start": self.day,
                    "hour": 10,
                    "every": 1,
                    "count": 3,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.haircut.id, "staff_id": self.mia.id}
                        )
                    ],
                }
            )
        )
        self.walk("salon-standing", "salon_receptionist_books_a_series")
        self.assertEqual(series.state, "active")
        times = [
            fields.Datetime.context_timestamp(
                self.branch.with_context(tz=self.branch.tz), start
            ).strftime("%H:%M")
            for start in series.visit_ids.sorted("start").mapped("start")
        ]
        self.assertEqual((times[0], times[2]), ("10:00", "10:00"))
        self.assertNotEqual(times[1], "10:00")

    def test_a_client_takes_a_place_in_a_class_and_comes(self):
        self._live_at_noon()
        workshop = self._service("Workshop of the Tour", 40, [("work", 60)])
        workshop.write({"is_salon_group_service": True, "salon_group_capacity": 2})
        event = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                # People come to it already.
                "start": fields.Datetime.now().replace(second=0)
                + timedelta(minutes=20),
            }
        )
        self.walk("salon-groups", "salon_receptionist_fills_a_class")
        self.assertEqual(event.appointment_ids.client_id, self.clara)
        self.assertEqual(event.appointment_ids.state, "arrived")

    def test_two_appointments_change_places(self):
        first = self.book(self.haircut, client=self.clara, date=self.day)
        second = self.book(
            self.haircut,
            at="14:00",
            client=self.bella,
            staff=self.oleg,
            date=self.day,
        )
        self.walk(
            "action-salon_booking.salon_appointment_action",
            "salon_receptionist_swaps_two",
        )
        self.assertEqual(first.start, self.at("14:00", self.day))
        self.assertEqual(first.appointment_ids.staff_id, self.oleg)
        self.assertEqual(second.start, self.at("10:00", self.day))
        self.assertEqual(second.appointment_ids.staff_id, self.mia)

    def test_a_deposit_is_taken_and_kept_from_who_cancels_late(self):
        self.env["salon.deposit.rule"].create(
            {"name": "Everybody", "percent": 40, "branch_id": self.branch.id}
        )
        self.env["salon.fee.ladder"].create(
            {
                "name": "Late",
                "branch_id": self.branch.id,
                "forgiven": 0,
                # The visit is in three days.
                "step_ids": [Command.create({"below_hours": 200, "percent": 50})],
            }
        )
        visit = self.book(self.haircut, client=self.clara, date=self.day)
        self.walk(f"salon.visit/{visit.id}", "salon_receptionist_keeps_a_deposit")
        self.assertEqual((visit.state, visit.fee_state), ("cancelled", "charged"))
        self.assertEqual((visit.deposit_held, visit.deposit_state), (0, "settled"))

    def test_a_debt_warns_is_limited_and_stands_on_the_statement(self):
        self.env["salon.debt.policy"].create(
            {"branch_id": self.branch.id, "has_limit": True, "limit": 70}
        )
        first, second = (
            self.book(self.haircut, at=at, client=self.clara, date=self.today)
            for at in ("10:00", "12:00")
        )
        self.checkout(first)
        path = f"salon.visit/{second.id}"
        self.walk(path, "salon_receptionist_meets_the_limit")
        self.assertFalse(second.order_id)
        self.walk(path, "salon_manager_lifts_the_limit", login="test_manager")
        # sudo: account.move - the bill, as the accountant sees it
        bill = second.sudo().invoice_ids
        self.assertEqual(bill.salon_tab_reason, "Pays on Friday")
        self.walk("salon-debts", "salon_receptionist_reads_a_statement")

    def test_a_note_for_the_team_is_written_on_the_visit_form(self):
        visit = self.book(self.haircut, client=self.clara, date=self.day)
        self.walk(f"salon.visit/{visit.id}", "salon_receptionist_notes_on_the_visit")
        self.assertEqual(visit.note, "Comes with a small dog")

    def test_a_second_service_is_added_on_the_visit_form(self):
        self.blowdry.name = "Blow-dry of the Tour"
        visit = self.book(self.haircut, client=self.clara, date=self.day, at="10:00")
        self.walk(f"salon.visit/{visit.id}", "salon_receptionist_adds_a_service")
        first, second = visit.appointment_ids.sorted("start")
        self.assertEqual(second.product_id, self.blowdry)
        self.assertEqual(second.staff_id, self.oleg)
        self.assertEqual(second.start, first.stop)
        self.assertEqual(visit.amount_planned, 80)

    def test_card_and_slip_are_printed_with_a_click(self):
        visit = self.book(self.haircut, client=self.clara, date=self.day)
        printed = []

        def render(_self, report, ids, **_options):
            printed.append((report, ids))
            return b"%PDF-1.4", "pdf"

        reports = self.env.registry["ir.actions.report"]
        with (
            patch.object(reports, "get_wkhtmltopdf_state", lambda _self: "ok"),
            patch.object(reports, "_render_qweb_pdf", render),
        ):
            self.walk(
                f"salon.visit/{visit.id}", "salon_receptionist_prints_card_and_slip"
            )
        self.assertEqual(
            printed,
            [
                ("salon_booking.salon_visit_card", visit.ids),
                ("salon_booking.salon_work_slip", visit.ids),
            ],
        )
