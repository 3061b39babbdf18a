from odoo import api, models

from odoo.addons.salon_booking.engine import states


class SalonMyDay(models.AbstractModel):
    _inherit = "salon.my.day"

    @api.model
    def _prepare_visit(self, visit, own):
        """Formulas and materials of the user's services."""
        return {
            **super()._prepare_visit(visit, own),
            "formulas": [
                {
                    "appointment_id": appointment.id,
                    "service": appointment.product_id.name,
                    "formula": appointment.formula or "",
                    "last": appointment.last_formula or "",
                    "is_lost": appointment.state in states.LOST,
                    "materials": [
                        self._prepare_material(row)
                        for row in appointment.consumption_ids
                    ],
                }
                for appointment in own.sorted("start")
            ],
        }

    @api.model
    def _prepare_material(self, row):
        return {
            "id": row.id,
            "name": row.product_id.name,
            "quantity": row.quantity,
            "planned": row.planned_quantity,
            "unit": row.uom_id.name,
            "is_short": bool(row.short_quantity),
            "needs_lot": row.state == "to_complete",
        }

    @api.model
    def _prepare_earlier(self, visit):
        # sudo: salon.consumption - what was used on a client whose visit the user reads
        formulas = visit.sudo().formulas or ""
        return {**super()._prepare_earlier(visit), "formula": formulas}
