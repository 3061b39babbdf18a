from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

#: What makes up the cash of a posted entry.
CASH_FIELDS = frozenset(
    "account_id amount_currency balance credit currency_id debit move_id".split()
)


class AccountMove(models.Model):
    _inherit = "account.move"

    salon_cash_day_id = fields.Many2one(
        "salon.cash.day",
        "Cash Day",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the cash of this entry was in the drawer.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_cash_day(vals_list)
        if "default_salon_cash_day_id" in self.env.context:
            # Anybody can give a default in the context of a call.
            vals_list = [{"salon_cash_day_id": False, **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._check_no_cash_day([vals])
        if vals.keys() & {"date", "journal_id"}:
            self.filtered(
                lambda move: any(
                    self._field_will_change(move, vals, name)
                    for name in ("date", "journal_id")
                    if name in vals
                )
            )._check_cash_day_open()
        return super().write(vals)

    def _check_no_cash_day(self, vals_list):
        if not self.env.su and any("salon_cash_day_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._("The cash day of an entry is kept by the cash desk.")
            )

    def _post(self, soft=True):
        posted = super()._post(soft)
        in_tills = posted.filtered(lambda move: move.journal_id.is_salon_till)
        if in_tills:
            in_tills._join_salon_cash_day()
        return posted

    def button_draft(self):
        days = self._check_cash_day_open()
        result = super().button_draft()
        if days:
            # sudo: account.move - the day is kept by the cash desk, whoever resets
            self.sudo().salon_cash_day_id = False
            days._cash_moved()
        return result

    def _join_salon_cash_day(self):
        """Put what was just posted on the days that are open.

        The rows of the days are locked in share until the end of the transaction:
        whoever begins to count waits for it, and a posting that saw the day open while
        somebody else ended it is run again by the host, and then refused.
        """
        # sudo: account.move, salon.cash.day - whoever posts, the drawer has it
        moves = self.sudo()
        # A closing posts its own difference on the day it closes.
        moves = moves.filtered(lambda move: not move.salon_cash_day_id)
        if not moves:
            return
        open_days = {
            day.journal_id: day
            for day in moves.env["salon.cash.day"]._lock_open(moves.journal_id)
        }
        for journal, joining in moves.grouped("journal_id").items():
            day = open_days.get(journal)
            if not day:
                raise UserError(
                    self.env._(
                        "%(till)s is closed, so nothing can be posted on it. Open its "
                        "day in the cash desk first.",
                        till=journal.name,
                    )
                )
            for move in joining:
                if move.date < day.date:
                    raise UserError(
                        self.env._(
                            "%(entry)s is dated %(date)s, but the days of %(till)s "
                            "before %(first)s are over. Use that date or a later one.",
                            entry=move.display_name,
                            date=format_date(self.env, move.date),
                            till=journal.name,
                            first=format_date(self.env, day.date),
                        )
                    )
            joining.salon_cash_day_id = day
            day._cash_moved()

    def _check_cash_day_open(self):
        """Refuse to change what a day holds that is counted or closed.

        :return: salon.cash.day of these entries, all open and locked
        """
        # sudo: salon.cash.day - whoever changes entries, the drawer was counted
        moves = self.sudo().filtered("salon_cash_day_id")
        days = moves.salon_cash_day_id
        if not days:
            return days
        days._lock()
        for move in moves:
            if move.salon_cash_day_id.state != "open":
                raise UserError(
                    self.env._(
                        "%(entry)s belongs to the day %(day)s, which is counted. Make "
                        "a new document for the correction.",
                        entry=move.display_name,
                        day=move.salon_cash_day_id.display_name,
                    )
                )
        return days


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if vals.keys() & CASH_FIELDS:
            # sudo: account.move - the day is kept by the cash desk
            held = self.sudo().filtered("move_id.salon_cash_day_id")
            if held:
                held.filtered(
                    lambda line: any(
                        self.env["account.move"]._field_will_change(line, vals, name)
                        for name in CASH_FIELDS & vals.keys()
                    )
                ).move_id._check_cash_day_open()
        return super().write(vals)

    def _get_salon_card_fees(self):
        fees = super()._get_salon_card_fees()
        # sudo: salon.card.fee - who works out pay may not read settlements
        for line, amount in (
            self.env["salon.card.fee"]
            .sudo()
            ._read_group(
                [("move_line_id", "in", self.ids)], ["move_line_id"], ["amount:sum"]
            )
        ):
            fees[line.with_env(self.env)] = amount
        return fees
