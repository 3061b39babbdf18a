from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import CrmCase


@tagged("post_install", "-at_install")
class TestBlocking(CrmCase):
    @users("test_manager")
    def test_a_manager_blocks_with_a_reason(self):
        wizard = self.env["salon.client.block"].create(
            {"client_ids": self.anna.ids, "reason": "Four no-shows"}
        )
        wizard.action_block()
        self.assertTrue(self.anna.salon_is_blocked)
        self.assertEqual(self.anna.salon_block_reason, "Four no-shows")

    @users("test_manager")
    def test_a_manager_unblocks(self):
        self.anna.write({"salon_is_blocked": True, "salon_block_reason": "x"})
        self.anna.with_user(self.env.user).action_salon_unblock()
        self.assertFalse(self.anna.salon_is_blocked)

    def test_nobody_is_blocked_without_a_reason(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.anna.salon_is_blocked = True
            self.env.flush_all()

    @users("test_receptionist")
    def test_the_desk_neither_blocks_nor_unblocks(self):
        anna = self.anna.with_user(self.env.user)
        with self.assertRaises(AccessError):
            anna.write({"salon_is_blocked": True, "salon_block_reason": "x"})
        with self.assertRaises(AccessError):
            anna.action_salon_unblock()
        with self.assertRaises(AccessError):
            self.env["res.partner"].create(
                {"name": "B", "salon_is_blocked": True, "salon_block_reason": "x"}
            )
        with self.assertRaises(AccessError):
            self.env["salon.client.block"].create({"reason": "x"})

    @users("test_receptionist")
    def test_the_desk_sees_why_somebody_is_blocked(self):
        self.anna.write({"salon_is_blocked": True, "salon_block_reason": "Four times"})
        anna = self.anna.with_user(self.env.user)
        self.assertEqual(anna.salon_block_reason, "Four times")

    @users("test_receptionist")
    def test_the_desk_saves_a_card_with_an_unset_flag(self):
        self.env["res.partner"].create({"name": "C", "salon_is_blocked": False})

    def test_who_serves_a_blocked_client_reads_why(self):
        visit = self.book(self.haircut)
        self.anna.write({"salon_is_blocked": True, "salon_block_reason": "Rude"})
        self.branch.stylist_client_phone = "hidden"
        self.env.invalidate_all()
        warnings = visit.with_user(self.stylist)._get_warnings()
        self.assertEqual(warnings[0]["level"], "danger")
        self.assertIn("Rude", warnings[0]["text"])
