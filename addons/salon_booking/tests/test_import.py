import base64
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SalonCase

SERVICES = """IsActive,Code,Desc,Cate,Price,Cost
TRUE,CUT,Women's hair cut,STYLE,80,5
TRUE,COL,Color full color,COLOR,0,10
TRUE,F&F,,MISC,0,0
"""
PRODUCTS = """IsActive,Code,Description,Supplier,Brand,Category,Price,On Hand,Minimum,\
Maximum,Cost,COG,YTD,Package
TRUE,SH 250,Shampoo 250ml,TB,KM,RETAIL,30,2,2,4,15,30,60,FALSE
"""
RECEIPTS = """Receipt,Date,Description,Client,Staff,Quantity,Amount,GST,PST
1,05/02/2018,Color full color,C2,S2,1,90.01,4.5005,7.2008
1,05/02/2018,shampoo 250ml,C1,HOUSE,2,35.1,1.755,2.808
2,05/02/2018,Women's hair cut,C1,S1,1,80,4,6.4
3,05/02/2018,Women's hair cut,C1,S1,1,0,0,0
4,05/03/2018,Women's hair cut,C1,S1,1,40,0,3.2
5,05/03/2018,Shampoo 250ml,C2,S1,-2,-35.1,-1.755,-2.808
"""
BOOKINGS = """Code,Staff,Service,Date,Time,TimeInt
C1,S1,CUT,05/02/2018,3:50:00 PM,950
,HOUSE,CUT,05/01/2018,10:00:00 AM,600
C2,S2,COL,05/09/2018,9:00:00 AM,540
C2,S2,CUT,05/09/2018,9:30:00 AM,570
C1,S2,CUT,05/09/2018,9:40:00 AM,580
"""
CANCELLATIONS = """Cancel Date,Code,Service,Staff,Booking Date,Canceled By,Days
05/01/2018,C1,CUT,S1,05/04/2018,S2,3
05/10/2018,C2,CUT,S1,05/04/2018,S2,-6
"""
NO_SHOWS = """Date,Code,Service,Staff
04/13/2018,C2,CUT,S2
"""


@tagged("post_install", "-at_install")
class TestImport(SalonCase):
    def setUp(self):
        super().setUp()
        self.files = {
            "services.csv": SERVICES,
            "products.csv": PRODUCTS,
            "receipts.csv": RECEIPTS,
            "bookings.csv": BOOKINGS,
            "cancellations.csv": CANCELLATIONS,
            "no_shows.csv": NO_SHOWS,
        }

    def load(self, user=None):
        files = {name: text.encode() for name, text in self.files.items()}
        service = self.env["salon.import"].with_user(user or self.owner)
        self.summary = service._import_files(files, branch=self.branch)
        return self.summary

    def bills(self, number=None):
        domain = [("salon_branch_id", "=", self.branch.id)]
        if number:
            domain.append(("ref", "=", number))
        return self.env["account.move"].search(domain, order="ref")

    def client(self, code):
        return self.env["res.partner"].search([("ref", "=", code)])

    def appointments(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["salon.appointment"].search(
            [("branch_id", "=", self.branch.id), *domain]
        )

    def test_only_the_owner_imports(self):
        with self.assertRaises(AccessError):
            self.load(self.manager)

    def test_rows_come_in_and_are_counted(self):
        counts = self.load()["counts"]
        self.assertEqual(self.summary["skipped"], [])
        created = {kind: counted["created"] for kind, counted in counts.items()}
        # Other addons add kinds of their own.
        self.assertLessEqual(
            {
                "tax": 2,
                "category": 4,
                "service": 3,
                "product": 1,
                "staff": 2,
                "client": 2,
                "skill": 3,
                "visit": 10,
                "appointment": 8,
                "receipt": 5,
                "receipt_line": 6,
                "payment": 4,
            }.items(),
            created.items(),
        )

    def test_a_second_run_changes_nothing(self):
        self.load()
        models = [
            "account.move",
            "account.move.line",
            "account.payment",
            "hr.employee",
            "ir.model.data",
            "product.product",
            "res.partner",
            "salon.appointment",
            "salon.skill",
            "salon.visit",
        ]

        def state():
            self.env.flush_all()
            return {
                model: self.env[model]
                .with_context(active_test=False)
                .search_read([], ["write_date"])
                for model in models
            }

        before = state()
        with freeze_time("2030-01-01"):
            counts = self.load()["counts"]
        self.assertEqual(state(), before)
        self.assertEqual({row["created"] for row in counts.values()}, {0})
        self.assertEqual({row["skipped"] for row in counts.values()}, {0})

    def test_invoices_carry_the_recorded_taxes_in_whole_cents(self):
        totals = self.load()["totals"]
        self.assertEqual(totals["net"], {"export": "210.01", "posted": "210.01"})
        self.assertEqual(totals["GST"], {"export": "8.50", "posted": "8.50"})
        self.assertEqual(totals["PST"], {"export": "16.80", "posted": "16.80"})
        bill = self.bills("1")
        self.assertEqual(bill.state, "posted")
        self.assertEqual(bill.invoice_date, date(2018, 5, 2))
        taxes = bill.line_ids.filtered("tax_line_id")
        self.assertEqual(sorted(taxes.mapped("amount_currency")), [-10.01, -6.26])
        self.assertEqual(set(taxes.tax_group_id.mapped("name")), {"GST", "PST"})

    def test_cents_that_one_receipt_loses_the_next_one_gets(self):
        row = "{},05/02/2018,Shampoo 250ml,C1,S1,1,35.1,1.755,2.808\n"
        heading = RECEIPTS.splitlines(keepends=True)[0]
        self.files["receipts.csv"] = heading + "".join(map(row.format, (1, 2, 3)))
        self.load()
        gst = self.bills().line_ids.filtered(lambda line: line.tax_line_id.amount == 5)
        # The host alone would round each 1.755 to 1.76.
        self.assertEqual(gst.mapped("balance"), [-1.76, -1.75, -1.76])
        self.assertEqual(set(self.bills().mapped("payment_state")), {"paid"})

    def test_a_receipt_without_gst_posts_none(self):
        self.load()
        bill = self.bills("4")
        self.assertEqual(bill.invoice_line_ids.tax_ids.mapped("amount"), [8])
        self.assertEqual(bill.amount_total, 43.20)

    def test_receipts_are_paid_on_their_day(self):
        self.load()
        self.assertEqual(set(self.bills().mapped("payment_state")), {"paid"})
        payment = self.bills("2").matched_payment_ids
        self.assertEqual(payment.date, date(2018, 5, 2))
        self.assertEqual(payment.amount, 90.40)
        self.assertFalse(self.bills("3").matched_payment_ids)

    def test_a_credit_note_of_an_imported_bill_gives_back_exactly_its_cents(self):
        self.load()
        bill = self.bills("1")
        self.assertEqual(self.refund(bill).amount_total, bill.amount_total)

    def test_each_line_keeps_its_person_its_client_and_its_quantity(self):
        self.load()
        colour, shampoo = self.bills("1").invoice_line_ids.sorted("sequence")
        self.assertEqual(colour.salon_staff_id.name, "S2")
        self.assertEqual(colour.salon_client_id, self.client("C2"))
        self.assertFalse(shampoo.salon_staff_id)
        self.assertEqual(shampoo.salon_client_id, self.client("C1"))
        self.assertEqual((shampoo.quantity, shampoo.price_unit), (2, 17.55))
        self.assertEqual(
            colour.analytic_distribution, self.branch._get_analytic_distribution()
        )

    def test_a_receipt_of_returned_things_is_a_credit_note_paid_out(self):
        self.load()
        bill = self.bills("5")
        self.assertEqual(bill.move_type, "out_refund")
        self.assertEqual(bill.amount_total, 39.67)
        self.assertEqual(bill.matched_payment_ids.payment_type, "outbound")

    def test_a_booking_is_billed_by_its_receipt(self):
        self.load()
        booked = self.appointments(client_id=self.client("C1").id, state="done")
        self.assertEqual(booked.start, fields.Datetime.to_datetime("2018-05-02 13:50"))
        self.assertEqual(booked.price, 80)
        self.assertEqual(booked.amount_invoiced, 80)
        self.assertEqual(booked.visit_id.payment_state, "paid")

    def test_a_client_on_a_receipt_without_booking_has_a_done_visit(self):
        self.load()
        visit = self.env["salon.visit"].search(
            [
                ("client_id", "=", self.client("C2").id),
                ("business_date", "=", "2018-05-02"),
            ]
        )
        self.assertFalse(visit.appointment_ids)
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.payment_state, "paid")

    def test_cancellations_keep_their_notice_and_no_shows_their_day(self):
        self.load()
        cancelled = self.appointments(state="cancelled")
        self.assertEqual(sorted(cancelled.mapped("cancel_notice_days")), [-6, 3])
        self.assertEqual(
            self.appointments(state="no_show").visit_id.business_date, date(2018, 4, 13)
        )

    def test_a_booking_without_client_is_an_anonymous_visit_of_the_house(self):
        self.load()
        visit = self.env["salon.visit"].search(
            [("branch_id", "=", self.branch.id), ("client_id", "=", False)]
        )
        self.assertEqual(visit.state, "done")
        self.assertFalse(visit.appointment_ids.staff_id)

    def test_the_past_holds_nobodys_time(self):
        self.load()
        appointments = self.appointments()
        self.assertTrue(all(appointments.visit_id.mapped("is_history")))
        self.assertFalse(appointments.occupancy_ids)
        self.assertEqual(len(self.appointments(state="booked")), 3)

    @freeze_time("2018-05-04 08:00:00")
    def test_what_is_still_to_come_takes_time_and_overlaps_by_permission(self):
        self.load()
        coming = self.appointments(state="booked").sorted("start")
        self.assertFalse(any(coming.visit_id.mapped("is_history")))
        # The colour processes from 9:40; the second cut comes ten minutes after the
        # first one, which itself begins while the stylist still colours.
        self.assertEqual(
            coming.mapped(lambda row: bool(row.overlap_reason)), [False, True, False]
        )
        self.assertTrue(all(coming.mapped("occupancy_ids")))

    def test_services_last_as_long_as_is_usual(self):
        self.load()
        colour = self.env["product.product"].search([("default_code", "=", "COL")])
        self.assertEqual(colour.salon_duration_minutes, 80)
        self.assertEqual(
            colour.salon_phase_ids.mapped(lambda p: (p.kind, p.is_staff_busy)),
            [("work", True), ("processing", False)],
        )

    def test_staff_can_be_booked_for_what_they_have_done(self):
        self.load()
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", self.branch.ids), ("name", "=", "S2")]
        )
        self.assertEqual(
            set(staff.salon_skill_ids.product_tmpl_id.mapped("default_code")),
            {"CUT", "COL"},
        )

    def test_a_broken_row_is_reported_and_the_rest_comes_in(self):
        self.files["receipts.csv"] += "9,05/02/2018,Massage,C1,S1,1,80,4,6.4\n"
        self.load()
        [problem] = self.summary["skipped"]
        self.assertEqual((problem["file"], problem["line"]), ("receipts.csv", 8))
        self.assertIn("Massage", problem["reason"])
        self.assertEqual(len(self.bills()), 5)
        self.assertEqual(self.summary["counts"]["receipt_line"]["skipped"], 1)

    def test_a_row_the_database_refuses_does_not_take_its_batch_along(self):
        create = type(self.env["res.partner"]).create
        reason = "C1 is not wanted."

        def refuse(partners, vals_list):
            if any(values.get("ref") == "C1" for values in vals_list):
                raise UserError(reason)
            return create(partners, vals_list)

        with patch.object(type(self.env["res.partner"]), "create", refuse):
            self.load()
        self.assertTrue(self.client("C2"))
        self.assertFalse(self.client("C1"))
        reasons = {problem["reason"] for problem in self.summary["skipped"]}
        self.assertIn(reason, reasons)
        self.assertIn("needs client C1, which did not come in", reasons)
        self.assertEqual(self.bills().mapped("ref"), ["5"])

    def test_what_failed_comes_in_once_it_is_mended(self):
        whole = self.files["receipts.csv"]
        self.files["receipts.csv"] = whole.replace("2,35.1,1.755", "2,35.1x,1.755")
        self.load()
        self.assertEqual(self.bills("1").amount_untaxed, 90.01)
        self.files["receipts.csv"] = whole
        self.load()
        self.assertEqual(
            sorted(self.bills("1").mapped("amount_untaxed")), [35.1, 90.01]
        )
        self.assertEqual(self.summary["totals"]["net"]["posted"], "210.01")

    def test_a_receipt_changed_in_the_old_software_is_left_for_a_person(self):
        self.load()
        self.files["receipts.csv"] = RECEIPTS.replace("S1,1,80,4,6.4", "S1,1,70,4,6.4")
        self.load()
        self.assertEqual(self.bills("2").amount_untaxed, 80)
        self.assertIn(
            "receipt 2 was changed after it was imported; compare it with its bill",
            [warning["reason"] for warning in self.summary["warnings"]],
        )

    def test_a_receipt_of_a_closed_period_is_reported_and_not_moved(self):
        self.company.sale_lock_date = "2018-05-02"
        self.load()
        self.assertEqual(self.bills().mapped("ref"), ["4", "5"])
        self.assertEqual(
            {problem["line"] for problem in self.summary["skipped"]}, {2, 3, 4, 5}
        )
        self.assertIn("closed", self.summary["skipped"][0]["reason"])

    def test_a_later_export_adds_what_is_new(self):
        self.load()
        self.files["bookings.csv"] += "C3,S1,CUT,05/02/2018,5:00:00 PM,1020\n"
        self.files["receipts.csv"] += "6,05/04/2018,Women's hair cut,C3,S1,1,80,4,6.4\n"
        counts = self.load()["counts"]
        self.assertEqual(
            {kind for kind, row in counts.items() if row["created"]},
            {"client", "visit", "appointment", "receipt", "receipt_line", "payment"},
        )

    def test_two_salons_with_the_same_codes_stay_apart(self):
        self.load()
        branch = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        files = {name: text.encode() for name, text in self.files.items()}
        self.env["salon.import"]._import_files(files, branch=branch)
        self.assertEqual(len(self.client("C1")), 2)

    def test_unknown_files_are_refused_with_the_next_step(self):
        with self.assertRaisesRegex(UserError, "headings"):
            self.env["salon.import"]._import_files({"a.csv": b"x,y\n1,2\n"})

    def test_importing_costs_few_queries_per_client(self):
        def queries(clients):
            self.files["bookings.csv"] += "".join(
                f"D{number},S1,CUT,04/{number % 28 + 1:02d}/2018,9:00:00 AM,540\n"
                for number in clients
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.load()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.load()
        few, many = queries(range(50)), queries(range(50, 250))
        # Two for the number of each visit, one of the host's, the rest in batches.
        self.assertLess(many - few, 3.5 * 150)


@tagged("post_install", "-at_install")
class TestImportRun(SalonCase):
    def run_with(self, files, user=None, **values):
        env = self.env(user=user or self.owner)
        attachments = env["ir.attachment"].create(
            [
                {"name": name, "raw": text.encode(), "res_model": "salon.import.run"}
                for name, text in files.items()
            ]
        )
        return env["salon.import.run"].create(
            {
                "attachment_ids": attachments.ids,
                "branch_id": self.branch.id,
                **values,
            }
        )

    def test_checking_lists_what_is_there_and_stores_nothing(self):
        run = self.run_with({"services.csv": SERVICES, "products.csv": PRODUCTS + ","})
        run.action_check()
        found = {row.name: row.found for row in run.count_ids}
        self.assertEqual((found["Services"], found["Products"]), (3, 1))
        self.assertEqual(run.skipped_count, 1)
        self.assertEqual((run.state, run.source), ("draft", "toronto_salon"))
        self.assertFalse(
            self.env["product.product"].search([("default_code", "=", "COL")])
        )

    def test_an_import_waits_for_the_scheduled_action(self):
        run = self.run_with({"services.csv": SERVICES})
        cron = self.env.ref("salon_booking.salon_import_cron")
        run.action_import()
        self.assertEqual(run.state, "queued")
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )
        with self.assertRaises(UserError):
            run.action_import()
        with self.assertRaises(UserError):
            run.unlink()

    def test_the_result_is_kept_on_the_run(self):
        run = self.run_with({"services.csv": SERVICES, "receipts.csv": RECEIPTS})
        run._run()
        self.assertEqual(run.state, "done")
        counts = {row.name: (row.created, row.skipped) for row in run.count_ids}
        self.assertEqual(counts["Services"], (3, 0))
        # The shampoo is in no file, so two lines are left out.
        self.assertEqual(counts["Receipt lines"], (4, 2))
        self.assertEqual(run.skipped_count, 2)
        self.assertEqual(set(run.total_ids.mapped("amount_difference")), {0})
        self.assertIn(b"shampoo", base64.b64decode(run.problem_file))

    def test_a_failed_import_says_why_and_leaves_nothing(self):
        run = self.run_with({"other.csv": "a,b\n1,2\n"})
        run._run()
        self.assertEqual(run.state, "failed")
        self.assertIn("headings", run.error)

    def test_only_the_owner_sees_imports(self):
        run = self.run_with({"services.csv": SERVICES})
        with self.assertRaises(AccessError):
            run.with_user(self.manager).read(["state"])
        with self.assertRaises(AccessError):
            run.attachment_ids.with_user(self.manager).read(["raw"])

    def test_files_are_needed(self):
        with self.assertRaises(UserError):
            self.run_with({}).action_import()
