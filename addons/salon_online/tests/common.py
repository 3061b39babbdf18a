import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.salon_booking.tests.common import SalonCase


@tagged("post_install", "-at_install")
class PagesCase(HttpCase, SalonCase):
    """A published branch, and a visitor without scripts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.write({"is_online": True, "online_slug": "test-pages"})
        cls.day = fields.Date.today() + timedelta(days=7)

    def setUp(self):
        super().setUp()
        own = patch.object(
            type(self.env["salon.limit"]), "_allows", lambda *_asked: True
        )
        own.start()
        self.addCleanup(own.stop)

    def refuse(self, limit):
        """Let one limit be reached."""

        def allows(_limits, name, *_subjects):
            return name != limit

        return patch.object(type(self.env["salon.limit"]), "_allows", allows)

    def page(self, path="", **query):
        return self.url_open(f"/salon/test-pages{path}", params=query)

    def times(self, *products, day=None, **query):
        """The starts that the page offers."""
        page = self.page(
            "/time",
            p=[product.id for product in products],
            day=day or self.day,
            **query,
        )
        self.assertEqual(page.status_code, 200)
        found = re.findall(r'name="start"[^>]*value="(\d+)"', page.text)
        return [int(start) for start in found]

    def details(self, start, *products, **query):
        """The form as it is shown: values by name."""
        page = self.page(
            "/details", p=[product.id for product in products], start=start, **query
        )
        self.assertEqual(page.status_code, 200)
        return self.fields_of(page)

    def fields_of(self, page):
        found = {}
        for tag in re.findall(r"<input[^>]*>", page.text):
            name = re.search(r'\bname="([^"]*)"', tag)
            value = re.search(r'\bvalue="([^"]*)"', tag)
            if name and "checkbox" not in tag:
                found.setdefault(name[1], []).append(value[1] if value else "")
        return {
            name: values if len(values) > 1 else values[0]
            for name, values in found.items()
        }

    def fill(self, form, **values):
        return {
            **form,
            "name": "Clara",
            "phone": "+32 470 99 88 77",
            **values,
        }

    def send(self, form, path="/book", **options):
        return self.url_open(f"/salon/test-pages{path}", data=form, **options)

    def visits(self):
        return self.env["salon.visit"].search(
            [("branch_id", "=", self.branch.id), ("source", "=", "web")]
        )
