from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestLedger(LoyaltyCase):
    def test_a_correction_by_hand_is_in_the_ledger_with_its_reason(self):
        card = self.give(10)
        wizard = self.env["loyalty.card.update.balance"].with_user(self.manager)
        wizard.create(
            {"card_id": card.id, "new_balance": 25, "description": "Sorry"}
        ).action_update_card_point()
        entry = card.salon_entry_ids.sorted("id")[-1:]
        self.assertEqual(
            (entry.kind, entry.points, entry.note, entry.balance),
            ("adjusted", 15, "Sorry", 25),
        )
        self.assertLedgerHolds()

    def test_no_context_writes_past_the_ledger(self):
        card = self.give(10).with_user(self.manager)
        card.with_context(
            salon_ledger=True, salon_kinds=["spent", "spent"], salon_cause=["spent"]
        ).points = 25
        entry = card.salon_entry_ids.sorted("id")[-1:]
        self.assertEqual((entry.kind, entry.points), ("adjusted", 15))
        self.assertLedgerHolds()

    def test_debts_and_sales_of_a_card_are_not_written_by_hand(self):
        card = self.give(10).with_user(self.manager)
        for values in ({"salon_points_owed": 0}, {"salon_order_line_id": False}):
            with self.assertRaises(AccessError):
                card.write(values)
            with self.assertRaises(AccessError):
                card.create({"program_id": card.program_id.id, **values})

    def test_the_desk_cannot_correct_a_balance(self):
        card = self.give(10)
        with self.assertRaises(AccessError):
            card.with_user(self.receptionist).points = 1000

    def test_a_stylist_sees_neither_cards_nor_ledger(self):
        card = self.give(10)
        with self.assertRaises(AccessError):
            card.with_user(self.stylist).read(["points"])
        with self.assertRaises(AccessError):
            card.salon_entry_ids.with_user(self.stylist).read(["points"])

    def test_nobody_changes_or_deletes_an_entry(self):
        entry = self.give(10).salon_entry_ids
        with self.assertRaisesRegex(UserError, "stays as it is"):
            entry.points = 1
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            entry.unlink()

    @mute_logger("odoo.sql_db")
    def test_the_same_change_cannot_be_written_twice(self):
        invoice = self.checkout(self.book(self.haircut), 55)["invoice"]
        entry = self.card().salon_entry_ids
        self.assertEqual(entry.move_id, invoice)
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            entry.copy({"occurrence": entry.occurrence})

    @mute_logger("odoo.sql_db")
    def test_no_balance_falls_below_zero_whoever_writes_it(self):
        card = self.give(10)
        card.flush_recordset()
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.cr.execute(
                "UPDATE loyalty_card SET points = -1 WHERE id = %s", [card.id]
            )

    @mute_logger("odoo.sql_db")
    def test_a_client_has_one_card_of_a_program(self):
        self.give(10)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.give(10).flush_recordset()

    def test_a_certificate_cannot_be_taken_below_zero(self):
        card = self.sell_certificate(50)
        with self.assertRaisesRegex(UserError, "at most what is left"):
            card.points = -1

    def test_a_card_with_a_past_is_archived_not_deleted(self):
        card = self.give(10)
        with self.assertRaisesRegex(UserError, "still holds"):
            card.unlink()
        card.points = 0
        card.unlink()
        self.assertTrue(card.exists())
        self.assertFalse(card.active)

    def test_flagging_a_program_opens_the_ledger_with_what_is_there(self):
        program = self.points_program(is_salon=False, salon_only=False)
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.anna.id, "points": 77}
        )
        self.assertFalse(card.salon_entry_ids)
        program.is_salon = True
        self.assertEqual(card.salon_entry_ids.points, 77)
        self.assertEqual(card.salon_kind, "points")
        program.is_salon = False
        card.points = 70
        program.is_salon = True
        self.assertLedgerHolds()

    def test_cards_outside_the_salon_are_left_to_the_host(self):
        program = self.points_program(is_salon=False, salon_only=False)
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.anna.id, "points": 5}
        )
        (card | self.give(10)).points = 7
        self.assertFalse(card.salon_entry_ids)
        self.assertEqual(self.points(), 7)
        self.assertLedgerHolds()

    def test_merged_clients_have_one_card_with_everything(self):
        self.give(10, self.anna)
        debtor = self.give(5, self.bella)
        self.env["salon.loyalty.ledger"]._post(
            [{"card": debtor, "kind": "adjusted", "points": -2500}]
        )
        self.assertEqual(debtor.salon_points_owed, 20)
        self._merge(self.bella, self.anna)
        self.assertEqual(self.card().points, 0)
        self.assertEqual(self.card().salon_points_owed, 10)
        self.assertFalse(debtor.salon_points_owed)
        self.assertLedgerHolds()

    def test_a_refund_after_a_merge_takes_from_the_card_that_is_left(self):
        visit = self.book(self.haircut, client=self.bella)
        invoice = self.checkout(visit, 55)["invoice"]
        self.give(10, self.anna)
        self._merge(self.bella, self.anna)
        self.assertEqual(self.points(), 60)
        self.refund(invoice)
        self.assertEqual(self.points(), 10)
        self.assertLedgerHolds()

    def _merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (source | target).ids, target
        )

    def test_a_program_of_another_kind_cannot_be_a_salon_program(self):
        with self.assertRaisesRegex(ValidationError, "only loyalty cards"):
            self.env["loyalty.program"].create(
                {"name": "Promo", "program_type": "promotion", "is_salon": True}
            )

    def test_a_certificate_is_worth_exactly_its_price(self):
        with self.assertRaisesRegex(ValidationError, "worth what was paid"):
            self.certificates.rule_ids.reward_point_amount = 2
        with self.assertRaisesRegex(ValidationError, "face value"):
            self.certificates.reward_ids.discount = 2
