from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """What the booking pages say by script is said in the visitor's language."""
        return [*super()._get_translation_frontend_modules_name(), "salon_online"]
