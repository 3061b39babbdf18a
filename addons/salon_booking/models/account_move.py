from odoo import api, fields, models

from ..engine import exact

PAID = ("paid", "in_payment")


#: Ledgers that say the same as a liability account, owner by owner.
LEDGERS = ("salon.balance.entry", "salon.tip")


class AccountMove(models.Model):
    _inherit = "account.move"

    salon_branch_id = fields.Many2one(
        "salon.branch", index="btree_not_null", check_company=True
    )
    salon_visit_ids = fields.Many2many(
        "salon.visit",
        string="Visits",
        compute="_compute_salon_visit_ids",
        groups="base.group_user",
    )
    is_salon_deposit = fields.Boolean(
        copy=False,
        readonly=True,
        help="Asks for money in advance; not paid, it is withdrawn with the bill.",
    )
    is_salon_settled = fields.Boolean(
        copy=False,
        readonly=True,
        help="What hangs on the payment of this bill (commission, points) was given.",
    )

    salon_paid_at_once = fields.Monetary(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Paid at checkout, when the rest was put on the payment term.",
    )
    salon_tab_reason = fields.Char(
        "Why beyond the Limit",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Why this bill could be left open though the client owed too much.",
    )

    salon_between_id = fields.Many2one(
        "account.move",
        "Entry Between Companies For",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    salon_between_ids = fields.One2many(
        "account.move",
        "salon_between_id",
        "Entries Between Companies",
        groups="base.group_user",
    )

    @api.depends("invoice_payment_term_id")
    def _compute_needed_terms(self):
        """What is paid at checkout is due at once, the term divides the rest.

        Written together with the term, which it depends on: naming a field of ours here
        would make the host drop fields of statement lines when this addon goes.
        """
        # sudo: account.move - one amount of the bill itself, whoever looks at it
        paid = {move.id: move.sudo().salon_paid_at_once for move in self}
        split = self.filtered(lambda move: paid[move.id])
        super(AccountMove, self - split)._compute_needed_terms()
        for move in split:
            terms = move.with_context(salon_paid_at_once=paid[move.id])
            super(AccountMove, terms)._compute_needed_terms()

    @api.depends("invoice_line_ids.salon_visit_id")
    def _compute_salon_visit_ids(self):
        for move in self:
            move.salon_visit_ids = move.invoice_line_ids.salon_visit_id

    def _filter_salon_bills(self):
        return self.filtered(
            lambda move: (
                move.salon_branch_id and move.move_type in ("out_invoice", "out_refund")
            )
        )

    def _get_salon_line_totals(self):
        """What each product line is of this document, with tax, to the cent.

        :return: ``{account.move.line: amount}``, together the total of the document
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        totals = {line: line.price_total for line in lines}
        # What was paid in advance, or pays in advance, is known to the cent.
        known = lines.filtered(
            lambda line: (
                line.is_downpayment
                or (not line.tax_ids and line.account_id.internal_group == "liability")
            )
        )
        own = lines - known or lines
        rounded = self.line_ids.filtered(lambda line: line.display_type == "rounding")
        total = (
            self.amount_total
            - self.direction_sign * sum(rounded.mapped("amount_currency"))
            - sum((lines - own).mapped("price_total"))
        )
        unit = self.currency_id.rounding
        cents = exact.fit(
            [round(line.price_total / unit) for line in own], round(total / unit)
        )
        for line, amount in zip(own, cents, strict=True):
            totals[line] = self.currency_id.round(amount * unit)
        return totals

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._filter_salon_bills()._settle_paid()
        return result

    def _settle_paid(self):
        if self:
            self.is_salon_settled = True
            self._on_salon_bill_paid()

    def _post(self, soft=True):
        self.env["salon.checkout"]._begin_books(self)
        self._filter_salon_bills()._put_rounding_on_branch()
        posted = super()._post(soft)
        posted._settle_salon_ledgers()
        posted._settle_again()
        reversals = posted._filter_salon_bills().filtered(
            lambda move: move.move_type == "out_refund"
        )
        if reversals:
            reversals._on_salon_bill_reversed()
        return posted

    def _put_rounding_on_branch(self):
        """What cash rounding brings or costs is the branch's, like all of its bill.

        The host makes this line by itself, so it has nothing from an order.
        """
        for line in self.line_ids:
            if (
                line.display_type == "rounding"
                # What is rounded onto a tax is owed, not earned.
                and not line.tax_repartition_line_id
                and not line.analytic_distribution
            ):
                # sudo: salon.branch - where it is posted, whoever posts
                branch = line.move_id.salon_branch_id.sudo()
                line.analytic_distribution = branch._get_analytic_distribution()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self.env["salon.checkout"]._begin_books(self)
        return super()._reverse_moves(default_values_list, cancel)

    def button_draft(self):
        self.env["salon.checkout"]._begin_books(
            self | self.origin_payment_id.reconciled_invoice_ids
        )
        settled = self.filtered("is_salon_settled")
        reversals = self._filter_salon_bills().filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        result = super().button_draft()
        self._settle_salon_ledgers()
        settled._unsettle_salon_bills()
        if reversals:
            reversals._on_salon_bill_reversal_undone()
        return result

    def _settle_again(self):
        """A bill that was in draft finds its payments again, and the host says nothing
        of that."""
        self._filter_salon_bills().filtered(
            lambda move: move.payment_state in PAID and not move.is_salon_settled
        )._settle_paid()

    def _settle_salon_ledgers(self):
        for ledger in LEDGERS:
            self.env[ledger]._settle(self)

    def _get_unpaid_deposits(self):
        """Deposits that were asked for by link, and nothing came; withdrawn ones, too,
        with their credit notes."""
        asked = (self | self.reversed_entry_id).filtered(
            lambda move: (
                move.is_salon_deposit
                and move.state == "posted"
                and move.payment_state in ("not_paid", "reversed")
            )
        )
        return asked | asked.reversal_move_ids

    def _unsettle_salon_bills(self):
        """Tell the hooks about settled bills that are paid no longer."""
        bills = self.filtered(
            lambda move: (
                move.is_salon_settled
                and (
                    move.state != "posted"
                    or move.payment_state not in (*PAID, "reversed")
                )
            )
        )
        if bills:
            bills.is_salon_settled = False
            bills._on_salon_bill_unpaid()

    def _on_salon_bill_paid(self):
        """Hook: these posted bills (invoices and credit notes) are now fully paid.

        May be called again after a payment was taken back, so bring each line to its
        target and write only the difference.
        """
        self._tell_salon_boards()

    def _on_salon_bill_unpaid(self):
        """Hook: these bills had been paid and are not any more."""
        self._tell_salon_boards()

    def _tell_salon_boards(self):
        self.env["salon.board"]._tell_appointments(
            self.invoice_line_ids.salon_visit_id.appointment_ids
        )

    def _on_salon_bill_reversed(self):
        """Hook: these credit notes were posted, paid out or not.

        Undo only what was given for ``reversed_entry_id``.
        """

    def _on_salon_bill_reversal_undone(self):
        """Hook: these credit notes were taken back to draft."""


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    salon_visit_id = fields.Many2one(
        "salon.visit", "Visit", index="btree_not_null", ondelete="restrict"
    )
    salon_appointment_id = fields.Many2one(
        "salon.appointment", "Appointment", index="btree_not_null", ondelete="restrict"
    )
    salon_staff_id = fields.Many2one(
        "hr.employee",
        "Done or Sold by",
        index="btree_not_null",
        check_company=True,
        help="Empty: the house.",
    )
    salon_client_id = fields.Many2one(
        related="salon_visit_id.client_id", string="Client"
    )
    salon_between_company_id = fields.Many2one(
        "res.company",
        "Other Company",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )

    def _get_salon_card_fees(self):
        """Hook: what card terminals kept of these bill items, ``{item: fee}``.

        In the company's currency. For pay rules that pay on what is left.
        """
        return dict.fromkeys(self, 0)

    def _on_salon_card_fees(self):
        """Hook: what card terminals kept of these bill items has changed."""

    def _reconcile_plan(self, reconciliation_plan):
        self.env["salon.checkout"]._begin_books(
            self._flatten_salon_plan(reconciliation_plan).move_id
        )
        return super()._reconcile_plan(reconciliation_plan)

    @api.model
    def _flatten_salon_plan(self, plan):
        if isinstance(plan, models.BaseModel):
            return plan
        return self.union(*(self._flatten_salon_plan(part) for part in plan))

    def write(self, vals):
        """An item of a posted entry that changes hands changes them in the ledgers."""
        if not vals.keys() & {"account_id", "partner_id"}:
            return super().write(vals)
        posted = self.move_id.filtered(lambda move: move.state == "posted")
        result = super().write(vals)
        for name in LEDGERS if posted else ():
            ledger = self.env[name]
            if accounts := ledger._get_accounts(posted.company_id):
                ledger._settle_touched(posted, accounts)
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        self.env["salon.checkout"]._begin_books(moves)
        # Who had to wait may find that somebody else took them apart.
        self = self.exists()
        moves = (self.debit_move_id | self.credit_move_id).move_id
        moves = moves.filtered("is_salon_settled")
        result = super().unlink()
        moves.exists()._unsettle_salon_bills()
        return result
