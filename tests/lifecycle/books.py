"""The money of a day in a company with a chart of its own; called inside Odoo."""

from datetime import timedelta

from odoo import Command, fields

#: Whose chart it is; the generic one is nobody's.
COUNTRIES = {"tr": "base.tr", "kz": "base.kz"}


def keep_books(env, chart):
    """Open a till, take deposits, tips and money ahead, give back, settle and close.

    :return: what the reconciliation and the trial balance say at the end
    """
    country = COUNTRIES.get(chart)
    company = env["res.company"].create(
        {"name": f"Books {chart}", "country_id": country and env.ref(country).id}
    )
    # The host loads the chart of the country by itself, but later.
    env.cr.precommit.run()
    if company.chart_template != chart:
        env["account.chart.template"].try_loading(chart, company, install_demo=False)
    env.user.company_ids |= company
    env = env(
        context={**env.context, "allowed_company_ids": company.ids, "lang": "en_US"}
    )
    company = company.with_env(env)
    salon = _Salon(env, company)
    salon.keep_a_day()
    reconciliation = env["salon.reconciliation"].create({"company_id": company.id})
    lines = env["account.move.line"].search(
        [("company_id", "=", company.id), ("parent_state", "=", "posted")]
    )
    env.flush_all()
    # The branch may still be in the month that is over for the clock of the user.
    period = {"date_from": salon.day.date}
    statement = env["salon.income.statement"].create(period)
    profit = env["salon.profit.statement"].create(period)
    return {
        "rows": {
            line.name: [line.ledger, line.books, line.difference]
            for line in reconciliation.line_ids
        },
        "trial balance": company.currency_id.round(sum(lines.mapped("balance"))),
        "currency": company.currency_id.name,
        "day": salon.day.state,
        "left": salon.day.amount_left,
        "drawer": company.currency_id.round(
            sum(
                lines.filtered(
                    lambda line: line.account_id == salon.till.default_account_id
                ).mapped("balance")
            )
        ),
        "fees": sum(statement.line_ids.mapped("fees")),
        "revenue": sum(statement.line_ids.mapped("revenue")),
        "income": company.currency_id.round(
            -sum(
                lines.filtered(
                    lambda line: (
                        line.account_id.internal_group == "income"
                        and line.move_id.salon_branch_id
                        and not line.tax_line_id
                    )
                ).mapped("balance")
            )
        ),
        "profit": {
            line.section: line.amount
            for line in profit.line_ids
            if line.kind != "account"
        },
        "words": salon.order.amount_words,
    }


class _Salon:
    def __init__(self, env, company):
        self.env = env
        self.company = company
        journals = env["account.journal"]
        self.till, self.safe = journals.create(
            [
                {"name": "Till", "type": "cash", "code": "XTILL"},
                {"name": "Safe", "type": "cash", "code": "XSAFE"},
            ]
        )
        self.terminal = journals.create(
            {
                "name": "Terminal",
                "type": "bank",
                "code": "XCARD",
                "salon_fee_percent": 1,
                "salon_fee_account_id": company.expense_account_id.id,
                "salon_fee_tax_id": company.account_purchase_tax_id.id,
            }
        )
        self.branch = env["salon.branch"].create(
            {
                "name": "Branch",
                "tz": "UTC",
                "company_id": company.id,
                "resource_calendar_id": False,
                "tender_journal_ids": [Command.set((self.till | self.terminal).ids)],
            }
        )
        self.service = env["product.product"].create(
            {
                "name": "Haircut",
                "type": "service",
                "is_salon_service": True,
                "list_price": 100,
                "invoice_policy": "order",
                "taxes_id": [Command.set(company.account_sale_tax_id.ids)],
                "salon_phase_ids": [Command.create({"kind": "work", "minutes": 30})],
            }
        )
        self.mia = env["hr.employee"].create(
            {
                "name": "Mia",
                "company_id": company.id,
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.branch.ids)],
                "salon_skill_ids": [
                    Command.create({"product_tmpl_id": self.service.product_tmpl_id.id})
                ],
            }
        )
        self.client = env["res.partner"].create({"name": "Client"})
        self.start = fields.Datetime.now().replace(
            hour=10, minute=0, second=0, microsecond=0
        )
        self.price = self._price()

    def _price(self):
        # The host gives a product the taxes of the other companies, too.
        taxes = self.service.taxes_id.filtered(
            lambda tax: tax.company_id == self.company
        )
        return taxes.compute_all(100, self.company.currency_id)["total_included"]

    def book(self):
        """A visit tomorrow, each behind the other."""
        self.start += timedelta(days=1)
        return self.env["salon.visit"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.client.id,
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "staff_id": self.mia.id,
                            "start": self.start,
                        }
                    )
                ],
            }
        )

    def check_out(self, visit, *tenders, **options):
        return self.env["salon.checkout"]._checkout(
            visit,
            [{"journal_id": journal.id, "amount": sum_} for journal, sum_ in tenders],
            (),
            options,
        )

    def keep_a_day(self):
        desk = self.env["salon.cash.desk"]
        self.day = desk._open(self.branch, self.till, [(1, 100)])
        self.env["salon.cash.start"].create(
            {
                "journal_id": self.till.id,
                "account_id": self._find("equity", "equity_unaffected").id,
            }
        ).action_post()
        self.check_out(self.book(), (self.till, self.price))
        self.check_out(
            self.book(),
            (self.terminal, self.price + 30),
            tips=[{"staff_id": self.mia.id, "amount": 10}],
            to_balance=20,
        )
        balance = self.company._get_salon_balance_journal()
        result = self.check_out(
            self.book(), (self.till, self.price - 15), (balance, 15)
        )
        self.give_back(result["invoice"])
        self.take_deposit()
        desk._move_cash(self.day, self.env.ref("salon_cash.reason_expense"), 12.5)
        self.order = self.day.order_ids[:1]
        settlement = self.env["salon.card.settlement"].create(
            {"journal_id": self.terminal.id}
        )
        settlement.action_post()
        self.close()

    def give_back(self, invoice):
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.action_post()
        self.env["salon.checkout"]._register_tender(
            refund, {"journal_id": self.till.id, "amount": refund.amount_residual}
        )

    def take_deposit(self):
        """Asked for and paid; the checkout deducts it."""
        visit = self.book()
        deposits = self.env["salon.deposit"]
        deposits._take(visit, [{"journal_id": self.till.id, "amount": 40}])
        self.check_out(visit, (self.till, self.price - 40))
        # One more stays a liability.
        visit = self.book()
        deposits._take(visit, [{"journal_id": self.till.id, "amount": 40}])

    def close(self):
        day = self.day
        day.action_count()
        count = day.closing_count_ids.filtered(lambda count: count.value == 1)
        if not count:
            count = self.env["salon.cash.count"].create({"day_id": day.id, "value": 1})
        # One is missing.
        count.quantity = int(day.amount_expected) - 1
        day.write({"amount_handover": 50, "handover_journal_id": self.safe.id})
        day.action_close()

    def _find(self, *types):
        accounts = self.env["account.account"]
        for type_ in types:
            found = accounts.search(
                [
                    *accounts._check_company_domain(self.company),
                    ("account_type", "=", type_),
                ],
                limit=1,
            )
            if found:
                return found
        raise AssertionError(f"No account of {types}")
