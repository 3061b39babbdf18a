from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from odoo.addons.salon_booking.tests.common import SalonCase

#: Tuesday before THURSDAY, 10 in the morning in Brussels.
NOW = "2031-06-10 08:00:00"


class MessagesCase(SalonCase):
    """A salon that tells its clients; nothing really leaves."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls.env["salon.message"].search([]).unlink()
        # What a demo salon has booked is not what these tests are about.
        cls.env.cr.execute("UPDATE salon_visit SET is_history = TRUE")
        cls.env["salon.visit"].invalidate_model()
        cls.anna.email = "anna@salon.test"
        cls.messenger = cls.env["salon.messenger"]
        cls.sender = cls.env["salon.message.sender"]
        cls.event = staticmethod(
            lambda code: cls.env.ref(f"salon_messages.event_{code}")
        )

    @classmethod
    def _switch_messages_off(cls):
        """Here they are what is looked at."""

    def messages(self, code=None, **wanted):
        """Messages to clients, or of an event, oldest first."""
        self.env.flush_all()
        domain = [(name, "=", value) for name, value in wanted.items()]
        if code:
            domain.append(("event_id.code", "=", code))
        else:
            domain.append(("audience", "=", "client"))
        return self.env["salon.message"].search(domain, order="id")

    @contextmanager
    def later(self, moment):
        """Go on at another moment of the clock in UTC."""
        with freeze_time(moment):
            yield

    def send(self, moment=None):
        """Let the clock send what is due."""
        with freeze_time(moment or fields.Datetime.now()):
            self.run_cron(self.sender._run)

    def run_cron(self, method):
        """Run what commits by itself in the one transaction of the test."""
        progress = type(self.env["ir.cron"])
        with patch.object(progress, "_commit_progress", lambda *args, **kw: 60):
            method()
        self.env.flush_all()

    def remind(self, moment):
        with freeze_time(moment):
            return self.messenger._remind()
