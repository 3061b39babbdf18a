from odoo import api, models
from odoo.exceptions import UserError

from .salon_packages import LATER


class SalonCheckout(models.AbstractModel):
    _inherit = "salon.checkout"

    @api.model
    def _checkout(self, visits, tenders=(), extra_lines=(), options=None):
        """Option: ``packages``, ``{appointment id: salon.package.credit id}``."""
        later = self.with_context(salon_packages=LATER)
        result = super(SalonCheckout, later)._checkout(
            visits, tenders, extra_lines, options
        )
        result = {
            name: records.with_context(salon_packages=None)
            for name, records in result.items()
        }
        # What was sold is paid by now, as far as it is.
        self.env["salon.packages"]._follow_bills(
            result["invoice"] | result["payments"].reconciled_invoice_ids
        )
        return result

    @api.model
    def _prepare_order_values(self, visits, appointments, extra_lines, options):
        values = super()._prepare_order_values(
            visits, appointments, extra_lines, options
        )
        if uses := options.get("packages"):
            self.env["salon.packages"]._put_on_bill(values, appointments, uses)
        return values

    @api.model
    def _apply_order_options(self, order, options):
        """Claim rewards, then pay with certificates what is left.

        Options: ``rewards``, a list of (reward id, card id); ``certificate_codes``; and
        ``expected_total``, what the desk was told is left to pay.
        """
        result = super()._apply_order_options(order, options)
        for reward_id, card_id in options.get("rewards", ()):
            self._claim_reward(
                order,
                self.env["loyalty.reward"].browse(reward_id),
                self.env["loyalty.card"].browse(card_id),
            )
        for code in options.get("certificate_codes", ()):
            self.env["salon.loyalty.certificate"]._apply_code(order, code)
        expected = options.get("expected_total")
        if expected is not None:
            order._update_programs_and_rewards()
            self._check_expected_total(order, expected)
        return result

    @api.model
    def _has_fixed_price(self, product):
        """A certificate is worth what is paid for it."""
        # sudo: loyalty.program - which products are certificates
        programs = self.env["loyalty.program"].sudo()
        certificates = programs.search(
            [("salon_kind", "=", "certificate")]
        )._get_certificate_products()
        return product not in certificates and super()._has_fixed_price(product)

    @api.model
    def _claim_reward(self, order, reward, card):
        clients = order.order_line.salon_client_id | order.partner_id
        if card.partner_id not in clients or card.salon_kind != "points":
            raise UserError(
                self.env._(
                    "The points of %(client)s cannot be used on a bill for "
                    "%(clients)s. Choose a reward of one of them.",
                    client=card.partner_id.name,
                    clients=", ".join(clients.mapped("name")),
                )
            )
        order.applied_coupon_ids |= card
        if reward not in order._get_claimable_rewards(forced_coupons=card)[card]:
            raise UserError(self._message_no_reward(reward, card))
        result = order._apply_program_reward(reward, card)
        if result.get("error"):
            raise UserError(self._message_no_reward(reward, card))

    @api.model
    def _message_no_reward(self, reward, card):
        return self.env._(
            "%(client)s has %(points)s and cannot claim “%(reward)s” on this bill any "
            "more. Open the checkout again to see what can be claimed.",
            client=card.partner_id.name,
            points=card.points_display,
            reward=reward.description,
        )

    @api.model
    def _check_expected_total(self, order, expected):
        """Somebody else may have used the certificate since the desk looked."""
        if order.currency_id.compare_amounts(order.amount_total, expected):
            raise UserError(
                self.env._(
                    "%(total)s is left to pay, not %(expected)s: points or a "
                    "certificate were used meanwhile. Enter the code again.",
                    total=order.currency_id.format(order.amount_total),
                    expected=order.currency_id.format(expected),
                )
            )
