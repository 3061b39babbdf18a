from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import ormcache

from ..engine import fees


class SalonFeeLadder(models.Model):
    """What a client pays who cancels late or does not come."""

    _name = "salon.fee.ladder"
    _description = "Cancellation Fees"
    _inherit = ["salon.own.mixin", "salon.cached.mixin"]
    _order = "branch_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
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
        help="Empty: every branch that has no fees of its own.",
    )
    step_ids = fields.One2many("salon.fee.step", "ladder_id", "Steps", copy=True)
    forgiven = fields.Integer(
        "Forgiven Times",
        default=1,
        help="How many times within the days beside it cost nothing.",
    )
    forgiven_days = fields.Integer("Within Days", default=365)

    _branch_unique = models.UniqueIndex(
        "(company_id, COALESCE(branch_id, 0)) WHERE active",
        "This branch has cancellation fees already; change those.",
    )
    _not_negative = models.Constraint(
        "CHECK (LEAST(forgiven, forgiven_days) >= 0)",
        "Times and days cannot be negative.",
    )

    @api.model
    def _find(self, branch):
        """The engine Ladder of a branch; one without steps where there is none."""
        # sudo: salon.branch - clients who cancel online do not read it
        branch = branch.sudo()
        ladders = dict(self._ladders_of(branch.company_id.id))
        return ladders.get(branch.id) or ladders.get(False) or fees.Ladder()

    @api.model
    @ormcache("company_id")
    def _ladders_of(self, company_id):
        # sudo: salon.fee.ladder - clients who cancel online do not read it
        records = self.sudo().search([("company_id", "=", company_id)])
        return tuple((record.branch_id.id, record._get_ladder()) for record in records)

    def _get_ladder(self):
        self.ensure_one()
        return fees.Ladder(
            tuple(step._get_step() for step in self.step_ids),
            self.forgiven,
            self.forgiven_days,
        )


class SalonFeeStep(models.Model):
    _name = "salon.fee.step"
    _description = "Step of Cancellation Fees"
    _inherit = ["salon.own.mixin", "salon.cached.mixin"]
    _order = "ladder_id, is_no_show, below_hours, id"

    ladder_id = fields.Many2one(
        "salon.fee.ladder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ladder_id.company_id", store=True)
    currency_id = fields.Many2one(related="ladder_id.currency_id")
    is_no_show = fields.Boolean("Does Not Come")
    below_hours = fields.Float(
        "Less Notice Than",
        default=24,
        help="Hours between the cancellation and the start.",
    )
    percent = fields.Float(
        "Percentage",
        default=50,
        digits=(5, 2),
        help="Of the price with tax. The amount is asked if it is more.",
    )
    amount = fields.Monetary(help="With tax. The percentage is asked if it is more.")

    _one_no_show = models.UniqueIndex(
        "(ladder_id) WHERE is_no_show",
        "There is one fee for those who do not come. Remove the other line.",
    )
    _one_per_notice = models.UniqueIndex(
        "(ladder_id, below_hours) WHERE NOT is_no_show",
        "Two steps have the same notice. Change one of them.",
    )
    _sensible = models.Constraint(
        """CHECK (amount >= 0 AND percent BETWEEN 0 AND 100
            AND (is_no_show OR below_hours > 0))""",
        "A fee is an amount or a percentage up to 100, below a notice of some time.",
    )

    def _get_step(self):
        self.ensure_one()
        to_units = self.env["salon.deposit"]._to_units
        return fees.Step(
            None if self.is_no_show else max(1, round(self.below_hours * 60)),
            Fraction(str(self.percent)) / 100,
            to_units(self.amount, self.currency_id),
        )
