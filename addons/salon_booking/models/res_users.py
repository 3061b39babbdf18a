from odoo import api, fields, models
from odoo.tools import ormcache

from ..engine.privacy import short_name

STYLIST = "salon_booking.group_salon_stylist"
#: Whoever has one of these works with contacts anyway; the record rule "Contact: all
#: for desk and office" names the same groups.
CONTACT_GROUPS = (
    "salon_booking.group_salon_receptionist",
    "base.group_partner_manager",
    "base.group_erp_manager",
    "sales_team.group_sale_salesman",
    "account.group_account_readonly",
    "account.group_account_invoice",
    "hr.group_hr_user",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    salon_branch_ids = fields.Many2many(
        "salon.branch",
        string="Salon Branches",
        help="What this user sees of visits, shifts and figures. Empty: every branch "
        "of the user's companies.",
    )

    @api.model
    def _get_invalidation_fields(self):
        """The record rules by branch are cached per user."""
        return super()._get_invalidation_fields() | {"salon_branch_ids"}

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Clients with an account stand behind what they have booked themselves."""
        super()._compute_display_name()
        if self.env.user._sees_only_initials():
            for user in self.filtered("share"):
                user.display_name = short_name(user.display_name or "")

    def _is_only_stylist(self):
        """Whether of clients only what the branch allows is told to this user."""
        self.ensure_one()
        return self.has_group(STYLIST) and not any(map(self.has_group, CONTACT_GROUPS))

    def _sees_only_initials(self):
        """Somebody in several branches is told what the strictest of them allows."""
        self.ensure_one()
        return self._is_only_stylist() and self._has_discreet_branch()

    # Not the groups: they change without this cache being cleared.
    @ormcache("self.id")
    def _has_discreet_branch(self):
        own = self.salon_branch_ids
        # sudo: salon.branch - its settings are no secret of the staff
        branches = self.env["salon.branch"].sudo()
        return bool(
            branches.search_count(
                [
                    ("id", "in", own.ids)
                    if own
                    else ("company_id", "in", self.company_ids.ids),
                    ("stylist_client_name", "=", "initial"),
                ],
                limit=1,
            )
        )
