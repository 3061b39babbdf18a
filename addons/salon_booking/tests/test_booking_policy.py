from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestBookingPolicy(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["salon.booking.policy"]
        cls.policies.search([]).unlink()

    def find(self, service=None, channel="desk", user=None):
        policies = self.policies.with_user(user) if user else self.policies
        template = (service or self.haircut).product_tmpl_id
        return policies._find(self.branch, template, channel)[template.id]

    def test_without_rules_the_desk_books_whatever_is_free(self):
        policy = self.find()
        self.assertEqual(policy.lead_minutes, 0)
        self.assertEqual(policy.horizon_days, 0)
        self.assertEqual(policy.grid_minutes, self.branch.slot_minutes)

    def test_without_rules_online_clients_leave_time_to_prepare(self):
        policy = self.find(channel="web")
        self.assertEqual(policy.lead_minutes, 60)
        self.assertEqual(policy.horizon_days, 90)

    def test_the_rules_of_the_service_apply_as_a_whole(self):
        self.policies.create({"lead_minutes": 30, "grid_minutes": 20})
        self.policies.create(
            {"product_tmpl_id": self.haircut.product_tmpl_id.id, "horizon_days": 7}
        )
        policy = self.find()
        self.assertEqual(policy.horizon_days, 7)
        self.assertEqual(policy.lead_minutes, 0)
        self.assertEqual(policy.grid_minutes, self.branch.slot_minutes)
        self.assertEqual(self.find(self.shampoo).lead_minutes, 30)

    def test_a_category_rules_the_services_below_it(self):
        self.category_hair.parent_id = self.category_retail
        self.policies.create({"categ_id": self.category_retail.id, "lead_minutes": 5})
        self.assertEqual(self.find().lead_minutes, 5)

    def test_other_branches_and_channels_have_their_own_rules(self):
        other = self.env["salon.branch"].create({"name": "Other"})
        self.policies.create(
            [
                {"branch_id": other.id, "lead_minutes": 1},
                {"channel": "web", "lead_minutes": 2},
            ]
        )
        self.assertEqual(self.find().lead_minutes, 0)
        self.assertEqual(self.find(channel="web").lead_minutes, 2)

    def test_another_company_has_its_own_rules(self):
        company = self.env["res.company"].create({"name": "Another"})
        self.policies.create({"company_id": company.id, "lead_minutes": 9})
        self.assertEqual(self.find().lead_minutes, 0)

    def test_two_rules_for_the_same_are_refused(self):
        self.policies.create({"channel": "web"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policies.create({"channel": "web"})

    def test_rules_are_for_a_service_or_a_category(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policies.create(
                {
                    "product_tmpl_id": self.haircut.product_tmpl_id.id,
                    "categ_id": self.category_hair.id,
                }
            )

    def test_a_grid_of_three_minutes_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policies.create({"grid_minutes": 3})

    def test_the_chosen_way_to_choose_decides_first(self):
        self.policies.create({"choice": "least_recent"})
        self.assertEqual(self.find().choice[0], "least_recent")

    def test_finding_rules_costs_the_same_for_one_service_and_for_many(self):
        self.policies.create({"categ_id": self.category_hair.id})
        services = self.haircut | self.blowdry | self.colour
        counts = []
        for templates in (self.haircut.product_tmpl_id, services.product_tmpl_id):
            self.env.registry.clear_cache()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.policies._find(self.branch, templates, "desk")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_online_clients_are_bound_without_reading_the_rules(self):
        self.policies.create({"channel": "web", "lead_minutes": 240})
        self.assertEqual(self.find(channel="web", user=self.portal).lead_minutes, 240)
        with self.assertRaises(AccessError):
            self.policies.with_user(self.portal).search([])

    @users("test_receptionist")
    def test_the_desk_reads_the_rules_and_changes_none(self):
        policy = self.policies.create({}).with_user(self.env.user)
        self.assertTrue(policy.display_name)
        with self.assertRaises(AccessError):
            policy.lead_minutes = 5

    def test_a_manager_sets_the_rules_of_her_branch_only(self):
        self.manager.salon_branch_ids = self.branch
        policies = self.policies.with_user(self.manager)
        own = policies.create({"branch_id": self.branch.id})
        own.lead_minutes = 30
        with self.assertRaises(AccessError):
            policies.create({"channel": "web"})
