from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, float_round

from ..engine.denominations import denominations

#: What is in a drawer in the morning, and what is missing when it is counted at night.
FLOAT, MISSING = 200, 2
OPENS, CLOSES = 9, 21


class SalonDemoCashDesk(models.AbstractModel):
    """The real cash desk at the moment of which the demo tells.

    Only code of the server gets here: nobody can date a real day back.
    """

    _name = "salon.demo.cash.desk"
    _inherit = "salon.cash.desk"
    _description = "Cash Desk of the Demo Salon"

    @api.model
    def _now(self):
        return self.env.context["salon_demo_moment"]

    @api.model
    def _today(self, branch):
        return fields.Datetime.context_timestamp(
            branch.with_context(tz=branch.tz), self._now()
        ).date()


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _keep_cash(self):
        """One cash day that is over and one that is open, so that there is something
        to look at.

        The till of the harbour waits to be opened by who tries the demo.
        """
        tills = {
            name: till
            for name in ("center", "garden")
            if (till := self._find_new_till(name))
        }
        if not tills:
            return
        self._date_payments()
        for name, till in tills.items():
            branch = self._ref(f"branch_{name}")
            self._keep_till(branch, till, self._last_day_of(branch, till))
            self._keep_till(branch, till, self._today())
        branch = self._ref("branch_garden")
        self.with_context(tz=branch.tz)._settle_cards(branch.company_id)

    @api.model
    def _find_new_till(self, name):
        """Beside another salon, or an older demo, it has no place."""
        till = self.env.ref(
            f"salon_booking.journal_cash_{name}", raise_if_not_found=False
        )
        if till and not self.env["salon.cash.desk"]._get_last_day(till):
            return till
        return self.env["account.journal"]

    @api.model
    def _date_payments(self):
        """What the demo took on earlier days was not all taken at the installation,
        and by somebody of its team."""
        branches = self._branches()
        journals = branches.tender_journal_ids
        self.env.flush_all()
        noon = SQL(
            "(date + time '12:00') AT TIME ZONE %s AT TIME ZONE 'UTC'", branches[0].tz
        )
        for table, own in (
            ("account_move", SQL("salon_branch_id = ANY(%s)", branches.ids)),
            ("account_payment", SQL("FALSE")),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = LEAST(create_date, %s), "
                    "create_uid = COALESCE(NULLIF(create_uid, %s), %s) "
                    "WHERE journal_id = ANY(%s) OR %s",
                    SQL.identifier(table),
                    noon,
                    SUPERUSER_ID,
                    self._ref("user_owner").id,
                    journals.ids,
                    own,
                )
            )
        for model in ("account.move", "account.payment"):
            self.env[model].invalidate_model(["create_date", "create_uid"])

    @api.model
    def _last_day_of(self, branch, till):
        """The last day on which the till took something, else yesterday."""
        today = self._today()
        # sudo: account.move - the books of the demo, which no clerk of it keeps
        last = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("journal_id", "=", till.id),
                    ("state", "=", "posted"),
                    ("date", "<", today),
                ],
                order="date desc",
                limit=1,
            )
        )
        return last.date or today - timedelta(days=1)

    @api.model
    def _keep_till(self, branch, till, date):
        """A day of the till: opened in the morning, and closed where it is over."""
        # Change from the safe and what goes to the bank are for managers.
        desk = self._desk_at(date, OPENS, branch)
        branch = branch.with_env(desk.env)
        last = desk._get_last_day(till)
        begins_with = last.amount_left if last else FLOAT
        day = desk._open(branch, till, self._count(begins_with, branch))
        self._join(day, till)
        desk._move_cash(
            day, desk.env.ref("salon_cash.reason_change"), 50, note="Coins for change"
        )
        desk._move_cash(
            day, desk.env.ref("salon_cash.reason_expense"), 12.5, note="Milk and coffee"
        )
        if not last:
            # sudo: account.move - the books of the demo, which no clerk of it keeps
            self.env["salon.cash.start"].sudo().create(
                {"journal_id": till.id}
            ).action_post()
        if date < self._today():
            self._end(day, branch)

    @api.model
    def _end(self, day, branch):
        """A little is missing at night, and what is not needed goes to the bank."""
        desk = self._desk_at(day.date, CLOSES, branch)
        day = day.with_env(desk.env)
        desk._start_count(day)
        counted = dict(self._count(day.amount_expected - MISSING, branch))
        for line in day.closing_count_ids:
            line.quantity = counted.get(line.value, 0)
        # sudo: account.journal - whoever closes a till does not keep the books
        books = self.env["account.journal"].sudo()
        tenders = self._branches().tender_journal_ids
        bank = books.search(
            [
                ("type", "=", "bank"),
                ("company_id", "=", day.company_id.id),
                ("id", "not in", tenders.ids),
            ],
            limit=1,
        )
        if bank and day.amount_in_count > FLOAT:
            day.write(
                {
                    "amount_handover": day.amount_in_count - FLOAT,
                    "handover_journal_id": bank.id,
                }
            )
        # sudo: account.journal - a chart need not have an account for differences
        till, company = day.sudo().journal_id, day.sudo().company_id
        if not company.default_cash_difference_expense_account_id:
            till.loss_account_id = till.loss_account_id or company.expense_account_id
        desk._close(day)
        # sudo: salon.cash.day, account.payment - what was true at that hour is kept
        day = day.sudo()
        figures = day.env["salon.cash.figures"]
        day.figures = figures._get_figures(day, until=day.closed_at)

    @api.model
    def _desk_at(self, date, hour, branch):
        moment = min(self._wall(date, hour, branch), fields.Datetime.now())
        keeper = self._at_desk("garden").with_context(salon_demo_moment=moment)
        return keeper.env["salon.demo.cash.desk"]

    @api.model
    def _join(self, day, till):
        """What the till took on that day was in its drawer."""
        # sudo: account.move - the day of an entry is kept by the system
        taken = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("journal_id", "=", till.id),
                    ("state", "=", "posted"),
                    ("date", "=", day.date),
                    ("salon_cash_day_id", "=", False),
                ]
            )
        )
        taken.salon_cash_day_id = day.id
        day._cash_moved()

    @api.model
    def _count(self, amount, branch):
        """So many of each note and coin, as few as can be."""
        currency = branch.company_id.currency_id
        counts = []
        for value in sorted(
            denominations(currency.name, currency.decimal_places), reverse=True
        ):
            value = float(value)
            number = int(float_round(amount / value, precision_digits=6))
            counts.append((value, number))
            amount = currency.round(amount - number * value)
        return counts

    @api.model
    def _settle_cards(self, company):
        """The terminal keeps a fee, and its oldest two days have come to the bank."""
        terminal = self.env.ref("salon_booking.journal_card", raise_if_not_found=False)
        if not terminal:
            return
        terminal.write(
            {
                "salon_fee_percent": 1.5,
                "salon_fee_fixed": 0.1,
                "salon_fee_account_id": company.expense_account_id.copy(
                    {"name": self.env._("Card fees")}
                ).id,
            }
        )
        for _day in range(2):
            settlement = self.env["salon.card.settlement"].create(
                {"journal_id": terminal.id}
            )
            if settlement.ticket_ids:
                settlement.action_post()
