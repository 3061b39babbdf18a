from odoo import fields, models

from ..engine.wishes import ServiceWish


class SalonBookingWish(models.AbstractModel):
    """One service that is looked for, and by whom it is to be done."""

    _name = "salon.booking.wish"
    _description = "Service to Find a Time for"

    product_id = fields.Many2one(
        "product.product",
        "Service",
        domain="[('is_salon_service', '=', True), ('is_salon_addon', '=', False)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: anybody who can do it.",
    )
    level_id = fields.Many2one("salon.staff.level", help="Only people of this level.")
    gender = fields.Selection(
        [("female", "A woman"), ("male", "A man")],
        "Done by",
        help="Empty: a woman or a man.",
    )
    minutes = fields.Integer(
        help="How long it is to last this time. 0: what the person needs for it."
    )

    def _get_service_wish(self, product=None, after=None):
        """What the engine looks for: ``engine.wishes.ServiceWish``.

        :param product: an add-on instead of the service itself
        :param after: the service that the add-on belongs to
        """
        self.ensure_one()
        staff = tuple(self.staff_id.ids) or None
        if after:
            return ServiceWish(
                product.id, staff, is_requested=bool(staff), after=after.id
            )
        return ServiceWish(
            self.product_id.id,
            staff,
            minutes=max(self.minutes, 0) or None,
            level=self.level_id.id or None,
            gender=self.gender or None,
            is_requested=bool(staff),
        )


class SalonBookingWizardLine(models.TransientModel):
    """A further service of the visit that is looked for."""

    _name = "salon.booking.wizard.line"
    _description = "Further Service to Find a Time for"
    _inherit = ["salon.booking.wish"]
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "salon.booking.wizard", required=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(related="wizard_id.branch_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(required=True)
