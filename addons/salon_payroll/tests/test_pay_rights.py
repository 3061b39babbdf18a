from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPayRights(PayrollCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mias_bill = cls.bill(cls.haircut)
        cls.olegs_bill = cls.bill(cls.colour, staff=cls.oleg)
        cls.harbour = cls.branch.copy({"name": "Harbour (test)", "staff_ids": False})
        cls.oleg.salon_branch_ids |= cls.harbour
        visit = cls.book(cls.haircut, at="16:00", staff=cls.oleg, branch=cls.harbour)
        cls.checkout_paid(visit)

    def seen_by(self, user, model="salon.commission"):
        domain = [("company_id", "=", self.company.id)]
        return self.env[model].with_user(user).search(domain)

    def test_a_stylist_sees_only_own_commissions(self):
        self.assertEqual(self.seen_by(self.stylist), self.rows(staff=self.mia))

    def test_a_stylist_sees_only_own_payslips_once_confirmed(self):
        mine, other = self.payslip(), self.payslip(staff=self.oleg)
        self.assertFalse(self.seen_by(self.stylist, "salon.payslip"))
        (mine | other).action_confirm()
        self.assertEqual(self.seen_by(self.stylist, "salon.payslip"), mine)
        seen = mine.with_user(self.stylist)
        self.assertEqual(seen.commission_ids.mapped("amount"), [22.5])
        with self.assertRaises(AccessError):
            seen.action_cancel()
        with self.assertRaises(AccessError):
            seen.action_refresh()
        with self.assertRaises(AccessError):
            other.with_user(self.stylist).read(["amount_total"])

    def test_a_receptionist_sees_nobody_elses_pay(self):
        self.assertFalse(self.seen_by(self.receptionist))
        self.payslip().action_confirm()
        self.assertFalse(self.seen_by(self.receptionist, "salon.payslip"))

    def test_a_manager_sees_the_own_branch(self):
        self.manager.salon_branch_ids = self.harbour
        self.assertEqual(self.seen_by(self.manager).branch_id, self.harbour)
        payslip = self.payslip()
        self.assertFalse(self.seen_by(self.manager, "salon.payslip"))
        self.manager.salon_branch_ids |= self.branch
        self.assertEqual(self.seen_by(self.manager, "salon.payslip"), payslip)

    def test_a_manager_gives_schemes_to_the_own_team_only(self):
        self.manager.salon_branch_ids = self.harbour
        assignments = self.env["salon.pay.assignment"].with_user(self.manager)
        self.assertEqual(assignments.search([]).staff_id.ids, self.oleg.ids)
        with self.assertRaises(AccessError):
            assignments.create({"staff_id": self.mia.id, "scheme_id": self.scheme.id})

    def test_nor_by_giving_an_own_assignment_away(self):
        self.manager.salon_branch_ids = self.harbour
        assignment = self.env["salon.pay.assignment"].create(
            {
                "staff_id": self.oleg.id,
                "scheme_id": self.scheme.id,
                "date_from": "2032-01-01",
            }
        )
        with self.assertRaises(AccessError):
            assignment.with_user(self.manager).staff_id = self.mia

    def test_a_person_is_paid_for_all_branches_by_one_payslip(self):
        self.manager.salon_branch_ids = self.branch
        payslip = self.payslip(staff=self.oleg, user=self.manager)
        self.assertEqual(payslip.amount_total, 67.5)

    def test_the_owner_and_the_accountant_see_all(self):
        rows = self.rows()
        self.assertLessEqual(self.rows(staff=self.oleg), self.seen_by(self.owner))
        self.assertEqual(self.seen_by(self.accountant), self.seen_by(self.owner))
        self.assertTrue(rows)
        self.issued()
        self.assertTrue(
            self.seen_by(self.accountant, "salon.payslip").move_id.mapped("name")
        )

    def test_rows_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.owner.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self.env["salon.commission"].with_user(self.owner).search([]))

    def test_a_manager_sees_the_commission_on_the_card_of_a_colleague(self):
        person = self.env["hr.employee.public"].with_user(self.manager)
        mia = person.browse(self.mia.id)
        self.assertEqual(mia.salon_commission_amount, 22.5)
        action = mia.action_view_salon_commissions()
        self.assertEqual(action["domain"], [("staff_id", "=", self.mia.id)])

    def test_a_stylist_does_not_see_it_there(self):
        person = self.env["hr.employee.public"].with_user(self.stylist)
        with self.assertRaises(AccessError):
            person.browse(self.oleg.id).read(["salon_commission_amount"])

    def test_clients_have_no_business_here(self):
        for model in ("salon.commission", "salon.payslip", "salon.pay.scheme"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal).search([])
