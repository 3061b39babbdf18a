from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonPaymentLink(models.TransientModel):
    """Links by which a client pays online what is open: a bill, or a deposit."""

    _name = "salon.payment.link"
    _description = "Payment Link"

    visit_ids = fields.Many2many("salon.visit", required=True, readonly=True)
    payer_id = fields.Many2one("res.partner", "Who Pays", readonly=True)
    email = fields.Char(related="payer_id.email", related_sudo=False)
    can_send = fields.Boolean(compute="_compute_can_send")
    line_ids = fields.One2many("salon.payment.link.line", "wizard_id", readonly=True)

    @api.depends("payer_id.email")
    def _compute_can_send(self):
        for wizard in self:
            wizard.can_send = bool(wizard.payer_id.email)

    @api.model
    def _open(self, visits):
        bills = self._get_bills(visits)
        if not bills:
            raise UserError(
                self.env._(
                    "Nothing is open for %(visits)s.",
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        self._check_provider(visits.company_id)
        wizard = self.create(
            {
                "visit_ids": [Command.set(visits.ids)],
                "payer_id": bills[0].partner_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": bill.name,
                            "amount": bill.amount_residual,
                            "currency_id": bill.currency_id.id,
                            "link": bill._get_portal_payment_link(),
                        }
                    )
                    for bill in bills
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment link"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _get_bills(self, visits):
        service = self.env["salon.checkout"]
        service._check_may_checkout(visits)
        # sudo: account.move - what the client has to pay of these visits, and its link
        return service._get_open_bills(visits).sudo()

    @api.model
    def _check_provider(self, company):
        # sudo: payment.provider - only whether anybody can pay online
        providers = self.env["payment.provider"].sudo()
        if not providers.search_count(
            [
                *providers._check_company_domain(company),
                ("state", "!=", "disabled"),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%(company)s takes no payments online yet. Switch a payment "
                    "provider on under Invoicing, Configuration.",
                    company=company.name,
                )
            )

    # rpc: _get_bills checks who asks
    def action_send(self):
        """Send the links to who pays, after commit."""
        self.ensure_one()
        bills = self._get_bills(self.visit_ids)
        if not self.can_send:
            raise UserError(
                self.env._(
                    "%(client)s has no e-mail address. Copy the link and send it "
                    "another way.",
                    client=self.payer_id.display_name,
                )
            )
        self._tell(bills)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _tell(self, bills):
        """Hook: how who pays gets the links."""
        # sudo: mail.template - the desk sends what the owner has worded
        template = self.env.ref("salon_booking.mail_template_payment_link").sudo()
        template.send_mail_batch(bills.ids, force_send=False)


class SalonPaymentLinkLine(models.TransientModel):
    _name = "salon.payment.link.line"
    _description = "Payment Link Line"

    wizard_id = fields.Many2one("salon.payment.link", required=True, ondelete="cascade")
    name = fields.Char("Bill", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary("Left to Pay", readonly=True)
    link = fields.Char(readonly=True)
