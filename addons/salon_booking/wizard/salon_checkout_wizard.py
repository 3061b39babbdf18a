from uuid import uuid4

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

from ..engine import clock, debts, tips

#: Of more clients on one bill nobody is asked for the next time at the desk.
MOST_REBOOKED = 3


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
    amount_proposed = fields.Float(
        digits=0,
        help="What the one tender was set to; while it stays so, it follows the bill.",
    )
    fee_ids = fields.One2many("salon.checkout.fee", "wizard_id", "Fees Due")
    family_names = fields.Char(
        "Also Here",
        readonly=True,
        help="Of the same payer, here on the same day and not billed.",
    )
    family_visit_ids = fields.Many2many(
        "salon.visit", "salon_checkout_wizard_family_rel", readonly=True
    )
    rebook_ids = fields.One2many("salon.checkout.rebooking", "wizard_id", "Free Times")
    next_visit = fields.Text(readonly=True, help="Booked already.")
    on_tab = fields.Boolean(
        "On the Tab",
        help="What is left to pay is a debt of who pays, to be paid later.",
    )
    has_foreign = fields.Boolean(compute="_compute_balance")
    amount_rounding = fields.Monetary(
        "Cash Rounding",
        compute="_compute_balance",
        help="Small coins are missing, and all is paid in cash.",
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
        "Left to Pay", compute="_compute_balance", help="Take it, or put it on the tab."
    )

    debt_note = fields.Char(
        compute="_compute_debt_note", help="What who pays owes already."
    )
    is_over_limit = fields.Boolean(compute="_compute_is_over_limit")
    can_override = fields.Boolean(compute="_compute_can_override")
    tab_reason = fields.Char(
        "On the Tab, because", help="Kept on the bill, with your name."
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Instalments",
        domain="[('company_id', 'in', (False, company_id))]",
        help="When the rest falls due. Empty: as usual for who pays.",
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
        return wizard._as_dialog()

    def _as_dialog(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Checkout"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_wizard_values(self, visits):
        branch = visits.branch_id
        service = self.env["salon.checkout"]
        payer = service._get_payer(visits, {})
        family = service._get_family_visits(visits, payer)
        return {
            "visit_ids": [Command.set(visits.ids)],
            "branch_id": branch.id,
            "payer_id": payer.id,
            "family_visit_ids": [Command.set(family.ids)],
            "family_names": ", ".join(family.client_id.mapped("name")),
            "fee_ids": [
                Command.create({"visit_id": visit.id})
                for visit in service._get_missed(branch, payer | visits.client_id)
            ],
            **self._prepare_next(visits),
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
            ]
            + self._prepare_fee_lines(visits),
        }

    @api.model
    def _prepare_fee_lines(self, visits):
        """What the branch always puts on the bill of a visit."""
        visits = visits.filtered(lambda visit: visit._get_billable_appointments())
        return [
            Command.create(
                {"visit_id": visit.id, "product_id": product.id, "quantity": 1}
            )
            for visit in visits
            for product in visits.branch_id.fee_product_ids
        ]

    @api.model
    def _prepare_next(self, visits):
        """When the clients come again, or when they might."""
        service = self.env["salon.rebooking"]
        booked = service._get_next(visits)
        offers = []
        by_client = visits.grouped("client_id")
        for visit in by_client.values() if len(by_client) <= MOST_REBOOKED else ():
            if visit.client_id in booked:
                continue
            for offer in service._find_offers(visit[:1]):
                parts = [
                    (part.product, part.staff, part.start, part.stop)
                    for part in offer.parts
                ]
                offers.append(
                    Command.create({"visit_id": visit[:1].id, "parts": parts})
                )
        return {
            "rebook_ids": offers,
            "next_visit": "\n".join(self._say_next(visit) for visit in booked.values()),
        }

    @api.model
    def _say_next(self, visit):
        return self.env._(
            "%(client)s comes again: %(moment)s",
            client=visit.client_id.name,
            moment=visit._get_moment_label(visit.start),
        )

    def _propose_tender(self):
        """One line with the whole amount in the branch's first tender."""
        for wizard in self:
            journal = wizard.tender_journal_ids[:1]._origin
            amount = wizard._propose_amount(journal) if journal else 0
            if amount > 0:
                wizard.amount_proposed = amount
                wizard.tender_ids = [
                    Command.create(
                        {
                            "journal_id": journal.id,
                            "proposed_journal_id": journal.id,
                            "amount": amount,
                        }
                    )
                ]

    def _propose_amount(self, journal, paid=0):
        """What is still to be paid, in the currency and coins of a tender."""
        # sudo: account.journal - the desk sees the kind of its tenders
        journal, company = journal.sudo(), self.company_id
        left = max(self._get_amount_exact() - paid, 0)
        if foreign := self.env["salon.till"]._get_foreign(company, journal):
            self.env["salon.till"]._check_rate(company, foreign)
            return company.currency_id._convert(left, foreign, company, self._today())
        if journal.type == "cash" and not paid:
            left += self._get_rounding()
        return company.currency_id.round(left)

    def _follows_bill(self):
        """Whether there is one tender that nobody has changed."""
        tender = self.tender_ids
        return len(tender) == 1 and float_is_zero(
            tender.amount - self.amount_proposed, precision_digits=6
        )

    def _today(self):
        zone = self.branch_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

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
            if branch:
                has_balance = wizard.client_balance > 0
                journals |= branch._get_settlement_journals().filtered(
                    lambda journal, has=has_balance: (
                        has or journal.salon_kind != "balance"
                    )
                )
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

    @api.depends("payer_id", "branch_id")
    def _compute_debt_note(self):
        for wizard in self:
            payer, branch = wizard.payer_id._origin, wizard.branch_id
            wizard.debt_note = self.env["salon.debt"]._warn(payer, branch)

    @api.depends("payer_id", "branch_id", "amount_due", "pays_debts")
    def _compute_is_over_limit(self):
        service = self.env["salon.debt"]
        for wizard in self:
            owed = wizard.amount_due
            if not wizard.pays_debts:
                owed += wizard.client_debt
            wizard.is_over_limit = bool(
                wizard.amount_due and wizard.payer_id
            ) and debts.is_over(
                service._to_units(owed, wizard.currency_id),
                service._limit_of(wizard.payer_id._origin, wizard.branch_id),
            )

    @api.depends_context("uid")
    def _compute_can_override(self):
        self.can_override = self.env.user.has_group(
            "salon_booking.group_salon_override"
        )

    @api.depends("visit_ids.deposit_held")
    def _compute_deposit_held(self):
        for wizard in self:
            wizard.deposit_held = sum(wizard.visit_ids.mapped("deposit_held"))

    @api.depends(
        "tender_ids.amount",
        "tender_ids.journal_id",
        "fee_ids.is_charged",
        "amount_total",
        "amount_tip",
        "deposit_held",
        "keeps_rest",
        "pays_debts",
    )
    def _compute_balance(self):
        for wizard in self:
            wizard.amount_rounding = wizard._get_cash_rounding()
            due = wizard._get_amount_exact() + wizard.amount_rounding
            tenders = wizard._appraise(wizard.tender_ids, due)
            given = sum(tender["value"] for tender in tenders)
            rest = wizard.currency_id.round(given - due)
            back = max(rest, 0) + wizard._get_amount_give_back()
            wizard.has_foreign = any(tender["foreign"] for tender in tenders)
            wizard.amount_tendered = given
            wizard.amount_change = 0 if wizard.keeps_rest else back
            wizard.amount_to_balance = back if wizard.keeps_rest else 0
            wizard.amount_due = max(-rest, 0)

    def _appraise(self, tenders, due):
        """These tenders with what they are worth; see ``salon.till``."""
        return self.env["salon.till"]._appraise(
            self.company_id,
            [
                {
                    "journal_id": tender.journal_id._origin.id,
                    "amount": tender.amount,
                    "tender": tender,
                }
                for tender in tenders
            ],
            due,
            self._today(),
        )

    def _get_amount_exact(self):
        """What the tenders have to cover, before cash is rounded."""
        debt = self.client_debt if self.pays_debts else 0
        fees = sum(self.fee_ids.filtered("is_charged").mapped("amount_due"))
        return self._get_bill_left() + self.amount_tip + debt + fees

    def _get_bill_left(self):
        return max(self._get_bill_to_pay() - self.deposit_held, 0)

    def _get_rounding(self):
        """What the branch's rounding of cash adds to the bill, or takes off it."""
        # sudo: account.cash.rounding - the rule of the branch
        rounding = self.branch_id.sudo().cash_rounding_id
        left = self._get_bill_left()
        return rounding.compute_difference(self.currency_id, left) if rounding else 0

    def _get_cash_rounding(self):
        """As above if everything is paid in cash as it stands, else nothing."""
        difference = self._get_rounding()
        tenders = self.tender_ids.filtered("amount")
        if not difference or not tenders or not all(tenders.mapped("is_own_cash")):
            return 0
        missing = self._get_amount_exact() + difference - sum(tenders.mapped("amount"))
        return 0 if self.currency_id.compare_amounts(missing, 0) > 0 else difference

    def _get_amount_give_back(self):
        """What the deposit is more than the bill."""
        return max(self.deposit_held - self._get_bill_to_pay(), 0)

    def _get_give_back_journal(self):
        """Onto the balance, or out of the till as change."""
        # sudo: account.journal - the desk sees the kind of its tenders
        branch = self.branch_id.sudo()
        if self.keeps_rest:
            return branch.company_id._get_salon_balance_journal()
        till, company = self.env["salon.till"], branch.company_id
        return branch._get_tender_journals().sorted(
            lambda one: (bool(till._get_foreign(company, one)), one.type != "cash")
        )[:1]

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

    @api.onchange(
        "amount_tip", "pays_debts", "discount_all", "line_ids", "payer_id", "fee_ids"
    )
    def _onchange_to_pay(self):
        """One tender for all follows what is to be paid, until it is changed."""
        tender = self.tender_ids
        if self._follows_bill():
            tender.amount = (
                0 if self.on_tab else self._propose_amount(tender.journal_id._origin)
            )
            self.amount_proposed = tender.amount

    @api.onchange("on_tab")
    def _onchange_on_tab(self):
        """All of it, unless a part was entered."""
        self._onchange_to_pay()

    @api.onchange("tender_ids")
    def _onchange_tender_ids(self):
        """A tender just chosen takes what the others leave, in its own currency."""
        follows = self._follows_bill()
        for tender in self.tender_ids:
            journal, before = tender.journal_id._origin, tender.proposed_journal_id
            if not journal or journal == before._origin:
                continue
            tender.proposed_journal_id = journal
            others = self.tender_ids - tender
            # sudo: account.journal - the desk sees the currency of its tenders
            changed = journal.sudo().currency_id != before.sudo().currency_id
            if follows or changed or not tender.amount:
                appraised = self._appraise(others, self._get_amount_exact())
                paid = sum(other["value"] for other in appraised)
                tender.amount = self._propose_amount(journal, paid)
        if follows:
            self.amount_proposed = self.tender_ids.amount

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
        change = self._get_change()
        tenders = []
        for tender in self.tender_ids:
            amount = tender.amount
            if change and tender.is_own_cash:
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
        change = self.currency_id.round(change)
        if change and not any(tender.is_cash for tender in self.tender_ids):
            raise UserError(
                self.env._(
                    "%(change)s too much was tendered, and change is given in cash "
                    "only. Lower the other amounts.",
                    change=self.currency_id.format(change),
                )
            )
        return tenders, change

    def _get_change(self):
        """Of what was tendered; a deposit that is too much goes back by itself."""
        change = self.amount_change
        return change and self.currency_id.round(change - self._get_amount_give_back())

    def _prepare_money_options(self, change):
        """How the bill is paid: ``change`` goes back for money of another currency."""
        options = {
            **self._prepare_rest(),
            "tab_reason": self.tab_reason,
            "payment_term_id": self.amount_due and self.payment_term_id.id,
            "on_tab": self.on_tab and self.amount_due > 0,
            "rounds_cash": not self.currency_id.is_zero(self.amount_rounding),
            "fee_visit_ids": self.fee_ids.filtered("is_charged").visit_id.ids,
        }
        if change:
            # sudo: account.journal - the desk sees the kind of its tenders
            journals = self.branch_id.sudo()._get_tender_journals()
            company = self.company_id
            own = journals.filtered(
                lambda journal: (
                    journal.type == "cash"
                    and not self.env["salon.till"]._get_foreign(company, journal)
                )
            )
            if not own:
                raise UserError(
                    self.env._(
                        "%(branch)s has no till in %(currency)s for the change. Take "
                        "exactly %(due)s, or put the rest on the balance.",
                        branch=self.branch_id.name,
                        currency=self.currency_id.name,
                        due=self.currency_id.format(self.amount_tendered - change),
                    )
                )
            options["change"] = {"journal_id": own[0].id, "amount": change}
        return options

    def _keep_note(self):
        """Beside what the stylist has noted already."""
        for visit in self.visit_ids if self.note else ():
            notes = filter(None, (visit.checkout_note, self.note))
            visit.checkout_note = "\n".join(notes)

    def _check_on_tab(self):
        """A debt is a choice, never what was overlooked."""
        if self.on_tab or self.currency_id.is_zero(self.amount_due):
            return
        raise UserError(
            self.env._(
                "%(due)s is left to pay. Take it, or choose “On the Tab” to have it "
                "paid later.",
                due=self.currency_id.format(self.amount_due),
            )
        )

    # rpc: _open checks who asks
    def action_add_family(self):
        """Put everybody of the family on one bill."""
        self.ensure_one()
        return self._open(self.visit_ids | self.family_visit_ids)

    def action_checkout(self):
        self.ensure_one()
        self.env["salon.checkout"]._begin(self.visit_ids, self.payer_id)
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
        self._check_on_tab()
        # The deposit is used up by the bill, and with it what is given back.
        change = self.amount_change
        tenders, changed = self._prepare_tenders()
        self.env["salon.checkout"]._checkout(
            self.visit_ids,
            tenders,
            self._prepare_extra_lines(),
            {**self._prepare_options(), **self._prepare_money_options(changed)},
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
    company_currency_id = fields.Many2one(
        related="wizard_id.currency_id", string="Bill Currency"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_is_cash")
    journal_id = fields.Many2one("account.journal", "Tender", required=True)
    is_cash = fields.Boolean(compute="_compute_is_cash")
    is_own_cash = fields.Boolean(compute="_compute_is_cash")
    proposed_journal_id = fields.Many2one(
        "account.journal", help="For which tender the amount was proposed."
    )
    amount = fields.Monetary(required=True)
    value = fields.Monetary(
        compute="_compute_value",
        currency_field="company_currency_id",
        help="At the rate of the day.",
    )
    reference = fields.Char(help="Number of the card slip or transfer.")

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A payment cannot be negative."
    )

    @api.depends("journal_id", "wizard_id.company_id")
    def _compute_is_cash(self):
        for tender in self:
            # sudo: account.journal - the desk sees the kind of its tenders
            journal = tender.journal_id.sudo()
            own = tender.wizard_id.currency_id
            tender.currency_id = journal.currency_id or own
            tender.is_cash = journal.type == "cash"
            tender.is_own_cash = tender.is_cash and tender.currency_id == own

    @api.depends(
        "amount", "journal_id", "wizard_id.amount_total", "wizard_id.amount_tip"
    )
    def _compute_value(self):
        for wizard, tenders in self.grouped("wizard_id").items():
            worth = {}
            if wizard:
                appraised = wizard._appraise(
                    wizard.tender_ids | tenders, wizard._get_amount_exact()
                )
                worth = {one["tender"]: one["value"] for one in appraised}
            for tender in tenders:
                tender.value = worth.get(tender, tender.amount)


class SalonCheckoutFee(models.TransientModel):
    """A fee of an earlier visit, that can be paid with this bill."""

    _name = "salon.checkout.fee"
    _description = "Checkout Fee"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    start = fields.Datetime(related="visit_id.start", related_sudo=False)
    amount = fields.Monetary("Fee", related="visit_id.fee_asked", related_sudo=False)
    amount_due = fields.Monetary(
        "Left to Pay",
        compute="_compute_amount_due",
        help="Less the deposit of that visit.",
    )
    is_charged = fields.Boolean("Charge")

    @api.depends("visit_id")
    def _compute_amount_due(self):
        for fee in self:
            visit = fee.visit_id._origin
            fee.amount_due = max(visit.fee_asked - visit.deposit_held, 0)


class SalonCheckoutRebooking(models.TransientModel):
    """A time that the client could have next."""

    _name = "salon.checkout.rebooking"
    _description = "Checkout Rebooking"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    visit_id = fields.Many2one("salon.visit", required=True, readonly=True)
    parts = fields.Json(readonly=True)
    label = fields.Char(compute="_compute_label")

    @api.depends("parts")
    def _compute_label(self):
        for rebooking in self:
            parts = rebooking.parts or []
            people = self.env["hr.employee.public"].browse(
                dict.fromkeys(staff for _product, staff, _start, _stop in parts)
            )
            visit = rebooking.visit_id
            moment = parts and clock.to_utc(min(part[2] for part in parts))
            rebooking.label = ", ".join(
                filter(
                    None,
                    [
                        parts and visit._get_moment_label(moment),
                        *people.mapped("name"),
                    ],
                )
            )

    # rpc: the booking service checks who books, and whether the time is free
    def action_book(self):
        """Book it and go on with the bill."""
        self.ensure_one()
        wizard = self.wizard_id
        visit = self.env["salon.rebooking"]._book(
            self.visit_id, self.parts, f"{wizard.checkout_key}-{self.visit_id.id}"
        )
        wizard.next_visit = "\n".join(
            filter(None, [wizard.next_visit, wizard._say_next(visit)])
        )
        wizard.rebook_ids.filtered(
            lambda other: other.visit_id == self.visit_id
        ).unlink()
        return wizard._as_dialog()
