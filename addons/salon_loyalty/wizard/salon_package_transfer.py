from odoo import fields, models


class SalonPackageTransfer(models.TransientModel):
    """A package goes to another client."""

    _name = "salon.package.transfer"
    _description = "Give a Package to Another Client"

    package_id = fields.Many2one("salon.package", required=True, readonly=True)
    client_id = fields.Many2one("res.partner", "New Owner")
    reason = fields.Char(help="Kept in the ledger of the package.")

    # rpc: the service checks who asks
    def action_transfer(self):
        self.ensure_one()
        self.env["salon.packages"]._transfer(
            self.package_id, self.client_id, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
