from odoo import api, fields, models


class SalonBranch(models.Model):
    """What stylists are told of the clients whom they serve."""

    # A side of the branch of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.branch"

    stylist_client_name = fields.Selection(
        [("full", "Full name"), ("initial", "First name and initial")],
        "Stylists See Names",
        required=True,
        default="full",
        help="What those who are nothing but stylists are told of a client's name.",
    )
    stylist_client_phone = fields.Selection(
        [("hidden", "Not at all"), ("masked", "Last two digits"), ("shown", "Shown")],
        "Stylists See Phones",
        required=True,
        default="hidden",
        help="With full names and phones shown, stylists also open the cards of their "
        "own clients. Without, cards are for the desk.",
    )
    stylists_open_cards = fields.Boolean(
        compute="_compute_stylists_open_cards", store=True, precompute=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        branches = super().create(vals_list)
        self.env.registry.clear_cache()
        return branches

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_id", "stylist_client_name"} & vals.keys():
            # Who sees only initials is kept in memory.
            self.env.registry.clear_cache()
        return result

    @api.depends("stylist_client_name", "stylist_client_phone")
    def _compute_stylists_open_cards(self):
        for branch in self:
            branch.stylists_open_cards = (
                branch.stylist_client_name == "full"
                and branch.stylist_client_phone == "shown"
            )
