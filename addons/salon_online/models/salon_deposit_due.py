from odoo import fields, models


class SalonDepositRule(models.Model):
    _inherit = "salon.deposit.rule"

    online_minutes = fields.Integer(
        "Pay Online Within",
        default=60,
        help="Minutes in which whoever books online pays; then the time is given back "
        "and the client told. 0: it is kept.",
    )

    _online_minutes_sensible = models.Constraint(
        "CHECK (online_minutes >= 0)",
        "The minutes to pay online cannot be negative. 0 keeps the time.",
    )


class SalonVisit(models.Model):
    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    deposit_due_at = fields.Datetime(
        "To Be Paid Until",
        copy=False,
        index="btree_not_null",
        help="When the deposit is still missing then, the visit is cancelled without a "
        "fee and its time is free again. Empty it to keep the visit.",
    )
