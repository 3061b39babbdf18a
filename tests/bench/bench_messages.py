"""Reminders of a big chain's day, queued at once; then sent in batches."""

import os
from datetime import timedelta

from bench_salon import BenchSalon
from harness import Measurement, count_queries, seconds

from odoo import fields
from odoo.tools import SQL

VISITS = int(os.environ.get("SALON_BENCH_REMINDERS") or 100_000)
#: So many are sent; and so many mails the host makes from a template.
SENT = 500


def bench_messages(env):
    """Ours by one statement; the host by a template, one mail for each record."""
    salon = BenchSalon(env)
    clients = _make_clients(env, salon)
    _make_visits(env, salon, clients)
    messenger, sender = env["salon.messenger"], env["salon.message.sender"]
    queued = []
    took = seconds(env, lambda: queued.append(messenger._remind()))
    if queued[0] < VISITS:
        raise AssertionError(f"{queued[0]} of {VISITS} reminders were queued")
    again = seconds(env, lambda: queued.append(messenger._remind()))
    if queued[1]:
        raise AssertionError(f"{queued[1]} reminders were queued twice")
    env.cr.execute(
        "UPDATE salon_message SET not_before = now() AT TIME ZONE 'UTC' "
        "- interval '1 minute' WHERE state = 'queued'"
    )
    env.invalidate_all()
    mail = env["salon.channel.mail"]

    def send():
        for _batch in range(SENT // mail._batch):
            sender._send_due("mail", mail)

    template = env.ref("salon_messages.mail_template_visit_reminder")
    visits = env["salon.visit"].search(
        [("branch_id", "=", salon.branch.id)], limit=SENT
    )
    ours = seconds(env, send)
    host = seconds(env, lambda: template.send_mail_batch(visits.ids))
    return [
        Measurement(took, "s", name=f"reminders queue {VISITS}"),
        Measurement(again, "s", name=f"reminders queue {VISITS} again"),
        Measurement(
            count_queries(env, messenger._remind),
            "queries",
            name=f"reminders queue {VISITS} queries",
        ),
        Measurement(
            ours / SENT * 1000,
            "ms",
            host / SENT * 1000,
            "the host's send_mail_batch",
            "reminder handed over",
        ),
    ]


def _make_clients(env, salon):
    required = SQL(", ").join(
        SQL.identifier(name)
        for name, field in env["res.partner"]._fields.items()
        if field.store
        and field.column_type
        and field.required
        and name not in {"id", "name", "type", "lang", "active"}
    )
    rows = env.execute_query(
        SQL(
            """INSERT INTO res_partner
                      (name, complete_name, active, type, lang, partner_share, email,
                       email_normalized, phone_sanitized, create_date, write_date,
                       %(required)s)
               SELECT 'Client ' || n, 'Client ' || n, TRUE, 'contact', 'en_US', TRUE,
                      'c' || n || '@bench.test', 'c' || n || '@bench.test',
                      '+99450' || lpad(n::text, 7, '0'), now() AT TIME ZONE 'UTC',
                      now() AT TIME ZONE 'UTC', %(required)s
                 FROM generate_series(1, 20000) n,
                      res_partner WHERE res_partner.id = %(client)s
            RETURNING id""",
            required=required,
            client=salon.client.id,
        )
    )
    return [row[0] for row in rows]


def _make_visits(env, salon, clients):
    """On the quarter hours of the day after the next 24 hours' reminder is due."""
    # Without quiet hours, so that all are due whatever the clock says.
    salon.branch.write({"waitlist_quiet_from": 0, "waitlist_quiet_to": 0})
    env.flush_all()
    first = fields.Datetime.now() + timedelta(hours=3)
    env.cr.execute(
        SQL(
            """INSERT INTO salon_visit
                      (name, branch_id, company_id, client_id, source, state, start,
                       stop, currency_id, payment_state, create_date, write_date,
                       create_uid, write_uid)
               SELECT 'B' || n, %(branch)s, %(company)s,
                      (%(clients)s)[1 + n %% %(count)s], 'desk', 'booked',
                      %(first)s + (n %% 84) * interval '15 minutes',
                      %(first)s + (n %% 84) * interval '15 minutes'
                                + interval '45 minutes',
                      %(currency)s, 'no_bill', now() - interval '9 days', now(), 1, 1
                 FROM generate_series(1, %(visits)s) n""",
            branch=salon.branch.id,
            company=salon.branch.company_id.id,
            currency=salon.branch.currency_id.id,
            clients=clients,
            count=len(clients),
            first=first,
            visits=VISITS,
        )
    )
    env.cr.execute("ANALYZE salon_visit; ANALYZE res_partner; ANALYZE salon_message")
    env.invalidate_all()
