from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoClerks(BaseCase):
    """Real transactions: what is written here is deleted again by SQL."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.program_id = (
                env["loyalty.program"]
                .search([("salon_kind", "=", "certificate")], limit=1)
                .id
            )
            card = env["loyalty.card"].create(
                {"program_id": self.program_id, "points": 100}
            )
            self.card_id = card.id
        self.addCleanup(self._clean)

    def cursor(self):
        return self.registry.cursor()

    def _clean(self):
        with self.cursor() as cr:
            for table in ("salon_loyalty_entry", "loyalty_history"):
                cr.execute(f"DELETE FROM {table} WHERE card_id = %s", [self.card_id])
            cr.execute("DELETE FROM loyalty_card WHERE id = %s", [self.card_id])

    def spend(self, cr, amount):
        env = api.Environment(cr, SUPERUSER_ID, {})
        card = env["loyalty.card"].browse(self.card_id)
        env["salon.loyalty.ledger"]._post(
            [{"card": card, "kind": "spent", "points": -amount * 100}]
        )
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_two_clerks_at_once_never_spend_more_than_there_is(self):
        with self.cursor() as first, self.cursor() as second:
            for cr in (first, second):
                cr.execute(
                    "SELECT points FROM loyalty_card WHERE id = %s", [self.card_id]
                )
            self.spend(first, 80)
            first.commit()
            with self.assertRaises(SerializationFailure):
                self.spend(second, 80)
            second.rollback()
            # The host starts the second clerk's request anew; now there is too little.
            with self.assertRaisesRegex(UserError, "at most what is left"):
                self.spend(second, 80)
            second.rollback()
            self.spend(second, 20)
        with self.cursor() as cr:
            cr.execute(
                "SELECT card.points, SUM(entry.points) FROM loyalty_card card "
                "JOIN salon_loyalty_entry entry ON entry.card_id = card.id "
                "WHERE card.id = %s GROUP BY card.points",
                [self.card_id],
            )
            self.assertEqual(cr.fetchone(), (0, 0))


@tagged("post_install", "-at_install")
class TestFirstPointsTwice(BaseCase):
    """Two bills of a new client are paid at the same moment."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.client_id = env["res.partner"].create({"name": "Twice"}).id
            programs = env["loyalty.program"].with_context(active_test=False)
            self.program_id = programs.search(
                [("salon_kind", "=", "points")], limit=1
            ).id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM loyalty_card WHERE partner_id = %s", [self.client_id]
            )
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.client_id])

    def card(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        owner = (
            env["res.partner"].browse(self.client_id),
            env["loyalty.program"].browse(self.program_id),
        )
        return env["salon.loyalty.ledger"]._get_cards({owner})[owner]

    @mute_logger("odoo.sql_db")
    def test_the_client_gets_one_card_and_the_late_one_starts_anew(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1 FROM loyalty_card LIMIT 1")
            card = self.card(first)
            first.commit()
            with self.assertRaises(ConcurrencyError):
                self.card(second)
            second.rollback()
            self.assertEqual(self.card(second).id, card.id)
