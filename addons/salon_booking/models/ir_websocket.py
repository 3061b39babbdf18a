from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """The boards of branches are for those who may see these branches."""
        return super()._build_bus_channel_list(
            self.env["salon.board"]._open_channels(list(channels))
        )
