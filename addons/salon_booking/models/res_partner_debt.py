from odoo import api, fields, models
from odoo.exceptions import ValidationError

DESK = "salon_booking.group_salon_receptionist,account.group_account_readonly"
MANAGER = "salon_booking.group_salon_manager,account.group_account_readonly"


class ResPartner(models.Model):
    """Who pays for a client, and how much may stay open."""

    # A side of the client of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    salon_payer_id = fields.Many2one(
        "res.partner",
        "Bills Go to",
        index="btree_not_null",
        ondelete="set null",
        groups=DESK,
        help="A parent or partner who pays for this client: bills, debts and reminders "
        "are that person's. Empty: the client pays.",
    )
    salon_paid_for_ids = fields.One2many(
        "res.partner", "salon_payer_id", "Pays for", readonly=True, groups=DESK
    )
    salon_debt_limit = fields.Monetary(
        "Own Debt Limit",
        compute="_compute_salon_debt_limit",
        inverse="_inverse_salon_debt_limit",
        currency_field="salon_balance_currency_id",
        groups=MANAGER,
        help="How much this client may owe; the credit limit of the accounts. 0: as "
        "everybody.",
    )
    salon_pays_at_once = fields.Boolean(
        "Never on the Tab",
        groups=MANAGER,
        help="Whatever the limit is, this client pays at once.",
    )
    salon_is_not_reminded = fields.Boolean(
        "No Reminders", groups=DESK, help="Debts are talked about, not written about."
    )
    salon_debt_revision = fields.Integer(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Written with each bill that is left open under a limit, so that two of "
        "them at once do not overlook each other.",
    )

    @api.depends_context("company")
    def _compute_salon_debt_limit(self):
        for partner in self:
            partner.salon_debt_limit = partner._get_salon_own_limit() or 0

    def _get_salon_own_limit(self):
        """The credit limit of this client alone; None without one."""
        # sudo: res.partner - the limit alone, for who may see it or leaves a bill open
        owner = self.sudo().commercial_partner_id
        everybodys = owner._fields["credit_limit"].get_company_dependent_fallback(owner)
        return owner.credit_limit if owner.credit_limit != everybodys else None

    def _inverse_salon_debt_limit(self):
        for partner in self:
            # sudo: res.partner - the limit alone, set by the managers of the salon
            owner = partner.commercial_partner_id.sudo()
            field = owner._fields["credit_limit"]
            everybodys = field.get_company_dependent_fallback(owner)
            owner.credit_limit = partner.salon_debt_limit or everybodys

    @api.constrains("salon_payer_id")
    def _check_salon_payer(self):
        """Whoever pays for others pays for herself."""
        # sudo: res.partner - who pays for whom, for who may write the client
        for client in self.sudo().filtered("salon_payer_id"):
            payer = client.salon_payer_id
            if payer == client or payer.salon_payer_id or client.salon_paid_for_ids:
                raise ValidationError(
                    self.env._(
                        "%(payer)s cannot pay for %(client)s: who pays for others pays "
                        "for herself. Choose another one, or take out who pays for "
                        "%(payer)s or whom %(client)s pays for.",
                        payer=payer.name,
                        client=client.name,
                    )
                )

    def _get_salon_payer(self):
        """Who gets the bills of each client."""
        # sudo: res.partner - who pays, for whoever checks the client out
        payers = [client.sudo().salon_payer_id.id or client.id for client in self]
        return self.browse(payers)

    # rpc: opens the statement, which checks rights
    def action_salon_statement(self):
        self.ensure_one()
        return self.env["salon.statement"]._open(self)

    # rpc: leads to records that are read with the rights of the user
    def action_view_salon_debts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_debt_item_action"
        )
        owners = (self | self._get_salon_payer()).commercial_partner_id
        return {**action, "domain": [("client_id", "in", owners.ids)], "context": {}}
