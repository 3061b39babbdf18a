from odoo import api, models


class SalonCachedMixin(models.AbstractModel):
    """Rules that are read with every booking and change once in a year."""

    _name = "salon.cached.mixin"
    _description = "Rules Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
