import re

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonCheckoutWizard(models.TransientModel):
    _inherit = "salon.checkout.wizard"

    certificate_codes = fields.Char(
        "Gift Certificate",
        help="Code on the certificate; several codes are separated by a comma.",
    )
    certificate_info = fields.Char(compute="_compute_loyalty")
    certificate_problem = fields.Char(compute="_compute_loyalty")
    points_info = fields.Char("Points", compute="_compute_points_info")
    reward_line_ids = fields.One2many("salon.checkout.reward", "wizard_id", "Rewards")
    has_packages = fields.Boolean(compute="_compute_has_packages")
    amount_loyalty = fields.Monetary(
        "Packages, Certificates, Rewards",
        compute="_compute_loyalty",
        help="Part of the total that needs no other payment.",
    )

    @api.model
    def _prepare_wizard_values(self, visits):
        values = super()._prepare_wizard_values(visits)
        clients = visits.client_id | self.env["res.partner"].browse(values["payer_id"])
        self._propose_packages(visits, values["line_ids"])
        return {**values, "reward_line_ids": self._prepare_rewards(visits, clients)}

    @api.model
    def _propose_packages(self, visits, commands):
        """Whoever has a package need not ask for it."""
        proposed = self.env["salon.packages"]._propose(
            visits._get_billable_appointments()
        )
        credit_of = {one.id: credit.id for one, credit in proposed.items()}
        for command in commands:
            if credit := credit_of.get(command[2].get("appointment_id")):
                command[2]["credit_id"] = credit

    @api.model
    def _prepare_rewards(self, visits, clients):
        """What these clients have enough points for, dearest first."""
        # sudo: loyalty.card - the desk sees the points of the clients it checks out
        cards = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", clients.ids),
                    ("salon_kind", "=", "points"),
                    ("points", ">", 0),
                    ("program_id.active", "=", True),
                    (
                        "program_id.company_id",
                        "in",
                        [False, *visits.company_id.parent_ids.ids],
                    ),
                ]
            )
        )
        return [
            Command.create({"card_id": card.id, "reward_id": reward.id})
            for card in cards
            for reward in card.program_id.reward_ids.sorted(
                "required_points", reverse=True
            )
            if reward.required_points <= card.points
        ]

    @api.depends("line_ids.usable_credit_ids")
    def _compute_has_packages(self):
        for wizard in self:
            wizard.has_packages = bool(wizard.line_ids.usable_credit_ids)

    @api.depends("visit_ids", "payer_id")
    def _compute_points_info(self):
        for wizard in self:
            clients = wizard.visit_ids.client_id | wizard.payer_id
            # sudo: loyalty.card - the desk sees the points of the clients it checks out
            cards = (
                self.env["loyalty.card"]
                .sudo()
                .search(
                    [
                        ("partner_id", "in", clients._origin.ids),
                        ("salon_kind", "=", "points"),
                    ]
                )
            )
            wizard.points_info = ", ".join(
                f"{card.partner_id.name}: {card.points_display}" for card in cards
            )

    @api.depends(
        "certificate_codes",
        "reward_line_ids.is_used",
        "payer_id",
        "line_ids.price_total",
        "line_ids.credit_id",
    )
    def _compute_loyalty(self):
        """Let the host's own reward rules work on a bill that is never saved."""
        for wizard in self:
            wizard.amount_loyalty = 0
            wizard.certificate_info = wizard.certificate_problem = False
            codes = wizard._get_certificate_codes()
            rewards = wizard.reward_line_ids.filtered("is_used")
            if not codes and not rewards and not wizard.line_ids.credit_id:
                continue
            try:
                order, cards = wizard._preview(rewards, codes)
            except UserError as error:
                wizard.certificate_problem = error.args[0]
                continue
            wizard.amount_loyalty = wizard.amount_total - order.amount_total
            wizard.certificate_info = ", ".join(
                self.env._(
                    "%(code)s holds %(balance)s",
                    code=card.salon_code_end,
                    balance=card.points_display,
                )
                for card in cards
            )

    def _get_certificate_codes(self):
        codes = re.split(r"[,;\s]+", self.certificate_codes or "")
        return [code for code in codes if code]

    def _preview(self, rewards, codes):
        """The bill with these rewards and certificates, in memory only.

        :return: (sale.order, cards of the certificates)
        """
        # sudo: sale.order, loyalty.card - only totals of this bill are shown
        wizard = self.sudo()
        checkout = wizard.env["salon.checkout"].with_company(wizard.company_id)
        visits = wizard.visit_ids._origin
        order = checkout.env["sale.order"].new(
            checkout._prepare_order_values(
                visits,
                visits._get_billable_appointments(),
                [line for line in wizard._prepare_extra_lines() if line["product_id"]],
                wizard._prepare_options(),
            )
        )
        cards = wizard.env["loyalty.card"]
        for line in rewards:
            self._preview_reward(order, line.reward_id, line.card_id)
        for code in codes:
            card = wizard.env["salon.loyalty.certificate"]._find(
                code, wizard.company_id
            )
            if card not in cards:
                cards |= card
                self._preview_reward(order, card.program_id.reward_ids[:1], card)
        return order, cards

    @api.model
    def _preview_reward(self, order, reward, card):
        # sudo: loyalty.reward, loyalty.card - their effect on this bill is shown
        values_list = order._get_reward_line_values(
            reward._origin.sudo(), card._origin.sudo()
        )
        order.order_line |= order.order_line.union(
            *(
                order.order_line.new({**values, "order_id": order})
                for values in values_list
            )
        )

    def _get_bill_to_pay(self):
        return super()._get_bill_to_pay() - self.amount_loyalty

    @api.depends("amount_loyalty")
    def _compute_balance(self):
        super()._compute_balance()

    @api.onchange("payer_id")
    def _onchange_payer_id(self):
        """Whoever pays may use own points too."""
        visits = self.visit_ids._origin
        clients = visits.client_id | self.payer_id._origin
        self.reward_line_ids = [
            Command.clear(),
            *self._prepare_rewards(visits, clients),
        ]

    @api.onchange("certificate_codes", "reward_line_ids", "payer_id", "line_ids")
    def _onchange_loyalty(self):
        self._onchange_to_pay()

    def _prepare_options(self):
        options = super()._prepare_options()
        rewards = self.reward_line_ids.filtered("is_used")
        codes = self._get_certificate_codes()
        uses = {
            line.appointment_id.id: line.credit_id.id
            for line in self.line_ids
            if line.credit_id
        }
        if uses:
            options["packages"] = uses
        if rewards or codes or uses:
            options |= {
                "rewards": [(line.reward_id.id, line.card_id.id) for line in rewards],
                "certificate_codes": codes,
                "expected_total": self._get_bill_to_pay(),
            }
        return options


class SalonCheckoutReward(models.TransientModel):
    _name = "salon.checkout.reward"
    _description = "Checkout Reward"

    wizard_id = fields.Many2one(
        "salon.checkout.wizard", required=True, ondelete="cascade"
    )
    card_id = fields.Many2one("loyalty.card", required=True, readonly=True)
    reward_id = fields.Many2one("loyalty.reward", required=True, readonly=True)
    client_id = fields.Many2one(related="card_id.partner_id", string="Client")
    description = fields.Char(related="reward_id.description")
    required_points = fields.Float(related="reward_id.required_points", string="Costs")
    points_display = fields.Char(related="card_id.points_display", string="Has")
    is_used = fields.Boolean("Use")


class SalonCheckoutLine(models.TransientModel):
    _inherit = "salon.checkout.line"

    credit_id = fields.Many2one(
        "salon.package.credit",
        "Package",
        domain="[('id', 'in', usable_credit_ids)]",
        help="Pays for this service: one credit of it is used.",
    )
    usable_credit_ids = fields.Many2many(
        "salon.package.credit", compute="_compute_usable_credit_ids"
    )

    @api.depends("appointment_id")
    def _compute_usable_credit_ids(self):
        clients = self.appointment_id.client_id
        company = self.wizard_id.company_id[:1]
        usable = self.env["salon.packages"]._find_credits(clients, company)
        for line in self:
            # sudo: product.template - what the service is, whoever asks
            template = line.product_id.sudo().product_tmpl_id
            own = usable.get(line.appointment_id.client_id.id, ())
            line.usable_credit_ids = self.env["salon.package.credit"].browse(
                credit.id for credit in own if credit._covers(template)
            )
