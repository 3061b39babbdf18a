from datetime import date

from odoo.tests import tagged

from ..engine import clock
from ..engine.refusals import Refusal
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestRefusal(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["salon.staff.level"].create({"name": "Master"})
        cls.basin = cls.env["salon.facility.type"].create({"name": "Basin (test)"})

    def say(self, code, channel="desk", until=None, user=None, **values):
        refusals = self.env["salon.refusal"].with_user(user or self.receptionist)
        refusal = Refusal(code, values, until=until)
        return refusals._text(refusal, self.branch, channel)

    def minute(self, wall, day=THURSDAY):
        return clock.to_minutes(self.at(wall, day))

    def test_a_leave_ends_on_its_last_day_and_free_times_follow(self):
        self.assertEqual(
            self.say(
                "on_leave",
                staff=self.mia.id,
                until=clock.day_bounds(date(2031, 6, 18), self.branch.tz)[0],
                first=self.minute("09:15", date(2031, 6, 18)),
            ),
            "Mia is on leave until Tuesday 17 June. The first free time is Wednesday "
            "18 June at 9:15 AM.",
        )

    def test_every_rule_has_its_sentence(self):
        template = self.haircut.product_tmpl_id.id
        values = {
            "staff": self.mia.id,
            "service": template,
            "test": template,
            "consultation": template,
            "bases": [template],
            "level": self.level.id,
            "facility_type": self.basin.id,
            "gender": "female",
            "minutes": 90,
            "days": 28,
            "hours": 48,
            "age": 16,
            "last": THURSDAY,
            "reason": "Four no-shows",
        }
        codes = [
            name.removeprefix("_say_")
            for name in dir(self.env["salon.refusal"])
            if name.startswith("_say_") and name != "_say_ask_us"
        ]
        self.assertGreater(len(codes), 38)
        for code in codes:
            for until in (None, self.minute("12:00")):
                if until is None and code in ("too_soon", "patch_too_fresh"):
                    continue
                for channel in ("desk", "web"):
                    text = self.say(code, channel, until, **values)
                    self.assertTrue(text.endswith("."), text)
                    self.assertNotIn("False", text)
                    self.assertNotIn("None", text)

    def test_a_sentence_manages_with_few_values(self):
        for code in ("busy", "no_place", "no_skill", "level", "lead_time", "gender"):
            self.assertTrue(self.say(code).endswith("."))

    def test_a_rule_nobody_has_words_for_is_named(self):
        self.assertIn("new_rule", self.say("new_rule"))

    def test_clients_are_not_told_what_the_team_knows(self):
        text = self.say("client_blocked", "web", user=self.portal, reason="Four times")
        self.assertEqual(text, "Please call us to book this.")
        for code in ("patch_reaction", "client_approval"):
            self.assertIn("call us", self.say(code, "web"))
        self.assertIn("Four times", self.say("client_blocked", reason="Four times"))

    def test_clients_are_told_what_they_can_do_about_it(self):
        text = self.say(
            "too_soon",
            "web",
            until=self.minute("00:00", date(2031, 6, 26)),
            user=self.portal,
            service=self.haircut.product_tmpl_id.id,
            days=14,
            last=THURSDAY,
        )
        self.assertEqual(
            text,
            "The last time was on Thursday 12 June; “Haircut” is possible again from "
            "Thursday 26 June.",
        )
