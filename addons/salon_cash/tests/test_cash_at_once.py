"""Posting while closing, and two who open one till, at real connections."""

from contextlib import contextmanager

from psycopg2 import errors

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestCashAtOnce(TransactionCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.make_till(env)
        self.addCleanup(self.remove_till)

    @contextmanager
    def transaction(self):
        """A connection of its own; commits at the end, as a request does."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def make_till(self, env):
        till = env["account.journal"].create(
            {"name": "Till at once", "type": "cash", "code": "TONCE"}
        )
        branch = env["salon.branch"].create(
            {
                "name": "Cash at once",
                "tz": "UTC",
                "resource_calendar_id": False,
                "tender_journal_ids": [Command.set(till.ids)],
            }
        )
        day = env["salon.cash.desk"]._open(branch, till, [(10, 10)])
        self.till, self.branch, self.day = till.id, branch.id, day.id

    def remove_till(self):
        with self.transaction() as env:
            till = env["account.journal"].browse(self.till)
            branch = env["salon.branch"].browse(self.branch)
            account = till.default_account_id
            made = branch.analytic_account_id, branch.walk_in_partner_id
            env.cr.execute(
                "UPDATE account_move SET state = 'draft', salon_cash_day_id = NULL, "
                "posted_before = false, name = '/' WHERE journal_id = %s",
                [till.id],
            )
            env.cr.execute(
                "DELETE FROM salon_cash_day WHERE journal_id = %s", [till.id]
            )
            env.invalidate_all(flush=False)
            env["account.move"].search([("journal_id", "=", till.id)]).with_context(
                force_delete=True
            ).unlink()
            branch.unlink()
            till.unlink()
            account.unlink()
            for record in made:
                record.unlink()

    def post(self, env, amount=5):
        """Cash comes in by an entry on the till, as a checkout posts it."""
        till = env["account.journal"].browse(self.till)
        move = env["account.move"].create(
            {
                "journal_id": till.id,
                "date": fields.Date.context_today(till),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (till.default_account_id, amount),
                        (till.company_id.income_account_id, -amount),
                    )
                ],
            }
        )
        move._post(soft=False)
        env.flush_all()

    def day_of(self, env):
        return env["salon.cash.day"].browse(self.day)

    @mute_logger("odoo.sql_db")
    def test_who_posts_on_a_day_that_is_just_counted_is_run_again_and_refused(self):
        with self.transaction() as desk:
            self.day_of(desk).read(["state"])
            with self.transaction() as other:
                self.day_of(other).action_count()
            with self.assertRaises(errors.SerializationFailure):
                self.post(desk)
            desk.cr.rollback()
        with self.transaction() as again:
            with self.assertRaises(UserError):
                self.post(again)
            again.cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_who_counts_waits_for_who_is_posting(self):
        with self.transaction() as desk, self.transaction() as other:
            other.cr.execute("SET LOCAL lock_timeout = '300ms'")
            self.post(desk)
            with self.assertRaises(errors.LockNotAvailable):
                self.day_of(other).action_count()
            other.cr.rollback()
        with self.transaction() as other:
            self.day_of(other).action_count()
            self.assertEqual(self.day_of(other).amount_expected, 105)

    def test_two_clerks_post_on_one_till_without_waiting_for_each_other(self):
        with self.transaction() as first, self.transaction() as second:
            second.cr.execute("SET LOCAL lock_timeout = '300ms'")
            days = first["salon.cash.day"], second["salon.cash.day"]
            locked = [
                day._lock_open(day.env["account.journal"].browse(self.till))
                for day in days
            ]
            self.assertEqual([day.ids for day in locked], [[self.day]] * 2)

    @mute_logger("odoo.sql_db")
    def test_a_till_is_opened_by_one_of_two(self):
        with self.transaction() as env:
            self.day_of(env).action_count()
        with self.transaction() as env:
            self.day_of(env).action_close()
        with self.transaction() as second:
            # Looked before the other one opened.
            second["salon.cash.desk"]._get_last_day(
                second["account.journal"].browse(self.till)
            ).read(["state"])
            with self.transaction() as first:
                self.open(first)
            with self.assertRaises(errors.UniqueViolation):
                self.open(second)
            second.cr.rollback()

    def open(self, env):
        branch = env["salon.branch"].browse(self.branch)
        till = env["account.journal"].browse(self.till)
        return env["salon.cash.desk"]._open(branch, till, [])
