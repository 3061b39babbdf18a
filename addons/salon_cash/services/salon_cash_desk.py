from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.denominations import denominations

RECEPTIONIST = "salon_booking.group_salon_receptionist"
MANAGER = "salon_booking.group_salon_manager"


class SalonCashDesk(models.AbstractModel):
    """The steps of a cash day, and cash that comes in or goes out with a reason.

    Every step posts what it finds at once: differences, orders and what is handed over
    are entries on the till's journal, so that the books and the drawer agree.
    """

    _name = "salon.cash.desk"
    _description = "Cash Desk Service"

    # --- the day ---

    @api.model
    def _open(self, branch, journal, counts):
        """Open a till with what was counted in it.

        The first day of a till begins with whatever is there. Later ones begin with
        what the day before left; a difference is posted.

        :param branch: salon.branch
        :param journal: account.journal of type cash, a tender of the branch
        :param counts: ``[(value, quantity)]`` of notes and coins
        :return: salon.cash.day
        :raises UserError: the till is open, or not one of this branch
        """
        self._check_role(RECEPTIONIST)
        branch.check_access("read")
        self._check_till(branch, journal)
        last = self._get_last_day(journal)
        if last and last.state != "closed":
            raise UserError(
                self.env._(
                    "%(till)s is open already since %(day)s. Go on with that day, or "
                    "close it first.",
                    till=journal.name,
                    day=last.display_name,
                )
            )
        counted = sum(value * quantity for value, quantity in counts)
        # sudo: salon.cash.day, account.journal, account.move - the desk holds no
        # accounting rights; what it may do is checked above
        self = self._without_defaults().sudo()
        journal.sudo()._become_salon_till()
        day = self.env["salon.cash.day"].create(
            {
                "branch_id": branch.id,
                "journal_id": journal.id,
                "date": max(self._today(branch), last.date or self._today(branch)),
                "opened_at": self._now(),
                "opened_by_id": self.env.uid,
                "amount_start": last.amount_left if last else counted,
                "amount_opening": counted,
                "opening_count_ids": [
                    Command.create(
                        {"moment": "opening", "value": value, "quantity": quantity}
                    )
                    for value, quantity in counts
                    if quantity
                ],
            }
        )
        self._post_difference(
            day, day.amount_opening - day.amount_start, self.env._("Opening difference")
        )
        day = day.sudo(False)
        # Everybody may read where the branches are; a till is of one's own branch.
        day.check_access("write")
        return day

    @api.model
    def _start_count(self, day):
        """From now on nothing is posted on the till, so that the count stays true."""
        self._check_day(day, "open", is_step=True)
        self._change(
            day,
            {
                "state": "counting",
                "counted_at": self._now(),
                "counted_by_id": self.env.uid,
            },
        )
        if not day.closing_count_ids:
            # sudo: salon.cash.day, salon.cash.count - lines to fill in, by the system
            day.sudo().closing_count_ids = [
                Command.create({"moment": "closing", "value": value, "quantity": 0})
                for value in self._get_denominations(day.currency_id)
            ]

    @api.model
    def _stop_count(self, day):
        """A client came in between: go on with the open day, and count again later."""
        self._check_day(day, "counting", is_step=True)
        self._change(
            day, {"state": "open", "counted_at": False, "counted_by_id": False}
        )

    @api.model
    def _close(self, day):
        """End the day with what was counted; post the difference and the handover.

        :raises UserError: the day is not being counted, or more is handed over than
            was counted
        """
        self._check_day(day, "counting", is_step=True)
        # sudo: salon.cash.day, account.move - the desk holds no accounting rights;
        # what it may do is checked above
        self = self._without_defaults()
        day = day.with_env(self.env).sudo()
        counted = day.amount_in_count
        handover = day.amount_handover
        currency = day.currency_id
        if currency.compare_amounts(handover, counted) > 0 or handover < 0:
            raise UserError(
                self.env._(
                    "%(counted)s was counted, so %(handover)s cannot be handed over "
                    "from %(day)s. Lower the amount.",
                    counted=currency.format(counted),
                    handover=currency.format(handover),
                    day=day.display_name,
                )
            )
        difference = currency.round(counted - day.amount_expected)
        self.sudo()._post_difference(day, difference, self.env._("Closing difference"))
        if handover:
            self.sudo()._post_handover(day, handover, day.handover_journal_id)
        self._change(
            day,
            {
                "state": "closed",
                "closed_at": self._now(),
                "closed_by_id": self.env.uid,
                "amount_counted": counted,
                "amount_difference": difference,
                "amount_left": counted - handover,
                "figures": self.env["salon.cash.figures"].sudo()._get_figures(day),
            },
        )

    @api.model
    def _change(self, day, values):
        # sudo: salon.cash.day - its steps are kept by the system
        day.sudo().write(values)
        # At once, so that whoever posts meanwhile collides now and not at the end.
        day.flush_recordset()

    # --- cash in and out ---

    @api.model
    def _move_cash(self, day, reason, amount, partner=None, note=None, journal=None):
        """Take cash in or pay it out, with a posted entry and a numbered order.

        :param reason: salon.cash.reason; its direction decides in or out
        :param amount: more than zero, in the currency of the till
        :param journal: for a handover, the safe or bank that gets or gives the cash
        :return: salon.cash.order
        """
        self._check_day(day, "open")
        partner = partner or self.env["res.partner"]
        if reason.is_for_managers or reason.kind == "transfer":
            self._check_role(MANAGER)
        if day.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter how much cash comes in or goes out."))
        if (reason.needs_partner or reason.kind == "payable") and not partner:
            raise UserError(
                self.env._("%(reason)s: say from or to whom.", reason=reason.name)
            )
        if reason.direction == "out":
            self._check_enough(day, amount)
        # sudo: account.move, salon.cash.order, ir.sequence - the desk holds no
        # accounting rights; what it may do is checked above
        return (
            self._without_defaults()
            .sudo()
            ._post_order(
                day.sudo(), reason.sudo(), amount, partner.sudo(), note, journal
            )
            .sudo(False)
        )

    @api.model
    def _check_enough(self, day, amount):
        # sudo: salon.cash.day - told even where the count is blind: nobody pays out
        # what is not there
        expected = day.sudo().amount_expected
        if day.currency_id.compare_amounts(amount, expected) > 0:
            raise UserError(
                self.env._(
                    "There is not so much cash in %(till)s. Lower the amount, or bring "
                    "cash in first.",
                    till=day.till_name,
                )
            )

    @api.model
    def _correct(self, order):
        """Take an order back by a second one in the other direction.

        :return: salon.cash.order of the open day of the till
        """
        self._check_role(MANAGER)
        order.check_access("read")
        # sudo: salon.cash.order, account.move - what may be done is checked above
        self = self._without_defaults()
        order = order.with_env(self.env).sudo()
        day = self._get_last_day(order.day_id.journal_id)
        self._check_day(day.sudo(self.env.su), "open")
        if order.corrects_id or order.correction_ids:
            raise UserError(
                self.env._(
                    "%(order)s is a correction, or is corrected already. Make a new "
                    "cash order instead.",
                    order=order.name,
                )
            )
        if order.direction == "in":
            self._check_enough(day, order.amount)
        date = self._get_date(day)
        note = self.env._("Correction of %(order)s", order=order.name)
        moves = order.move_id | order.counterpart_move_id
        self._check_unmatched(moves, order)
        reversals = moves._reverse_moves(
            [{"date": date, "ref": note} for _move in moves], cancel=True
        )
        return (
            self.sudo()
            ._create_order(
                day,
                order.reason_id,
                "out" if order.direction == "in" else "in",
                order.amount,
                order.partner_id,
                note,
                reversals[:1],
                corrects_id=order.id,
            )
            .sudo(False)
        )

    @api.model
    def _post_order(self, day, reason, amount, partner, note, journal=None):
        sign = 1 if reason.direction == "in" else -1
        account = reason._get_account(day.company_id, partner)
        move = self._post_entry(
            day, sign * amount, account, note or reason.name, partner
        )
        counterpart = move.browse()
        if journal and reason.kind == "transfer":
            self._check_other_side(day, journal)
            counterpart = self._post_counterpart(
                day, move, journal, account, sign * amount, note
            )
        return self._create_order(
            day,
            reason,
            reason.direction,
            amount,
            partner,
            note,
            move,
            counterpart_move_id=counterpart.id,
        )

    @api.model
    def _create_order(
        self, day, reason, direction, amount, partner, note, move, **values
    ):
        return self.env["salon.cash.order"].create(
            {
                "name": self._next_number(day, direction),
                "direction": direction,
                "day_id": day.id,
                "date": move.date,
                "reason_id": reason.id,
                "partner_id": partner.id,
                "amount": amount,
                "note": note or reason.name,
                "user_id": self.env.uid,
                "move_id": move.id,
                **values,
            }
        )

    @api.model
    def _next_number(self, day, direction):
        """The next number of the branch, without a gap, anew each year."""
        code = f"salon.cash.order.{day.branch_id.id}.{direction}"
        sequences = self.env["ir.sequence"].with_company(day.company_id)
        if not sequences.search_count([("code", "=", code)], limit=1):
            sequences.create(
                {
                    "name": f"{day.branch_id.name}: cash {direction}",
                    "code": code,
                    "implementation": "no_gap",
                    "prefix": "%(range_year)s/",
                    "padding": 4,
                    "use_date_range": True,
                    "company_id": day.company_id.id,
                }
            )
        return sequences.next_by_code(code, sequence_date=self._get_date(day))

    # --- entries ---

    @api.model
    def _post_difference(self, day, difference, label):
        """What is more or less in the drawer than in the books is a gain or a loss."""
        if day.currency_id.is_zero(difference):
            return
        journal, company = day.journal_id, day.company_id
        account = (
            journal.profit_account_id
            or company.default_cash_difference_income_account_id
            if difference > 0
            else journal.loss_account_id
            or company.default_cash_difference_expense_account_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "%(till)s has no account for cash differences. Set its profit and "
                    "loss accounts in the journal.",
                    till=journal.name,
                )
            )
        self._post_entry(day, difference, account, f"{label}, {day.display_name}")

    @api.model
    def _post_handover(self, day, amount, journal):
        reason = self.env.ref("salon_cash.reason_handover")
        if not journal:
            raise UserError(
                self.env._(
                    "Say where the cash of %(day)s goes: choose the safe or the bank.",
                    day=day.display_name,
                )
            )
        self._post_order(
            day, reason, amount, self.env["res.partner"], reason.name, journal
        )

    @api.model
    def _post_entry(self, day, amount, account, label, partner=None, is_transfer=False):
        """One posted entry on the till; the drawer gets ``amount`` (below zero: gives).

        It names its day from the start: at the closing no other entry can join.
        """
        journal, company = day.journal_id, day.company_id
        date = self._get_date(day)
        balance = day.currency_id._convert(amount, company.currency_id, company, date)
        cash = {
            "name": label,
            "account_id": journal.default_account_id.id,
            "partner_id": partner.id if partner else False,
            "currency_id": day.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
        }
        other = {
            **cash,
            "account_id": account.id,
            "amount_currency": -amount,
            "balance": -balance,
        }
        if account.internal_group in ("income", "expense"):
            other["analytic_distribution"] = day.branch_id._get_analytic_distribution()
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": company.id,
                "date": date,
                "ref": label,
                "partner_id": partner.id if partner else False,
                "salon_cash_day_id": day.id,
                "line_ids": [Command.create(cash), Command.create(other)],
            }
        )
        move._post(soft=False)
        day._cash_moved()
        return move

    @api.model
    def _post_counterpart(self, day, move, journal, account, amount, label):
        """The safe gets at once what the till gives; a bank tells by its statement."""
        if journal.type != "cash":
            return move.browse()
        company = day.company_id
        balance = day.currency_id._convert(
            amount, company.currency_id, company, move.date
        )
        lines = [
            {
                "name": label or move.ref,
                "account_id": journal.default_account_id.id,
                "currency_id": day.currency_id.id,
                "amount_currency": -amount,
                "balance": -balance,
            },
            {
                "name": label or move.ref,
                "account_id": account.id,
                "currency_id": day.currency_id.id,
                "amount_currency": amount,
                "balance": balance,
            },
        ]
        counterpart = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": company.id,
                "date": move.date,
                "ref": f"{label or move.ref}, {day.display_name}",
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        counterpart._post(soft=False)
        if account.reconcile:
            (move | counterpart).line_ids.filtered(
                lambda line: line.account_id == account
            ).reconcile()
        return counterpart

    @api.model
    def _check_unmatched(self, moves, order):
        """What a bill or the bank was matched with cannot be taken back any more."""
        partials = moves.line_ids.matched_debit_ids | moves.line_ids.matched_credit_ids
        foreign = (partials.debit_move_id | partials.credit_move_id).move_id - moves
        if foreign:
            raise UserError(
                self.env._(
                    "%(order)s is matched with %(entry)s. Undo that first, or make a "
                    "new cash order.",
                    order=order.name,
                    entry=foreign[0].display_name,
                )
            )

    @api.model
    def _check_other_side(self, day, journal):
        """Cash is handed over to another cash or bank journal of the company."""
        if (
            journal.type not in ("cash", "bank")
            or journal.company_id != day.company_id
            or journal == day.journal_id
        ):
            raise UserError(
                self.env._(
                    "Cash of %(till)s cannot go to or come from %(journal)s. Choose a "
                    "safe or a bank of the company.",
                    till=day.till_name,
                    journal=journal.name,
                )
            )

    # --- what is known of a till ---

    @api.model
    def _get_denominations(self, currency):
        return [
            float(value)
            for value in denominations(currency.name, currency.decimal_places)
        ]

    @api.model
    def _get_last_day(self, journal):
        # sudo: salon.cash.day - a till that another branch has open is open, too
        return (
            self.env["salon.cash.day"]
            .sudo()
            .search([("journal_id", "=", journal.id)], order="id desc", limit=1)
        )

    @api.model
    def _now(self):
        """The moment of this transaction, as the records it makes have it."""
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _today(self, branch):
        return fields.Date.context_today(self.with_context(tz=branch.tz or "UTC"))

    @api.model
    def _get_date(self, day):
        """Today, or the day itself when its clock is ahead."""
        return max(self._today(day.branch_id), day.date)

    # --- who may ---

    @api.model
    def _check_role(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "The cash desk is for the front desk; handing over, correcting "
                    "and differences are for managers."
                )
            )

    @api.model
    def _without_defaults(self):
        """Anybody can give defaults in the context of a call; none for what is kept."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
        }
        # Taken out of the context, not overridden: a default of None is one, too.
        return self.with_context(context)  # pylint: disable=context-overridden

    @api.model
    def _check_till(self, branch, journal):
        if journal not in branch._get_tills():
            raise UserError(
                self.env._(
                    "%(till)s is no till of %(branch)s. Choose one of its tenders.",
                    till=journal.name or self.env._("Nothing"),
                    branch=branch.name,
                )
            )

    @api.model
    def _check_day(self, day, state, is_step=False):
        """The user may work with the day, and it is in this state until the end.

        :param is_step: the state will change, so only one of two may go on
        """
        self._check_role(RECEPTIONIST)
        if not day:
            raise UserError(self.env._("Open the till first."))
        day.check_access("write")
        day._lock("NO KEY UPDATE" if is_step else "SHARE")
        if day.state != state:
            labels = dict(day._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(day)s is in the state “%(state)s”. Reload the page to see what "
                    "can be done.",
                    day=day.display_name,
                    state=labels[day.state],
                )
            )
