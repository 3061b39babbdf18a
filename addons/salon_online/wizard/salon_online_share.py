from base64 import b64encode

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: Pixels of a QR code that is saved and printed.
QR = 480


class SalonOnlineShare(models.TransientModel):
    """The links of a branch, ready to be put where clients look."""

    _name = "salon.online.share"
    _description = "Share the Booking Page"

    branch_id = fields.Many2one("salon.branch", required=True, readonly=True)
    url = fields.Char("Booking Link", readonly=True)
    embed = fields.Char("Line for Web Sites", readonly=True)
    qr = fields.Binary("QR Code", compute="_compute_qr")
    line_ids = fields.One2many(
        "salon.online.share.line", "share_id", "By Whom", readonly=True
    )

    @api.depends("url")
    def _compute_qr(self):
        reports = self.env["ir.actions.report"]
        for share in self:
            share.qr = share.url and b64encode(
                reports.barcode("QR", share.url, width=QR, height=QR)
            )

    @api.model
    def _open(self, branch):
        """The dialog with the links of a branch and of its people."""
        branch.ensure_one()
        if not branch.is_online:
            raise UserError(
                self.env._(
                    "%(branch)s has no booking page yet. Switch on its online booking.",
                    branch=branch.name,
                )
            )
        share = self.create(
            {
                "branch_id": branch.id,
                "url": branch.online_url,
                "embed": branch.online_embed,
                "line_ids": [
                    Command.create(
                        {
                            "name": person.name,
                            "url": f"{branch.online_url}?who={person.id}",
                        }
                    )
                    for person in branch.staff_ids
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share %(branch)s", branch=branch.name),
            "res_model": self._name,
            "res_id": share.id,
            "view_mode": "form",
            "target": "new",
        }

    # rpc: the report checks who prints
    def action_print_poster(self):
        return self._print("salon_online.salon_poster_action")

    # rpc: the report checks who prints
    def action_print_posters(self):
        return self._print("salon_online.salon_poster_team_action")

    def _print(self, name):
        # sudo: ir.actions.report - which report, not what is in it
        return self.env.ref(name).sudo().report_action(self.branch_id, config=False)


class SalonOnlineShareLine(models.TransientModel):
    _name = "salon.online.share.line"
    _description = "Booking Link of a Person"

    share_id = fields.Many2one("salon.online.share", required=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    url = fields.Char("Booking Link", readonly=True)
