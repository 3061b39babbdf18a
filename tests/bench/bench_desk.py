"""What the front desk does all day: look for a free time, book it, check out."""

from datetime import timedelta
from functools import partial
from statistics import median

from bench_salon import BenchSalon
from harness import Measurement, count_queries, median_seconds, seconds

from odoo import Command, fields

#: Visits booked in one run, one after the other as clerks do.
VISITS = 10
#: Visits made in one call, as an import or a series does.
BATCH = 1000
#: Checkouts one after the other, and how many of each end are compared.
MANY, TAIL = 200, 20


def bench_booking(env):
    """A visit of two services by two people, each at a station.

    The host keeps a quotation and blocks their time.
    """
    salon = BenchSalon(env)

    def wishes(number):
        day, person = divmod(number, 10)
        return (
            salon.wish(salon.cut, person, day, 10 * 60),
            salon.wish(salon.dry, (person + 1) % 10, day, 10 * 60 + 45),
        )

    # Somebody who has been here before.
    salon.book(*wishes(BATCH))

    def book(visits=VISITS):
        for number in range(visits):
            # Each clerk's request begins with an empty cache.
            env.invalidate_all()
            salon.book(*wishes(number))
            salon.desk.cr.flush()

    def book_batch():
        salon.desk["salon.visit"].create(
            [
                {
                    "branch_id": salon.branch.id,
                    "client_id": salon.client.id,
                    "appointment_ids": [
                        Command.create(wish) for wish in wishes(number)
                    ],
                }
                for number in range(BATCH)
            ]
        )

    def note_in_the_host(visits=VISITS):
        for number in range(visits):
            env.invalidate_all()
            first, second = wishes(number)
            env["sale.order"].create(
                {
                    "partner_id": salon.client.id,
                    "order_line": [
                        Command.create({"product_id": wish["product_id"]})
                        for wish in (first, second)
                    ],
                }
            )
            people = env["hr.employee"].browse([first["staff_id"], second["staff_id"]])
            env["resource.calendar.leaves"].create(
                [
                    {
                        "name": salon.client.name,
                        "resource_id": person.resource_id.id,
                        "calendar_id": person.resource_calendar_id.id,
                        "date_from": wish["start"],
                        "date_to": wish["start"] + timedelta(minutes=minutes),
                    }
                    for person, wish, minutes in zip(
                        people, (first, second), (45, 30), strict=True
                    )
                ]
            )
            env.cr.flush()

    against = "bare host: quotation of two lines and time off of two people"
    milliseconds = 1000 / VISITS
    ours = median_seconds(env, book) * milliseconds
    batch = median_seconds(env, book_batch, runs=3, warmup=1) * 1000 / BATCH
    host = median_seconds(env, note_in_the_host) * milliseconds
    queries = count_queries(env, lambda: book(1))
    host_queries = count_queries(env, lambda: note_in_the_host(1))
    return [
        Measurement(ours, "ms", host, against),
        Measurement(batch, "ms", host, against, "booking batch of 1000"),
        Measurement(queries, "queries", host_queries, against, "booking_queries"),
    ]


def bench_checkout(env):
    """A visit of two services, with a product, paid by two tenders.

    The host bills the same three lines and takes the same two payments.
    """
    salon = BenchSalon(env)
    visits = _book_ahead(salon, VISITS)
    product = _sold_product(env)
    lines = salon.cut | salon.dry | product
    total = sum(
        line.taxes_id._filter_taxes_by_company(env.company).compute_all(
            line.list_price
        )["total_included"]
        for line in lines
    )
    bank = salon.branch._get_tender_journals().filtered(lambda one: one.type == "bank")
    tenders = [(salon.journal, 40), (bank[:1], total - 40)]
    sold = [{"product_id": product.id}]

    def check_out(count=VISITS):
        for visit in visits[:count]:
            _check_out(salon, visit, tenders, sold)

    def bill_in_the_host(count=VISITS):
        for _ in range(count):
            env.invalidate_all()
            order = env["sale.order"].create(
                {
                    "partner_id": salon.client.id,
                    "order_line": [
                        Command.create({"product_id": line.id}) for line in lines
                    ],
                }
            )
            order.action_confirm()
            invoice = order._create_invoices()
            invoice.invoice_date = fields.Date.today()
            invoice.action_post()
            for journal, amount in tenders:
                env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create(
                    {"journal_id": journal.id, "amount": amount}
                )._create_payments()
            env.cr.flush()

    against = "bare host: sale order, invoice and two payments of the same lines"
    milliseconds = 1000 / VISITS
    ours = median_seconds(env, check_out) * milliseconds
    host = median_seconds(env, bill_in_the_host) * milliseconds
    queries = count_queries(env, lambda: check_out(1))
    host_queries = count_queries(env, lambda: bill_in_the_host(1))
    return [
        Measurement(ours, "ms", host, against),
        Measurement(queries, "queries", host_queries, against, "checkout_queries"),
    ]


def bench_many_checkouts(env):
    """Two hundred checkouts one after the other: the last twenty, and the first."""
    salon = BenchSalon(env)
    visits = _book_ahead(salon, MANY)
    times = []
    tenders = [(salon.journal, 40)]
    for visit in visits:
        bill = partial(_check_out, salon, visit, tenders, ())
        times.append(seconds(env, bill))
    first, last = median(times[:TAIL]), median(times[-TAIL:])
    against = f"the first {TAIL} of {MANY}"
    return Measurement(last * 1000, "ms", first * 1000, against)


def _book_ahead(salon, count):
    """Visits of two services of one client, booked by the desk."""
    visits = salon.desk["salon.visit"]
    for number in range(count):
        day, person = divmod(number, 10)
        visits |= salon.book(
            salon.wish(salon.cut, person, day, 10 * 60),
            salon.wish(salon.dry, person, day, 11 * 60),
        )
    return visits


def _sold_product(env):
    return env["product.product"].create(
        {
            "name": "Bench shampoo",
            "type": "consu",
            "list_price": 20,
            "invoice_policy": "order",
        }
    )


def _check_out(salon, visit, tenders, sold):
    # Each clerk's request begins with an empty cache.
    salon.env.invalidate_all()
    salon.desk["salon.checkout"]._checkout(
        visit,
        [{"journal_id": journal.id, "amount": amount} for journal, amount in tenders],
        sold,
    )
    salon.desk.cr.flush()
