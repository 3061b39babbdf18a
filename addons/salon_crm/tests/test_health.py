from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged, users

from .common import HEALTH, CrmCase

SECRET = "Paraphenylenediamine"


@tagged("post_install", "-at_install")
class TestHealthNotes(CrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leyla = cls.client("Leyla", phone="050 123 45 67")
        cls.note = cls.env["salon.health.note"].create(
            {"client_id": cls.leyla.id, "name": SECRET, "severity": "c_danger"}
        )
        cls.seer = cls.stylist.copy({"login": "test_seer"})
        cls.give(cls.seer, HEALTH)
        cls.oleg.user_id = cls.seer
        for staff in (cls.mia, cls.oleg):
            cls.book(cls.haircut, client=cls.leyla, staff=staff, at="17:00")
        for user in (cls.seer, cls.stylist, cls.receptionist, cls.accountant):
            cls.give(user, "base.group_allow_export")
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()

    def rpc(self, user, model, method, *args, **kwargs):
        """What the user would get from outside."""
        return call_kw(self.env(user=user)[model], method, list(args), dict(kwargs))

    def logged(self):
        return self.env["salon.health.log"].search([("client_id", "=", self.leyla.id)])

    def test_nobody_without_the_right_gets_at_a_note(self):
        attempts = [
            ("read", [self.note.ids, ["name"]]),
            ("web_read", [self.note.ids], {"specification": {"name": {}}}),
            ("search", [[]]),
            ("search_count", [[]]),
            ("search_read", [[], ["name"]]),
            ("web_search_read", [[]], {"specification": {"name": {}}}),
            ("name_search", ["Para"]),
            ("export_data", [self.note.ids, ["name"]]),
            ("formatted_read_group", [[], ["name"], ["__count"]]),
            ("fields_get", []),
            ("copy", [self.note.ids]),
            ("write", [self.note.ids, {"name": "x"}]),
            ("unlink", [self.note.ids]),
        ]
        for user in (self.stylist, self.receptionist, self.accountant, self.portal):
            for method, args, *kwargs in attempts:
                with self.subTest(user=user.login, method=method):
                    try:
                        result = self.rpc(
                            user, "salon.health.note", method, *args, **dict(*kwargs)
                        )
                    except UserError:  # of which AccessError is one kind
                        continue
                    self.assertNotIn(SECRET, str(result))
                    self.assertEqual(method, "fields_get")

    def test_the_card_tells_nobody_without_the_right(self):
        fields = ["salon_health_note_ids", "salon_health_alert", "salon_health_count"]
        self.portal.partner_id.is_salon_client = True
        for user in (self.stylist, self.receptionist, self.accountant, self.portal):
            mine = user.partner_id if user == self.portal else self.leyla
            shown = self.rpc(user, "res.partner", "fields_get")
            for name in fields:
                with self.subTest(user=user.login, field=name):
                    self.assertNotIn(name, shown)
                    with self.assertRaises(AccessError):
                        self.rpc(user, "res.partner", "read", mine.ids, [name])
                    with self.assertRaises(AccessError):
                        domain = [(name, "!=", False)]
                        self.rpc(user, "res.partner", "search", domain)
                    # A portal user may export nothing at all.
                    refused = UserError if user == self.portal else AccessError
                    with self.assertRaises(refused):
                        self.rpc(user, "res.partner", "export_data", mine.ids, [name])
            for path in ("salon_health_note_ids.name", "salon_health_note_ids/name"):
                with self.subTest(user=user.login, field=path):
                    if "." in path:
                        with self.assertRaises(AccessError):
                            domain = [(path, "ilike", "para")]
                            self.rpc(user, "res.partner", "search", domain)
                    elif user != self.portal:
                        with self.assertRaises(AccessError):
                            self.rpc(
                                user, "res.partner", "export_data", mine.ids, [path]
                            )

    def test_the_visit_tells_nobody_without_the_right(self):
        visit = self.book(self.haircut, client=self.leyla)
        for user in (self.stylist, self.receptionist):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.rpc(
                    user, "salon.visit", "read", visit.ids, ["client_health_alert"]
                )

    def test_whole_records_read_without_the_right_hold_nothing_of_it(self):
        for user in (self.stylist, self.receptionist):
            names = [
                name
                for name in self.rpc(user, "res.partner", "fields_get")
                if "salon" in name
            ]
            self.assertIn("salon_preference_note", names)
            values = self.rpc(user, "res.partner", "read", self.leyla.ids, names)
            self.assertFalse([name for name in values[0] if "health" in name])
            self.assertNotIn(SECRET, str(values))

    def test_a_stylist_with_the_right_sees_the_alert_and_the_note(self):
        leyla = self.leyla.with_user(self.seer)
        self.assertEqual(leyla.salon_health_alert, "c_danger")
        self.assertEqual(leyla.salon_health_count, 1)
        self.assertFalse(self.logged(), "The alert does not say what it is.")
        self.assertEqual(leyla.salon_health_note_ids.name, SECRET)
        self.assertEqual(self.logged().user_id, self.seer)

    def test_every_way_of_reading_is_recorded(self):
        ways = [
            ("read", [self.note.ids, ["name"]]),
            ("search_read", [[], ["note"]]),
            ("web_search_read", [[]], {"specification": {"name": {}}}),
            ("export_data", [self.note.ids, ["name", "kind"]]),
            ("formatted_read_group", [[], ["name"], ["__count"]]),
            ("copy", [self.note.ids]),
        ]
        for method, args, *kwargs in ways:
            with self.subTest(method=method):
                self.env.invalidate_all()
                before = len(self.logged())
                self.rpc(self.seer, "salon.health.note", method, *args, **dict(*kwargs))
                after = self.logged()
                self.assertEqual(len(after) - before, 1)
                self.assertEqual(after[0].user_id, self.seer)

    def test_an_export_is_recorded_as_such(self):
        self.note.with_user(self.seer).export_data(["name"])
        self.assertEqual(self.logged().access, "export")

    def test_exporting_through_the_card_is_recorded(self):
        self.leyla.with_user(self.seer).export_data(["salon_health_note_ids/name"])
        self.assertTrue(self.logged())

    def test_one_opening_of_several_notes_is_one_line(self):
        self.note.copy({"name": "Latex"})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.logged()
        self.rpc(
            self.seer,
            "salon.health.note",
            "web_search_read",
            [("client_id", "=", self.leyla.id)],
            specification={"name": {}, "note": {}, "kind": {}},
        )
        line = self.logged() - before
        self.assertEqual(line.note_count, 2)

    def test_the_record_cannot_be_changed_even_by_root(self):
        self.note.with_user(self.seer).read(["name"])
        line = self.logged().sudo()
        with self.assertRaises(UserError):
            line.user_id = self.manager
        with self.assertRaises(UserError):
            line.unlink()

    @users("test_manager")
    def test_a_manager_reads_the_record_but_writes_none(self):
        self.env["salon.health.log"].search([])
        with self.assertRaises(AccessError):
            self.env["salon.health.log"].create({"user_id": self.env.uid})

    @users("test_stylist", "test_receptionist")
    def test_others_do_not_read_the_record(self):
        with self.assertRaises(AccessError):
            self.env["salon.health.log"].search([])

    def test_the_name_of_a_note_says_nothing(self):
        found = self.rpc(self.seer, "salon.health.note", "name_search", "Leyla")
        self.assertEqual(found, [(self.note.id, "Leyla")])
        self.assertFalse(self.logged())
        self.assertFalse(self.rpc(self.seer, "salon.health.note", "name_search", "Pa"))

    def test_an_old_patch_test_alarms_no_more(self):
        self.note.write({"noted_on": "2020-01-01", "valid_until": "2020-02-01"})
        leyla = self.leyla.with_user(self.seer)
        self.assertFalse(leyla.salon_health_alert)
        self.assertEqual(leyla.salon_health_count, 0)

    def test_clients_are_found_by_their_most_serious_note(self):
        self.note.copy({"severity": "a_info"})
        search = self.env["res.partner"].with_user(self.seer).search
        own = ("id", "=", self.leyla.id)
        self.assertTrue(search([("salon_health_alert", "=", "c_danger"), own]))
        self.assertFalse(search([("salon_health_alert", "=", "a_info"), own]))
        self.assertTrue(search([("salon_health_alert", "!=", False), own]))
        self.assertFalse(search([("salon_health_alert", "=", False), own]))

    def test_notes_move_along_when_clients_are_merged(self):
        other = self.client("Leyla B", phone="050 123 45 67")
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge.with_user(self.manager)._merge(
            (self.leyla | other).ids, other.with_user(self.manager)
        )
        self.assertEqual(self.note.client_id, other)

    def test_my_day_warns_of_health_by_right_even_where_cards_are_closed(self):
        self.branch.stylist_client_phone = "hidden"
        self.env.flush_all()
        for user, expected in ((self.seer, True), (self.stylist, False)):
            visit = self.env["salon.visit"].search(
                [
                    ("client_id", "=", self.leyla.id),
                    ("appointment_ids.staff_user_id", "=", user.id),
                ]
            )
            self.env.invalidate_all()
            told = self.rpc(user, "salon.my.day", "load_visit", visit.id)
            self.assertNotIn(SECRET, str(told))
            self.assertEqual("Health notes: Danger" in str(told["warnings"]), expected)
            self.assertNotIn("4567", str(told).replace(" ", ""))
        self.assertFalse(self.logged(), "That there is something is no opening.")
