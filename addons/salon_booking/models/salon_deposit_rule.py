from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import ormcache

from ..engine import deposits


class SalonDepositRule(models.Model):
    """Who pays in advance, how much, and until when it is given back."""

    _name = "salon.deposit.rule"
    _description = "Deposit Rule"
    _inherit = ["salon.own.mixin", "salon.cached.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
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
        help="Empty: every branch of the company.",
    )
    channel = fields.Selection(
        [("desk", "Desk"), ("web", "Online"), ("api", "Other software")],
        "Booked through",
        help="Empty: however it is booked.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "salon_deposit_rule_service",
        "rule_id",
        "product_tmpl_id",
        string="Services",
        check_company=True,
        domain="[('is_salon_service', '=', True)]",
        help="With the categories empty, too: every service.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "salon_deposit_rule_category",
        "rule_id",
        "categ_id",
        string="Service Categories",
        help="Their services and those of the categories below.",
    )

    amount = fields.Monetary(help="With tax. The percentage is asked if it is more.")
    percent = fields.Float(
        "Percentage",
        digits=(5, 2),
        help="Of the price with tax. The amount is asked if it is more.",
    )
    per_visit = fields.Boolean(
        "Once per Visit",
        help="The amount is asked once, not for each service.",
    )

    fewer_visits = fields.Integer(
        "Fewer Visits Than",
        help="For clients with fewer visits within the last twelve months. 0: whoever "
        "it is.",
    )
    no_shows = fields.Integer(
        "No-shows From",
        help="For clients who did not come so many times within the last twelve "
        "months. One of the conditions on the past is enough. 0: not looked at.",
    )
    late_cancellations = fields.Integer(
        "Late Cancellations From",
        help="For clients who cancelled late so many times within the last twelve "
        "months. 0: not looked at.",
    )
    missed_last = fields.Boolean(
        "Missed the Last Visit",
        help="For clients who did not come or cancelled late the last time.",
    )
    least_price = fields.Monetary(
        "Price From", help="Of all services that the rule is for, together."
    )
    least_minutes = fields.Integer(
        "Minutes From", help="Of all services that the rule is for, together."
    )

    is_never_refunded = fields.Boolean(
        "Never Given Back", help="Whenever the client cancels, the salon keeps it."
    )
    refund_hours = fields.Integer(
        "Given Back Until",
        default=24,
        help="Hours before the start until which a client who cancels gets it back.",
    )

    _something_asked = models.Constraint(
        "CHECK (amount >= 0 AND percent BETWEEN 0 AND 100)",
        "A deposit is an amount, or a percentage between 0 and 100.",
    )
    _not_negative = models.Constraint(
        """CHECK (LEAST(fewer_visits, no_shows, late_cancellations, least_price,
            least_minutes, refund_hours) >= 0)""",
        "Conditions of a deposit rule cannot be negative. 0 leaves one out.",
    )

    @api.model
    def _find(self, branch, channel):
        """The engine Rules for what is booked in a branch through a channel."""
        # sudo: salon.branch - clients who book online do not read it
        rules = self._rules_of(branch.sudo().company_id.id)
        return [
            rule
            for branch_id, rule in rules
            if branch_id in (False, branch.id)
            and (not rule.channels or channel in rule.channels)
        ]

    @api.model
    @ormcache("company_id")
    def _rules_of(self, company_id):
        """All rules of a company as ``(branch id or False, engine Rule)``."""
        # sudo: salon.deposit.rule - clients who book online are asked by rules that
        # they do not read
        records = self.sudo().search([("company_id", "=", company_id)])
        return tuple((record.branch_id.id, record._get_rule()) for record in records)

    def _get_rule(self):
        self.ensure_one()
        to_units = self.env["salon.deposit"]._to_units
        return deposits.Rule(
            key=self.id,
            fixed=to_units(self.amount, self.currency_id),
            share=Fraction(str(self.percent)) / 100,
            per_visit=self.per_visit,
            services=frozenset(self.product_tmpl_ids.ids),
            categories=frozenset(self.categ_ids.ids),
            channels=frozenset(filter(None, [self.channel])),
            fewer_visits=self.fewer_visits,
            no_shows=self.no_shows,
            late_cancellations=self.late_cancellations,
            missed_last=self.missed_last,
            least_price=to_units(self.least_price, self.currency_id),
            least_minutes=self.least_minutes,
            refund_notice=None if self.is_never_refunded else self.refund_hours * 60,
        )
