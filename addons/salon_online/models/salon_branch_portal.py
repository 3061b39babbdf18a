from odoo import fields, models


class SalonBranch(models.Model):
    """What clients of a branch do with their own visits."""

    # A side of the branch of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.branch"

    client_can_change = fields.Boolean(
        "Clients Change the Time",
        default=True,
        help="By themselves, as long as cancelling costs nothing.",
    )
    client_can_cancel = fields.Boolean(
        "Clients Cancel",
        default=True,
        help="By themselves, until the visit begins. What it costs is shown before.",
    )
    client_can_rebook = fields.Boolean(
        "Clients Book the Same Again",
        default=True,
        help="From a visit of theirs, by the rules for online booking.",
    )
