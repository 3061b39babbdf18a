from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from .common import CrmCase


@tagged("post_install", "-at_install")
class TestDuplicates(CrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leyla = cls.client("Leyla", phone="050 123 45 67", email="l@example.com")

    @users("test_receptionist")
    def test_the_same_phone_typed_otherwise_is_a_possible_duplicate(self):
        other = self.client("L. Aliyeva", phone="+994501234567")
        leyla = self.leyla.with_user(self.env.user)
        self.assertEqual(leyla.salon_duplicate_ids, other)
        self.assertEqual(other.salon_duplicate_ids, leyla)

    def test_the_same_email_is_a_possible_duplicate(self):
        other = self.client("L. Aliyeva", email="L@Example.com")
        self.assertEqual(self.leyla.salon_duplicate_ids, other)

    def test_without_phone_and_email_nobody_is_a_duplicate(self):
        first, second = self.client("A"), self.client("A")
        self.assertFalse(first.salon_duplicate_ids | second.salon_duplicate_ids)

    @users("test_receptionist")
    def test_the_desk_is_warned_while_typing(self):
        partners = self.env["res.partner"].with_context(default_is_salon_client=True)
        form = Form(partners)
        form.name = "L. Aliyeva"
        form.phone = "0501234567"
        self.assertEqual(form.salon_duplicate_ids[:], self.leyla)

    def test_all_with_duplicates_are_found(self):
        other = self.client("L. Aliyeva", phone="+994501234567")
        alone = self.client("Alone", phone="055 000 00 00")
        search = self.env["res.partner"].search
        mine = ("id", "in", (self.leyla | other | alone).ids)
        found = search([("salon_duplicate_ids", "!=", False), mine])
        self.assertEqual(found, self.leyla | other)
        self.assertEqual(search([("salon_duplicate_ids", "=", False), mine]), alone)

    def test_duplicates_of_many_clients_take_two_queries_together(self):
        clients = self.env["res.partner"].concat(
            *(self.client(f"C {number}", phone="055 000 00 00") for number in range(9))
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            clients.mapped("salon_duplicate_ids")

    @users("test_manager")
    def test_a_manager_merges_one_client_with_two_cards(self):
        other = self.client("L. Aliyeva", phone="+994501234567")
        self.visit_of(self.leyla, [self.at("10:00").date()])
        self.visit_of(other, [self.at("10:00").date()], "no_show")
        action = self.leyla.with_user(self.env.user).action_salon_merge_duplicates()
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.partner_ids.ids, (self.leyla | other).ids)
        wizard.dst_partner_id = self.leyla
        wizard.action_merge()
        self.assertFalse(other.exists())
        self.assertEqual(self.leyla.salon_visit_counted, 1)
        self.assertEqual(self.leyla.salon_no_show_count, 1)

    @users("test_manager")
    def test_two_people_with_emails_of_their_own_are_left_to_the_administrator(self):
        other = self.client("Sister", phone="+994501234567", email="s@example.com")
        merge = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaises(UserError):
            merge._merge((self.leyla | other).ids, self.leyla.with_user(self.env.user))

    @users("test_manager")
    def test_a_login_is_never_merged_past_the_hosts_check(self):
        self.portal.partner_id.sudo().write(
            {"phone": "+994501234567", "email": False, "is_salon_client": True}
        )
        merge = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaises(UserError):
            merge._merge(
                (self.leyla | self.portal.partner_id).ids,
                self.leyla.with_user(self.env.user),
            )

    def test_the_hosts_wizard_groups_by_phone(self):
        self.client("L. Aliyeva", phone="+994501234567")
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"group_by_phone_sanitized": True}
        )
        wizard.action_start_manual_process()
        groups = [set(literal_eval(line.aggr_ids)) for line in wizard.line_ids]
        groups.append(set(wizard.partner_ids.ids))
        self.assertIn(set((self.leyla | self.leyla.salon_duplicate_ids).ids), groups)
        nameless = self.env["res.partner"].search([("phone_sanitized", "=", False)])
        self.assertFalse(set().union(*groups) & set(nameless.ids))
