from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.salon_booking.tests.common import SalonCase


@tagged("post_install", "-at_install")
class TestOnlineBranch(SalonCase):
    def test_a_published_branch_gets_an_address_of_its_name(self):
        self.branch.with_user(self.owner).is_online = True
        self.assertEqual(self.branch.online_slug, "test-branch")
        other = self.branch.create({"name": "Test Bränch", "is_online": False})
        other.is_online = True
        self.assertEqual(other.online_slug, "test-branch-2")
        self.assertTrue(other.online_url.endswith("/salon/test-branch-2"))

    @mute_logger("odoo.sql_db")
    def test_two_branches_never_have_one_address(self):
        self.branch.online_slug = "town"
        with self.assertRaises(UniqueViolation):
            self.branch.create({"name": "Other", "online_slug": "town"})

    def test_an_address_and_a_color_are_plain(self):
        for values in (
            {"online_slug": "Old Town"},
            {"online_slug": "a/b"},
            {"online_color": "red;} body{display:none"},
        ):
            with self.assertRaises(ValidationError):
                self.branch.write(values)

    def test_only_published_branches_are_found(self):
        self.branch.online_slug = "town"
        self.assertFalse(self.branch._find_online("town"))
        self.branch.is_online = True
        self.assertEqual(self.branch._find_online("town"), self.branch)
        for slug in (None, "", "TOWN", "town%", ["town"], "a" * 9999):
            self.assertFalse(self.branch._find_online(slug))

    def test_the_desk_copies_and_prints_the_links_of_branch_and_people(self):
        self.branch.write({"is_online": True, "online_slug": "town"})
        action = self.branch.with_user(self.receptionist).action_share()
        share = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(share.url.endswith("/salon/town"))
        self.assertTrue(share.qr)
        self.assertEqual(share.line_ids.mapped("name"), ["Mia", "Oleg"])
        self.assertIn(f"?who={self.mia.id}", share.line_ids[0].url)
        poster = share.with_user(self.receptionist).action_print_poster()
        self.assertEqual(poster["report_name"], "salon_online.poster")

    def test_a_branch_without_a_page_has_nothing_to_share(self):
        with self.assertRaisesRegex(UserError, "no booking page yet"):
            self.branch.action_share()
