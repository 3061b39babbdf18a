from odoo import fields, models


class SalonBranch(models.Model):
    """How a branch deals with what clients say of it."""

    # A side of the branch of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.branch"

    message_review_url = fields.Char(
        help="A map's or a review site's page; who has written a review is led there."
    )
    review_low_stars = fields.Integer(
        "Complaint at",
        default=3,
        required=True,
        help="So many stars or fewer for any service become a complaint, which is not "
        "published before it is settled.",
    )
    review_user_id = fields.Many2one(
        "res.users",
        "Complaints Go to",
        domain="[('share', '=', False)]",
        help="Empty: the manager of the branch.",
    )
    review_auto_publish = fields.Boolean(
        "Publish Good Reviews at Once",
        help="Otherwise a manager looks at each before it is public.",
    )
    review_edit_days = fields.Integer(
        "Days to Edit",
        default=7,
        required=True,
        help="So many days after writing a client may change a review, once.",
    )
    review_days = fields.Integer(
        "Days to Review",
        default=30,
        required=True,
        help="So many days after the visit a review can be written.",
    )
    _review_stars_sensible = models.Constraint(
        "CHECK (review_low_stars BETWEEN 0 AND 5)",
        "A complaint begins between no and five stars.",
    )
    _review_days_sensible = models.Constraint(
        "CHECK (LEAST(review_edit_days, review_days) >= 0)",
        "Days to review and to edit cannot be negative.",
    )
