from odoo import api, fields, models
from odoo.tools import ormcache

from ..engine import debts


class SalonDebtPolicy(models.Model):
    """How much clients may owe, what that bars them from, when they are reminded."""

    _name = "salon.debt.policy"
    _description = "Debt Policy"
    _inherit = ["salon.own.mixin", "salon.cached.mixin"]
    _order = "branch_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        "salon.branch",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="Empty: every branch that has no policy of its own.",
    )
    has_limit = fields.Boolean(
        "Limited", help="Clients may owe so much. One client's own limit goes before."
    )
    limit = fields.Monetary(help="0: nothing goes on the tab.")
    bars = fields.Selection(
        [
            (debts.NOTHING, "The desk is warned"),
            (debts.ONLINE, "Online bookings are refused"),
            (debts.ALWAYS, "The desk needs an approval, too"),
        ],
        "Booking with Debts",
        required=True,
        default=debts.NOTHING,
        help="For who is over the limit, or late with a payment. An approval is given "
        "by whoever may override booking rules, with a reason.",
    )
    grace_days = fields.Integer(
        "Days of Grace",
        default=14,
        help="So many days after the due date a debt begins to matter for booking.",
    )
    is_automatic = fields.Boolean(
        "Send by Itself",
        default=True,
        help="Reminders are sent once a day; otherwise by hand, from the list.",
    )
    level_ids = fields.One2many("salon.debt.level", "policy_id", "Reminders", copy=True)

    _branch_unique = models.UniqueIndex(
        "(company_id, COALESCE(branch_id, 0)) WHERE active",
        "This branch has a debt policy already; change that one.",
    )
    _not_negative = models.Constraint(
        'CHECK ("limit" IS NULL OR "limit" >= 0 AND grace_days >= 0)',
        "A limit and days of grace cannot be negative.",
    )

    @api.depends("branch_id")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = policy.branch_id.name or self.env._("All branches")

    @api.model
    def _find(self, branch):
        """The engine Policy of a branch; one without a limit where there is none."""
        # sudo: salon.branch - clients who book online do not read it
        branch = branch.sudo()
        policies = dict(self._policies_of(branch.company_id.id))
        return policies.get(branch.id) or policies.get(False) or debts.Policy()

    @api.model
    @ormcache("company_id")
    def _policies_of(self, company_id):
        # sudo: salon.debt.policy - clients who book online do not read it
        records = self.sudo().search([("company_id", "=", company_id)])
        return tuple((record.branch_id.id, record._get_policy()) for record in records)

    def _get_policy(self):
        self.ensure_one()
        limit = self.env["salon.debt"]._to_units(self.limit, self.currency_id)
        return debts.Policy(
            limit=limit if self.has_limit else None,
            bars=self.bars,
            grace_days=self.grace_days,
        )


class SalonDebtLevel(models.Model):
    _name = "salon.debt.level"
    _description = "Level of Reminders"
    _inherit = ["salon.own.mixin"]
    _order = "policy_id, days, id"

    policy_id = fields.Many2one(
        "salon.debt.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    days = fields.Integer(
        "Days Overdue", required=True, default=7, help="Sent so many days after."
    )
    template_id = fields.Many2one(
        "mail.template",
        "Mail",
        domain="[('model', '=', 'res.partner')]",
        ondelete="set null",
        help="Empty: the usual reminder.",
    )

    _one_per_days = models.Constraint(
        "UNIQUE (policy_id, days)",
        "Two reminders are sent after the same days. Change one of them.",
    )
    _after_due = models.Constraint(
        "CHECK (days > 0)", "A reminder is sent at least one day after the due date."
    )
