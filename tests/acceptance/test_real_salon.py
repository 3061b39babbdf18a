"""Five months of a real salon through all five addons, to the cent.

The export is imported once, with broken rows among it; everything is compared with
sums that this file works out from the CSV files by itself. Nothing is committed.
"""

import csv
import os
import time
from collections import Counter, defaultdict
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from unittest import SkipTest
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SALON_DATA") or ROOT.parent / "shared" / "data")
EXPORT = DATA / "toronto_salon"
CENT = Decimal("0.01")
#: The morning after the last receipt: later bookings are still to come.
NOW = "2018-07-30 12:00:00"
BROKEN = {
    "receipts.csv": [
        "9001,31/31/2018,Blowdry,C0001,S1,1,50,2.5,4",
        "9002,05/05/2018,Nothing we sell,C0001,S1,1,50,2.5,4",
        "10,03/15/2018,Blowdry,C0340,S1,1,fifty,2.5,4",
        '9003,05/05/2018,"Blowdry,C0001,S1,1,50,2.5,4',
        "9004,05/05/2018",
    ],
    "bookings.csv": ["C0001,S1,NOPE,05/05/2018,1:00:00 PM,780"],
    "cancellations.csv": ["05/05/2018,C0001,SHCW,S1,,S1,0"],
    "no_shows.csv": ["05/05/2018,C0001,,S1"],
    "services.csv": ["TRUE,,No code,STYLE,1,1"],
    "products.csv": ["TRUE,TOO,FEW"],
}


def rows(name):
    with (EXPORT / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    return datetime.strptime(text, "%m/%d/%Y").date()


def total(lines, column="Amount"):
    return sum((Decimal(line[column]) for line in lines), Decimal())


def cents(amount):
    return Decimal(f"{amount:.2f}")


# Outside of the addons the host gives a test no tags of its own.
@tagged("standard", "post_install", "-at_install")
class TestRealSalon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        if not EXPORT.is_dir():
            raise SkipTest(
                f"No real export at {EXPORT}; SALON_DATA may name another data folder."
            )
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.receipts = rows("receipts")
        cls.bookings = rows("bookings")
        cls.products = {row["Description"] for row in rows("products")} - {""}
        cls.by_receipt = defaultdict(list)
        for line in cls.receipts:
            cls.by_receipt[line["Receipt"]].append(line)
        cls.files = {
            path.name: path.read_bytes().rstrip()
            + "".join(f"\r\n{row}" for row in BROKEN[path.name]).encode()
            for path in EXPORT.glob("*.csv")
        }
        if not cls.env.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.env.company, install_demo=False
            )
        began = time.process_time()
        cls.summary = cls.load()
        cls.seconds = time.process_time() - began
        cls.branch = cls.env["salon.branch"].browse(cls.summary["branch_id"])
        cls.bills = cls.env["account.move"].search(
            [("salon_branch_id", "=", cls.branch.id)]
        )
        cls.lines = cls.bills.invoice_line_ids
        cls.appointments = cls.env["salon.appointment"].search(
            [("branch_id", "=", cls.branch.id)]
        )

    @classmethod
    def load(cls):
        summary = cls.env["salon.import"]._import_files(cls.files)
        cls.env.flush_all()
        return summary

    # -- the books ----------------------------------------------------------------

    def test_every_receipt_is_one_posted_and_paid_invoice(self):
        self.assertEqual(len(self.bills), 1436)
        self.assertEqual(len(self.lines), 1934)
        self.assertEqual(set(self.bills.mapped("state")), {"posted"})
        self.assertEqual(set(self.bills.mapped("move_type")), {"out_invoice"})
        self.assertEqual(set(self.bills.mapped("payment_state")), {"paid"})
        for bill in self.bills:
            paper = self.by_receipt[bill.ref]
            self.assertEqual(bill.invoice_date, day(paper[0]["Date"]))
            self.assertEqual(bill.date, bill.invoice_date)
            self.assertEqual(cents(bill.amount_untaxed), total(paper))

    def test_net_and_taxes_are_right_to_the_cent(self):
        taxes = defaultdict(Decimal)
        for line in self.bills.line_ids.filtered("tax_line_id"):
            taxes[line.tax_line_id.amount] -= cents(line.balance)
        self.assertEqual(
            cents(sum(self.bills.mapped("amount_untaxed"))), Decimal("115809.03")
        )
        self.assertEqual(taxes, {5.0: Decimal("5788.45"), 8.0: Decimal("9264.72")})
        self.assertEqual(
            cents(sum(self.bills.mapped("amount_total"))), Decimal("130862.20")
        )

    def test_each_receipts_tax_is_within_a_cent_of_the_recorded_one(self):
        for bill in self.bills:
            paper = self.by_receipt[bill.ref]
            posted = defaultdict(Decimal)
            for line in bill.line_ids.filtered("tax_line_id"):
                posted[line.tax_line_id.amount] -= cents(line.balance)
            for percent, column in ((5, "GST"), (8, "PST")):
                recorded = total(paper, column)
                self.assertLess(abs(posted[percent] - recorded), CENT, bill.ref)
                if recorded == round(recorded, 2):
                    self.assertEqual(posted[percent], recorded, bill.ref)

    def test_payments_are_of_the_day_and_come_to_the_gross(self):
        payments = self.bills.matched_payment_ids
        owed = [
            number
            for number, paper in self.by_receipt.items()
            if total(paper) or total(paper, "GST") or total(paper, "PST")
        ]
        self.assertEqual(len(payments), len(owed))
        self.assertEqual(cents(sum(payments.mapped("amount"))), Decimal("130862.20"))
        for payment in payments:
            self.assertEqual(payment.date, payment.invoice_ids.invoice_date)

    def test_net_by_person_is_as_in_the_export(self):
        expected = defaultdict(Decimal)
        for line in self.receipts:
            expected[line["Staff"]] += Decimal(line["Amount"])
        self.assertEqual(expected["S1"], Decimal("20585.72"))
        posted = {
            staff.name or "HOUSE": -cents(balance)
            for staff, balance in self.env["account.move.line"]._read_group(
                [("id", "in", self.lines.ids)], ["salon_staff_id"], ["balance:sum"]
            )
        }
        self.assertEqual(posted, expected)

    def test_net_by_month_is_as_in_the_export(self):
        posted = defaultdict(Decimal)
        for line in self.lines:
            posted[line.date.month] -= cents(line.balance)
        self.assertEqual(
            posted,
            {
                3: Decimal("3260.00"),
                4: Decimal("17388.45"),
                5: Decimal("34472.64"),
                6: Decimal("32112.99"),
                7: Decimal("28574.95"),
            },
        )

    def test_products_and_services_are_told_apart(self):
        sold = self.lines.filtered(
            lambda line: (
                not line._is_salon_service() and not line.product_id.is_salon_service
            )
        )
        self.assertEqual(len(sold), 173)
        self.assertEqual(-cents(sum(sold.mapped("balance"))), Decimal("7066.61"))

    def test_negative_and_free_lines_stay_on_their_receipt(self):
        amounts = self.lines.mapped("price_subtotal")
        self.assertEqual(sum(amount < 0 for amount in amounts), 71)
        self.assertEqual(sum(amount == 0 for amount in amounts), 52)

    def test_receipts_of_several_people_are_kept_apart_by_line(self):
        clients, staff = 0, 0
        for bill in self.bills:
            lines = bill.invoice_line_ids
            paper = self.by_receipt[bill.ref]
            self.assertEqual(
                Counter(
                    (
                        line.salon_client_id.ref,
                        line.salon_staff_id.name or "HOUSE",
                        cents(line.price_subtotal),
                    )
                    for line in lines
                ),
                Counter(
                    (line["Client"], line["Staff"], cents(Decimal(line["Amount"])))
                    for line in paper
                ),
            )
            clients += len(lines.salon_client_id) > 1
            staff += len({line.salon_staff_id.id for line in lines}) > 1
        self.assertEqual((clients, staff), (25, 223))

    def test_receipt_1770_carries_pst_but_no_gst(self):
        bill = self.bills.filtered(lambda bill: bill.ref == "1770")
        self.assertEqual(bill.line_ids.tax_line_id.mapped("amount"), [8.0])
        self.assertEqual(bill.amount_total, 43.2)

    # -- clients and visits -------------------------------------------------------

    def test_clients_come_in_once(self):
        codes = {line["Client"] for line in self.receipts}
        self.assertEqual(len(codes), 767)
        for name in ("bookings", "cancellations", "no_shows"):
            codes |= {row["Code"] for row in rows(name)} - {""}
        found = self.env["res.partner"].search([("ref", "in", list(codes))])
        self.assertEqual(len(found), len(codes))
        self.assertEqual(self.summary["counts"]["client"]["created"], len(codes))
        self.assertEqual(len(self.lines.salon_client_id), 767)

    def test_all_bookings_are_there_in_their_states(self):
        done = sum(day(row["Date"]) <= date(2018, 7, 29) for row in self.bookings)
        self.assertEqual(len(self.bookings), 1906)
        self.assertEqual(
            Counter(self.appointments.mapped("state")),
            {"done": done, "booked": 1906 - done, "cancelled": 243, "no_show": 60},
        )

    def test_bookings_are_with_whom_for_what_and_when_the_export_says(self):
        expected = Counter(
            (
                row["Code"],
                row["Staff"],
                row["Service"],
                day(row["Date"]),
                row["TimeInt"],
            )
            for row in self.bookings
        )
        found = Counter()
        for row in self.appointments:
            if row.state not in ("done", "booked"):
                continue
            start = row.start.replace(tzinfo=timezone.utc).astimezone(
                ZoneInfo(self.branch.tz)
            )
            found[
                row.client_id.ref or "",
                row.staff_id.name or "HOUSE",
                row.product_id.default_code,
                start.date(),
                str(start.hour * 60 + start.minute),
            ] += 1
        self.assertEqual(found, expected)

    def test_cancellations_keep_their_notice(self):
        expected = Counter(
            (day(row["Booking Date"]) - day(row["Cancel Date"])).days
            for row in rows("cancellations")
        )
        found = self.appointments.filtered(lambda row: row.state == "cancelled")
        self.assertEqual(Counter(found.mapped("cancel_notice_days")), expected)
        self.assertEqual(min(expected), -37)

    def test_the_past_holds_nobodys_time_and_the_future_does(self):
        coming = self.appointments.filtered(lambda row: row.state == "booked")
        self.assertFalse((self.appointments - coming).occupancy_ids)
        self.assertTrue(all((self.appointments - coming).visit_id.mapped("is_history")))
        self.assertFalse(any(coming.visit_id.mapped("is_history")))
        self.assertEqual(len(coming.occupancy_ids.appointment_id), len(coming))
        squeezed = coming.filtered("overlap_reason")
        self.assertLess(len(squeezed), len(coming) / 4)

    def test_a_client_on_a_receipt_has_a_done_visit_that_day(self):
        visits = self.env["salon.visit"].search([("branch_id", "=", self.branch.id)])
        done = {
            (visit.client_id.ref, visit.business_date)
            for visit in visits
            if visit.state == "done"
        }
        self.assertLessEqual(
            {(line["Client"], day(line["Date"])) for line in self.receipts}, done
        )
        self.assertTrue(
            all(line.salon_visit_id.business_date == line.date for line in self.lines)
        )

    # -- what hangs on paid bills ---------------------------------------------------

    def test_commissions_of_45_and_10_per_cent_by_person(self):
        staff = self.lines.salon_staff_id
        scheme = self.env["salon.pay.scheme"].create(
            {
                "name": "45 and 10",
                "company_id": self.branch.company_id.id,
                "service_percentage": 45,
                "product_percentage": 10,
            }
        )
        self.env["salon.pay.assignment"].create(
            [
                {
                    "staff_id": person.id,
                    "scheme_id": scheme.id,
                    "date_from": "2018-01-01",
                }
                for person in staff
            ]
        )
        self.env["salon.commission.ledger"]._settle_period(
            self.branch.company_id, date(2018, 1, 1), date(2018, 12, 31)
        )
        expected = defaultdict(Decimal)
        for line in self.receipts:
            if line["Staff"] == "HOUSE":
                continue
            percent = 10 if line["Description"] in self.products else 45
            expected[line["Staff"]] += (
                Decimal(line["Amount"]) * percent / 100
            ).quantize(CENT, ROUND_HALF_UP)
        earned = {
            person.name: cents(amount)
            for person, amount in self.env["salon.commission"]._read_group(
                [("branch_id", "=", self.branch.id)], ["staff_id"], ["amount:sum"]
            )
        }
        self.assertEqual(earned, expected)

    def test_points_of_one_per_dollar_by_client(self):
        expected = defaultdict(Decimal)
        for paper in self.by_receipt.values():
            spent = defaultdict(Decimal)
            for line in paper:
                spent[line["Client"]] += Decimal(line["Amount"])
            for client, amount in spent.items():
                expected[client] += max(amount, Decimal())
        given = {
            client.ref: cents(points)
            for client, points in self.env["loyalty.card"]._read_group(
                [
                    ("partner_id", "in", self.lines.salon_client_id.ids),
                    ("salon_kind", "=", "points"),
                ],
                ["partner_id"],
                ["points:sum"],
            )
        }
        self.assertEqual(
            given, {client: amount for client, amount in expected.items() if amount}
        )

    def test_shelves_hold_what_the_export_says(self):
        for row in rows("products"):
            product = self.env["product.product"].search(
                [("default_code", "=", row["Code"]), ("type", "=", "consu")]
            )
            self.assertEqual(product.qty_available, max(float(row["On Hand"]), 0))

    # -- the import itself --------------------------------------------------------

    def test_broken_rows_are_named_and_the_others_come_in(self):
        found = Counter(problem["file"] for problem in self.summary["skipped"])
        self.assertEqual(found, {name: len(bad) for name, bad in BROKEN.items()})
        for problem in self.summary["skipped"]:
            length = self.files[problem["file"]].count(b"\n") + 1
            self.assertGreater(problem["line"], length - len(BROKEN[problem["file"]]))
            self.assertTrue(problem["reason"])

    def test_the_summary_compares_the_export_with_the_books(self):
        self.assertEqual(
            self.summary["totals"],
            {
                "net": {"export": "115809.03", "posted": "115809.03"},
                "GST": {"export": "5788.45", "posted": "5788.45"},
                "PST": {"export": "9264.72", "posted": "9264.72"},
                "gross": {"export": "130862.20", "posted": "130862.20"},
            },
        )

    def test_a_second_run_changes_nothing_at_all(self):
        before = self._fingerprints()
        summary = self.load()
        after = self._fingerprints()
        changed = [table for table in after if after[table] != before.get(table)]
        self.assertEqual(changed, [])
        self.assertEqual({row["created"] for row in summary["counts"].values()}, {0})
        self.assertEqual(len(summary["skipped"]), sum(map(len, BROKEN.values())))

    def _fingerprints(self):
        """A checksum of the whole content of every table of the database."""
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        found = {}
        for (table,) in self.env.cr.fetchall():
            [found[table]] = self.env.execute_query(
                SQL(
                    "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM %s t",
                    SQL.identifier(table),
                )
            )
        return found

    def test_it_takes_less_than_five_minutes(self):
        self.assertLess(self.seconds, 300)
