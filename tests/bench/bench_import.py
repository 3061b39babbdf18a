"""How fast an old software's export comes in."""

import csv
import io
from datetime import date, timedelta

from harness import Measurement, median_seconds

from odoo import Command

CLIENTS = 50
RECEIPTS = 80
CANCELLATIONS = 30
NO_SHOWS = 10
STAFF = ("S1", "S2", "S3", "S4")
SERVICES = 20
PRODUCTS = 20
FIRST = date(2018, 3, 1)


def bench_import(env):
    """Catalogue, bookings and receipts of an export that was never seen before."""
    export = Export()

    def bring_in():
        summary = env["salon.import"]._import_files(
            export.files(), source="toronto_salon"
        )
        posted = summary["totals"]
        assert posted, summary
        skipped = summary["skipped"]
        assert not skipped, skipped[:3]

    def bill_in_the_host():
        """Nothing but the receipts: as posted invoices, each with its payment."""
        clients = env["res.partner"].create(
            [{"name": f"Bench {number}"} for number in range(CLIENTS)]
        )
        things = env["product.product"].create(
            [
                {"name": name, "type": "service", "taxes_id": [Command.clear()]}
                for name in export.prices
            ]
        )
        thing_by_name = dict(zip(export.prices, things, strict=True))
        taxes = env["account.tax"].create(
            [
                {"name": f"Bench {rate}", "amount": rate, "type_tax_use": "sale"}
                for rate in (5, 8)
            ]
        )
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": clients[number % CLIENTS].id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": thing_by_name[name].id,
                                "price_unit": export.prices[name],
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                        for name in names
                    ],
                }
                for number, day, names in export.receipts
            ]
        )
        invoices.action_post()
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"group_payment": False})._create_payments()
        env.cr.flush()

    ours = export.row_count / median_seconds(env, bring_in, runs=3, warmup=0)
    lines = sum(len(names) for _number, _day, names in export.receipts)
    host = lines / median_seconds(env, bill_in_the_host, runs=3, warmup=0)
    against = "bare host: the receipts alone, as paid invoices in one batch"
    return Measurement(ours, "rows/s", host, against)


class Export:
    """The files of a made-up salon, in the layout of the first known source."""

    def __init__(self):
        self.services = {f"Service {n}": 20 + n for n in range(SERVICES)}
        self.products = {f"Product {n}": 10 + n for n in range(PRODUCTS)}
        self.prices = self.services | self.products
        service_names, product_names = list(self.services), list(self.products)
        self.receipts = []
        for number in range(RECEIPTS):
            names = [service_names[number % SERVICES]]
            if number % 2:
                names.append(product_names[number % PRODUCTS])
            self.receipts.append((number, FIRST + timedelta(days=number // 3), names))
        self.rows = {
            "services.csv": self._services(),
            "products.csv": self._products(),
            "bookings.csv": self._bookings(),
            "cancellations.csv": self._cancellations(),
            "no_shows.csv": self._no_shows(),
            "receipts.csv": self._receipts(),
        }

    @property
    def row_count(self):
        return sum(len(rows) - 1 for rows in self.rows.values())

    def files(self):
        return {name: self._text(rows) for name, rows in self.rows.items()}

    def _text(self, rows):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()

    def _services(self):
        rows = [
            ("TRUE", f"SV{number}", name, "STYLE", price, 0)
            for number, (name, price) in enumerate(self.services.items())
        ]
        return [("IsActive", "Code", "Desc", "Cate", "Price", "Cost"), *rows]

    def _products(self):
        header = (
            "IsActive,Code,Description,Supplier,Brand,Category,Price,On Hand,Minimum,"
            "Maximum,Cost,COG,YTD,Package"
        )
        return [
            header.split(","),
            *(
                ("TRUE", f"PR{number}", name, "VENUS", "AG", "RETAIL", price)
                + (5, 1, 9, 4, 20, 0, "FALSE")
                for number, (name, price) in enumerate(self.products.items())
            ),
        ]

    def _bookings(self):
        rows = [
            (
                f"C{number % CLIENTS:04}",
                STAFF[number % len(STAFF)],
                f"SV{number % SERVICES}",
                f"{day:%m/%d/%Y}",
                f"{9 + number % 3}:00:00 AM",
                (9 + number % 3) * 60,
            )
            for number, day, _names in self.receipts
        ]
        return [("Code", "Staff", "Service", "Date", "Time", "TimeInt"), *rows]

    def _cancellations(self):
        rows = [
            (
                f"{day:%m/%d/%Y}",
                f"C{number % CLIENTS:04}",
                f"SV{number % SERVICES}",
                STAFF[number % len(STAFF)],
                f"{day + timedelta(days=2):%m/%d/%Y}",
                "ADMIN",
                2,
            )
            for number, day, _names in self.receipts[:CANCELLATIONS]
        ]
        header = "Cancel Date,Code,Service,Staff,Booking Date,Canceled By,Days"
        return [header.split(","), *rows]

    def _no_shows(self):
        rows = [
            (
                f"{day + timedelta(days=1):%m/%d/%Y}",
                f"C{number % CLIENTS:04}",
                f"SV{number % SERVICES}",
                STAFF[number % len(STAFF)],
            )
            for number, day, _names in self.receipts[:NO_SHOWS]
        ]
        return [("Date", "Code", "Service", "Staff"), *rows]

    def _receipts(self):
        header = "Receipt,Date,Description,Client,Staff,Quantity,Amount,GST,PST"
        return [
            header.split(","),
            *(
                (
                    1000 + number,
                    f"{day:%m/%d/%Y}",
                    name,
                    f"C{number % CLIENTS:04}",
                    STAFF[number % len(STAFF)],
                    1,
                    self.prices[name],
                    round(self.prices[name] * 0.05, 2),
                    round(self.prices[name] * 0.08, 2),
                )
                for number, day, names in self.receipts
                for name in names
            ),
        ]
