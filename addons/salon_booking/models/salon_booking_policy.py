from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..engine import policy as rules
from ..engine.policy import Policy, Scope
from ..engine.wishes import CHANNELS

#: What holds for a channel without any record. The desk sees the client and the day
#: and knows what it does; strangers leave the salon an hour to prepare.
DEFAULTS = {
    "desk": {"lead_minutes": 0, "horizon_days": 0},
    "web": {"lead_minutes": 60, "horizon_days": 90},
    "api": {"lead_minutes": 60, "horizon_days": 90},
}


class SalonBookingPolicy(models.Model):
    """When services may be booked. The most specific record applies as a whole."""

    _name = "salon.booking.policy"
    _description = "Booking Rules"
    _inherit = ["salon.own.mixin", "salon.cached.mixin"]
    _order = "branch_id, product_tmpl_id, categ_id, channel, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    branch_id = fields.Many2one(
        "salon.branch",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="Empty: every branch of the company.",
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Service",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        domain="[('is_salon_service', '=', True)]",
        help="Empty: every service, or those of the category.",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Service Category",
        index="btree_not_null",
        ondelete="cascade",
        help="Its services and those of the categories below it.",
    )
    channel = fields.Selection(
        [("desk", "Desk"), ("web", "Online"), ("api", "Other software")],
        "Booked through",
        help="Empty: however it is booked.",
    )

    lead_minutes = fields.Integer(
        "Lead Time",
        help="A time that begins sooner than this many minutes from now is not "
        "offered, so that the team is not surprised. 0: up to the last minute.",
    )
    horizon_days = fields.Integer(
        "Days Ahead",
        default=90,
        help="How far ahead may be booked, counted in days from today. 0: any day.",
    )
    same_day_only = fields.Boolean(
        help="Can be booked for today alone, as for late gaps at a lower price."
    )
    grid_minutes = fields.Integer(
        "Every",
        help="Times are offered every so many minutes, between 5 and 60. 0: as the "
        "branch says.",
    )
    grid_mode = fields.Selection(
        [
            (rules.FIXED, "From the start of the day: 9:00, 9:15, 9:30 …"),
            (rules.REANCHORED, "From the end of each booking: no crumbs between"),
        ],
        "Counted",
        required=True,
        default=rules.FIXED,
    )
    gap_strategy = fields.Selection(
        [
            ("mark", "Offer every free time, mark the best"),
            ("money", "Offer every free time, first what wastes least money"),
            ("no_rest", "Leave no rest in which nothing can be booked"),
            ("min_hole", "Leave no hole shorter than …"),
            ("edges", "Only right before or after another booking"),
        ],
        "Gaps",
        required=True,
        default="mark",
        help="Marking keeps every time and shows clients the ones that suit the salon "
        "best. Hiding times fills days without holes, but turns clients away who "
        "cannot come at the few times left.",
    )
    min_hole_minutes = fields.Integer(
        "Shortest Hole",
        default=30,
        help="A time is not offered when it leaves fewer free minutes than this, but "
        "more than none, before or after it.",
    )
    edges_days = fields.Integer(
        "For the Next Days",
        help="Only the next so many days are filled edge to edge, beginning with "
        "today; later days are open. 0: every day.",
    )
    daily_cap = fields.Integer(
        "Bookings per Day",
        help="Of one service, in one branch on one day. 0: no limit.",
    )
    staff_daily_cap = fields.Integer(
        "Bookings per Person and Day",
        help="All services of one person on one day. 0: no limit. A limit of the "
        "person's own is on the employee.",
    )
    hold_minutes = fields.Integer(
        "Kept While Booking",
        default=10,
        help="How many minutes a chosen time is kept for a client who is still "
        "filling in the form.",
    )
    choice = fields.Selection(
        [
            ("rank", "By the order of the team on the service"),
            ("least_busy", "Who has least to do on that day"),
            ("fewest_holes", "Whose day keeps the fewest holes"),
            ("least_recent", "Who has waited longest for a client"),
        ],
        "Who Is Offered First",
        required=True,
        default="rank",
        help="When the client does not mind who does it.",
    )
    round_minutes = fields.Integer(
        "Round Up to",
        help="All services of one person in a visit are summed and rounded up once to "
        "a multiple of this. 0: taken as they are.",
    )
    max_wait_minutes = fields.Integer(
        "Longest Wait",
        default=15,
        help="How many minutes a client may have to wait between two services of one "
        "visit.",
    )

    _scope_unique = models.UniqueIndex(
        "(company_id, COALESCE(branch_id, 0), COALESCE(product_tmpl_id, 0), "
        "COALESCE(categ_id, 0), COALESCE(channel, ''))",
        "Rules for this branch, service and channel exist already; change those.",
    )
    _one_of_service_and_category = models.Constraint(
        "CHECK (product_tmpl_id IS NULL OR categ_id IS NULL)",
        "Rules are for a service or for a category, not for both. Empty one of them.",
    )
    _grid_sensible = models.Constraint(
        f"CHECK (grid_minutes = 0 OR grid_minutes BETWEEN {rules.GRID_FROM} "
        f"AND {rules.GRID_TO})",
        "Times are offered every 5 to 60 minutes; 0 takes the grid of the branch.",
    )
    _not_negative = models.Constraint(
        """CHECK (LEAST(lead_minutes, horizon_days, min_hole_minutes, edges_days,
            daily_cap, staff_daily_cap, round_minutes, max_wait_minutes) >= 0)""",
        "Minutes, days and limits cannot be negative.",
    )
    _hold_sensible = models.Constraint(
        "CHECK (hold_minutes BETWEEN 1 AND 120)",
        "A time is kept between 1 and 120 minutes.",
    )

    @api.depends("branch_id", "product_tmpl_id", "categ_id", "channel")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for policy in self:
            policy.display_name = " · ".join(
                (
                    policy.product_tmpl_id.name
                    or policy.categ_id._get_salon_name()
                    or self.env._("All services"),
                    policy.branch_id.name or self.env._("all branches"),
                    labels.get(policy.channel) or self.env._("every way of booking"),
                )
            )

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_tmpl_id:
            self.categ_id = False

    @api.onchange("categ_id")
    def _onchange_categ_id(self):
        if self.categ_id:
            self.product_tmpl_id = False

    @api.constrains("product_tmpl_id")
    def _check_product_is_salon_service(self):
        for policy in self:
            service = policy.product_tmpl_id
            if service and not service.is_salon_service:
                raise ValidationError(
                    self.env._(
                        "%(product)s is no salon service, so it has no booking rules. "
                        "Tick “Salon Service” on its form or choose another.",
                        product=service.display_name,
                    )
                )

    @api.model
    def _find(self, branch, templates, channel):
        """The rules of each service: ``{product.template id: engine Policy}``.

        One search, however many services.
        """
        # sudo: product.template - clients who book online do not read categories
        branch, templates = branch.sudo(), templates.sudo().with_prefetch()
        if channel not in CHANNELS:
            raise ValueError(f"Nothing is booked through {channel!r}.")
        records = self._records_of(branch.company_id.id)
        scopes = [
            scope
            for scope, _policy in records
            if scope.branch in (None, branch.id) and scope.channel in (None, channel)
        ]
        policies = {scope.key: policy for scope, policy in records}
        by_category = any(scope.category for scope in scopes)
        found = {}
        for template in templates:
            lineage = self._lineage(template) if by_category else ()
            scope = rules.most_specific(
                scopes, branch.id, template.id, lineage, channel
            )
            found[template.id] = (
                self._on_grid_of(branch, policies[scope.key])
                if scope
                else self._default_policy(branch, channel)
            )
        return found

    @api.model
    @ormcache("company_id")
    def _records_of(self, company_id):
        """All rules of a company as ``(Scope, Policy)``; they change once in a year.

        A grid of 0 is the branch's, which is not kept here.
        """
        # sudo: salon.booking.policy - clients who book online are bound by rules that
        # they do not read
        records = self.sudo().search_fetch([("company_id", "=", company_id)])
        return tuple((record._get_scope(), record._get_values()) for record in records)

    @api.model
    def _has_caps(self, company):
        """Say whether any rule of a company limits the bookings of a day."""
        return any(
            values["daily_cap"] or values["staff_daily_cap"]
            for _scope, values in self._records_of(company.id)
        )

    @api.model
    def _on_grid_of(self, branch, values):
        return Policy(
            **{**values, "grid_minutes": values["grid_minutes"] or branch.slot_minutes}
        )

    @api.model
    def _lineage(self, template):
        """Categories of a service, the nearest first."""
        path = template.categ_id.parent_path or ""
        return tuple(int(part) for part in reversed(path.split("/")) if part)

    @api.model
    def _default_policy(self, branch, channel):
        return Policy(
            grid_minutes=branch.slot_minutes,
            **DEFAULTS[channel],
        )

    def _get_scope(self):
        self.ensure_one()
        return Scope(
            key=self.id,
            branch=self.branch_id.id or None,
            service=self.product_tmpl_id.id or None,
            category=self.categ_id.id or None,
            channel=self.channel or None,
        )

    def _get_values(self):
        """What the engine's ``Policy`` is made of."""
        self.ensure_one()
        return {
            "lead_minutes": self.lead_minutes,
            "horizon_days": self.horizon_days,
            "grid_minutes": self.grid_minutes,
            "grid_mode": self.grid_mode,
            "gap_strategy": self.gap_strategy,
            "min_hole_minutes": self.min_hole_minutes,
            "edges_days": self.edges_days,
            "daily_cap": self.daily_cap,
            "staff_daily_cap": self.staff_daily_cap,
            "same_day_only": self.same_day_only,
            "hold_minutes": self.hold_minutes,
            "choice": rules.choice_order(self.choice),
            "round_minutes": self.round_minutes,
            "max_wait_minutes": self.max_wait_minutes,
        }
