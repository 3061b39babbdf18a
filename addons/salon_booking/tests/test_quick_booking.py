from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged, users
from odoo.tools import SQL

from ..engine import clock
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestFindClients(SalonCase):
    """Clients are found while typing, on any PostgreSQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.partner_id = cls.env["res.partner"].create(
            {"name": "Salon", "country_id": cls.env.ref("base.az").id}
        )
        cls.cinare = cls._client("Çinarə Əliyeva Zq", "+994 50 123 45 67")
        cls.ismayil = cls._client("İSMAYIL Zqışıq", "+994 55 765 43 21")
        cls.alyona = cls._client("Алёна Зщайковская", "+7 912 345 67 89")

    @classmethod
    def _client(cls, name, phone=False, **values):
        return cls.env["res.partner"].create({"name": name, "phone": phone, **values})

    def find(self, typed, user=None):
        service = self.env["salon.clients"].with_user(user or self.receptionist)
        return list(service._find(typed)[0].mapped("name"))

    def test_names_are_found_without_accents_in_any_order(self):
        for typed in ("cinare zq", "zq ÇİNARƏ", "eliy cin zq", "  Zq,cin "):
            with self.subTest(typed=typed):
                self.assertEqual(self.find(typed), ["Çinarə Əliyeva Zq"])

    def test_dotted_and_dotless_i_are_the_same(self):
        for typed in ("ismayıl zq", "ISMAYIL ZQIŞIQ", "i\u0307smayil zqi"):
            with self.subTest(typed=typed):
                self.assertEqual(self.find(typed), ["İSMAYIL Zqışıq"])

    def test_cyrillic_is_found_with_and_without_its_dots(self):
        for typed in ("алена зщ", "ЗЩАЙ АЛЁ", "зщаик"):
            with self.subTest(typed=typed):
                self.assertEqual(self.find(typed), ["Алёна Зщайковская"])

    def test_a_part_in_the_middle_of_a_word_is_not_enough(self):
        self.assertFalse(self.find("inare zq"))

    def test_a_number_is_found_by_both_ends_in_any_notation(self):
        for typed in ("0501234567", "050 123 45 67", "+99450123", "1234567", "45-67"):
            with self.subTest(typed=typed):
                self.assertIn("Çinarə Əliyeva Zq", self.find(typed))

    def test_a_name_and_the_end_of_a_number_narrow_each_other(self):
        self._client("Çinarə Zq", "+994 50 999 99 99")
        self.assertEqual(len(self.find("cinare zq")), 2)
        self.assertEqual(self.find("cinare 0501234567"), ["Çinarə Əliyeva Zq"])

    def test_who_came_last_comes_first(self):
        first, second = self._client("Zqtwin A"), self._client("Zqtwin B")
        self.assertEqual(self.find("zqtwin"), ["Zqtwin A", "Zqtwin B"])
        self.book(self.haircut, client=first)
        self.book(self.haircut, client=second, at="12:00")
        self.assertEqual(self.find("zqtwin"), ["Zqtwin B", "Zqtwin A"])

    def test_a_whole_word_comes_before_its_beginning(self):
        self.book(self.haircut, client=self._client("Zqannabelle"))
        self._client("Zqanna")
        self.assertEqual(self.find("zqanna"), ["Zqanna", "Zqannabelle"])

    def test_nothing_odd_that_is_typed_fails(self):
        for typed in (
            "",
            " ",
            "'",
            "a",
            "\\",
            "':*",
            "a' | b",
            "%",
            "\0",
            "()!&|<->:*",
        ):
            with self.subTest(typed=typed):
                self.assertIsInstance(self.find(typed), list)

    def test_endless_names_can_be_kept_and_found(self):
        self._client("Zqend" + "x" * 5000)
        self.assertEqual(len(self.find("zqendxx")), 1)

    def test_archived_and_foreign_contacts_are_not_found(self):
        self._client("Zqgone", active=False)
        other = self.env["res.company"].create({"name": "Other"})
        self._client("Zqforeign", company_id=other.id)
        self.assertFalse(self.find("zqgone"))
        self.assertFalse(self.find("zqforeign"))

    @users("test_receptionist")
    def test_only_the_end_of_the_number_is_shown(self):
        found = self.env["salon.quick.booking"].find_clients("cinare zq")
        (shown,) = found["clients"]
        self.assertEqual(shown["phone"], "··4567")
        self.assertNotIn("123 45", str(shown))

    def test_names_and_numbers_are_answered_by_an_index(self):
        service = self.env["salon.clients"].with_user(self.receptionist)
        self.env.flush_all()
        # The few contacts of a test fit on one page, which is cheaper to read whole.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for typed, index in (
            ("ann be", "salon_name_words_idx"),
            ("+99450123", "salon_phone_first_digits_idx"),
            ("4567", "salon_phone_last_digits_idx"),
        ):
            with self.subTest(typed=typed):
                query = service._sql_ranked(*service._condition(typed), 9)
                rows = service.env.execute_query(SQL("EXPLAIN %s", query))
                plan = "\n".join(line for (line,) in rows)
                self.assertIn(index, plan)

    def test_the_number_of_queries_does_not_grow_with_the_clients_found(self):
        def count(typed):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            service = self.env["salon.quick.booking"].with_user(self.receptionist)
            found = service.find_clients(typed)
            return self.env.cr.sql_log_count - before, len(found["clients"])

        self._client("Zqone")
        for number in range(8):
            self._client(f"Zqmany {number}")
        count("zqone")
        one, many = count("zqone"), count("zqmany")
        self.assertEqual((one[1], many[1]), (1, 8))
        self.assertEqual(one[0], many[0])


@tagged("post_install", "-at_install")
@freeze_time("2031-06-12 06:00:00")
class TestQuickBooking(SalonCase):
    """What the desk sees and books in a few seconds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receptionist.salon_branch_ids = cls.branch

    def desk(self, user=None):
        return self.env["salon.quick.booking"].with_user(user or self.receptionist)

    def wish(self, *services, at=None, client=None, staff=None, **values):
        return {
            "branch": self.branch.id,
            "client": (self.anna if client is None else client).id,
            "services": [
                [service.id, staff.id if staff else False] for service in services
            ],
            "start": clock.to_minutes(self.at(at)) if at else False,
            "date": str(THURSDAY),
            **values,
        }

    def book_offer(self, wish, key="k1", **values):
        offer = self.desk().answer(wish)["offer"]
        return self.desk().book(wish, offer["parts"], key, **values)

    def visit(self, answer):
        return self.env["salon.visit"].browse(answer["visit"])

    def test_it_opens_with_what_can_be_booked_here(self):
        ready = self.desk().prepare(self.branch.id)
        names = {service["name"] for service in ready["services"]}
        self.assertLessEqual({"Haircut", "Blow-dry", "Colour"}, names)
        self.assertEqual({one["name"] for one in ready["staff"]}, {"Mia", "Oleg"})
        self.assertEqual(ready["today"], str(THURSDAY))

    def test_the_same_service_by_two_people_is_booked_as_shown(self):
        wish = self.wish(self.haircut, at="10:00", staff=self.mia)
        wish["services"].append([self.haircut.id, self.oleg.id])
        visit = self.visit(self.book_offer(wish))
        self.assertEqual(
            [one.staff_id for one in visit.appointment_ids.sorted("start")],
            [self.mia, self.oleg],
        )

    def test_a_free_time_is_shown_with_its_end_and_price(self):
        offer = self.desk().answer(self.wish(self.haircut, at="10:00"))["offer"]
        self.assertEqual(offer["stop"], clock.to_minutes(self.at("10:45")))
        self.assertEqual(offer["minutes"], 45)
        self.assertEqual(offer["price"], self.company.currency_id.format(50))

    def test_the_price_agreed_with_the_client_is_shown(self):
        self.env["salon.client.timing"].create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.haircut.product_tmpl_id.id,
                "extra_minutes": 15,
                "price": 35,
            }
        )
        wish = self.wish(self.haircut, at="10:00")
        offer = self.desk().answer(wish)["offer"]
        self.assertEqual(offer["minutes"], 60)
        self.assertEqual(offer["price"], self.company.currency_id.format(35))
        visit = self.visit(self.book_offer(wish))
        self.assertEqual(visit.appointment_ids.price, 35)

    def test_a_minute_off_the_grid_can_be_booked(self):
        visit = self.visit(self.book_offer(self.wish(self.haircut, at="10:07")))
        self.assertEqual(visit.start, self.at("10:07"))
        self.assertEqual(visit.client_id, self.anna)
        self.assertFalse(visit.appointment_ids.is_requested)

    def test_who_was_asked_for_by_name_is_noted(self):
        wish = self.wish(self.haircut, at="10:00", staff=self.oleg)
        appointment = self.visit(self.book_offer(wish)).appointment_ids
        self.assertEqual(appointment.staff_id, self.oleg)
        self.assertTrue(appointment.is_requested)

    def test_a_taken_time_says_why_and_names_the_nearest(self):
        self.book(self.haircut, at="10:00", staff=self.mia, client=self.bella)
        answer = self.desk().answer(self.wish(self.haircut, at="10:15", staff=self.mia))
        self.assertFalse(answer["offer"])
        self.assertIn("Mia is busy until", answer["texts"][0])
        starts = [time["start"] for time in answer["times"]]
        self.assertIn(clock.to_minutes(self.at("10:45")), starts)

    def test_without_a_time_the_free_times_of_the_day_are_shown(self):
        times = self.desk().answer(self.wish(self.haircut, self.blowdry))["times"]
        self.assertEqual(times[0]["start"], clock.to_minutes(self.at("09:00")))
        self.assertEqual(times[0]["minutes"], 75)

    def test_sent_twice_it_is_booked_once(self):
        wish = self.wish(self.haircut, at="10:00")
        offer = self.desk().answer(wish)["offer"]
        first = self.desk().book(wish, offer["parts"], "k1")
        self.assertEqual(self.desk().book(wish, offer["parts"], "k1"), first)

    def test_somebody_new_needs_a_name_and_a_phone_and_is_added_once(self):
        nobody = self.env["res.partner"]
        wish = self.wish(self.haircut, at="10:00", client=nobody)
        new = {"name": " Dora  Dee ", "phone": "0470 12 34 99"}
        self.branch.partner_id = self.env["res.partner"].create(
            {"name": "Salon", "country_id": self.env.ref("base.be").id}
        )
        offer = self.desk().answer(wish)["offer"]
        first = self.desk().book(wish, offer["parts"], "k1", client=new)
        again = self.desk().book(wish, offer["parts"], "k1", client=new)
        self.assertEqual(first, again)
        dora = self.visit(first).client_id
        self.assertEqual((dora.name, dora.phone), ("Dora Dee", "+32 470 12 34 99"))
        self.assertEqual(
            self.env["res.partner"].search_count([("name", "=", "Dora Dee")]), 1
        )

    def test_a_refused_booking_adds_no_client(self):
        nobody = self.env["res.partner"]
        wish = self.wish(self.haircut, at="10:00", client=nobody, staff=self.mia)
        offer = self.desk().answer(wish)["offer"]
        self.book(self.haircut, at="10:00", staff=self.mia, client=self.bella)
        new = {"name": "Dora Dee", "phone": ""}
        answer = self.desk().book(wish, offer["parts"], "k1", client=new)
        self.assertTrue(answer["texts"])
        self.assertTrue(answer["times"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Dora Dee")]))

    def test_what_was_shown_is_booked_and_nothing_else(self):
        wish = self.wish(self.haircut, at="10:00")
        offer = self.desk().answer(wish)["offer"]
        parts = [[self.colour.id, *offer["parts"][0][1:]]]
        self.assertNotIn("visit", self.desk().book(wish, parts, "k1"))

    def test_the_same_as_last_time_is_one_choice(self):
        self.book(self.haircut, date=THURSDAY - self.days(40), is_requested=True)
        self.book(self.blowdry, date=THURSDAY - self.days(20), staff=self.oleg)
        self.book(self.blowdry, date=THURSDAY - self.days(10), client=self.bella)
        last, before = self.desk().recall(self.branch.id, self.anna.id)
        self.assertEqual(last["services"], [[self.blowdry.id, False]])
        self.assertEqual(before["services"], [[self.haircut.id, self.mia.id]])

    def test_a_service_is_added_to_a_visit(self):
        visit = self.book(self.haircut, at="10:00")
        wish = self.wish(self.blowdry, at="10:45")
        self.book_offer(wish, visit_id=visit.id)
        self.assertEqual(visit.appointment_ids.product_id, self.haircut | self.blowdry)

    def test_nothing_is_added_to_a_visit_that_was_cancelled(self):
        visit = self.book(self.haircut, at="10:00")
        wish = self.wish(self.blowdry, at="10:45")
        parts = self.desk().answer(wish)["offer"]["parts"]
        visit.appointment_ids._set_state("cancelled", "ill")
        with self.assertRaisesRegex(UserError, "Book a new visit"):
            self.desk().book(wish, parts, "k1", visit_id=visit.id)

    def test_a_rule_about_the_client_warns_at_once(self):
        self.anna.salon_needs_approval = True
        answer = self.desk().answer(self.wish(self.haircut, at="10:00"))
        self.assertTrue(answer["warnings"])
        self.assertTrue(answer["offer"])

    def test_against_the_rules_needs_a_reason_and_the_right(self):
        self.haircut.product_tmpl_id.salon_needs_package = True
        wish = self.wish(self.haircut, at="10:00", override="Agreed on the phone")
        self.assertFalse(self.desk().answer(wish)["offer"])
        answer = self.desk(self.manager).answer(wish)
        self.assertTrue(answer["offer"])
        booked = self.desk(self.manager).book(wish, answer["offer"]["parts"], "k1")
        self.assertEqual(self.visit(booked).override_reason, "Agreed on the phone")

    def test_add_ons_follow_their_service(self):
        mask = self._service("Mask", 15, [("work", 15)])
        mask.product_tmpl_id.is_salon_addon = True
        self.blowdry.product_tmpl_id.salon_addon_ids = mask.product_tmpl_id
        (self.mia | self.oleg).write(
            {
                "salon_skill_ids": [
                    Command.create({"product_tmpl_id": mask.product_tmpl_id.id})
                ]
            }
        )
        wish = self.wish(self.blowdry, at="10:00", addons=mask.ids)
        visit = self.visit(self.book_offer(wish))
        self.assertEqual(visit.appointment_ids.product_id, self.blowdry | mask)
        with freeze_time("2031-06-12 20:00:00"):
            (last,) = self.desk().recall(self.branch.id, self.anna.id)
        self.assertEqual(last["addons"], mask.ids)

    def test_stylists_and_others_have_no_quick_booking(self):
        wish = self.wish(self.haircut, at="10:00")
        for user in (self.stylist, self.portal):
            desk = self.desk(user)
            for call in (
                lambda desk: desk.prepare(self.branch.id),
                lambda desk: desk.find_clients("anna"),
                lambda desk: desk.recall(self.branch.id, self.anna.id),
                lambda desk: desk.answer(wish),
                lambda desk: desk.book(wish, [], "k1"),
                lambda desk: desk.wait(wish),
            ):
                with self.assertRaises(AccessError):
                    call(desk)

    def test_other_branches_cannot_be_booked(self):
        other = self.env["salon.branch"].create({"name": "Elsewhere"})
        wish = {**self.wish(self.haircut, at="10:00"), "branch": other.id}
        with self.assertRaises(AccessError):
            self.desk().answer(wish)


@tagged("post_install", "-at_install")
class TestQuickBookingTours(SalonCase, HttpCase):
    """A regular client, and somebody new, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        cls.blowdry.name = "Blow-dry of the Tour"
        cls.receptionist.salon_branch_ids = cls.branch
        cls.clara = cls.env["res.partner"].create(
            {"name": "Clara of the Tour", "phone": "+32 470 12 34 57"}
        )
        cls.branch.partner_id = cls.env["res.partner"].create(
            {"name": "Salon", "country_id": cls.env.ref("base.be").id}
        )

    def visits_of(self, name):
        return self.env["salon.visit"].search(
            [("client_id.name", "=", name), ("business_date", ">=", self.today)]
        )

    def test_a_regular_client_is_booked_by_keyboard_alone(self):
        self.book(
            self.haircut,
            client=self.clara,
            date=self.today - self.days(1),
            is_requested=True,
        )
        self.start_tour(
            "/odoo/salon-today",
            "salon_quick_booking_by_keyboard",
            login="test_receptionist",
        )
        appointment = self.visits_of("Clara of the Tour").appointment_ids
        self.assertEqual(appointment.product_id, self.haircut)
        self.assertEqual(appointment.staff_id, self.mia)

    def test_somebody_new_is_booked_with_name_and_phone(self):
        self.book(
            self.haircut,
            at="09:00",
            staff=self.oleg,
            client=self.bella,
            date=self.today + self.days(1),
            duration_minutes=540,
        )
        self.start_tour(
            "/odoo/salon-today",
            "salon_quick_booking_new_client",
            login="test_receptionist",
        )
        visit = self.visits_of("Dora")
        self.assertEqual(visit.client_id.phone, "+32 470 99 88 77")
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)
