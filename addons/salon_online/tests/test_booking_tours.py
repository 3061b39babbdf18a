import re
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import PagesCase

#: What our own scripts and styles may weigh, before they are compressed.
MOST_BYTES = 150 * 1024


@tagged("post_install", "-at_install")
class TestBookingTours(PagesCase):
    """Clients book on a phone, in a real browser."""

    browser_size = "360x740"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        cls.close_today()

    def _tour(self, name):
        self.start_tour("/salon/test-pages", name)

    def test_a_first_booking_with_a_deposit(self):
        self.env["salon.deposit.rule"].create(
            {
                "name": "Online (tour)",
                "branch_id": self.branch.id,
                "channel": "web",
                "percent": 30,
            }
        )
        pages = type(self.env["salon.own.visit"])
        with patch.object(pages, "_can_pay", lambda *_of: True):
            self._tour("salon_online_first_booking")
        visit = self.visits()
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        self.assertTrue(visit.deposit_asked)
        self.assertTrue(visit.invoice_ids._get_unpaid_deposits())

    def test_two_come_together(self):
        self._tour("salon_online_group_booking")
        self.assertEqual(len(self.visits().party_id.visit_ids), 2)

    def test_a_place_of_a_class_is_booked(self):
        yoga = self._service("Yoga of the Tour", 20, [("work", 60)])
        yoga.product_tmpl_id.is_salon_group_service = True
        event = self.env["salon.group.event"].create(
            {
                "product_id": yoga.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("11:00", self.day),
                "capacity": 3,
            }
        )
        self._tour("salon_online_class")
        self.assertEqual(self.visits().appointment_ids.group_event_id, event)

    def test_somebody_waits_and_takes_what_becomes_free_by_the_link(self):
        self._tour("salon_online_waitlist")
        entry = self.env["salon.waitlist.entry"].search(
            [("branch_id", "=", self.branch.id)]
        )
        self.assertEqual(entry.source, "web")
        entry.action_match()
        offer = entry.live_offer_id
        self.start_tour(offer.get_portal_url(), "salon_client_accepts_an_offer")
        self.env.invalidate_all()
        self.assertEqual(entry.visit_id.start, offer.start)
        self.assertEqual(entry.state, "booked")


@tagged("post_install", "-at_install")
class TestWeight(PagesCase):
    def test_our_scripts_and_styles_are_light(self):
        source = Path(__file__).parent.parent / "static" / "src"
        files = [file for file in source.rglob("*") if file.is_file()]
        self.assertTrue(files)
        self.assertLess(sum(file.stat().st_size for file in files), MOST_BYTES)

    def test_nothing_comes_from_third_parties(self):
        start = self.times(self.haircut)[0]
        pages = [
            self.page(),
            self.page("/time", p=self.haircut.id),
            self.page("/details", p=self.haircut.id, start=start),
        ]
        # The host's website only announces where fonts of themes may come from.
        loaded = (
            r'<(?:script|link(?! rel="preconnect")|img|iframe|source)[^>]*'
            r'(?:src|href)="((?:https?:)?//[^"]+)'
        )
        for page in pages:
            foreign = [
                url
                for url in re.findall(loaded, page.text)
                if not url.startswith(self.base_url())
            ]
            self.assertFalse(foreign)


@tagged("post_install", "-at_install")
class TestEmbedding(PagesCase):
    def test_other_sites_show_services_and_nothing_that_books(self):
        embedded = self.page("/embed")
        self.assertEqual(
            embedded.headers["Content-Security-Policy"], "frame-ancestors *"
        )
        self.assertIn('target="_top"', embedded.text)
        start = self.times(self.haircut)[0]
        for page in (
            self.page(),
            self.page("/time", p=self.haircut.id),
            self.page("/details", p=self.haircut.id, start=start),
        ):
            self.assertEqual(page.headers["X-Frame-Options"], "SAMEORIGIN")

    def test_a_branch_that_may_not_be_embedded_is_not(self):
        self.branch.online_allows_embed = False
        self.assertEqual(self.page("/embed").status_code, 404)
        self.assertFalse(self.branch.online_embed)

    def test_the_line_for_web_sites_is_a_script_of_ours(self):
        self.assertIn("/salon/embed.js", self.branch.online_embed)
        script = self.url_open("/salon/embed.js")
        self.assertIn("javascript", script.headers["Content-Type"])

    def test_posters_lead_to_the_page_of_branch_and_person(self):
        for report in ("poster", "poster_team"):
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                f"salon_online.{report}", self.branch.ids
            )
            self.assertIn(self.branch.online_url.encode(), html)
            self.assertIn(b"data:image/png", html)
        page = self.page(who=self.mia.id)
        self.assertIn(
            f'name="who" value="{self.mia.id}"', re.sub(r"\s+", " ", page.text)
        )
