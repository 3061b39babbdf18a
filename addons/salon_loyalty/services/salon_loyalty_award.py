from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.earning import BillLine, EarningRule, points_of_bill, spread_discounts
from ..engine.refunds import Traced, part_of, refunded_amounts
from .salon_loyalty_ledger import to_decimal, to_hundredths


class SalonLoyaltyAward(models.AbstractModel):
    """Points for paid salon bills, brought to their target after every change.

    Each line of a bill has a target per program: what it earned if the bill is paid,
    less the part its credit notes gave back. Only the difference to what the ledger has
    is written, so being called twice changes nothing.
    """

    _name = "salon.loyalty.award"
    _description = "Points Award Service"

    @api.model
    def _settle(self, bills):
        """Give and take back the points of these invoices and credit notes."""
        # sudo: account.move, loyalty.program - points follow from the posted bill,
        # whoever takes the money
        bills = bills.sudo()
        self = self.sudo()
        invoices = (bills | bills.reversed_entry_id).filtered(
            lambda move: move.salon_branch_id and move.move_type == "out_invoice"
        )
        if not invoices:
            return
        granted, taken = self._load_entries(invoices)
        programs = self._get_programs(invoices.company_id)
        if not programs and not granted:
            return
        payments = self._get_payment_products()
        # Read at once what the lines would fetch one by one.
        (invoices | invoices.reversal_move_ids).invoice_line_ids.salon_visit_id.fetch(
            ["client_id"]
        )
        changes = self._get_grants(invoices, programs, granted, payments)
        changes += self._get_takings(invoices, granted, taken, payments)
        self.env["salon.loyalty.ledger"]._post(changes)

    @api.model
    def _get_programs(self, companies):
        return self.env["loyalty.program"].search(
            [
                ("salon_kind", "=", "points"),
                ("company_id", "in", [False, *companies.parent_ids.ids]),
            ]
        )

    @api.model
    def _load_entries(self, invoices):
        """What the ledger says was granted and taken back, in hundredths.

        :return: two dicts ``{(line, program): (card, points)}``
        """
        granted, taken = {}, {}
        for line, program, kind, cards, points in self.env[
            "salon.loyalty.entry"
        ]._read_group(
            [
                ("move_line_id", "in", invoices.invoice_line_ids.ids),
                ("kind", "in", ("earned", "taken_back")),
            ],
            ["move_line_id", "program_id", "kind"],
            ["card_id:recordset", "points:sum"],
        ):
            target = granted if kind == "earned" else taken
            target[line, program] = cards[-1], to_hundredths(points)
        return granted, taken

    # -- Granting -----------------------------------------------------------

    @api.model
    def _get_grants(self, invoices, programs, granted, payments):
        """Changes for bills that became paid, or are not any more.

        ``granted`` is brought up to date, as what a refund takes back depends on it.
        """
        earned = {}
        have = {line.move_id for (line, __), (__, points) in granted.items() if points}
        for invoice in invoices.filtered("is_salon_settled"):
            if invoice not in have:
                earned |= self._get_earned(invoice, programs, payments)
        changes = []
        cards = self.env["salon.loyalty.ledger"]._get_cards(
            {(client, program) for (__, program), (client, __) in earned.items()}
        )
        for (line, program), (client, points) in earned.items():
            card = cards[client, program]
            granted[line, program] = card, points
            changes.append(self._prepare_grant(line, card, points))
        for (line, program), (card, points) in list(granted.items()):
            if not line.move_id.is_salon_settled and points:
                granted[line, program] = card, 0
                changes.append(self._prepare_grant(line, card, -points))
        return changes

    @api.model
    def _prepare_grant(self, line, card, points):
        move = line.move_id
        return {
            "card": self.env["salon.loyalty.ledger"]._get_current_card(card),
            "kind": "earned",
            "points": points,
            "date": move.invoice_date
            if points > 0
            else fields.Date.context_today(self),
            "move_id": move,
            "move_line_id": line,
            "visit_id": line.salon_visit_id,
            "key": f"bill/{line.id}",
            "worth": self.env["salon.estimates"]._get_worth(line, card, points),
        }

    @api.model
    def _get_earned(self, invoice, programs, payments):
        """What each line of a paid bill earns, by program.

        :return: dict ``{(line, program): (client, hundredths)}``
        """
        orders = invoice.invoice_line_ids.sale_line_ids.order_id
        lines = self._get_earning_lines(invoice, payments)
        found = {}
        for program in programs.filtered_domain(
            self._get_program_domain(invoice, orders)
        ):
            if program.limit_usage and program.total_order_count >= program.max_usage:
                continue
            rules = program.rule_ids.filtered(
                lambda rule: rule.mode == "auto" or rule in orders.code_enabled_rule_ids
            )
            matched = program._get_valid_products(lines.product_id)
            earned = points_of_bill(
                [
                    self._to_bill_line(line, program.currency_id, matched)
                    for line in lines
                ],
                [self._to_rule(rule) for rule in rules],
            )
            for line, points in earned.items():
                client = self._get_client(line)
                if client:
                    found[line, program] = client, points
        return found

    @api.model
    def _get_program_domain(self, invoice, orders):
        date = invoice.invoice_date
        companies = invoice.company_id.parent_ids
        pricelists = orders.pricelist_id.ids
        return Domain.AND(
            [
                Domain("company_id", "in", [False, *companies.ids]),
                Domain("pricelist_ids", "=", False)
                | Domain("pricelist_ids", "in", pricelists),
                Domain("date_from", "=", False) | Domain("date_from", "<=", date),
                Domain("date_to", "=", False) | Domain("date_to", ">=", date),
            ]
        )

    @api.model
    def _get_payment_products(self):
        """Certificates, e-wallets, packages: they earn on what they are used for."""
        programs = (
            self.env["loyalty.program"]
            .with_context(active_test=False)
            .search([("program_type", "in", ("gift_card", "ewallet"))])
        )
        packages = self.env["product.product"].with_context(active_test=False)
        return (
            programs.rule_ids.product_ids
            | programs.reward_ids.discount_line_product_id
            | packages.search([("is_salon_package", "=", True)])
            | self.env["salon.packages"]._get_use_product()
        )

    @api.model
    def _get_earning_lines(self, move, payments):
        """What was sold and discounts on it: neither deposits nor certificates."""
        return move.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.product_id not in payments
                and not any(line.sale_line_ids.mapped("is_downpayment"))
            )
        )

    @api.model
    def _get_client(self, line):
        """Whom a line earns points for: not the nameless walk-in."""
        client = line.salon_client_id or line.move_id.partner_id
        nameless = line.move_id.salon_branch_id.walk_in_partner_id
        return client if client != nameless else client.browse()

    @api.model
    def _to_bill_line(self, line, currency, matched):
        """The engine's view of an invoice line, in this currency.

        ``matched`` are the products that pass the filter of each rule.
        """
        # What was booked: it has the cents that rounding the whole bill moved.
        net = line.amount_currency * line.move_id.direction_sign
        gross = net + line.price_total - line.price_subtotal
        return BillLine(
            key=line,
            client=self._get_client(line),
            net=self._convert(line, net, currency),
            gross=self._convert(line, gross, currency),
            quantity=to_decimal(line.quantity),
            rules=frozenset(
                rule
                for rule, products in matched.items()
                if line.product_id in products
            ),
            is_discount=line.price_subtotal < 0 and self._is_discount(line),
        )

    @api.model
    def _is_discount(self, line):
        return bool(line.sale_line_ids.reward_id) or any(
            order_line._is_discount_line() for order_line in line.sale_line_ids
        )

    @api.model
    def _convert(self, line, amount, currency):
        if line.currency_id != currency:
            amount = line.currency_id._convert(
                amount,
                currency,
                line.company_id,
                line.move_id.invoice_date or fields.Date.context_today(self),
            )
        return to_decimal(amount)

    @api.model
    def _to_rule(self, rule):
        return EarningRule(
            key=rule,
            mode=rule.reward_point_mode,
            points=to_decimal(rule.reward_point_amount),
            with_tax=rule.salon_tax_mode == "incl",
            minimum_quantity=Decimal(rule.minimum_qty),
            minimum_amount=to_decimal(rule.minimum_amount),
            minimum_with_tax=rule.minimum_amount_tax_mode == "incl",
        )

    # -- Taking back --------------------------------------------------------

    @api.model
    def _get_takings(self, invoices, granted, taken, payments):
        """Changes for what credit notes gave back, by what was really granted."""
        credit_notes = defaultdict(lambda: self.env["account.move"])
        for note in self.env["account.move"].search(
            [
                ("reversed_entry_id", "in", invoices.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
            ],
            order="id",
        ):
            credit_notes[note.reversed_entry_id] |= note
        refunded = {}
        for invoice, notes in credit_notes.items():
            refunded |= self._get_refunded(invoice, notes, payments)
        changes = []
        for (line, program), (card, points) in granted.items():
            amount, back = refunded.get(line, (Decimal(0), Decimal(0)))
            done = -taken.get((line, program), (card, 0))[1]
            note = credit_notes[line.move_id][-1:]
            taking = done - part_of(points, amount, back)
            worth = self.env["salon.estimates"]._get_worth(line, card, points)
            changes.append(
                {
                    "card": self.env["salon.loyalty.ledger"]._get_current_card(card),
                    "kind": "taken_back",
                    "points": taking,
                    "worth": worth * taking / points if points else 0,
                    "date": note.invoice_date or fields.Date.context_today(self),
                    "move_id": note or line.move_id,
                    "move_line_id": line,
                    "visit_id": line.salon_visit_id,
                    "key": f"refund/{line.id}",
                }
            )
        return changes

    @api.model
    def _get_refunded(self, invoice, notes, payments):
        """Price of each line after discounts, and how much of it was credited."""
        billed = self._trace(invoice, payments)
        credited = [line for note in notes for line in self._trace(note, payments)]
        back = refunded_amounts(billed, credited)
        return {
            line.key: (line.amount, back[line.key])
            for line in billed
            if line.key in back
        }

    @api.model
    def _trace(self, move, payments):
        """The lines of a bill with what a bill and its credit note have in common."""
        lines = [
            self._to_bill_line(line, move.currency_id, {})
            for line in self._get_earning_lines(move, payments)
        ]
        return [
            Traced(
                key=line.key,
                client=line.client,
                trace=tuple(line.key.sale_line_ids.ids)
                or (line.key.salon_appointment_id.id, line.key.product_id.id),
                amount=line.net,
            )
            for line in spread_discounts(lines)
        ]
