from odoo import api, fields, models

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
    is_salon_settled = fields.Boolean(
        copy=False,
        readonly=True,
        help="What hangs on the payment of this bill (commission, points) was given.",
    )

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

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        bills = self._filter_salon_bills()
        if bills:
            bills.is_salon_settled = True
            bills._on_salon_bill_paid()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._settle_salon_ledgers()
        reversals = posted._filter_salon_bills().filtered(
            lambda move: move.move_type == "out_refund"
        )
        if reversals:
            reversals._on_salon_bill_reversed()
        return posted

    def button_draft(self):
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

    def _settle_salon_ledgers(self):
        for ledger in LEDGERS:
            self.env[ledger]._settle(self)

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
        moves = (self.debit_move_id | self.credit_move_id).move_id.filtered(
            "is_salon_settled"
        )
        result = super().unlink()
        moves.exists()._unsettle_salon_bills()
        return result
