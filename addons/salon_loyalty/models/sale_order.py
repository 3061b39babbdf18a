from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.shares import split_evenly
from ..services.salon_loyalty_ledger import Cause

HUNDRED = 100


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_program_domain(self):
        domain = super()._get_program_domain()
        return domain if self.salon_branch_id else [*domain, *self._not_salon_only()]

    def _get_trigger_domain(self):
        domain = super()._get_trigger_domain()
        if self.salon_branch_id:
            return domain
        return [*domain, *self._not_salon_only("program_id.")]

    def _not_salon_only(self, path=""):
        return list(
            Domain(f"{path}is_salon", "=", False)
            | Domain(f"{path}salon_only", "=", False)
        )

    def _program_check_compute_points(self, programs):
        """Salon bills earn when they are paid; a certificate is worth its price.

        Rewards for points the client has stay claimable: the host offers those of all
        his cards, whether or not this order earns anything.
        """
        result = super()._program_check_compute_points(programs)
        for program in programs:
            if program.salon_kind == "points" and self.salon_branch_id:
                result[program] = {
                    "error": self.env._(
                        "Points of %(program)s are earned when the bill is paid.",
                        program=program.name,
                    )
                }
            elif program.salon_kind == "certificate" and any(
                result[program].get("points", ())
            ):
                result[program]["points"] = [0, *self._get_certificate_values(program)]
        return result

    def _get_certificate_lines(self, program):
        products = program.rule_ids.product_ids
        return self._get_not_rewarded_order_lines().filtered(
            lambda line: (
                line.product_id in products
                and line.product_uom_qty > 0
                and line.price_total > 0
            )
        )

    def _get_certificate_values(self, program):
        """One value per certificate; together exactly what the lines cost.

        The host cuts each to the cent below, and the lost cents would be owed to
        nobody.
        """
        return [
            cents / HUNDRED
            for line in self._get_certificate_lines(program)
            for cents in split_evenly(
                round(line.price_total * HUNDRED), self._count_certificates(line)
            )
        ]

    def _count_certificates(self, line):
        return max(int(line.product_uom_qty), 1)

    def _check_certificate_currency(self):
        """A certificate is worth what was paid for it, in the company's currency."""
        for order in self:
            if order.currency_id == order.company_id.currency_id:
                continue
            # sudo: loyalty.program - whoever sells need not see the set-up
            program = (
                self.env["loyalty.program"]
                .sudo()
                .search(
                    [
                        ("salon_kind", "=", "certificate"),
                        ("rule_ids.product_ids", "in", order.order_line.product_id.ids),
                    ],
                    limit=1,
                )
            )
            if program:
                raise UserError(
                    self.env._(
                        "%(program)s is sold in %(currency)s only. Choose a pricelist "
                        "of that currency for %(order)s.",
                        program=program.name,
                        currency=order.company_id.currency_id.name,
                        order=order.name,
                    )
                )

    def action_confirm(self):
        self._check_certificate_currency()
        cause = Cause("issued", "spent", tuple(self.ids))
        orders = self.with_context(salon_cause=cause)
        result = super(SaleOrder, orders).action_confirm()
        self._link_sold_certificates()
        return result

    def _link_sold_certificates(self):
        """Tell each certificate which line sold it, in the order they were made."""
        for order in self:
            cards = order.coupon_point_ids.sorted("id").coupon_id
            for program in cards.program_id:
                if program.salon_kind != "certificate":
                    continue
                own = iter(cards.filtered(lambda c, p=program: c.program_id == p))
                for line in order._get_certificate_lines(program):
                    for __ in range(order._count_certificates(line)):
                        card = next(own, None)
                        if card:
                            # sudo: loyalty.card - the desk sells but cannot edit them
                            card.sudo().salon_order_line_id = line

    def _action_cancel(self):
        cause = Cause("spent", "issued", tuple(self.ids))
        orders = self.with_context(salon_cause=cause)
        return super(SaleOrder, orders)._action_cancel()

    def _get_point_changes(self):
        """What credit notes gave back already is not given back again."""
        changes = super()._get_point_changes()
        # sudo: salon.loyalty.entry - who cancels an order may not read the ledger
        for card, points in (
            self.env["salon.loyalty.entry"]
            .sudo()
            ._read_group(
                [
                    ("order_id", "in", self.ids),
                    ("kind", "in", ("returned", "voided")),
                ],
                ["card_id"],
                ["points:sum"],
            )
        ):
            changes[card] += points
        return changes
