from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import exact
from ..engine import tenders as engine


class SalonRefund(models.AbstractModel):
    """From what a client gets back to credit notes and payments of the host.

    Bills stay as they are: each gets a posted credit note of the lines or amounts that
    are given back. It settles first what is still open on the bill; the rest is paid
    out in tenders, or onto the balance of the client.
    """

    _name = "salon.refund"
    _description = "Salon Refund Service"

    @api.model
    def _refund(self, visits, amounts, tenders=(), options=None):
        """Give back these amounts, in one transaction, all or nothing.

        :param visits: salon.visit whose bills are concerned
        :param amounts: ``{account.move.line id: amount with tax}`` of bill lines
        :param tenders: ``[{"journal_id", "amount"}]``, together what is to be paid out
        :param options: ``reason``; ``takes_tips_back``; ``reopens``: the visits go back
            to in service
        :return: dict of ``refunds`` (account.move) and ``payments``
        :raises UserError: more than was billed, or other money than is due
        """
        options = dict(options or {})
        self.env["salon.checkout"]._begin(visits)
        self._check_may_refund(visits, options.get("reopens"))
        # sudo: account.move, account.payment - the desk holds no accounting rights;
        # what it may do is checked above and limited to the bills of these visits
        self = self.sudo().with_company(visits.company_id)
        visits = visits.sudo()
        amounts = self._complete(visits, amounts, options)
        lines = self.env["account.move.line"].browse(amounts)
        self._check_amounts(visits, lines, amounts)
        refunds = self.env["account.move"]
        for bill, bill_lines in lines.grouped("move_id").items():
            refunds |= self._credit(bill, bill_lines, amounts, options)
        tips = self._get_tips(visits) if options.get("takes_tips_back") else []
        payments = self._pay_out(visits, refunds, tips, tenders)
        if options.get("reopens"):
            visits.appointment_ids.filtered(
                lambda appointment: not appointment.is_billed
            ).action_reopen()
        return {"refunds": refunds, "payments": payments}

    @api.model
    def _check_may_refund(self, visits, reopens=False):
        self.env["salon.checkout"]._check_may_checkout(visits)
        if self.env.su:
            return
        user = self.env.user
        if reopens and not user.has_group("salon_booking.group_salon_undo"):
            raise AccessError(
                self.env._("Reopening needs the right to undo; ask your manager.")
            )
        if not user.has_group("salon_booking.group_salon_refund"):
            raise AccessError(
                self.env._(
                    "Giving money back needs the right to refund; ask your manager."
                )
            )

    @api.model
    def _complete(self, visits, amounts, options):
        """Hook: what goes back with these amounts, ``{account.move.line id: amount}``.

        A visit that is reopened leaves nothing behind, services for nothing neither.
        """
        if not options.get("reopens"):
            return amounts
        free = self._get_free_lines(visits).filtered(
            lambda line: line.salon_appointment_id.visit_id in visits
        )
        return {**dict.fromkeys(free.ids, 0), **amounts}

    @api.model
    def _get_bills(self, visits):
        # sudo: account.move - what the desk has billed, not the books
        return visits.sudo().invoice_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    @api.model
    def _get_free_lines(self, visits):
        """Lines for nothing of the posted bills of these visits, not yet given back."""
        bills = self._get_bills(visits)
        free = self._product_lines(bills).filtered(
            lambda line: line.currency_id.is_zero(line.price_total)
        )
        for bill in free.move_id:
            notes = bill.reversal_move_ids.filtered(lambda move: move.state == "posted")
            for line in self._product_lines(notes):
                free -= self._find_source(bill, line)
        return free

    @api.model
    def _get_bill_lines(self, visits):
        """What can be given back: ``{account.move.line: amount with tax}``.

        Lines of the posted bills of these visits, less earlier credit notes.
        """
        creditable = {}
        for bill in self._get_bills(visits):
            creditable |= self._get_left(bill)
        return {
            line: amount
            for line, amount in creditable.items()
            if not line.currency_id.is_zero(amount)
        }

    @api.model
    def _get_left(self, bill):
        """What of each line was not given back: together never more than the bill."""
        left = bill._get_salon_line_totals()
        for credit in bill.reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        ):
            for line, amount in credit._get_salon_line_totals().items():
                if source := self._find_source(bill, line):
                    left[source] -= amount
        unit = bill.currency_id.rounding
        # A certificate or reward is a line below zero, and goes back as one.
        signs = [-1 if line.price_total < 0 else 1 for line in left]
        for sign in (1, -1):
            own = [
                line
                for line, own_sign in zip(left, signs, strict=True)
                if own_sign == sign
            ]
            cents = exact.settle([round(sign * left[line] / unit) for line in own])
            for line, amount in zip(own, cents, strict=True):
                left[line] = bill.currency_id.round(sign * amount * unit)
        return left

    @api.model
    def _product_lines(self, move):
        return move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    @api.model
    def _find_source(self, bill, line):
        """The bill line that this line of its credit note takes back."""
        candidates = self._product_lines(bill)
        return (
            candidates.filtered(lambda one: one.sale_line_ids & line.sale_line_ids)
            or candidates.filtered(lambda one: one.product_id == line.product_id)
        )[:1]

    @api.model
    def _check_amounts(self, visits, lines, amounts):
        creditable = self._get_bill_lines(visits)
        for line in lines - self._get_free_lines(visits):
            left, amount = creditable.get(line, 0), amounts[line.id]
            # A certificate or reward is a line below zero, and goes back as one.
            inside = min(left, 0) <= amount <= max(left, 0)
            if not inside or line.currency_id.is_zero(amount):
                raise UserError(
                    self.env._(
                        "%(amount)s cannot be given back for %(line)s: %(left)s of it "
                        "is left on the bill.",
                        amount=line.currency_id.format(amount),
                        line=line.name or line.product_id.display_name,
                        left=line.currency_id.format(left),
                    )
                )
        if not lines:
            raise UserError(self.env._("Enter what is given back."))
        for bill, own in lines.grouped("move_id").items():
            self._check_bill(bill, own, amounts, creditable)
        self._check_deposits(lines, amounts)

    @api.model
    def _check_deposits(self, lines, amounts):
        """A deposit goes back as far as no bill has taken it off."""
        advances = lines.filtered("is_downpayment")
        for visit, own in advances.grouped("salon_visit_id").items():
            wanted = sum(amounts[line.id] for line in own)
            if visit.currency_id.compare_amounts(wanted, visit.deposit_held) <= 0:
                continue
            raise UserError(
                self.env._(
                    "%(wanted)s of the deposit of %(visit)s cannot be given back: "
                    "%(held)s of it was not taken off a bill. Give it back together "
                    "with the line that takes it off, or leave it out.",
                    wanted=visit.currency_id.format(wanted),
                    visit=visit.display_name,
                    held=visit.currency_id.format(max(visit.deposit_held, 0)),
                )
            )

    @api.model
    def _check_bill(self, bill, lines, amounts, creditable):
        """What a certificate or reward paid goes back to it, and never as money."""
        paid = {
            line: left
            for line, left in creditable.items()
            if line.move_id == bill and not line.is_downpayment
        }
        most = sum(paid.values())
        wanted = sum(amounts[line.id] for line in lines if line in paid)
        together = sum(amounts[line.id] for line in lines)
        currency = bill.currency_id
        is_below = together < -currency.rounding / 2
        if is_below or currency.compare_amounts(wanted, most) > 0:
            raise UserError(
                self.env._(
                    "%(wanted)s cannot be given back of %(bill)s, of which %(most)s "
                    "is left with what is below zero on it. Give back those lines "
                    "together with the others.",
                    wanted=currency.format(together if is_below else wanted),
                    bill=bill.name,
                    most=currency.format(most),
                )
            )

    @api.model
    def _credit(self, bill, lines, amounts, options):
        """The posted credit note of these lines, reconciled with what is still open."""
        zone = bill.salon_branch_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=zone))
        values = {"date": today, "invoice_date": today, "ref": options.get("reason")}
        credit = bill._reverse_moves([values])
        kept = self.env["account.move.line"]
        for source, line in zip(
            self._product_lines(bill), self._product_lines(credit), strict=True
        ):
            if source not in lines:
                continue
            kept |= line
            if source.currency_id.compare_amounts(
                amounts[source.id], source.price_total
            ):
                self._credit_part(line, amounts[source.id] / source.price_total)
        (credit.invoice_line_ids - kept).unlink()
        if not self._is_whole(bill, lines, amounts):
            # A part is not what was rounded.
            credit.invoice_cash_rounding_id = False
        self._make_exact(credit, sum(amounts[line.id] for line in lines))
        credit.action_post()
        open_lines = (bill | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        if len(open_lines.move_id) > 1:
            open_lines.reconcile()
        return credit

    @api.model
    def _is_whole(self, bill, lines, amounts):
        """Whether everything on a bill is given back at once."""
        return lines == self._product_lines(bill) and not any(
            line.currency_id.compare_amounts(amounts[line.id], line.price_total)
            for line in lines
        )

    @api.model
    def _get_rounding(self, move):
        """What cash rounding has put onto a bill or credit note."""
        rounded = move.line_ids.filtered(lambda line: line.display_type == "rounding")
        return move.direction_sign * sum(rounded.mapped("amount_currency"))

    @api.model
    def _get_credit_total(self, lines, amounts):
        """What credit notes of these bill lines come to, as cash was rounded."""
        # sudo: account.move - what the desk has billed, not the books
        lines = lines.sudo()
        return sum(amounts.values()) + sum(
            self._get_rounding(bill)
            for bill, own in lines.grouped("move_id").items()
            if self._is_whole(bill, own, amounts)
        )

    @api.model
    def _credit_part(self, line, part):
        """A part of the amount, as one piece: not every amount can be divided."""
        # Of the amount without tax, or with it where the price includes it.
        price = line.price_unit * line.quantity * (1 - line.discount / 100)
        line.write({"quantity": 1, "discount": 0, "price_unit": price * part})

    @api.model
    def _make_exact(self, credit, total):
        """Some totals no net price gives; the cent then is one of tax."""
        total += self._get_rounding(credit)
        missing = credit.currency_id.round(total - credit.amount_total)
        tax_lines = credit.line_ids.filtered(lambda line: line.display_type == "tax")
        if missing and tax_lines:
            tax_lines[0].amount_currency += missing
        if credit.currency_id.compare_amounts(credit.amount_total, total):
            raise UserError(
                self.env._(
                    "A credit note of %(total)s cannot be made of these lines. Choose "
                    "%(possible)s, or whole lines.",
                    total=credit.currency_id.format(total),
                    possible=credit.currency_id.format(credit.amount_total),
                )
            )

    @api.model
    def _get_tips(self, visits):
        """Tips that these visits still have: ``[(staff, visit, amount)]``."""
        # sudo: salon.tip - what came in with these visits
        groups = (
            self.env["salon.tip"]
            .sudo()
            ._read_group(
                [("visit_id", "in", visits.ids)],
                ["staff_id", "visit_id"],
                ["amount:sum"],
            )
        )
        return [group for group in groups if group[2] > 0]

    @api.model
    def _pay_out(self, visits, refunds, tips, tenders):
        """Pay credit notes and tips back, exactly what is due."""
        currency = visits.company_id.currency_id
        till = self.env["salon.till"]
        demands = [
            *((refund.amount_residual, refund) for refund in refunds),
            *((amount, (staff, visit)) for staff, visit, amount in tips),
        ]
        tenders = [t for t in tenders if not currency.is_zero(t["amount"])]
        cents = [till._to_cents(currency, tender["amount"]) for tender in tenders]
        due = [till._to_cents(currency, amount) for amount, _what in demands]
        if sum(cents) != sum(due) or min(cents, default=0) < 0:
            raise UserError(
                self.env._(
                    "%(due)s is to be given back, not %(given)s. Change the payments, "
                    "or put the rest on the client's balance.",
                    due=currency.format(sum(due) * currency.rounding),
                    given=currency.format(sum(cents) * currency.rounding),
                )
            )
        payments = self.env["account.payment"]
        back = []
        for tender, demand, share in engine.allocate(cents, due):
            what = demands[demand][1]
            tender = {
                **tenders[tender],
                "amount": currency.round(share * currency.rounding),
                "branch": visits.branch_id,
            }
            if isinstance(what, tuple):
                back.append(self._prepare_tip_back(*what, tender, refunds))
            else:
                till._check_may_refund_to(visits.branch_id, what, tender)
                payments |= self.env["salon.checkout"]._register_tender(what, tender)
        return payments | till._post_owed(back)

    @api.model
    def _prepare_tip_back(self, staff, visit, tender, refunds):
        journal = self.env["account.journal"].browse(tender["journal_id"])
        till = self.env["salon.till"]
        refund = refunds.filtered(
            lambda one: visit in one.invoice_line_ids.salon_visit_id
        )
        refund = (refund or refunds)[:1]
        till._check_fits(tender, {"staff": staff})
        till._check_may_refund_to(tender["branch"], refund, tender)
        self.env["salon.checkout"]._check_refund_journal(
            tender["branch"], journal, refund
        )
        date = fields.Date.context_today(
            self.with_context(tz=visit.branch_id.tz or "UTC")
        )
        return {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": staff.work_contact_id.id,
            "journal_id": journal.id,
            "company_id": visit.company_id.id,
            **till._prepare_money_out(
                visit.company_id, journal, tender["amount"], date
            ),
            "date": date,
            "destination_account_id": visit.company_id._get_salon_tips_account().id,
            "memo": self.env._("Tip taken back, %(visit)s", visit=visit.name),
            "salon_branch_id": visit.branch_id.id,
            "salon_staff_id": staff.id,
            "salon_visit_id": visit.id,
            "salon_client_id": refund.commercial_partner_id.id,
        }
