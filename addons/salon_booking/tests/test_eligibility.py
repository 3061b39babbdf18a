from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..engine import clock
from ..exceptions import NotEligible
from .common import THURSDAY, SalonCase


class EligibilityCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patch_test = cls._service("Patch test", 0, [("work", 10)])
        cls.consultation = cls._service("Consultation", 0, [("work", 15)])
        cls.eligibility = cls.env["salon.eligibility"]
        for person in cls.mia | cls.oleg:
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                for service in cls.patch_test | cls.consultation
            ]

    @classmethod
    def rule(cls, service, **values):
        service.product_tmpl_id.write(
            {f"salon_{name}": value for name, value in values.items()}
        )

    @classmethod
    def had(cls, service, days_ago, client=None, state="done"):
        """History of a client, brought in from other software."""
        return cls.env["salon.visit"].create(
            {
                "client_id": (client or cls.anna).id,
                "branch_id": cls.branch.id,
                "is_history": True,
                "source": "import",
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "staff_id": cls.mia.id,
                            "start": cls.at("10:00", THURSDAY - cls.days(days_ago)),
                            "state": state,
                        }
                    )
                ],
            }
        )

    def check(self, *services, client=None, channel="desk", date=THURSDAY, **options):
        templates = self.env["product.template"].union(
            *(service.product_tmpl_id for service in services)
        )
        return self.eligibility._check(
            self.anna if client is None else client,
            templates,
            clock.to_minutes(self.at("10:00", date)),
            channel,
            branch=self.branch,
            **options,
        )

    def codes(self, *services, **options):
        return [refusal.code for refusal in self.check(*services, **options)]

    def need_patch_test(self, kind="hard"):
        self.rule(
            self.colour,
            patch_test=kind,
            patch_test_id=self.patch_test.product_tmpl_id.id,
        )

    def tested(self, days_ago=10, **values):
        return self.env["salon.patch.test"].create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.patch_test.product_tmpl_id.id,
                "tested_at": self.at("10:00", THURSDAY - self.days(days_ago)),
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestEligibility(EligibilityCase):
    def test_imported_history_makes_a_client_a_returning_one(self):
        self.rule(self.haircut, clients="returning")
        self.assertEqual(self.codes(self.haircut), ["returning_only"])
        self.had(self.blowdry, 100)
        self.assertEqual(self.codes(self.haircut), [])

    def test_a_missed_visit_makes_nobody_a_returning_client(self):
        self.rule(self.haircut, clients="returning")
        self.had(self.blowdry, 100, state="no_show")
        self.assertEqual(self.codes(self.haircut), ["returning_only"])

    def test_a_refill_is_counted_from_its_base_services(self):
        self.rule(
            self.blowdry,
            max_days=28,
            base_service_ids=[Command.set(self.colour.product_tmpl_id.ids)],
        )
        self.assertEqual(self.codes(self.blowdry), ["base_missing"])
        self.had(self.colour, 29)
        self.assertEqual(self.codes(self.blowdry), ["too_late"])
        self.had(self.colour, 28)
        self.assertEqual(self.codes(self.blowdry), [])

    def test_colour_needs_a_patch_test_without_a_reaction(self):
        self.need_patch_test()
        self.assertEqual(self.codes(self.colour), ["patch_missing"])
        test = self.tested()
        self.assertEqual(self.codes(self.colour), [])
        test.result = "reaction"
        self.assertEqual(self.codes(self.colour), ["patch_reaction"])

    def test_a_test_that_was_done_is_noted_on_the_client(self):
        self.need_patch_test()
        day = THURSDAY - self.days(3)
        visit = self.book(self.patch_test, date=day)
        visit._set_state("done")
        test = self.anna.salon_patch_test_ids
        self.assertEqual(test.tested_at, visit.start)
        self.assertEqual(test.staff_id, self.mia)
        self.assertEqual(self.codes(self.colour), [])
        visit.action_reopen()
        self.assertFalse(self.anna.salon_patch_test_ids)

    def test_a_test_is_good_as_long_as_the_services_say(self):
        self.need_patch_test()
        self.rule(self.colour, patch_valid_days=90)
        test = self.tested(10)
        self.assertEqual(test.valid_until, THURSDAY + self.days(80))
        self.rule(self.colour, patch_valid_days=0)
        self.assertFalse(self.tested(5).valid_until)

    def test_a_consultation_in_the_same_visit_is_enough(self):
        self.rule(self.haircut, consultation_id=self.consultation.product_tmpl_id.id)
        self.assertEqual(self.codes(self.haircut), ["consultation_missing"])
        self.assertEqual(self.codes(self.consultation, self.haircut), [])

    def test_who_left_no_name_has_no_history(self):
        self.rule(self.haircut, clients="returning")
        nobody = self.env["res.partner"]
        self.assertEqual(self.codes(self.haircut, client=nobody), ["returning_only"])

    def test_a_package_is_asked_of_whoever_keeps_packages(self):
        self.rule(self.haircut, needs_package=True)
        self.assertEqual(self.codes(self.haircut), ["package_missing"])
        self.patch(
            self.env.registry["res.partner"],
            "_get_salon_package_services",
            lambda partners, templates: dict.fromkeys(partners.ids, templates),
        )
        self.assertEqual(self.codes(self.haircut), [])

    def test_who_has_to_ask_is_warned_about_at_the_desk_and_refused_online(self):
        self.anna.salon_needs_approval = True
        for channel, is_hard in (("desk", False), ("web", True), ("api", True)):
            (refusal,) = self.check(self.haircut, channel=channel)
            self.assertEqual(refusal.is_hard, is_hard)

    def test_a_rule_costs_the_same_for_one_service_and_for_five(self):
        self.need_patch_test()
        self.rule(self.colour, min_days=1)
        services = [self.colour]
        for number in range(4):
            service = self._service(f"Service {number}", 1, [("work", 5)])
            self.rule(service, clients="returning", min_days=1)
            services.append(service)
        self.had(self.blowdry, 30)
        self.env["salon.debt.policy"]._find(self.branch)
        counts = []
        for asked in (services[:1], services):
            templates = self.env["product.template"].browse(
                [service.product_tmpl_id.id for service in asked]
            )
            start = clock.to_minutes(self.at("10:00"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.eligibility._check(self.anna, templates, start, branch=self.branch)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 6)

    def test_facts_of_many_clients_and_services_are_loaded_at_once(self):
        self.need_patch_test()
        self.rule(self.haircut, clients="returning")
        templates = (self.colour | self.haircut).product_tmpl_id
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(10)]
        )
        counts = []
        for asked, who in ((templates[:1], clients[:1]), (templates, clients)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rules = self.eligibility._rules(asked)
            self.eligibility._facts(who, rules.values())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 6)

    def test_without_rules_no_history_is_read(self):
        asked = []
        self.patch(
            self.env.registry["salon.eligibility"],
            "_bookings",
            lambda service, clients: asked.append(clients),
        )
        self.assertEqual(self.codes(self.haircut), [])
        self.assertFalse(asked)

    @freeze_time("2031-06-10 08:00:00")
    def test_the_search_learns_from_when_to_when(self):
        self.rule(self.haircut, min_days=14, max_days=28)
        self.had(self.haircut, 10)
        refusals, earliest, latest = self.eligibility._bounds(
            self.anna, self.haircut.product_tmpl_id, branch=self.branch
        )
        self.assertFalse(refusals)
        last = THURSDAY - self.days(10)
        zone = self.branch.tz
        self.assertEqual(earliest, clock.day_bounds(last + self.days(14), zone)[0])
        self.assertEqual(latest, clock.day_bounds(last + self.days(28), zone)[1] - 1)

    @freeze_time("2031-06-10 08:00:00")
    def test_the_search_learns_that_nothing_can_be_had(self):
        self.need_patch_test()
        refusals, earliest, latest = self.eligibility._bounds(
            self.anna, self.colour.product_tmpl_id, branch=self.branch
        )
        self.assertEqual([refusal.code for refusal in refusals], ["patch_missing"])
        self.assertEqual((earliest, latest), (None, None))

    @freeze_time("2031-06-10 08:00:00")
    def test_without_rules_the_search_is_not_bound(self):
        bounds = self.eligibility._bounds(self.anna, self.haircut.product_tmpl_id)
        self.assertEqual(bounds, ([], None, None))


@tagged("post_install", "-at_install")
class TestEligibleBooking(EligibilityCase):
    """The rules hold however something is booked."""

    def book_as(self, user, service=None, **values):
        return self.book(service or self.colour, user=user, **values)

    def test_the_desk_is_told_the_rule_and_the_next_step(self):
        self.need_patch_test()
        with self.assertRaises(NotEligible) as refused:
            self.book_as(self.receptionist)
        message = str(refused.exception)
        self.assertIn("Anna", message)
        self.assertIn("Patch test", message)
        self.assertIn("override", message)
        self.assertEqual(refused.exception.refusals[0].code, "patch_missing")

    def test_an_appointment_added_in_the_form_is_judged_too(self):
        self.need_patch_test()
        visit = self.book_as(self.receptionist, self.haircut)
        with self.assertRaises(NotEligible):
            visit.appointment_ids = [
                Command.create(
                    {"product_id": self.colour.id, "start": self.at("12:00")}
                )
            ]
        appointment = visit.appointment_ids[0]
        with self.assertRaises(NotEligible):
            appointment.product_id = self.colour

    def test_another_client_on_the_visit_is_judged(self):
        self.rule(self.haircut, clients="new")
        self.had(self.blowdry, 50, client=self.bella)
        visit = self.book_as(self.receptionist, self.haircut)
        with self.assertRaises(NotEligible):
            visit.client_id = self.bella

    def test_a_cancelled_visit_is_judged_when_it_is_reopened(self):
        self.receptionist.group_ids |= self.env.ref("salon_booking.group_salon_undo")
        visit = self.book_as(self.receptionist)
        visit._set_state("cancelled")
        self.need_patch_test()
        with self.assertRaises(NotEligible), self.env.cr.savepoint():
            visit.action_reopen()
        own = visit.with_user(self.manager)
        own.override_reason = "Tested at her doctor's"
        own.action_reopen()
        self.assertEqual(visit.state, "booked")

    def test_a_slip_of_the_desk_is_taken_back_without_being_judged(self):
        visit = self.book_as(self.receptionist)
        self.need_patch_test()
        self.receptionist.group_ids |= self.env.ref("salon_booking.group_salon_undo")
        visit._set_state("cancelled")
        appointment = visit.appointment_ids
        appointment._take_back_state({str(appointment.id): {"state": "booked"}})
        self.assertEqual(visit.state, "booked")

    def test_a_soft_rule_warns_and_books(self):
        self.need_patch_test("soft")
        visit = self.book_as(self.receptionist)
        self.assertIn("needs “Patch test” first", visit.rule_warnings)
        self.assertFalse(visit.is_against_rules)

    def test_a_warning_is_gone_when_nothing_speaks_against_it(self):
        self.assertFalse(self.book_as(self.receptionist).rule_warnings)

    def test_a_manager_overrides_with_a_reason_and_it_is_recorded(self):
        self.need_patch_test()
        visit = (
            self.env["salon.booking"]
            .with_user(self.manager)
            ._book(
                self.branch,
                self.anna,
                [{"product_id": self.colour.id, "start": self.at("10:00")}],
                override_reason="Tested at her doctor's",
            )
        )
        self.assertEqual(visit.override_user_id, self.manager)
        self.assertEqual(visit.override_reason, "Tested at her doctor's")
        self.assertTrue(visit.is_against_rules)
        visit.override_reason = False
        self.assertFalse(visit.override_user_id)

    def test_a_blank_reason_is_none(self):
        self.need_patch_test()
        with self.assertRaises(NotEligible):
            self.env["salon.visit"].with_user(self.manager).create(
                {
                    "client_id": self.anna.id,
                    "branch_id": self.branch.id,
                    "override_reason": "  ",
                    "appointment_ids": [
                        Command.create(
                            {"product_id": self.colour.id, "start": self.at("10:00")}
                        )
                    ],
                }
            )

    def test_the_desk_may_not_override(self):
        visits = self.env["salon.visit"].with_user(self.receptionist)
        values = {"branch_id": self.branch.id, "client_id": self.anna.id}
        with self.assertRaises(AccessError):
            visits.create({**values, "override_reason": "I like her"})
        visit = self.book_as(self.receptionist, self.haircut)
        with self.assertRaises(AccessError):
            visit.override_reason = "I like her"
        with self.assertRaises(AccessError):
            visit.override_user_id = self.manager

    @users("test_receptionist")
    def test_the_desk_saves_a_visit_without_touching_the_override(self):
        visit = self.book_as(self.env.user, self.haircut)
        visit.write({"note": "x", "override_reason": False})

    def test_online_clients_are_refused_without_the_reason_of_the_salon(self):
        self.anna.salon_needs_approval = True
        self.branch.partner_id = self.env["res.partner"].create(
            {"name": "Branch", "phone": "+32 2 123 45 67"}
        )
        with self.assertRaises(NotEligible) as refused:
            self.env["salon.booking"].sudo()._book(
                self.branch,
                self.anna,
                [{"product_id": self.haircut.id, "start": self.at("10:00")}],
                source="web",
            )
        message = str(refused.exception)
        self.assertIn("call us", message)
        self.assertIn("+32 2 123 45 67", message)
        self.assertNotIn("asked", message)

    def test_the_desk_moves_what_was_booked_online(self):
        visit = (
            self.env["salon.booking"]
            .sudo()
            ._book(
                self.branch,
                self.anna,
                [{"product_id": self.haircut.id, "start": self.at("10:00")}],
                source="web",
            )
        )
        self.anna.salon_needs_approval = True
        moved = visit.appointment_ids.with_user(self.receptionist)
        moved.start = self.at("14:00")

    def test_a_move_is_not_refused_for_what_was_wrong_before(self):
        visit = self.book_as(self.receptionist)
        self.need_patch_test()
        visit.appointment_ids.start = self.at("14:00")

    def test_a_move_out_of_the_allowed_days_is_refused(self):
        self.had(self.haircut, 20)
        self.rule(self.haircut, max_days=28)
        visit = self.book_as(self.receptionist, self.haircut)
        with self.assertRaises(NotEligible):
            visit.appointment_ids.start = self.at("10:00", THURSDAY + self.days(9))

    def test_history_is_not_judged(self):
        self.need_patch_test()
        self.had(self.colour, 10)

    def test_what_happened_is_not_judged(self):
        self.rule(self.haircut, clients="new")
        visit = self.book_as(
            self.receptionist, self.haircut, client=self.env["res.partner"]
        )
        visit._set_state("done")
        self.had(self.blowdry, 50, client=self.bella)
        visit.client_id = self.bella


@tagged("post_install", "-at_install")
class TestPatchTestRights(EligibilityCase):
    @users("test_receptionist")
    def test_the_desk_records_a_test_and_how_it_came_out(self):
        tests = self.env["salon.patch.test"]
        test = tests.create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.patch_test.product_tmpl_id.id,
            }
        )
        test.write({"result": "reaction", "note": "Red after two hours"})
        for values in ({"client_id": self.bella.id}, {"tested_at": "2030-01-01"}):
            with self.assertRaises(AccessError):
                test.write(values)
        with self.assertRaises(AccessError):
            test.unlink()

    def test_a_stylist_sees_the_tests_of_her_clients(self):
        test = self.tested()
        tests = self.env["salon.patch.test"].with_user(self.stylist)
        self.assertFalse(tests.search([("id", "=", test.id)]))
        self.book(self.haircut)
        self.assertTrue(tests.search([("id", "=", test.id)]))

    def test_valid_tests_are_found(self):
        good = self.tested()
        bad = self.tested(5, result="reaction")
        found = self.env["salon.patch.test"].search([("is_valid", "=", True)])
        self.assertIn(good, found)
        self.assertNotIn(bad, found)
