from odoo import Command, api, models
from odoo.exceptions import UserError

from odoo.addons.salon_booking.engine.tips import split


class SalonCardTerminal(models.AbstractModel):
    """What card terminals took comes to the bank, less their fees.

    One entry empties the account of payments on the way against the bank account and
    the costs, and is reconciled with the payments. Who settles does so with own rights.
    """

    _name = "salon.card.terminal"
    _description = "Card Terminal Service"

    @api.model
    def _post(self, settlements):
        settlements.check_access("write")
        for settlement in settlements:
            lines = self._check(settlement)
            taxes = settlement._get_fee_taxes()
            move = self._create_move(settlement, lines, taxes)
            move.action_post()
            self._match(move, lines)
            # sudo: salon.card.settlement, salon.card.fee - kept by the system
            own = settlement.sudo()
            own.write({"state": "posted", "move_id": move.id})
            fees = own.env["salon.card.fee"].create(self._prepare_fees(own))
            fees.move_line_id._on_salon_card_fees()

    @api.model
    def _undo(self, settlements):
        """Take a settlement back by an opposite entry; its payments are open again."""
        settlements.check_access("write")
        for settlement in settlements:
            if settlement.state != "posted":
                raise UserError(
                    self.env._(
                        "%(settlement)s is not posted, so there is nothing to take "
                        "back.",
                        settlement=settlement.display_name,
                    )
                )
            move = settlement.move_id
            move.line_ids.remove_move_reconcile()
            move._reverse_moves(
                [
                    {
                        "date": settlement.date,
                        "ref": self.env._("Taken back: %(entry)s", entry=move.name),
                    }
                ],
                cancel=True,
            )
            # sudo: salon.card.settlement, salon.card.fee - kept by the system
            own = settlement.sudo()
            own.state = "undone"
            fees = own.env["salon.card.fee"].create(
                [
                    {**self._copy_fee(fee), "amount": -fee.amount}
                    for fee in own.fee_ids.sorted("id")
                ]
            )
            fees.move_line_id._on_salon_card_fees()

    @api.model
    def _copy_fee(self, fee):
        names = (
            "settlement_id payment_id date company_id branch_id move_line_id "
            "product_id staff_id"
        ).split()
        return {
            name: getattr(fee[name], "id", fee[name]) if name != "date" else fee.date
            for name in names
        }

    @api.model
    def _check(self, settlement):
        """Every payment is on the way still, and of this terminal; return its items."""
        tickets = settlement.ticket_ids
        if settlement.state != "draft" or not tickets.payment_ids:
            raise UserError(
                self.env._(
                    "%(settlement)s has nothing to settle. Choose days with payments "
                    "that are still on the way.",
                    settlement=settlement.display_name,
                )
            )
        payments = tickets.payment_ids
        dates = payments.mapped("date")
        lines = settlement.journal_id._get_salon_card_lines(min(dates), max(dates))
        open_payments = lines.move_id.origin_payment_id
        if gone := payments - open_payments:
            raise UserError(
                self.env._(
                    "%(payment)s is not on the way any more: it was settled or taken "
                    "back. Remove it from the settlement.",
                    payment=gone[0].display_name,
                )
            )
        if len(payments) != sum(len(ticket.payment_ids) for ticket in tickets):
            raise UserError(
                self.env._(
                    "%(settlement)s names a payment twice. Make it anew.",
                    settlement=settlement.display_name,
                )
            )
        return lines.filtered(lambda line: line.move_id.origin_payment_id in payments)

    @api.model
    def _create_move(self, settlement, lines, taxes):
        journal, company = settlement.journal_id, settlement.company_id
        bank = journal.salon_payout_account_id or journal.default_account_id
        label = self.env._("Settlement %(name)s", name=settlement.display_name)
        items = [
            {
                "name": label,
                "account_id": account.id,
                "amount_currency": -sum(on_way.mapped("amount_residual_currency")),
                "balance": -sum(on_way.mapped("amount_residual")),
            }
            for account, on_way in lines.grouped("account_id").items()
        ]
        items += self._prepare_fee_items(settlement, taxes)
        items.append(
            {
                "name": label,
                "account_id": bank.id,
                "amount_currency": -sum(item["amount_currency"] for item in items),
                "balance": -sum(item["balance"] for item in items),
            }
        )
        for item in items:
            item["currency_id"] = settlement.currency_id.id
        return (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": company.id,
                    "date": settlement.date,
                    "ref": label,
                    "line_ids": [Command.create(item) for item in items],
                }
            )
            .with_env(self.env)
        )

    @api.model
    def _prepare_fee_items(self, settlement, taxes):
        """A cost per ticket, of its branch, and the tax on all of them."""
        tickets = settlement.ticket_ids.filtered("fee")
        if not tickets:
            return []
        journal = settlement.journal_id
        account = journal.salon_fee_account_id
        if not account:
            raise UserError(
                self.env._(
                    "%(terminal)s has no account for fees. Set it in the journal.",
                    terminal=journal.name,
                )
            )
        items = [
            {
                "name": self.env._("Card fee, %(ticket)s", ticket=ticket.name or ""),
                "account_id": account.id,
                "tax_ids": [Command.set(journal.salon_fee_tax_id.ids)],
                "tax_tag_ids": [Command.set(taxes["base_tags"])],
                "analytic_distribution": ticket.branch_id._get_analytic_distribution()
                if ticket.branch_id
                else False,
                **self._in_books(settlement, ticket.fee),
            }
            for ticket in tickets
        ]
        items += [
            {
                "name": tax["name"],
                "account_id": tax["account_id"] or account.id,
                "analytic_distribution": not tax["account_id"]
                and self._get_analytic_distribution(tickets),
                "tax_repartition_line_id": tax["tax_repartition_line_id"],
                "tax_tag_ids": [Command.set(tax["tag_ids"])],
                "tax_base_amount": self._in_books(settlement, tax["base"])["balance"],
                **self._in_books(settlement, tax["amount"]),
            }
            for tax in taxes["taxes"]
        ]
        return items

    @api.model
    def _get_analytic_distribution(self, tickets):
        """A tax that nobody gives back costs the branches as their fees do."""
        total = sum(tickets.mapped("fee"))
        shares = {}
        for account, own in tickets.grouped(
            lambda ticket: ticket.branch_id.analytic_account_id
        ).items():
            if account and total:
                shares[str(account.id)] = 100 * sum(own.mapped("fee")) / total
        return shares or False

    @api.model
    def _in_books(self, settlement, amount):
        company = settlement.company_id
        return {
            "amount_currency": amount,
            "balance": settlement.currency_id._convert(
                amount, company.currency_id, company, settlement.date
            ),
        }

    @api.model
    def _match(self, move, lines):
        for account, on_way in lines.grouped("account_id").items():
            own = move.line_ids.filtered(lambda line, a=account: line.account_id == a)
            (on_way | own).reconcile()

    @api.model
    def _prepare_fees(self, settlement):
        """Split each fee over what its ticket paid, by value.

        First over the payments, then, where one paid a bill, over the bill's lines.
        """
        rows = []
        for ticket in settlement.ticket_ids.filtered("fee"):
            currency = settlement.company_id.currency_id
            fee = self._in_books(settlement, ticket.fee)["balance"]
            payments = ticket.payment_ids.sorted("id")
            shares = self._split(currency, fee, payments.mapped("amount"))
            for payment, share in zip(payments, shares, strict=True):
                common = {
                    "settlement_id": settlement.id,
                    "payment_id": payment.id,
                    "date": settlement.date,
                    "company_id": settlement.company_id.id,
                    "branch_id": payment.salon_branch_id.id,
                }
                sold = payment.reconciled_invoice_ids.invoice_line_ids.filtered(
                    lambda line: line.display_type == "product" and line.price_total > 0
                ).sorted("id")
                if not sold:
                    staff = payment.salon_staff_id
                    rows.append({**common, "staff_id": staff.id, "amount": share})
                    continue
                parts = self._split(currency, share, sold.mapped("price_total"))
                rows += [
                    {
                        **common,
                        "branch_id": line.move_id.salon_branch_id.id
                        or payment.salon_branch_id.id,
                        "move_line_id": line.id,
                        "product_id": line.product_id.id,
                        "staff_id": line.salon_staff_id.id,
                        "amount": part,
                    }
                    for line, part in zip(sold, parts, strict=True)
                ]
        return [row for row in rows if row["amount"]]

    @api.model
    def _split(self, currency, amount, weights):
        """Share an amount out by value, to the last cent."""
        cents = round(amount / currency.rounding)
        sign = -1 if cents < 0 else 1
        shares = split(
            abs(cents), [round(weight / currency.rounding) for weight in weights]
        )
        return [currency.round(sign * share * currency.rounding) for share in shares]
