from odoo import models

from ..engine.money import to_decimal


class AccountMove(models.Model):
    _inherit = "account.move"

    def _on_salon_bill_paid(self):
        super()._on_salon_bill_paid()
        self.env["salon.commission.ledger"]._settle(self)

    def _on_salon_bill_unpaid(self):
        super()._on_salon_bill_unpaid()
        self.env["salon.commission.ledger"]._settle(self)

    def _on_salon_bill_reversed(self):
        super()._on_salon_bill_reversed()
        self.env["salon.commission.ledger"]._settle(self)

    def _on_salon_bill_reversal_undone(self):
        super()._on_salon_bill_reversal_undone()
        self.env["salon.commission.ledger"]._settle(self)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Who did it may be corrected on a paid bill; the commission follows."""
        result = super().write(vals)
        if "salon_staff_id" in vals:
            bills = self.move_id.filtered(
                lambda move: move.salon_branch_id and move.state == "posted"
            )
            if bills:
                self.env["salon.commission.ledger"]._settle(bills)
        return result

    def _on_salon_card_fees(self):
        super()._on_salon_card_fees()
        self.env["salon.commission.ledger"]._settle(self.move_id)

    def _is_commissionable(self):
        """Whether somebody earns on this line.

        Only revenue counts: what was paid in advance (gift certificates, deposits) is
        a liability until it is used. A line without a person is the house's, but for
        fees: those who waited in vain may have a share.
        """
        self.ensure_one()
        return bool(
            self.display_type == "product"
            and (self.salon_staff_id or self._is_salon_fee())
            and not self.is_downpayment
            and self.account_id.internal_group == "income"
            and not self.company_currency_id.is_zero(self.balance)
        )

    def _is_salon_fee(self):
        """Whether a client pays here for a visit to which nobody came."""
        self.ensure_one()
        # Kept in memory: it is asked for every line.
        product_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "salon_booking.product_cancellation_fee"
        )
        return bool(
            product_id
            and self.product_id.id == product_id
            and self.salon_visit_id
            and not self.salon_staff_id
        )

    def _get_commission_base(self):
        """What the commission is a part of: net of tax, after discounts."""
        self.ensure_one()
        return -to_decimal(self.balance)

    def _is_salon_service(self):
        self.ensure_one()
        return bool(
            self.salon_appointment_id
            or self.product_id.is_salon_service
            or self._is_salon_fee()
        )

    def _get_salon_category_path(self):
        """Ids of the product's categories from the root down to its own."""
        self.ensure_one()
        path = self.product_id.categ_id.parent_path or ""
        return [int(part) for part in path.split("/") if part]

    def _get_commission_keys(self):
        """By what a credit note line finds the bill line it takes back.

        A credit note line without a person is not commissionable and takes nothing
        back: the house then bears the refund.
        """
        self.ensure_one()
        keys = [("sold", line.id) for line in self.sale_line_ids]
        if self.salon_appointment_id:
            keys.append(("appointment", self.salon_appointment_id.id))
        keys.append(("product", self.product_id.id, self.salon_staff_id.id))
        return tuple(keys)
