"""What the front desk does all day: look for a free time, book it, check out."""

from datetime import timedelta

from bench_salon import MONDAY, BenchSalon
from harness import Measurement, count_queries, median_seconds

from odoo import Command, fields

#: Visits booked in one run, one after the other as clerks do.
VISITS = 10
DAYS = 7


def bench_booking(env):
    """A visit with one service; the host keeps a quotation and blocks the time."""
    salon = BenchSalon(env)

    def book(visits=VISITS):
        for number in range(visits):
            wish = salon.wish(salon.cut, number % 10, number // 10, 10 * 60)
            salon.book(wish)
            salon.desk.cr.flush()

    def note_in_the_host(visits=VISITS):
        for number in range(visits):
            person = salon.people[number % 10]
            start = MONDAY + timedelta(days=number // 10, hours=10)
            env["sale.order"].create(
                {
                    "partner_id": salon.client.id,
                    "order_line": [Command.create({"product_id": salon.cut.id})],
                }
            )
            env["resource.calendar.leaves"].create(
                {
                    "name": salon.client.name,
                    "resource_id": person.resource_id.id,
                    "calendar_id": person.resource_calendar_id.id,
                    "date_from": start,
                    "date_to": start + timedelta(minutes=45),
                }
            )
            env.cr.flush()

    against = "bare host: quotation and time off of the person"
    milliseconds = 1000 / VISITS
    ours = median_seconds(env, book) * milliseconds
    host = median_seconds(env, note_in_the_host) * milliseconds
    queries = count_queries(env, lambda: book(1))
    host_queries = count_queries(env, lambda: note_in_the_host(1))
    return [
        Measurement(ours, "ms", host, against),
        Measurement(queries, "queries", host_queries, against, "booking_queries"),
    ]


def bench_checkout(env):
    """A visit of two services, paid in cash; the host bills the same two lines."""
    salon = BenchSalon(env)
    visits = salon.env["salon.visit"]
    for number in range(VISITS):
        first = salon.wish(salon.cut, number, 0, 10 * 60)
        second = salon.wish(salon.dry, number, 0, 11 * 60)
        visits |= salon.book(first, second)
    services = salon.cut | salon.dry
    total = sum(
        service.taxes_id._filter_taxes_by_company(env.company).compute_all(
            service.list_price
        )["total_included"]
        for service in services
    )
    desk_visits = visits.with_env(salon.desk)

    def check_out(count=VISITS):
        for visit in desk_visits[:count]:
            salon.desk["salon.checkout"]._checkout(
                visit, [{"journal_id": salon.journal.id, "amount": total}]
            )
            salon.desk.cr.flush()

    def bill_in_the_host(count=VISITS):
        for _ in range(count):
            order = env["sale.order"].create(
                {
                    "partner_id": salon.client.id,
                    "order_line": [
                        Command.create({"product_id": service.id})
                        for service in services
                    ],
                }
            )
            order.action_confirm()
            invoice = order._create_invoices()
            invoice.invoice_date = fields.Date.today()
            invoice.action_post()
            env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {"journal_id": salon.journal.id, "amount": total}
            )._create_payments()
            env.cr.flush()

    against = "bare host: sale order, invoice and payment of the same lines"
    milliseconds = 1000 / VISITS
    ours = median_seconds(env, check_out) * milliseconds
    host = median_seconds(env, bill_in_the_host) * milliseconds
    queries = count_queries(env, lambda: check_out(1))
    host_queries = count_queries(env, lambda: bill_in_the_host(1))
    return [
        Measurement(ours, "ms", host, against),
        Measurement(queries, "queries", host_queries, against, "checkout_queries"),
    ]


def bench_free_times(env):
    """Free times of ten people with calendars of their own in a week that is full."""
    salon = BenchSalon(env)
    salon.fill(DAYS)
    first = MONDAY.date()
    last = first + timedelta(days=DAYS - 1)
    branch = salon.branch.with_env(salon.desk)
    product = salon.cut.with_env(salon.desk)

    def search():
        found = salon.desk["salon.availability"]._search_slots(
            branch, product, first, last
        )
        assert found

    def ask_the_calendars():
        start = MONDAY.astimezone()
        for person in salon.people:
            person.resource_calendar_id._work_intervals_batch(
                start, start + timedelta(days=DAYS), person.resource_id
            )

    against = (
        "bare host: working hours of the same people, their bookings not looked at"
    )
    ours = median_seconds(env, search, runs=9) * 1000
    host = median_seconds(env, ask_the_calendars, runs=9) * 1000
    queries = count_queries(env, search)
    host_queries = count_queries(env, ask_the_calendars)
    return [
        Measurement(ours, "ms", host, against),
        Measurement(queries, "queries", host_queries, against, "free_times_queries"),
    ]
