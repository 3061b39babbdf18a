from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonAppointment(models.Model):
    _inherit = "salon.appointment"

    consumption_ids = fields.One2many(
        "salon.consumption", "appointment_id", "Materials"
    )
    material_cost = fields.Monetary(
        compute="_compute_material_cost",
        store=True,
        groups="salon_booking.group_salon_manager",
        help="Value of the materials taken from stock for this appointment.",
    )
    material_margin = fields.Monetary(
        "Margin after Materials",
        compute="_compute_material_margin",
        store=True,
        groups="salon_booking.group_salon_manager",
        help="Of a service that is done: what was invoiced, or the price as long as "
        "there is no invoice, both without tax, less the materials.",
    )
    has_short_materials = fields.Boolean(
        compute="_compute_material_problems", compute_sudo=True
    )
    has_materials_to_complete = fields.Boolean(
        compute="_compute_material_problems", compute_sudo=True
    )

    @api.depends("consumption_ids.cost")
    def _compute_material_cost(self):
        for appointment in self:
            appointment._assign_changed(
                material_cost=sum(appointment.consumption_ids.mapped("cost"))
            )

    @api.depends("material_cost", "price", "is_billed", "amount_invoiced", "state")
    def _compute_material_margin(self):
        for appointment in self:
            revenue = appointment._get_revenue()
            appointment._assign_changed(
                material_margin=revenue - appointment.material_cost
            )

    def _get_revenue(self):
        """What the service brought; nothing as long as it is not done."""
        self.ensure_one()
        if self.is_billed:
            return self.amount_invoiced
        return self._get_net_price() if self.state == "done" else 0

    def _get_net_price(self):
        self.ensure_one()
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        if not any(taxes.mapped("price_include")):
            return self.price
        amounts = taxes.compute_all(self.price, self.currency_id, 1, self.product_id)
        return amounts["total_excluded"]

    @api.depends("consumption_ids.short_quantity", "consumption_ids.state")
    def _compute_material_problems(self):
        for appointment in self:
            rows = appointment.consumption_ids
            appointment.has_short_materials = any(rows.mapped("short_quantity"))
            appointment.has_materials_to_complete = "to_complete" in rows.mapped(
                "state"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_materials_moved(self):
        for appointment in self:
            # sudo: stock.move - the team has no right on the stock
            if appointment.sudo().consumption_ids.move_ids:
                raise UserError(
                    self.env._(
                        "Materials were taken from stock for %(appointment)s, so its "
                        "history stays. Leave it cancelled.",
                        appointment=appointment.display_name,
                    )
                )

    @api.model
    def _get_team_fields(self):
        return super()._get_team_fields() | {"consumption_ids", "formula"}

    def _after_state_change(self, previous):
        result = super()._after_state_change(previous)
        self.env["salon.material"]._follow(self, previous)
        return result

    def action_prepare_materials(self):
        """Put the materials of the recipe on the list before the service starts."""
        self.check_access("write")
        self.env["salon.material"]._prepare(self)

    def action_settle_materials(self):
        """Try again to take from stock what could not be taken."""
        self.check_access("write")
        self.env["salon.material"]._settle(self.consumption_ids)
