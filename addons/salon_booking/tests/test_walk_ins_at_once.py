"""Two clerks at two real connections take the same walk-in."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestWalkInsAtOnce(TransactionCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.made = self.make_salon(env)
        self.addCleanup(self.remove_salon)

    @contextmanager
    def transaction(self):
        """A connection of its own; commits at the end, as a request does."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def make_salon(self, env):
        branch = env["salon.branch"].create(
            {"name": "At once", "tz": "UTC", "resource_calendar_id": False}
        )
        service = env["product.product"].create(
            {
                "name": "At once",
                "type": "service",
                "is_salon_service": True,
                "salon_phase_ids": [Command.create({"kind": "work", "minutes": 1})],
            }
        )
        staff = env["hr.employee"].create(
            [
                {
                    "name": f"At once {name}",
                    "tz": "UTC",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(branch.ids)],
                    "resource_calendar_id": False,
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                    ],
                }
                for name in ("Mia", "Oleg")
            ]
        )
        walk_in = env["salon.walk.in"].create(
            {
                "name": "At once",
                "branch_id": branch.id,
                "product_ids": [Command.set(service.ids)],
            }
        )
        return {
            "branch": branch.id,
            "service": service.id,
            "staff": staff.ids,
            "walk_in": walk_in.id,
        }

    def remove_salon(self):
        with self.transaction() as env:
            branch = env["salon.branch"].browse(self.made["branch"])
            staff = env["hr.employee"].browse(self.made["staff"])
            # What has begun stays; nothing of a test does.
            env.cr.execute("DELETE FROM salon_visit WHERE branch_id = %s", [branch.id])
            env.cr.execute(
                "DELETE FROM salon_walk_in WHERE branch_id = %s", [branch.id]
            )
            env.invalidate_all(flush=False)
            made = branch.analytic_account_id, branch.walk_in_partner_id
            resources = staff.resource_id
            staff.unlink()
            resources.exists().unlink()
            branch.unlink()
            for records in made:
                records.unlink()
            env["product.product"].browse(self.made["service"]).product_tmpl_id.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_later_clerk_is_told_that_the_guest_is_taken(self):
        with self.transaction() as first, self.transaction() as second:
            guests = [
                env["salon.walk.in"].browse(self.made["walk_in"])
                for env in (first, second)
            ]
            # Both see him waiting.
            self.assertEqual([guest.state for guest in guests], ["waiting"] * 2)
            guests[0].action_start()
            first.cr.commit()
            # The host repeats the request of whoever fails so.
            with self.assertRaises(SerializationFailure):
                guests[1].action_start()
            second.cr.rollback()
        with self.transaction() as env:
            guest = env["salon.walk.in"].browse(self.made["walk_in"])
            with self.assertRaisesRegex(UserError, "does not wait any more"):
                guest.action_start()
            self.assertEqual(len(guest.visit_ids), 1)
