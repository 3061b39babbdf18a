from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.colours import is_colour, readable
from ..engine.slugs import is_slug, slugify

#: Addresses of other pages beside those of the branches.
RESERVED = frozenset({"again", "booked", "calendar", "embed", "review", "visit"})

#: Of a branch that has not chosen one.
COLOUR = "#7a2e4d"


class SalonBranch(models.Model):
    """How a branch shows itself to clients who book online."""

    # A side of the branch of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.branch"

    is_online = fields.Boolean(
        "Online Booking",
        copy=False,
        help="Clients find the branch and book without calling.",
    )
    online_slug = fields.Char(
        "Address of the Page",
        copy=False,
        help="The last part of the link: small letters, digits and dashes. A changed "
        "address makes printed posters useless.",
    )
    online_url = fields.Char("Booking Link", compute="_compute_online_url")
    online_color = fields.Char("Main Color", default=COLOUR)
    online_logo = fields.Image(max_width=512, max_height=512)
    online_cover = fields.Image("Cover Picture", max_width=1600, max_height=900)
    online_text = fields.Text(
        "Welcome",
        translate=True,
        help="A sentence or two under the name of the branch.",
    )
    online_rules = fields.Text(
        "Please Note",
        translate=True,
        help="Shown before the client books, such as rules of cancelling.",
    )
    online_needs_code = fields.Boolean(
        "Confirm Phones by SMS",
        help="Who books enters a code that is sent to the phone. Keeps strangers from "
        "booking in somebody else's name; each code costs an SMS.",
    )
    online_allows_embed = fields.Boolean(
        "May Be Embedded",
        default=True,
        help="Other web sites may show the booking page inside of theirs.",
    )

    online_embed = fields.Char(
        "Line for Web Sites",
        compute="_compute_online_embed",
        help="Put it where the booking page is to appear.",
    )

    _online_slug_unique = models.UniqueIndex(
        "(online_slug) WHERE online_slug IS NOT NULL",
        "Another branch already has this address. Choose another one.",
    )
    _online_needs_slug = models.Constraint(
        "CHECK (is_online IS NOT TRUE OR online_slug IS NOT NULL)",
        "A branch that can be booked online needs an address of its page.",
    )

    @api.depends("online_slug", "is_online")
    def _compute_online_url(self):
        for branch in self:
            branch.online_url = (
                f"{branch.get_base_url()}/salon/{branch.online_slug}"
                if branch.online_slug
                else False
            )

    @api.depends("online_slug", "online_allows_embed")
    def _compute_online_embed(self):
        for branch in self:
            branch.online_embed = (
                f'<script async src="{branch.get_base_url()}/salon/embed.js" '
                f'data-branch="{branch.online_slug}"></script>'
                if branch.online_slug and branch.online_allows_embed
                else False
            )

    @api.onchange("is_online")
    def _onchange_is_online(self):
        if self.is_online and not self.online_slug and self.name:
            self.online_slug = self._free_slug(self.name, self._origin)

    @api.model_create_multi
    def create(self, vals_list):
        branches = super().create(vals_list)
        branches._check_online()
        return branches

    def write(self, vals):
        if vals.get("is_online") and not vals.get("online_slug"):
            for branch in self.filtered(lambda branch: not branch.online_slug):
                branch.online_slug = self._free_slug(
                    vals.get("name") or branch.name, branch
                )
        result = super().write(vals)
        if {"online_slug", "online_color"} & vals.keys():
            self._check_online()
        return result

    @api.model
    def _free_slug(self, name, without):
        """An address made of a name that nobody has."""
        wanted = slugify(name) or "salon"
        # sudo: salon.branch - addresses are unique among all companies
        taken = RESERVED | set(
            self.sudo()
            .with_context(active_test=False)
            .search(
                [("online_slug", "=like", f"{wanted}%"), ("id", "not in", without.ids)]
            )
            .mapped("online_slug")
        )
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return next(one for one in (wanted, *numbered) if one not in taken)

    def _check_online(self):
        for branch in self:
            slug = branch.online_slug
            if slug and (slug in RESERVED or not is_slug(slug)):
                raise ValidationError(
                    self.env._(
                        "“%(slug)s” cannot be the address of %(branch)s. Use small "
                        "letters, digits and dashes, such as old-town.",
                        slug=slug,
                        branch=branch.name,
                    )
                )
            if branch.online_color and not is_colour(branch.online_color):
                raise ValidationError(
                    self.env._(
                        "“%(color)s” is no color for %(branch)s. Write it like "
                        "#7a2e4d.",
                        color=branch.online_color,
                        branch=branch.name,
                    )
                )

    # rpc: only who may make a salon.online.share gets there
    def action_share(self):
        """Show the links of the booking page, to copy and to print."""
        return self.env["salon.online.share"]._open(self)

    def _get_online_color(self):
        """The main colour, dark enough to be read on white."""
        self.ensure_one()
        return readable(self.online_color or COLOUR)

    def _get_posters(self):
        """The published of these branches; for those who work with visits."""
        self.env["salon.visit"].check_access("read")
        return self.filtered("is_online")

    @api.model
    def _find_online(self, slug):
        """The published branch of an address, in sudo; empty when there is none."""
        # sudo: salon.branch - what is published is shown to everybody
        branches = self.sudo().browse()
        if not isinstance(slug, str) or not is_slug(slug):
            return branches
        branch = branches.search(
            [("online_slug", "=", slug), ("is_online", "=", True)], limit=1
        )
        return branch.with_company(branch.company_id) if branch else branch
