from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

from ..engine.refunds import part_of
from .salon_loyalty_ledger import to_decimal, to_hundredths


class SalonLoyaltyCertificate(models.AbstractModel):
    """Gift certificates: their account, their use on a bill, their way back.

    Sold and used through the host's gift card program. What the host does not do is
    done here: both products are booked to a liability account, and a credit note gives
    back what was used and takes back what was sold.
    """

    _name = "salon.loyalty.certificate"
    _description = "Gift Certificate Service"

    # -- Setting up ---------------------------------------------------------

    @api.model
    def _setup_installed(self):
        """Set up every company that keeps books already."""
        self._setup_companies(
            # sudo: res.company - all of them, whoever installs
            self.env["res.company"].sudo().search([("chart_template", "!=", False)])
        )

    @api.model
    def _setup_companies(self, companies):
        """Make account and program of companies that keep books; safe to repeat."""
        # sudo: account.account, loyalty.program - part of installing a company
        self = self.sudo()
        for company in companies.root_id.sudo():
            self.env["salon.accounts"]._ensure(
                company, "salon_certificate_account_id", self.env._("Gift certificates")
            )
            self._ensure_program(company)
        self._book_to_liability(companies.root_id.sudo())

    @api.model
    def _ensure_program(self, company):
        """Each company owes its own certificates, in its own currency."""
        programs = (
            self.env["loyalty.program"]
            .with_context(active_test=False)
            .search(
                [("salon_kind", "=", "certificate"), ("company_id", "=", company.id)]
            )
        )
        for program in programs:
            if not program.coupon_count and program.currency_id != company.currency_id:
                program.currency_id = company.currency_id
        if not programs:
            self.env["loyalty.program"].with_company(company).create(
                self._prepare_program(company)
            )

    @api.model
    def _prepare_program(self, company):
        product = self.env.ref("salon_loyalty.product_certificate")
        return {
            "name": self.env._("Gift certificate"),
            "program_type": "gift_card",
            "is_salon": True,
            "company_id": company.id,
            "applies_on": "future",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": company.currency_id.symbol,
            "rule_ids": [
                Command.create(
                    {
                        "reward_point_amount": 1,
                        "reward_point_mode": "money",
                        "reward_point_split": True,
                        "minimum_qty": 0,
                        "product_ids": [Command.set(product.ids)],
                    }
                )
            ],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": 1,
                        "discount_applicability": "order",
                        "required_points": 0.01,
                        "description": self.env._("Gift certificate"),
                    }
                )
            ],
            "communication_plan_ids": [],
        }

    @api.model
    def _book_to_liability(self, companies):
        """Book certificates to the liability in these companies and their children.

        A product that becomes a certificate loses its taxes: it may be spent on
        anything, so it is taxed when it is used. A tax added later is left alone.
        """
        for company in companies:
            account = company.salon_certificate_account_id
            products = (
                self.env["loyalty.program"]
                .with_context(active_test=False)
                .search(
                    [
                        ("salon_kind", "=", "certificate"),
                        ("company_id", "=", company.id),
                    ]
                )
                ._get_certificate_products()
                .product_tmpl_id
            )
            if not account or not products:
                continue
            members = self.env["res.company"].search([("id", "child_of", company.id)])
            for member in members:
                for product in products.with_company(member):
                    booked = product.property_account_income_id
                    if booked == account:
                        continue
                    if booked.account_type != "liability_current":
                        product.taxes_id -= product.taxes_id.filtered(
                            lambda tax, member=member: (
                                tax.company_id in member.parent_ids
                            )
                        )
                    product.property_account_income_id = account

    # -- Using --------------------------------------------------------------

    @api.model
    def _find(self, code, company):
        """Return the certificate that may be used in this company.

        :raises UserError: always the same, so that nobody learns which codes exist
        """
        code = (code or "").strip()
        # sudo: loyalty.card - the desk may ask for one code, not list them all
        card = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("code", "in", [code, code.lower(), code.upper()]),
                    ("salon_kind", "=", "certificate"),
                    ("company_id", "in", company.sudo().parent_ids.ids),
                    ("program_id.active", "=", True),
                    ("points", ">", 0),
                    "|",
                    ("expiration_date", "=", False),
                    ("expiration_date", ">=", fields.Date.context_today(self)),
                ],
                limit=1,
            )
        )
        if not card:
            raise UserError(self._message_unusable(code))
        return card

    @api.model
    def _message_unusable(self, code):
        return self.env._(
            "The certificate code %(code)s cannot be used. Compare it with the printed "
            "certificate; if it is right, ask a manager to look it up under Clients, "
            "Gift Certificates.",
            code=code,
        )

    @api.model
    def _apply_code(self, order, code):
        """Pay as much of a draft order as the certificate holds."""
        card = self._find(code, order.company_id)
        if order.currency_id.compare_amounts(order.amount_total, 0) <= 0:
            raise UserError(
                self.env._(
                    "Nothing is left to pay, so %(code)s is not needed. Remove it.",
                    code=code,
                )
            )
        if card in order.order_line.coupon_id:
            return
        order.applied_coupon_ids |= card
        result = order._apply_program_reward(card.program_id.reward_ids[:1], card)
        if result.get("error"):
            raise UserError(self._message_unusable(code))

    @api.model
    def _check_untaxed(self, moves):
        """What is owed on a certificate is all that was paid for it."""
        # sudo: res.company - where certificates are booked, whoever posts
        accounts = moves.company_id.root_id.sudo().salon_certificate_account_id
        for line in moves.invoice_line_ids.filtered("tax_ids"):
            if line.account_id in accounts and line.currency_id.compare_amounts(
                line.price_total, line.price_subtotal
            ):
                raise UserError(
                    self.env._(
                        "“%(certificate)s” has a tax, but is taxed when it is used, "
                        "with what it pays for. Take the tax off. What is taxed when "
                        "it is sold is a package.",
                        certificate=line.product_id.name or line.name,
                    )
                )

    # -- The way back -------------------------------------------------------

    @api.model
    def _settle(self, moves):
        """Bring cards to what posted invoices and credit notes say.

        Works from all documents of an order line together, so it may be called after
        any of them changes, and again.
        """
        # sudo: sale.order.line, loyalty.card - follows from the posted document
        order_lines = moves.sudo().invoice_line_ids.sale_line_ids
        rewards = order_lines.filtered(lambda line: line.coupon_id.salon_kind)
        sold = order_lines.filtered("salon_certificate_ids")
        changes = self._get_returns(rewards)
        for line in sold:
            changes += self._get_voids(line)
        self.env["salon.loyalty.ledger"]._post(changes)
        if rewards:
            # sudo: account.move - follows from the posted document
            for move in moves.sudo():
                self._settle_between(move)

    @api.model
    def _settle_between(self, move):
        """What one company sold and another took is owed between the two."""
        account = move.company_id.root_id.salon_certificate_account_id
        wanted = defaultdict(float)
        for line in move.invoice_line_ids if move.state == "posted" else ():
            card = line.sale_line_ids.coupon_id
            if line.account_id != account or card.salon_kind != "certificate":
                continue
            if seller := card.salon_order_line_id.company_id:
                wanted[seller] += line.balance
        self.env["salon.intercompany"]._follow(move, account, wanted)

    @api.model
    def _get_returns(self, reward_lines):
        """Give back to a card the part of its use that was credited."""
        groups = defaultdict(lambda: self.env["sale.order.line"])
        for line in reward_lines:
            code = line.reward_identifier_code
            groups[line.coupon_id, line.order_id, code] |= (
                line.order_id.order_line.filtered(
                    lambda other, line=line, code=code: (
                        other.coupon_id == line.coupon_id
                        and other.reward_identifier_code == code
                    )
                )
            )
        changes = []
        for (card, order, __), lines in groups.items():
            price, credited = self._get_credited(lines)
            spent = to_hundredths(sum(lines.mapped("points_cost")))
            entries = self.env["salon.loyalty.entry"].search(
                [("order_line_id", "in", lines.ids), ("kind", "=", "returned")]
            )
            done = to_hundredths(sum(entries.mapped("points")))
            first = lines.sorted("id")[:1]
            changes.append(
                {
                    "card": self.env["salon.loyalty.ledger"]._get_current_card(card),
                    "kind": "returned",
                    "points": part_of(spent, price, credited) - done,
                    "order_id": order,
                    "order_line_id": first,
                    "move_id": lines.invoice_lines.move_id.sorted("id")[-1:],
                    "key": f"return/{first.id}",
                }
            )
        return changes

    @api.model
    def _get_voids(self, line):
        """Take from the sold certificates what the credit notes of their sale say."""
        cards = line.salon_certificate_ids.with_context(active_test=False)
        __, credited = self._get_credited(line)
        voided = {
            card: -to_hundredths(points)
            for card, points in self.env["salon.loyalty.entry"]._read_group(
                [("card_id", "in", cards.ids), ("kind", "=", "voided")],
                ["card_id"],
                ["points:sum"],
            )
        }
        wanted = to_hundredths(credited) - sum(voided.values())
        held = {card: to_hundredths(card.points) for card in cards}
        if wanted > sum(held.values()):
            raise UserError(
                self.env._(
                    "The certificates of %(order)s hold %(held)s; the rest was already "
                    "used. Refund at most that.",
                    order=line.order_id.name,
                    held=line.currency_id.format(sum(held.values()) / 100),
                )
            )
        # First the certificate that is worth just that much, then the fullest.
        room = held if wanted > 0 else voided
        parts = []
        left = abs(wanted)
        for card in sorted(room, key=lambda c: (room[c] != left, -room[c], c.id)):
            part = min(room[card], left)
            left -= part
            if part:
                parts.append((card, -part if wanted > 0 else part))
        return [
            {
                "card": card,
                "kind": "voided",
                "points": part,
                "order_id": line.order_id,
                "order_line_id": line,
                "move_id": line.invoice_lines.move_id.sorted("id")[-1:],
                "key": f"void/{line.id}",
            }
            for card, part in parts
        ]

    @api.model
    def _get_credited(self, order_lines):
        """Return price and credited amount of these order lines, both positive.

        An invoice beyond the first price (a bill credited and made again) counts
        against what was credited. Lines at no price are measured by quantity.
        """
        field, billed_field = "price_total", "price_total"
        if float_is_zero(sum(order_lines.mapped(field)), precision_digits=2):
            field, billed_field = "product_uom_qty", "quantity"
        price = sum(to_decimal(line[field]) for line in order_lines)
        sign = -1 if price < 0 else 1
        invoiced = credited = to_decimal(0)
        for line in order_lines.invoice_lines:
            if line.parent_state != "posted":
                continue
            amount = sign * to_decimal(line[billed_field])
            if line.move_id.move_type == "out_refund":
                credited += amount
            else:
                invoiced += amount
        price *= sign
        again = max(invoiced - price, 0)
        return price, min(max(credited - again, 0), price)
