"""A client found while typing, among a million."""

import os

from bench_salon import BenchSalon
from harness import Measurement, count_queries, median_seconds

from odoo.tools import SQL

#: Fewer make the run shorter, and the host look better.
CLIENTS = int(os.environ.get("SALON_BENCH_CLIENTS") or 1_000_000)
FIRST = "Leyla Aynur Çinarə Nigar Günay Elif Zeynep Merve Anna Maria Olga Irina".split()
LAST = (
    "Məmmədova Əliyeva Hüseynova Quliyeva Yılmaz Kaya Demir Ivanova Smirnova Petrova "
    "Garcia Rossi Schmidt Dubois"
).split()
#: Columns that each client has of its own.
OWN = frozenset({"id", "name", "type", "lang", "active"})
#: What a desk types: two beginnings, one rare name, a number and its end.
TYPED = ("leyla memm", "cinare aliy 12", "zeynep yilmaz", "0501234567", "4567")


def bench_clients(env):
    """Ours by the beginnings of words and both ends of numbers; the host by "ilike"."""
    salon = BenchSalon(env)
    # What else an addon requires of a contact is as on the one that there is.
    required = SQL(", ").join(
        SQL.identifier(name)
        for name, field in env["res.partner"]._fields.items()
        if field.store and field.column_type and field.required and name not in OWN
    )
    env.cr.execute(
        SQL(
            """INSERT INTO res_partner
                      (name, complete_name, active, type, lang, partner_share, phone,
                       phone_sanitized, create_date, write_date, %(required)s)
               SELECT made.name, made.name, TRUE, 'contact', 'en_US', TRUE,
                      made.phone, made.phone, now() AT TIME ZONE 'UTC',
                      now() AT TIME ZONE 'UTC', %(required)s
                 FROM (SELECT concat_ws(' ', (%(first)s)[1 + n %% %(firsts)s],
                                        (%(last)s)[1 + (n / 7) %% %(lasts)s],
                                        chr(65 + n %% 26) || n / 1000) AS name,
                              '+99450' || lpad((n::bigint * 7919 %% 10000000)::text,
                                               7, '0') AS phone
                         FROM generate_series(1, %(clients)s) n) made,
                      res_partner WHERE res_partner.id = %(client)s""",
            required=required,
            client=salon.client.id,
            first=FIRST,
            firsts=len(FIRST),
            last=LAST,
            lasts=len(LAST),
            clients=CLIENTS,
        )
    )
    env.cr.execute("ANALYZE res_partner")
    desk = salon.desk

    def find(typed):
        return desk["salon.quick.booking"].find_clients(typed)

    def find_in_the_host(typed):
        return desk["res.partner"].name_search(typed, limit=8)

    against = f"the host's name_search, {CLIENTS} contacts"
    ours, host = [], []
    for typed in TYPED:
        ours.append(median_seconds(env, lambda typed=typed: find(typed)))
        host.append(
            median_seconds(
                env, lambda typed=typed: find_in_the_host(typed), runs=1, warmup=0
            )
        )
    return [
        Measurement(
            max(ours) * 1000,
            "ms",
            max(host) * 1000,
            against,
            f"client search {CLIENTS} slowest",
        ),
        Measurement(
            sorted(ours)[len(ours) // 2] * 1000,
            "ms",
            sorted(host)[len(host) // 2] * 1000,
            against,
            f"client search {CLIENTS}",
        ),
        Measurement(
            count_queries(env, lambda: find(TYPED[0])),
            "queries",
            count_queries(env, lambda: find_in_the_host(TYPED[0])),
            against,
            "client_search_queries",
        ),
    ]
