from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """My Day comes first for stylists; the desk begins with everybody's day."""
        hidden = super()._load_menus_blacklist()
        if self.env.user.has_group("salon_booking.group_salon_receptionist"):
            first = self.env.ref(
                "salon_booking.salon_my_day_first_menu", raise_if_not_found=False
            )
            hidden = [*hidden, *first.ids] if first else hidden
        return hidden
