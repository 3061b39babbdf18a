from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..engine import clock
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase

DAY = str(THURSDAY)


class BoardCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.basin_type, cls.chair_type = cls.env["salon.facility.type"].create(
            [{"name": "Basin (test)"}, {"name": "Chair (test)"}]
        )
        cls.chair_1, cls.chair_2 = cls.env["salon.facility"].create(
            [
                {
                    "name": f"Chair {number} (test)",
                    "branch_id": cls.branch.id,
                    "type_id": cls.chair_type.id,
                }
                for number in (1, 2)
            ]
        )
        cls.basin = cls.env["salon.facility"].create(
            {
                "name": "Basin (test)",
                "branch_id": cls.branch.id,
                "type_id": cls.basin_type.id,
            }
        )
        cls.seated = cls._service("Seated cut", 40, [("work", 30)], cls.chair_type)
        for person in (cls.mia, cls.oleg):
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": cls.seated.product_tmpl_id.id})
            ]

    def board(self, user=None):
        return self.env(user=user or self.receptionist)["salon.board"]

    def load(self, user=None, **span):
        return self.board(user).load(
            self.branch.ids,
            span.get("first", DAY),
            span.get("last", DAY),
            span.get("tab"),
        )

    def minute(self, wall, *date):
        return clock.to_minutes(self.at(wall, *date))

    def shown(self, visit, user=None):
        (block,) = [
            one for one in self.load(user)["appointments"] if one["visit"] == visit.id
        ]
        return block

    def change(self, visit, user=None, **values):
        block = self.shown(visit)
        return self.board(user).change(block["id"], values, block["version"])

    def taken_by(self, visit):
        return sorted(
            (row.resource_id.name, clock.to_minutes(row.start), row.phase_kind)
            for row in visit.appointment_ids.occupancy_ids
        )


@tagged("post_install", "-at_install")
class TestBoardReading(BoardCase):
    def test_an_appointment_is_shown_with_its_phases(self):
        visit = self.book(self.colour, at="10:00")
        block = self.shown(visit)
        start = self.minute("10:00")
        self.assertEqual((block["start"], block["stop"]), (start, start + 90))
        self.assertEqual(block["service"], "Colour")
        self.assertEqual(
            [phase[:4] for phase in block["phases"]],
            [
                ["work", start, start + 30, self.mia.id],
                ["processing", start + 30, start + 65, False],
                ["finish", start + 65, start + 85, self.mia.id],
                ["cleanup", start + 85, start + 90, self.mia.id],
            ],
        )

    def test_a_service_changed_after_booking_is_drawn_as_it_was_booked(self):
        visit = self.book(self.colour, at="10:00")
        before = self.shown(visit)["phases"]
        self.colour.salon_phase_ids[0].minutes = 45
        self.colour.salon_phase_ids[1].minutes = 20
        self.assertEqual(self.shown(visit)["phases"], before)

    def test_a_day_is_drawn_while_the_branch_is_open(self):
        (branch,) = self.load()["branches"]
        (day,) = branch["days"]
        self.assertEqual(day["date"], DAY)
        self.assertEqual(
            (day["start"], day["stop"]), (self.minute("09:00"), self.minute("18:00"))
        )

    def test_a_late_booking_makes_the_day_longer(self):
        self.book(self.haircut, at="20:30")
        (branch,) = self.load()["branches"]
        self.assertEqual(branch["days"][0]["stop"], self.minute("22:00"))

    def test_what_is_past_midnight_stands_on_the_day_of_its_shift_alone(self):
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": DAY,
                "time_from": 18,
                "time_to": 2,
                "is_published": True,
            }
        )
        friday = THURSDAY + self.days(1)
        late = self.book(self.haircut, at="00:30", date=friday)
        (shown,) = self.load()["appointments"]
        self.assertEqual((shown["visit"], shown["day"]), (late.id, DAY))
        following = self.load(first=str(friday), last=str(friday))
        self.assertEqual({one["day"] for one in following["appointments"]}, {DAY})
        (mia,) = (one for one in following["staff"] if one["id"] == self.mia.id)
        self.assertGreaterEqual(mia["windows"][0][0], self.minute("09:00", friday))
        self.assertEqual(
            following["branches"][0]["days"][0]["start"], self.minute("09:00", friday)
        )

    def test_a_category_has_its_own_colour(self):
        self.category_hair.salon_color = 7
        self.book(self.haircut)
        self.assertEqual(self.load()["appointments"][0]["color"], 7)

    def test_the_team_has_its_hours_breaks_and_sums(self):
        shift = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": 10,
                "time_to": 16,
            }
        )
        shift.break_ids = [Command.create({"time_from": 12, "time_to": 12.5})]
        self.book(self.haircut, at="10:00")
        (mia,) = [one for one in self.load()["staff"] if one["id"] == self.mia.id]
        noon = self.minute("12:00")
        self.assertEqual(mia["breaks"], [(noon, noon + 30)])
        self.assertEqual(
            mia["windows"],
            [(self.minute("10:00"), noon), (noon + 30, self.minute("16:00"))],
        )
        self.assertEqual((mia["work_minutes"], mia["booked_minutes"]), (330, 45))

    def test_who_has_left_keeps_the_column_while_something_is_booked(self):
        self.book(self.haircut, at="10:00", staff=self.oleg)
        for left in ({"active": False}, {"active": True, "is_salon_staff": False}):
            self.oleg.write(left)
            staff = {one["id"] for one in self.load()["staff"]}
            self.assertIn(self.oleg.id, staff, left)
        friday = str(THURSDAY + self.days(1))
        staff = {one["id"] for one in self.load(first=friday, last=friday)["staff"]}
        self.assertNotIn(self.oleg.id, staff)

    def test_time_off_says_so_without_its_reason(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dentist",
                "resource_id": self.mia.resource_id.id,
                "date_from": self.at("09:00"),
                "date_to": self.at("12:00"),
            }
        )
        (mia,) = [one for one in self.load()["staff"] if one["id"] == self.mia.id]
        (off,) = mia["off"]
        self.assertEqual(off[2], "Time off")
        self.assertEqual(mia["windows"][0][0], self.minute("12:00"))

    def test_a_public_holiday_closes_the_day_by_name(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Midsummer",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": self.at("00:00"),
                "date_to": self.at("23:59"),
            }
        )
        (branch,) = self.load()["branches"]
        self.assertEqual(branch["days"][0]["closed"], "Midsummer")

    def test_blocked_time_stands_in_the_column_of_the_person(self):
        self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "kind": "business",
                "note": "Training",
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("13:00"),
                "stop": self.at("14:00"),
            }
        )
        (block,) = self.load()["blocks"]
        self.assertEqual(
            (block["kind"], block["staff"], block["label"]),
            ("block", self.mia.id, "Training"),
        )
        self.assertEqual(block["stop"] - block["start"], 60)

    def test_cancelled_ones_are_not_on_the_board(self):
        visit = self.book(self.haircut)
        visit.appointment_ids._set_state("cancelled", "ill")
        self.assertEqual(self.load()["appointments"], [])

    def test_icons_say_what_the_desk_should_know(self):
        first = self.book(self.haircut, at="10:00", is_requested=True)
        first.note = "Likes it short"
        second = self.book(self.haircut, at="15:00")
        second.appointment_ids.action_confirm()
        visits = self.load()["visits"]
        self.assertEqual(visits[first.id]["icons"], ["new", "requested", "note"])
        self.assertEqual(visits[second.id]["icons"], ["confirmed"])

    def test_who_owes_something_is_marked_at_the_desk_only(self):
        self.checkout(self.book(self.haircut, at="09:00"))
        visit = self.book(self.haircut, at="15:00")
        self.assertIn("debt", self.load()["visits"][visit.id]["icons"])
        self.assertNotIn("debt", self.load(self.stylist)["visits"][visit.id]["icons"])

    def test_what_is_done_and_not_paid_is_marked_until_it_is(self):
        def icons(user=None):
            return self.load(*filter(None, [user]))["visits"][visit.id]["icons"]

        visit = self.book(self.haircut)
        self.assertNotIn("unpaid", icons())
        visit._set_state("done")
        self.assertIn("unpaid", icons())
        self.assertNotIn("unpaid", icons(self.stylist))
        self.checkout_paid(visit)
        self.assertNotIn("unpaid", icons())

    def test_the_desk_sees_the_phone_and_a_stylist_does_not(self):
        visit = self.book(self.haircut)
        at_desk = self.load()["visits"][visit.id]["client"]
        own = self.load(self.stylist)["visits"][visit.id]["client"]
        self.assertEqual(at_desk["phone"], self.anna.phone)
        self.assertNotIn("phone", own)

    def test_a_stylist_sees_the_own_column_and_nothing_of_colleagues(self):
        own = self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="10:00", staff=self.oleg, client=self.bella)
        board = self.load(self.stylist)
        self.assertEqual({one["id"] for one in board["staff"]}, {self.mia.id})
        self.assertEqual(set(board["visits"]), {own.id})
        self.assertEqual((board["waiting"], board["to_move"]), (0, 0))
        self.assertFalse(board["can"]["book"])

    def test_a_clerk_sees_own_branches_only(self):
        other = self.branch.copy({"name": "Other (test)"})
        self.receptionist.salon_branch_ids = other
        self.book(self.haircut)
        board = self.load()
        self.assertEqual([one["id"] for one in board["branches"]], other.ids)
        self.assertEqual(board["appointments"], [])

    def test_of_an_event_in_another_branch_only_the_time_is_told(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "resource_calendar_id": self.calendar.id}
        )
        self.mia.salon_branch_ids |= other
        workshop = self._service("Secret party", 60, [("work", 90)])
        workshop.is_salon_group_service = True
        self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": other.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("15:00"),
            }
        )
        self.receptionist.salon_branch_ids = self.branch
        self.assertIn("Secret party", repr(self.load(self.owner)["blocks"]))
        told = self.load(self.receptionist)["blocks"]
        self.assertNotIn("Secret party", repr(told))
        self.assertIn(self.minute("15:00"), [block["start"] for block in told])

    def test_debts_in_another_company_are_none_here(self):
        visit = self.book(self.haircut)
        other = self.env["res.company"].create({"name": "Another"})
        branch = self.env["salon.branch"].create(
            {
                "name": "There",
                "company_id": other.id,
                "resource_calendar_id": other.resource_calendar_id.id,
            }
        )
        owed = self.env["salon.visit"].create(
            {"branch_id": branch.id, "client_id": self.anna.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE salon_visit SET payment_state = 'not_paid' WHERE id = %s", [owed.id]
        )
        self.assertNotIn("debt", self.load()["visits"][visit.id]["icons"])

    def test_who_has_no_role_sees_no_board(self):
        with self.assertRaises(AccessError):
            self.load(self.portal)

    def test_only_what_is_asked_for_comes_after_a_message(self):
        first = self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="15:00")
        changed = self.board().changed(self.branch.ids, DAY, DAY, first.ids)
        self.assertEqual(set(changed["visits"]), {first.id})
        self.assertEqual(changed["blocks"], [])

    def test_the_number_of_queries_does_not_grow(self):
        day = fields.Date.today() + self.days(1)
        for hour in range(9, 17):
            self.book(self.seated, at=f"{hour:02}:00", date=day)
        span = {"first": str(day), "last": str(day)}
        self.load(**span)
        self.env.invalidate_all()
        # With those of all addons of the suite.
        with self.assertQueryCount(12):
            shown = self.load(**span)
        self.assertEqual(len(shown["appointments"]), 8)

    def test_the_week_sums_up_each_day(self):
        self.book(self.haircut, at="10:00")
        week = self.board().week(self.branch.ids, THURSDAY - timedelta(days=1))
        (mia,) = [one for one in week["staff"] if one["id"] == self.mia.id]
        day = mia["days"][1]
        self.assertEqual(week["days"][1], DAY)
        self.assertEqual(
            (day["work_minutes"], day["booked_minutes"], day["count"]), (540, 45, 1)
        )
        self.assertEqual(day["first"], self.minute("10:00"))

    def test_the_drawer_has_who_waits(self):
        self.env["salon.waitlist.entry"].create(
            {
                "client_id": self.anna.id,
                "branch_id": self.branch.id,
                "product_ids": [Command.set(self.haircut.ids)],
                "wish_ids": [
                    Command.create({"date_from": THURSDAY, "date_to": THURSDAY})
                ],
            }
        )
        drawer = self.board().drawer(self.branch.ids, DAY, DAY, True)
        self.assertEqual(drawer["drawer"]["tab"], "waitlist")
        (entry,) = drawer["drawer"]["rows"]
        self.assertEqual(entry["client"]["name"], "Anna")
        self.assertEqual(entry["services"], ["Haircut"])
        self.assertEqual(entry["wishes"], "12 Jun")
        self.assertTrue(entry["suits"])
        self.assertEqual(self.load()["waiting"], 1)
        self.assertNotIn("drawer", self.load())

    def test_the_drawer_opens_where_it_matters_and_costs_one_query_more(self):
        lost = self.book(self.haircut).appointment_ids
        self.env["salon.displacement"].create(
            {
                "appointment_id": lost.id,
                "staff_id": self.mia.id,
                "start": lost.start,
                "reason": "Time off",
            }
        )
        self.env["salon.waitlist.entry"].create(
            [
                {
                    "client_id": self.anna.id,
                    "branch_id": self.branch.id,
                    "product_ids": [Command.set(self.haircut.ids)],
                    "wish_ids": [
                        Command.create(
                            {
                                "date_from": THURSDAY,
                                "date_to": THURSDAY,
                                "staff_ids": self.mia.ids,
                            }
                        )
                    ],
                }
                for _number in range(5)
            ]
        )
        self.env["salon.walk.in"].create(
            [
                {
                    "branch_id": self.branch.id,
                    "name": name,
                    "product_ids": [Command.set(self.haircut.ids)],
                }
                for name in ("Kenan", "Nur")
            ]
        )
        expected = {"to_move": 1, "walk_ins": 2, "waitlist": 5}
        # Within the days that are worked out ahead.
        day = str(fields.Date.today() + self.days(1))
        for tab, count in expected.items():
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                shown = self.load(first=day, last=day, tab=tab)
                queries = self.env.cr.sql_log_count - before
            self.assertEqual(len(shown["drawer"]["rows"]), count)
            self.assertLessEqual(queries, 12, tab)
        self.assertEqual(self.load(tab=True)["drawer"]["tab"], "to_move")
        (row,) = self.load(tab="to_move")["drawer"]["rows"]
        self.assertEqual(row["client"]["name"], "Anna")
        self.assertEqual(row["staff_id"], self.mia.id)

    def test_with_a_dozen_waiting_it_is_one_request_of_twelve_queries(self):
        # The next Thursday: hours are worked out ahead, and somebody works.
        today = fields.Date.today()
        day = today + self.days(1 + (2 - today.weekday()) % 7)
        self.env["salon.walk.in"].create(
            [
                {
                    "branch_id": self.branch.id,
                    "name": f"Kenan {number}",
                    "product_ids": [Command.set(services.ids)],
                    "staff_id": staff.id,
                }
                for number in range(3)
                for services, staff in (
                    (self.haircut, self.mia),
                    (self.haircut, self.mia[:0]),
                    (self.seated, self.mia[:0]),
                    (self.haircut | self.blowdry, self.mia[:0]),
                )
            ]
        )
        with freeze_time(f"{day} 08:07:00"):
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                shown = self.load(first=day, last=day, tab="walk_ins")
                queries = self.env.cr.sql_log_count - before
        rows = shown["drawer"]["rows"]
        self.assertEqual((len(rows), all(row["expected"] for row in rows)), (12, True))
        self.assertLessEqual(queries, 12)

    def test_new_opening_hours_are_seen_at_once(self):
        def opened():
            (day,) = self.load()["branches"][0]["days"]
            return day["open"]

        lines = self.branch.resource_calendar_id.attendance_ids
        before = opened()
        lines.write({"hour_from": 11})
        self.assertEqual(opened()[0][0], self.minute("11:00"))
        self.assertNotEqual(opened(), before)
        lines.unlink()
        self.assertEqual(opened(), [])


@tagged("post_install", "-at_install")
class TestBoardChanges(BoardCase):
    def test_a_drop_moves_and_undo_puts_back(self):
        visit = self.book(self.haircut, at="10:00")
        before = self.taken_by(visit)
        answer = self.change(visit, start=self.minute("11:00"), staff=self.oleg.id)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)
        self.assertEqual(visit.start, self.at("11:00"))
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        self.assertEqual(self.taken_by(visit), before)

    def test_a_block_can_be_made_longer(self):
        visit = self.book(self.haircut, at="10:00")
        answer = self.change(visit, stop=self.minute("11:15"))
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(visit.appointment_ids.duration_minutes, 75)

    def test_a_taken_time_is_refused_with_reason_and_others(self):
        self.book(self.haircut, at="11:00", client=self.bella)
        visit = self.book(self.haircut, at="15:00")
        answer = self.change(visit, start=self.minute("11:15"))
        self.assertFalse(answer["ok"])
        self.assertIn("Mia is busy until", answer["why"])
        self.assertEqual(len(answer["nearest"]), 3)
        self.assertEqual(answer["may"], "")
        self.assertEqual(visit.start, self.at("15:00"))

    def test_who_does_not_do_the_service_cannot_get_it(self):
        self.oleg.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).unlink()
        visit = self.book(self.haircut, at="10:00")
        answer = self.change(visit, staff=self.oleg.id)
        self.assertIn("Oleg does not do", answer["why"])
        self.assertTrue(
            self.change(visit, self.manager, staff=self.oleg.id, override="trial")["ok"]
        )

    def test_squeezing_in_is_a_right_and_needs_a_reason(self):
        self.book(self.haircut, at="11:00", client=self.bella)
        visit = self.book(self.haircut, at="15:00")
        start = self.minute("11:15")
        refused = self.change(visit, start=start, override="please")
        self.assertFalse(refused["ok"])
        offered = self.change(visit, self.manager, start=start)
        self.assertEqual(offered["may"], "squeeze_in")
        answer = self.change(visit, self.manager, start=start, override="in a hurry")
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(visit.appointment_ids.overlap_reason, "in a hurry")
        self.assertTrue(self.shown(visit)["overlap"])

    def test_a_second_clerk_is_told(self):
        visit = self.book(self.haircut, at="10:00")
        seen = self.shown(visit)
        self.env.cr.execute(
            "UPDATE salon_appointment SET write_date = write_date + interval '1 s' "
            "WHERE id = %s",
            [seen["id"]],
        )
        answer = self.board().change(
            seen["id"], {"start": self.minute("12:00")}, seen["version"]
        )
        self.assertTrue(answer["stale"])
        self.assertIn("was changed meanwhile", answer["why"])
        self.assertIn(visit.id, answer["data"]["visits"])
        self.assertEqual(visit.start, self.at("10:00"))

    def test_what_is_gone_is_said(self):
        visit = self.book(self.haircut, at="10:00")
        seen = self.shown(visit)
        visit.unlink()
        answer = self.board().change(seen["id"], {"staff": False}, seen["version"])
        self.assertIn("deleted", answer["why"])

    def test_dropping_on_a_chair_moves_there_and_stays(self):
        visit = self.book(self.seated, at="10:00")
        self.assertEqual(self.shown(visit)["places"], self.chair_1.ids)
        answer = self.change(visit, facility=self.chair_2.id)
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.shown(visit)["places"], self.chair_2.ids)
        # Who comes later does not push it away.
        other = self.book(self.seated, at="10:00", staff=self.oleg, client=self.bella)
        self.assertEqual(self.shown(other)["places"], self.chair_1.ids)

    def test_a_taken_chair_refuses(self):
        first = self.book(self.seated, at="10:00")
        second = self.book(self.seated, at="10:00", staff=self.oleg, client=self.bella)
        self.assertTrue(self.change(first, facility=self.chair_1.id)["ok"])
        answer = self.change(second, facility=self.chair_1.id)
        self.assertFalse(answer["ok"])

    def test_a_wanted_chair_gives_way_when_the_visit_moves(self):
        first = self.book(self.seated, at="10:00")
        second = self.book(self.seated, at="12:00", staff=self.oleg, client=self.bella)
        for visit in (first, second):
            self.assertTrue(self.change(visit, facility=self.chair_2.id)["ok"])
        answer = self.change(first, start=self.minute("12:00"))
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(self.shown(first)["places"], self.chair_1.ids)

    def test_a_service_that_needs_no_basin_is_not_put_to_one(self):
        visit = self.book(self.seated, at="10:00")
        answer = self.change(visit, facility=self.basin.id)
        self.assertIn("needs no “Basin (test)”", answer["why"])

    def test_a_phase_is_given_to_somebody_else(self):
        visit = self.book(self.colour, at="10:00")
        answer = self.change(visit, phase={"index": 2, "staff": self.oleg.id})
        self.assertTrue(answer["ok"], answer)
        phases = self.shown(visit)["phases"]
        self.assertEqual(phases[0][3], self.mia.id)
        self.assertEqual(phases[2][3], self.oleg.id)
        finish = self.minute("11:05")
        self.assertIn(("Oleg", finish, "finish"), self.taken_by(visit))
        # Mia is free then, Oleg is not.
        self.book(self.haircut, at="10:35", client=self.bella)
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="11:00", staff=self.oleg, client=self.bella)

    def test_a_phase_comes_back_by_undo(self):
        visit = self.book(self.colour, at="10:00")
        before = self.taken_by(visit)
        answer = self.change(visit, phase={"index": 2, "staff": self.oleg.id})
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(self.taken_by(visit), before)

    def test_a_busy_helper_refuses(self):
        visit = self.book(self.colour, at="10:00")
        self.book(self.haircut, at="11:00", staff=self.oleg, client=self.bella)
        answer = self.change(visit, phase={"index": 2, "staff": self.oleg.id})
        self.assertFalse(answer["ok"])
        self.assertFalse(visit.appointment_ids.phase_staff)

    def test_nobody_gets_the_processing(self):
        visit = self.book(self.colour, at="10:00")
        answer = self.change(visit, phase={"index": 1, "staff": self.oleg.id})
        self.assertIn("Nobody is busy in this part", answer["why"])

    def test_answers_say_where_it_could_go(self):
        self.book(self.haircut, at="11:00", staff=self.oleg, client=self.bella)
        visit = self.book(self.haircut, at="10:00")
        answers = self.board().answers(visit.appointment_ids.id)
        oleg = answers["staff"][self.oleg.id]
        self.assertIn(self.minute("10:15"), oleg["starts"])
        self.assertNotIn(self.minute("10:30"), oleg["starts"])
        # Its own time is free for it.
        self.assertIn(self.minute("10:15"), answers["staff"][self.mia.id]["starts"])

    def test_answers_say_why_somebody_never_can(self):
        self.oleg.salon_skill_ids.unlink()
        visit = self.book(self.haircut, at="10:00")
        answers = self.board().answers(visit.appointment_ids.id)
        self.assertIn("does not do", answers["staff"][self.oleg.id]["why"])

    def test_every_drop_that_is_offered_is_taken(self):
        self.book(self.colour, at="11:00", staff=self.oleg, client=self.bella)
        visit = self.book(self.haircut, at="10:00")
        answers = self.board().answers(visit.appointment_ids.id)
        for start in answers["staff"][self.oleg.id]["starts"][::5]:
            answer = self.change(visit, start=start, staff=self.oleg.id)
            self.assertTrue(answer["ok"], answer)

    def test_a_copy_is_a_visit_of_its_own_and_can_be_taken_back(self):
        visit = self.book(self.haircut, at="10:00")
        answer = self.board().book_again(
            visit.appointment_ids.id, {"start": self.minute("14:00")}
        )
        self.assertTrue(answer["ok"], answer)
        copied = self.env["salon.visit"].browse(answer["visits"])
        self.assertNotEqual(copied, visit)
        self.assertEqual(copied.client_id, self.anna)
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertFalse(copied.exists())

    def test_states_go_by_the_table_and_back(self):
        visit = self.book(self.haircut, at="10:00")
        ids = visit.appointment_ids.ids
        answer = self.board().set_state(ids, "arrived")
        self.assertEqual(visit.state, "arrived")
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(visit.state, "booked")
        self.assertFalse(visit.appointment_ids.arrived_at)

    def test_cancelling_needs_a_reason_and_undo_a_right(self):
        visit = self.book(self.haircut, at="10:00")
        visit.appointment_ids.action_confirm()
        ids = visit.appointment_ids.ids
        self.assertFalse(self.board().set_state(ids, "cancelled")["ok"])
        at_desk = self.board().set_state(ids, "cancelled", "ill")
        self.assertFalse(at_desk["undo"])
        self.assertFalse(visit.appointment_ids.occupancy_ids)

    def test_a_manager_takes_a_cancellation_back_exactly(self):
        visit = self.book(self.haircut, at="10:00")
        visit.appointment_ids.action_confirm()
        confirmed_at = visit.appointment_ids.confirmed_at
        before = self.taken_by(visit)
        answer = self.board(self.manager).set_state(
            visit.appointment_ids.ids, "cancelled", "ill"
        )
        self.assertTrue(self.board(self.manager).undo(answer["undo"])["ok"])
        self.assertEqual(visit.state, "confirmed")
        self.assertEqual(visit.appointment_ids.confirmed_at, confirmed_at)
        self.assertFalse(visit.appointment_ids.cancel_reason)
        self.assertEqual(self.taken_by(visit), before)

    def test_undo_is_refused_when_the_time_is_taken_meanwhile(self):
        visit = self.book(self.haircut, at="10:00")
        answer = self.change(visit, start=self.minute("14:00"))
        self.book(self.haircut, at="10:00", client=self.bella)
        back = self.board().undo(answer["undo"])
        self.assertFalse(back["ok"])
        self.assertIn("not free", back["why"])
        self.assertEqual(visit.start, self.at("14:00"))

    def test_undo_is_refused_when_it_was_changed_meanwhile(self):
        visit = self.book(self.haircut, at="10:00")
        answer = self.change(visit, start=self.minute("14:00"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE salon_appointment SET write_date = write_date + interval '1 s' "
            "WHERE visit_id = %s",
            [visit.id],
        )
        self.assertIn("was changed since", self.board().undo(answer["undo"])["why"])

    def later(self):
        """What follows is written by another request."""
        self.env.flush_all()
        now = self.env.cr.now()
        self.addCleanup(setattr, self.env.cr, "_now", now)
        self.env.cr._now = now + timedelta(seconds=1)

    def test_two_changes_of_a_visit_are_taken_back_one_after_the_other(self):
        visit = self.book(self.haircut, at="10:00")
        tokens, undone = [], {}
        for step in (
            lambda: self.change(visit, start=self.minute("11:00")),
            lambda: self.change(visit, staff=self.oleg.id),
            lambda: self.board().set_state(visit.appointment_ids.ids, "arrived"),
        ):
            self.later()
            tokens.append(step()["undo"])
        for token in reversed(tokens):
            self.later()
            answer = self.board().undo(token, undone)
            self.assertTrue(answer["ok"], answer)
            undone |= answer["undone"]
        self.assertEqual(visit.appointment_ids.state, "booked")
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        self.assertEqual(visit.start, self.at("10:00"))

    def test_what_a_colleague_did_in_between_is_not_taken_back_with_it(self):
        visit = self.book(self.haircut, at="10:00")
        self.later()
        first = self.change(visit, start=self.minute("11:00"))
        self.later()
        self.change(visit, self.manager, start=self.minute("12:00"))
        self.later()
        last = self.change(visit, start=self.minute("14:00"))
        self.later()
        back = self.board().undo(last["undo"])
        self.assertTrue(back["ok"], back)
        answer = self.board().undo(first["undo"], back["undone"])
        self.assertIn("was changed since", answer["why"])
        self.assertEqual(visit.start, self.at("12:00"))

    def test_nobody_takes_back_what_others_did(self):
        visit = self.book(self.haircut, at="10:00")
        answer = self.change(visit, start=self.minute("14:00"))
        self.assertFalse(self.board(self.manager).undo(answer["undo"])["ok"])
        self.assertFalse(self.board().undo("nonsense")["ok"])
        self.assertFalse(self.board().undo(False)["ok"])

    def test_a_stylist_changes_no_board(self):
        visit = self.book(self.haircut, at="10:00")
        with self.assertRaises(AccessError):
            self.change(visit, self.stylist, start=self.minute("11:00"))

    def test_a_stylist_starts_own_work_and_none_of_colleagues(self):
        own = self.book(self.haircut, at="10:00")
        other = self.book(self.haircut, staff=self.oleg, client=self.bella)
        board = self.board(self.stylist)
        self.assertTrue(board.set_state(own.appointment_ids.ids, "arrived")["ok"])
        with self.assertRaises(AccessError):
            board.set_state(other.appointment_ids.ids, "arrived")

    def test_what_begins_late_moves_there_where_wanted(self):
        self.branch.moves_to_real_start = True
        visit = self.book(self.haircut, at="10:00")
        with freeze_time(self.at("10:07")):
            answer = self.board().set_state(visit.appointment_ids.ids, "in_service")
            self.assertEqual(visit.start, self.at("10:07"))
            self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(visit.start, self.at("10:00"))
        self.assertEqual(visit.state, "booked")

    def test_it_stays_where_somebody_is_next(self):
        self.branch.moves_to_real_start = True
        visit = self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="10:45", client=self.bella)
        with freeze_time(self.at("10:07")):
            self.board().set_state(visit.appointment_ids.ids, "in_service")
        self.assertEqual((visit.start, visit.state), (self.at("10:00"), "in_service"))

    def test_time_is_blocked_moved_and_given_back(self):
        board = self.board()
        made = board.block(
            {
                "branch": self.branch.id,
                "staff": self.mia.id,
                "start": self.minute("13:00"),
                "stop": self.minute("14:00"),
                "kind": "business",
                "note": "Training",
            }
        )
        self.assertTrue(made["ok"], made)
        block = self.env["salon.block"].browse(made["block"])
        moved = board.block({"id": block.id, "stop": self.minute("15:00")})
        self.assertEqual(block.stop, self.at("15:00"))
        self.assertTrue(board.undo(moved["undo"])["ok"])
        self.assertEqual(block.stop, self.at("14:00"))
        self.assertTrue(board.undo(made["undo"])["ok"])
        self.assertFalse(block.exists())

    def test_a_place_that_the_service_does_not_use_is_not_wanted(self):
        appointment = self.book(self.seated).appointment_ids
        appointment.facility_ids = self.chair_2
        self.assertEqual(appointment.facility_names, "Chair 2 (test)")
        with self.assertRaisesRegex(ValidationError, "needs no “Basin"):
            appointment.facility_ids = self.basin

    def test_who_moves_blocked_time_that_is_gone_is_told(self):
        gone = self.board().block({"id": 10**8, "stop": self.minute("15:00")})
        self.assertTrue(gone["stale"])
        self.assertIn("deleted meanwhile", gone["why"])

    def leave_in_block(self, visit):
        """Mia is blocked all morning around what is booked with her."""
        return self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("09:00"),
                "stop": self.at("12:00"),
                "overlap_reason": "She stays for this one",
            }
        )

    def test_what_is_dragged_out_of_blocked_time_comes_back_by_undo(self):
        visit = self.book(self.haircut)
        self.leave_in_block(visit)
        answer = self.change(visit, start=self.minute("14:00"))
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="10:00", client=self.bella)
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(visit.start, self.at("10:00"))
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="11:00", client=self.bella)

    def test_what_was_blocked_meanwhile_does_not_give_way(self):
        visit = self.book(self.haircut)
        token = self.change(visit, start=self.minute("14:00"))["undo"]
        block = self.leave_in_block(visit)
        later = fields.Datetime.now() + timedelta(minutes=1)
        self.env.cr.execute(
            "UPDATE salon_block SET write_date = %s WHERE id = %s", (later, block.id)
        )
        block.invalidate_recordset()
        self.assertFalse(self.board().undo(token)["ok"])

    def test_undo_gives_back_an_overlap_that_somebody_else_had_permitted(self):
        self.book(self.haircut)
        visit = self.book(
            self.blowdry,
            client=self.bella,
            user=self.manager,
            overlap_reason="A wedding",
        )
        answer = self.change(visit, start=self.minute("14:00"))
        one = visit.appointment_ids
        self.assertFalse(one.overlap_reason)
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(one.start, self.at("10:00"))
        self.assertEqual(one.overlap_reason, "A wedding")
        self.assertEqual(one.overlap_user_id, self.manager)

    @freeze_time("2031-06-12 08:10:00")
    def test_what_has_begun_is_not_dragged_into_the_future(self):
        visit = self.book(self.haircut)
        visit.action_start()
        answer = self.change(visit, start=self.minute("15:00"))
        self.assertIn("has begun already", answer["why"])
        self.assertTrue(self.change(visit, start=self.minute("10:05"))["ok"])

    def test_of_a_block_of_several_one_person_gives_it_to_another(self):
        third = self.env["hr.employee"].create(
            {
                "name": "Nina",
                "is_salon_staff": True,
                "salon_branch_ids": self.branch.ids,
            }
        )
        board = self.board()
        block = self.env["salon.block"].browse(
            board.block(
                {
                    "branch": self.branch.id,
                    "staff": self.mia.id,
                    "start": self.minute("13:00"),
                    "stop": self.minute("14:00"),
                }
            )["block"]
        )
        block.staff_ids |= self.oleg
        seen = [self.minute("13:00"), self.minute("14:00")]
        moved = board.block(
            {"id": block.id, "seen": seen, "from": self.mia.id, "staff": third.id}
        )
        self.assertTrue(moved["ok"], moved)
        self.assertEqual(block.staff_ids, self.oleg | third)

    def test_a_second_clerk_is_told_of_blocked_time_that_was_moved(self):
        board = self.board()
        made = board.block(
            {
                "branch": self.branch.id,
                "staff": self.mia.id,
                "start": self.minute("13:00"),
                "stop": self.minute("14:00"),
            }
        )
        seen = [self.minute("13:00"), self.minute("14:00")]
        values = {"id": made["block"], "seen": seen, "start": self.minute("13:30")}
        self.assertTrue(board.block(values)["ok"])
        second = board.block({**values, "stop": self.minute("15:00")})
        self.assertTrue(second["stale"])
        self.assertIn("changed meanwhile", second["why"])

    @freeze_time("2031-06-12 07:40:00")
    def test_what_began_early_goes_back_to_its_time_by_undo(self):
        visit = self.book(self.haircut)
        visit.action_start()
        answer = self.change(visit, start=self.minute("09:40"))
        self.assertTrue(self.board().undo(answer["undo"])["ok"])
        self.assertEqual(visit.start, self.at("10:00"))

    def test_what_is_booked_is_named_when_blocking(self):
        self.book(self.haircut, at="13:00")
        refused = self.board().block(
            {
                "branch": self.branch.id,
                "staff": self.mia.id,
                "start": self.minute("13:00"),
                "stop": self.minute("14:00"),
                "kind": "business",
            }
        )
        self.assertIn("Anna", refused["why"])


@tagged("post_install", "-at_install")
class TestBoardLive(BoardCase):
    def told(self):
        """What boards of the branch are told at the commit."""
        sent = []
        bus = type(self.env["bus.bus"])
        with patch.object(
            bus,
            "_sendone",
            lambda _self, target, kind, message: sent.append((target, kind, message)),
        ):
            self.env.cr.precommit.run()
        return [
            message
            for target, kind, message in sent
            if kind == "salon.board" and target == (self.branch, "board")
        ]

    def test_one_message_with_ids_only(self):
        self.told()
        visit = self.book(self.haircut, user=self.receptionist)
        visit.appointment_ids.action_confirm()
        (message,) = self.told()
        self.assertEqual(message["visits"], visit.ids)
        self.assertEqual(message["days"], [DAY])
        self.assertFalse(message["hours"])
        self.assertNotIn("Anna", str(message))

    def test_the_day_after_learns_of_what_ends_past_midnight(self):
        visit = self.book(self.haircut, at="23:30")
        self.told()
        visit.appointment_ids.action_confirm()
        (message,) = self.told()
        self.assertEqual(message["days"], [DAY, str(THURSDAY + self.days(1))])

    def test_each_day_of_a_long_block_is_told(self):
        self.told()
        block = self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("12:00"),
                "stop": self.at("11:00", THURSDAY + self.days(2)),
            }
        )
        days = [str(THURSDAY + self.days(count)) for count in range(3)]
        self.assertEqual(self.told()[0]["days"], days)
        block.note = "Training"
        self.assertEqual(self.told()[0]["days"], days)

    def test_both_days_learn_of_a_move(self):
        visit = self.book(self.haircut)
        self.told()
        visit.appointment_ids.start = self.at("10:00", THURSDAY + self.days(1))
        (message,) = self.told()
        self.assertEqual(message["days"], [DAY, str(THURSDAY + self.days(1))])

    def test_blocked_time_is_told(self):
        self.told()
        self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "kind": "business",
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("13:00"),
                "stop": self.at("14:00"),
            }
        )
        (message,) = self.told()
        self.assertTrue(message["blocks"])

    def test_a_shift_is_told(self):
        self.told()
        day = fields.Date.today() + self.days(1)
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": day,
                "time_from": 10,
                "time_to": 16,
            }
        )
        (message,) = self.told()
        self.assertTrue(message["hours"])
        self.assertEqual(message["days"], [str(day)])

    def test_deleting_is_told(self):
        visit = self.book(self.haircut)
        self.told()
        ids = visit.ids
        visit.unlink()
        (message,) = self.told()
        self.assertEqual(message["visits"], ids)

    def test_messages_go_into_the_bus_before_the_commit(self):
        self.book(self.haircut)
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([], order="id desc", limit=5)
        self.assertTrue(
            any("salon.board" in (message.message or "") for message in sent)
        )

    def test_only_the_branch_may_listen(self):
        other = self.branch.copy({"name": "Other (test)"})
        self.receptionist.salon_branch_ids = other
        asked = [f"salon.board_{self.branch.id}", f"salon.board_{other.id}", "else"]
        self.assertEqual(self.board()._open_channels(asked), ["else", (other, "board")])
        self.assertEqual(self.board(self.portal)._open_channels(asked), ["else"])
