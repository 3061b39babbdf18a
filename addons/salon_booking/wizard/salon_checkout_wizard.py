from uuid import uuid4

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import tips


class SalonCheckoutWizard(models.TransientModel):
    """The checkout dialog: what was done and sold, and how it is paid."""

    _name = "salon.checkout.wizard"
    _description = "Checkout"

    visit_ids = fields.Many2many("salon.visit", required=True, readonly=True)
    visit_count = fields.Integer(compute="_compute_visit_count")
    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    company_id = fields.Many2one(related="branch_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    payer_id = fields.Many2one(
        "res.partner",
        required=True,
        help="Whose bill it is; unpaid amounts are this person's debt.",
    )
    checkout_key = fields.Char(default=lambda self: uuid4().hex)
    line_ids = fields.One2many("salon.checkout.line", "wizard_id")
    amount_tip = fields.Monetary(
        "Tip", help="Goes to the team; shared by the value of what each one did."
    )
    tip_ids = fields.One2many("salon.checkout.tip", "wizard_id", "Tips")
    client_balance = fields.Monetary(
        related="payer_id.salon_balance", string="On the Balance"
    )
    client_debt = fields.Monetary(
        related="payer_id.salon_debt",
        string="Owes from Before",
        help="Open on earlier bills of who pays.",
    )
    discount_all = fields.Float(
        "Discount on All %", digits="Discount", help="Put into every line of the bill."
    )
    pays_debts = fields.Boolean(
        "Pay It Too", help="Earlier bills are paid first, the oldest one before all."
    )
    keeps_rest = fields.Boolean(
        "Rest to the Balance",
        help="What is paid beyond the bill is kept for the next time; no change.",
    )
    amount_to_balance = fields.Monetary(
        "To the Balance", compute="_compute_balance", help="Kept for the next time."
    )
    amount_proposed = fields.Monetary(
        help="What the one tender was set to; while it stays so, it follows the bill."
    )
    tender_ids = fields.One2many("salon.checkout.tender", "wizard_id")
    tender_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_tender_journal_ids"
    )
    amount_untaxed = fields.Monetary(compute="_compute_amounts")
    amount_tax = fields.Monetary(compute="_compute_amounts")
    amount_total = fields.Monetary("Total", compute="_compute_amounts")
    deposit_held = fields.Monetary(
        "Deposit Paid", compute="_compute_deposit_held", help="Taken off the bill."
    )
    amount_tendered = fields.Monetary("Tendered", compute="_compute_balance")
    amount_change = fields.Monetary(
        "Change", compute="_compute_balance", help="To be given back in cash."
    )
    amount_due = fields.Monetary(
        "Left to Pay", compute="_compute_balance", help="Goes on the tab."
    )

    note = fields.Text(
        help="What to remember for the next time; kept with the visits, never printed."
    )

    @api.model
    def _open(self, visits):
        if not visits:
            raise UserError(self.env._("Choose a visit to check out."))
        self.env["salon.checkout"]._check_may_checkout(visits)
        wizard = self.create(self._prepare_wizard_values(visits))
        wizard._propose_tender()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Checkout"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_wizard_values(self, visits):
        branch = visits.branch_id
        payer = self.env["salon.checkout"]._get_payer(visits, {})
        return {
            "visit_ids": [Command.set(visits.ids)],
            "branch_id": branch.id,
            "payer_id": payer.id,
            "line_ids": [
                Command.create(
                    {
                        "appointment_id": appointment.id,
                        "visit_id": appointment.visit_id.id,
                        "product_id": appointment.product_id.id,
                        "staff_id": appointment.staff_id.id,
                        "quantity": 1,
                        "price_unit": appointment.price,
                        "discount": payer._get_salon_discount(),
                    }
                )
                for appointment in visits._get_billable_appointments()
            ],
        }

    def _propose_tender(self):
        """One line with the whole amount in the branch's first tender."""
        for wizard in self:
            journal = wizard.tender_journal_ids[:1]
            amount = wizard._get_amount_to_pay()
            if journal and amount > 0:
                wizard.amount_proposed = amount
                wizard.tender_ids = [
                    Command.create({"journal_id": journal._origin.id, "amount": amount})
                ]

    @api.depends("visit_ids")
    def _compute_visit_count(self):
        for wizard in self:
            wizard.visit_count = len(wizard.visit_ids)

    @api.depends("branch_id", "payer_id")
    def _compute_tender_journal_ids(self):
        for wizard in self:
            # sudo: account.journal - the desk sees the names of its tenders only
            branch = wizard.branch_id.sudo()
            journals = branch._get_tender_journals() if branch else False
            if branch and wizard.client_balance > 0:
                journals |= branch._get_settlement_journals()
            wizard.tender_journal_ids = journals

    @api.depends(
        "payer_id",
        "line_ids.product_id",
        "line_ids.quantity",
        "line_ids.price_unit",
        "line_ids.discount",
    )
    def _compute_amounts(self):
        """By the host's own tax engine: dialog and invoice agree to the cent."""
        # sudo: account.tax - the desk computes prices without seeing the tax setup
        taxes = self.env["account.tax"].sudo()
        for wizard in self:
            base_lines = wizard.line_ids._prepare_base_lines()
            taxes._add_tax_details_in_base_lines(base_lines, wizard.company_id)
            taxes._round_base_lines_tax_details(base_lines, wizard.company_id)
            totals = taxes._get_tax_totals_summary(
                base_lines, wizard.currency_id, wizard.company_id
            )
            wizard.amount_untaxed = totals["base_amount_currency"]
            wizard.amount_tax = totals["tax_amount_currency"]
            wizard.amount_total = totals["total_amount_currency"]

    @api.depends("visit_ids.deposit_held")
    def _compute_deposit_held(self):
        for wizard in self:
            wizard.deposit_held = sum(wizard.visit_ids.mapped("deposit_held"))

    @api.depends(
        "tender_ids.amount",
        "amount_total",
        "amount_tip",
        "deposit_held",
        "keeps_rest",
        "pays_debts",
    )
    def _compute_balance(self):
        for wizard in self:
            given = sum(wizard.tender_ids.mapped("amount"))
            rest = given - wizard._get_amount_to_pay()
            back = max(rest, 0) + wizard._get_amount_give_back()
            wizard.amount_tendered = given
            wizard.amount_change = 0 if wizard.keeps_rest else back
            wizard.amount_to_balance = back if wizard.keeps_rest else 0
            wizard.amount_due = max(-rest, 0)

    def _get_amount_to_pay(self):
        """What the tenders have to cover."""
        debt = self.client_debt if self.pays_debts else 0
        bill = max(self._get_bill_to_pay() - self.deposit_held, 0)
        return bill + self.amount_tip + debt

    def _get_amount_give_back(self):
        """What the deposit is more than the bill."""
        return max(self.deposit_held - self._get_bill_to_pay(), 0)

    def _get_give_back_journal(self):
        """Onto the balance, or out of the till as change."""
        # sudo: account.journal - the desk sees the kind of its tenders
        branch = self.branch_id.sudo()
        if self.keeps_rest:
            return branch.company_id._get_salon_balance_journal()
        return branch._get_tender_journals().sorted(lambda one: one.type != "cash")[:1]

    def _get_bill_to_pay(self):
        """Of the bill, deposits included; less where a certificate pays a part."""
        return self.amount_total

    @api.onchange("amount_tip", "line_ids")
    def _onchange_amount_tip(self):
        """Shared anew, unless the persons' shares were entered one by one."""
        if self.currency_id.compare_amounts(
            self.amount_tip, sum(self.tip_ids.mapped("amount"))
        ):
            self.tip_ids = [
                Command.clear(),
                *(Command.create(tip) for tip in self._split_tip()),
            ]

    @api.onchange("discount_all")
    def _onchange_discount_all(self):
        self.line_ids.discount = self.discount_all

    @api.onchange("tip_ids")
    def _onchange_tip_ids(self):
        self.amount_tip = sum(self.tip_ids.mapped("amount"))

    @api.onchange("amount_tip", "pays_debts", "discount_all", "line_ids", "payer_id")
    def _onchange_to_pay(self):
        """One tender for all follows what is to be paid, until it is changed."""
        tender = self.tender_ids
        if len(tender) == 1 and tender.amount == self.amount_proposed:
            tender.amount = max(self._get_amount_to_pay(), 0)
            self.amount_proposed = tender.amount

    def _split_tip(self):
        """The tip by the value of what each person has done."""
        values = {}
        for line in self.line_ids:
            if line.staff_id and line.product_id.is_salon_service:
                staff = line.staff_id._origin
                values[staff] = values.get(staff, 0) + line.price_total
        unit = self.currency_id.rounding
        shares = tips.split(
            round(self.amount_tip / unit),
            [round(value / unit) for value in values.values()],
        )
        return [
            {"staff_id": staff.id, "amount": self.currency_id.round(cents * unit)}
            for staff, cents in zip(values, shares, strict=True)
            if cents
        ]

    def _prepare_tips(self):
        if not self.amount_tip:
            return []
        given = [
            {"staff_id": tip.staff_id.id, "amount": tip.amount} for tip in self.tip_ids
        ] or self._split_tip()
        if not given:
            raise UserError(
                self.env._(
                    "Nobody is named on this bill who could get the tip. Enter under "
                    "“Tips” for whom it is."
                )
            )
        return given

    def _prepare_options(self):
        """What the checkout service needs beside lines and tenders."""
        self.ensure_one()
        return {
            "payer_id": self.payer_id.id,
            "checkout_key": self.checkout_key,
            "tips": self._prepare_tips(),
            "pays_debts": self.pays_debts,
            **self._prepare_rest(),
            "prices": {
                line.appointment_id.id: {
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                }
                for line in self.line_ids
                if line.appointment_id
            },
        }

    def _prepare_rest(self):
        """Where what is too much goes: of the tenders, and of the deposit."""
        back = self._get_amount_give_back()
        if self.currency_id.is_zero(back):
            return {"to_balance": self.amount_to_balance}
        return {
            "to_balance": max(self.amount_to_balance - back, 0),
            "give_back_journal_id": self._get_give_back_journal().id,
        }

    def _prepare_extra_lines(self):
        return [
            {
                "product_id": line.product_id.id,
                "quantity": line.quantity,
                "price_unit": line.price_unit,
                "discount": line.discount,
                "staff_id": line.staff_id.id,
                "visit_id": line.visit_id.id,
            }
            for line in self.line_ids
            if not line.appointment_id
        ]

    def _prepare_tenders(self):
        """What stays in the till: change goes back out of the cash tenders."""
        change = self.amount_change
        if change:
            change -= self._get_amount_give_back()
        tenders = []
        for tender in self.tender_ids:
            amount = tender.amount
            if change and tender.is_cash:
                back = min(change, amount)
                amount -= back
                change -= back
            tenders.append(
                {
                    "journal_id": tender.journal_id.id,
                    "amount": amount,
                    "reference": tender.reference,
                }
            )
        if not self.currency_id.is_zero(change):
            raise UserError(
                self.env._(
                    "%(change)s too much was tendered, and change is given in cash "
                    "only. Lower the other amounts.",
                    change=self.currency_id.format(change),
                )
            )
        return tenders

    def _keep_note(self):
        """Beside what the stylist has noted already."""
        for visit in self.visit_ids if self.note else ():
            notes = filter(None, (visit.checkout_note, self.note))
            visit.checkout_note = "\n".join(notes)

    def action_checkout(self):
        self.ensure_one()
        missing = self.visit_ids._get_billable_appointments() - (
            self.line_ids.appointment_id
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(service)s was done but is not on the bill. Give it a discount "
                    "instead of removing it, or cancel the appointment.",
                    service=missing[0].display_name,
                )
            )
        # The deposit is used up by the bill, and with it what is given back.
        change = self.amount_change
        self.env["salon.checkout"]._checkout(
            self.visit_ids,
            self._prepare_tenders(),
            self._prepare_extra_lines(),
            self._prepare_options(),
        )
        self._keep_note()
        message = self.env._("Checked out.")
        if not self.currency_id.is_zero(change):
            message = self.env._(
                "Checked out. Give %(change)s change.",
                change=self.currency_id.format(change),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class SalonCheckoutLine(models.TransientModel):
    _name = "salon.checkout.line"
    _description = "Checkout Line"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    appointment_id = fields.Many2one("salon.appointment", readonly=True)
    visit_id = fields.Many2one("salon.visit", "For")
    product_id = fields.Many2one(
        "product.product",
        "Service or Product",
        required=True,
        domain="[('sale_ok', '=', True)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "Done or Sold by",
        domain="[('is_salon_staff', '=', True)]",
    )
    quantity = fields.Float(default=1, digits="Product Unit")
    price_unit = fields.Float(
        "Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Price",
    )
    discount = fields.Float("Discount %", digits="Discount")
    price_total = fields.Monetary("Amount", compute="_compute_price_total")

    _discount_range = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 %."
    )

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = (
                line.appointment_id.price
                if line.appointment_id
                else line.product_id.lst_price
            )

    @api.depends(
        "product_id", "quantity", "price_unit", "discount", "wizard_id.payer_id"
    )
    def _compute_price_total(self):
        # sudo: account.tax - the desk computes prices without seeing the tax setup
        taxes = self.env["account.tax"].sudo()
        for line in self:
            base_lines = line._prepare_base_lines()
            company = line.wizard_id.company_id
            taxes._add_tax_details_in_base_lines(base_lines, company)
            taxes._round_base_lines_tax_details(base_lines, company)
            line.price_total = sum(
                base_line["tax_details"]["total_included_currency"]
                for base_line in base_lines
            )

    def _prepare_base_lines(self):
        """What the host's tax engine needs of each line that names a product."""
        # sudo: account.tax - as the bill will have them
        taxes = self.env["account.tax"].sudo()
        # sudo: account.fiscal.position - as the bill will have it
        positions = self.env["account.fiscal.position"].sudo()
        base_lines = []
        for line in self.filtered("product_id"):
            company = line.wizard_id.company_id
            payer = line.wizard_id.payer_id
            position = positions.with_company(company)._get_fiscal_position(payer)
            # sudo: product.product - its taxes of every company, filtered below
            own_taxes = line.product_id.sudo().taxes_id
            base_lines.append(
                taxes._prepare_base_line_for_taxes_computation(
                    line,
                    tax_ids=position.map_tax(
                        own_taxes._filter_taxes_by_company(company)
                    ),
                    partner_id=payer,
                    currency_id=line.currency_id,
                )
            )
        return base_lines


class SalonCheckoutTip(models.TransientModel):
    _name = "salon.checkout.tip"
    _description = "Checkout Tip"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    staff_id = fields.Many2one(
        "hr.employee",
        "For",
        required=True,
        domain="[('is_salon_staff', '=', True)]",
    )
    amount = fields.Monetary(required=True)

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A tip cannot be negative."
    )


class SalonCheckoutTender(models.TransientModel):
    _name = "salon.checkout.tender"
    _description = "Checkout Tender"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    journal_id = fields.Many2one("account.journal", "Tender", required=True)
    is_cash = fields.Boolean(compute="_compute_is_cash")
    amount = fields.Monetary(required=True)
    reference = fields.Char(help="Number of the card slip or transfer.")

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A payment cannot be negative."
    )

    @api.depends("journal_id")
    def _compute_is_cash(self):
        for tender in self:
            # sudo: account.journal - the desk sees the kind of its tenders
            tender.is_cash = tender.journal_id.sudo().type == "cash"
