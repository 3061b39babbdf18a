from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import tenders as engine


class SalonRefundWizard(models.TransientModel):
    """Give money back: the whole bill, some lines, or amounts of them."""

    _name = "salon.refund.wizard"
    _description = "Refund"

    visit_ids = fields.Many2many("salon.visit", required=True, readonly=True)
    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    currency_id = fields.Many2one(related="branch_id.currency_id")
    line_ids = fields.One2many("salon.refund.line", "wizard_id")
    tender_ids = fields.One2many("salon.refund.tender", "wizard_id")
    tender_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_tender_journal_ids"
    )
    has_foreign = fields.Boolean(compute="_compute_has_foreign")
    online_note = fields.Char("Note", compute="_compute_online_note")
    amount_open = fields.Monetary(
        readonly=True, help="Not paid yet; what is given back makes this less first."
    )
    amount_tips = fields.Monetary("Tips of the Visit", readonly=True)
    takes_tips_back = fields.Boolean(
        "Give the Tip Back Too", help="The team is owed it no longer."
    )
    amount_total = fields.Monetary("Credit", compute="_compute_amounts")
    amount_due = fields.Monetary("To Give Back", compute="_compute_amounts")
    reason = fields.Char(help="Printed on the credit note.")
    reopens = fields.Boolean(
        "Reopen the Visit", help="What is given back wholly can be billed again."
    )

    @api.model
    def _open(self, visits):
        service = self.env["salon.refund"]
        service._check_may_refund(visits)
        lines = service._get_bill_lines(visits)
        if not lines and not service._get_free_lines(visits):
            raise UserError(
                self.env._(
                    "Nothing is left to give back for %(visits)s.",
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        # A client may get the money onto the balance, though nobody has one yet.
        visits.company_id._get_salon_balance_journal()
        bills = self.env["account.move"].union(*(line.move_id for line in lines))
        wizard = self.create(
            {
                "visit_ids": [Command.set(visits.ids)],
                "branch_id": visits.branch_id.id,
                # What was done for nothing can only be taken back.
                "reopens": not lines,
                "amount_open": sum(bills.mapped("amount_residual")),
                "amount_tips": sum(tip[2] for tip in service._get_tips(visits)),
                "line_ids": [
                    Command.create(
                        {
                            "bill_line_id": line.id,
                            "name": line.name.split("\n")[0],
                            "amount_left": amount,
                            "amount": amount,
                        }
                    )
                    for line, amount in lines.items()
                ],
            }
        )
        wizard.tender_ids = wizard._propose_tenders(bills)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("branch_id", "line_ids.bill_line_id")
    def _compute_tender_journal_ids(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the names of its tenders only
            branch = wizard.branch_id.sudo()
            # sudo: account.payment - in which tenders the bills were paid
            bills = wizard.sudo().line_ids.bill_line_id.move_id
            wizard.tender_journal_ids = (
                branch._get_tender_journals()
                | branch._get_settlement_journals()
                | bills.matched_payment_ids.journal_id
            )

    @api.depends("line_ids.amount", "tender_ids.journal_id")
    def _compute_online_note(self):
        for wizard in self:
            # sudo: account.payment - how the bills were paid
            lines = wizard.sudo().line_ids.filtered("amount")
            payments = lines.bill_line_id._origin.move_id.matched_payment_ids
            online = payments.filtered("payment_transaction_id").journal_id
            goes_there = online & wizard.tender_ids.journal_id._origin
            text = self.env._(
                "Paid online: have the payment provider send it back, too. Here only "
                "the books are told."
            )
            wizard.online_note = text if goes_there else False

    @api.depends("tender_ids.tender_currency_id", "currency_id")
    def _compute_has_foreign(self):
        for wizard in self:
            wizard.has_foreign = bool(
                wizard.tender_ids.tender_currency_id - wizard.currency_id
            )

    @api.depends("line_ids.amount", "takes_tips_back")
    def _compute_amounts(self):
        for wizard in self:
            # sudo: account.move.line - ids of the bill lines the dialog was made of
            lines = wizard.sudo().line_ids.filtered("amount")
            total, due = 0, wizard.amount_tips if wizard.takes_tips_back else 0
            for bill, own in lines.grouped(
                lambda line: line.bill_line_id._origin.move_id
            ).items():
                credit = self.env["salon.refund"]._get_credit_total(
                    own.bill_line_id._origin,
                    {line.bill_line_id._origin.id: line.amount for line in own},
                )
                total += credit
                # What is open on another bill stays open.
                due += max(credit - bill.amount_residual, 0)
            wizard.amount_total = total
            wizard.amount_due = due

    def _propose_tenders(self, bills):
        """Back the way it came, the first tender before the others."""
        # sudo: account.payment - which tenders the bill was paid with
        payments = bills.sudo().matched_payment_ids.sorted("id")
        unit = self.currency_id.rounding
        shares = engine.allocate(
            [
                round(abs(payment.amount_company_currency_signed) / unit)
                for payment in payments
            ],
            [round(self.amount_due / unit)],
        )
        amounts = {}
        for place, _due, cents in shares:
            journal = payments[place].journal_id
            amounts[journal] = amounts.get(journal, 0) + cents
        return [
            Command.create(
                {
                    "journal_id": journal.id,
                    "amount": self.currency_id.round(cents * unit),
                }
            )
            for journal, cents in amounts.items()
        ]

    @api.onchange("line_ids", "takes_tips_back")
    def _onchange_amount_due(self):
        """One tender for all follows what is given back."""
        if len(self.tender_ids) == 1:
            self.tender_ids.amount = self.amount_due

    def action_refund(self):
        self.ensure_one()
        # sudo: account.move.line - ids of the bill lines that the dialog was made of
        lines = self.sudo().line_ids
        self.env["salon.refund"]._refund(
            self.visit_ids,
            {
                line.bill_line_id.id: line.amount
                for line in lines
                if not self.currency_id.is_zero(line.amount)
            },
            [
                {"journal_id": tender.journal_id.id, "amount": tender.amount}
                for tender in self.tender_ids
            ],
            {
                "reason": self.reason,
                "takes_tips_back": self.takes_tips_back,
                "reopens": self.reopens,
            },
        )
        return {"type": "ir.actions.act_window_close"}


class SalonRefundLine(models.TransientModel):
    _name = "salon.refund.line"
    _description = "Refund Line"

    wizard_id = fields.Many2one(
        "salon.refund.wizard", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    bill_line_id = fields.Many2one("account.move.line", readonly=True, required=True)
    name = fields.Char("Service or Product", readonly=True)
    amount_left = fields.Monetary("On the Bill", readonly=True)
    amount = fields.Monetary("Give Back", help="With tax; 0 leaves the line alone.")


class SalonRefundTender(models.TransientModel):
    _name = "salon.refund.tender"
    _description = "Refund Tender"

    wizard_id = fields.Many2one(
        "salon.refund.wizard", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    journal_id = fields.Many2one("account.journal", "Tender", required=True)
    amount = fields.Monetary(required=True)
    tender_currency_id = fields.Many2one("res.currency", compute="_compute_handed")
    handed = fields.Monetary(
        "Handed Out",
        compute="_compute_handed",
        currency_field="tender_currency_id",
        help="At the rate of the day.",
    )

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A payment cannot be negative."
    )

    @api.depends("amount", "journal_id", "wizard_id.branch_id")
    def _compute_handed(self):
        for tender in self:
            branch, own = tender.wizard_id.branch_id, tender.currency_id
            # sudo: account.journal - the desk sees the currency of its tenders
            journal = tender.journal_id.sudo()
            foreign = self.env["salon.till"]._get_foreign(branch.company_id, journal)
            tender.tender_currency_id = foreign or own
            tender.handed = tender.amount
            if foreign and own:
                today = fields.Date.context_today(
                    self.with_context(tz=branch.tz or "UTC")
                )
                tender.handed = own._convert(
                    tender.amount, foreign, branch.company_id, today
                )
