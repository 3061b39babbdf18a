from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonDebtRemind(models.TransientModel):
    """Remind clients of their debts by hand."""

    _name = "salon.debt.remind"
    _description = "Send Reminders"

    item_ids = fields.Many2many("salon.debt.item", readonly=True)
    client_ids = fields.Many2many(
        "res.partner", string="Clients", compute="_compute_client_ids"
    )
    without_mail = fields.Char(
        "Not Written to", compute="_compute_client_ids", help="No email address."
    )
    template_id = fields.Many2one(
        "mail.template",
        "Mail",
        required=True,
        domain="[('model', '=', 'res.partner')]",
        default=lambda self: self.env.ref(
            "salon_booking.mail_template_debt", raise_if_not_found=False
        ),
    )

    @api.model
    def _open(self, items):
        self.check_access("create")
        wizard = self.create({"item_ids": [Command.set(items.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send reminders"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("item_ids")
    def _compute_client_ids(self):
        for wizard in self:
            clients = wizard._get_items().client_id
            # sudo: res.partner - whether there is an address
            mute = clients.sudo().filtered(lambda one: not one.email_normalized)
            wizard.client_ids = clients - mute
            wizard.without_mail = ", ".join(mute.mapped("name"))

    def _get_items(self):
        """What is overdue; over RPC a dialog can name any debt."""
        items = self.item_ids._filtered_access("read")
        return items.filtered(lambda one: one.residual > 0 and one.days_overdue > 0)

    def action_send(self):
        self.ensure_one()
        items = self._get_items().filtered(lambda one: one.client_id in self.client_ids)
        if not items:
            raise UserError(
                self.env._(
                    "Nothing is overdue, or nobody has an email address. Choose other "
                    "debts."
                )
            )
        service = self.env["salon.debt.reminders"]
        for (client, company), own in items.grouped(
            lambda one: (one.client_id, one.company_id)
        ).items():
            service._remind(
                client,
                company,
                [
                    {
                        "line_id": item.line_id.id,
                        "branch_id": item.branch_id.id,
                        "level_id": False,
                        "days": 0,
                        "amount": item.residual,
                        "template_id": self.template_id.id,
                    }
                    for item in own
                ],
            )
        return {"type": "ir.actions.act_window_close"}
