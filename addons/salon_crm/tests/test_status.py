from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import CrmCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-30 10:00")
class TestStatus(CrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date(2031, 6, 30)

    def visited(self, *days_ago, **values):
        client = self.client(f"Visited {days_ago}", **values)
        self.visit_of(client, [self.ago(days) for days in days_ago])
        return client

    def ago(self, days):
        return date.fromordinal(self.today.toordinal() - days)

    def run_cron(self):
        self.env.flush_all()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **options: 60):
            self.env["res.partner"]._cron_refresh_salon_status()
        self.env.invalidate_all()

    def test_each_status_comes_from_the_visits(self):
        self.assertEqual(self.visited().salon_status, "potential")
        self.assertEqual(self.visited(10).salon_status, "new")
        self.assertEqual(self.visited(130, 100, 70, 40, 10).salon_status, "regular")
        self.assertEqual(self.visited(130, 80).salon_status, "active")
        self.assertEqual(self.visited(130, 91).salon_status, "lost")

    def test_somebody_else_has_no_status(self):
        supplier = self.env["res.partner"].create({"name": "Supplier"})
        self.assertFalse(supplier.salon_status)

    def test_clients_are_found_by_status(self):
        lost, regular = self.visited(130, 91), self.visited(130, 100, 70, 40, 10)
        search = self.env["res.partner"].with_user(self.receptionist).search
        clients = [("id", "in", (lost | regular).ids)]
        self.assertEqual(search([("salon_status", "=", "lost"), *clients]), lost)
        self.assertEqual(search([("salon_is_overdue", "=", True), *clients]), lost)

    def test_a_booking_brings_a_lost_client_back(self):
        client = self.visited(130, 91)
        self.book(self.haircut, client=client, date=date(2031, 7, 10))
        self.assertEqual(client.salon_status, "active")
        self.assertFalse(client.salon_is_overdue)

    def test_time_alone_moves_the_status_by_the_nightly_job(self):
        client = self.visited(130, 60)
        self.assertEqual(client.salon_status, "active")
        with freeze_time("2031-07-30 10:00"):
            self.run_cron()
            self.assertEqual(client.salon_status, "active")
        with freeze_time("2031-07-31 10:00"):
            self.run_cron()
            self.assertEqual(client.salon_status, "lost")

    def test_the_job_leaves_others_alone(self):
        client = self.visited(10)
        self.run_cron()
        with patch.object(
            type(client), "_refresh_salon_figures", autospec=True
        ) as refresh:
            self.run_cron()
        touched = {id_ for call in refresh.call_args_list for id_ in call.args[0].ids}
        self.assertNotIn(client.id, touched)

    def test_new_limits_hold_for_all_clients(self):
        client = self.visited(130, 91)
        self.company.salon_lost_days = 100
        self.run_cron()
        self.assertEqual(client.salon_status, "active")

    def test_absence_can_be_measured_in_personal_intervals(self):
        client = self.visited(140, 133, 126, 50)
        self.assertEqual(client.salon_status, "active")
        self.company.salon_lost_rule = "interval"
        self.run_cron()
        self.assertEqual(client.salon_status, "lost")

    def test_the_day_is_that_of_the_branch(self):
        client = self.visited(130, 90)
        self.branch.tz = "Pacific/Auckland"
        with freeze_time("2031-06-30 13:00"):
            client._refresh_salon_figures()
            self.assertEqual(client.salon_status, "lost")
