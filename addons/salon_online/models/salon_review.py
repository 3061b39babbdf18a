from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import plaintext2html

MANAGER = "salon_booking.group_salon_manager"
STATES = [
    ("complaint", "Complaint"),
    ("new", "To Look At"),
    ("settled", "Settled"),
    ("published", "Public"),
    ("hidden", "Kept Inside"),
]
STARS = [(str(number), "★" * number) for number in range(1, 6)]


class SalonReview(models.Model):
    """What a client says of one visit; the lines say it of services and people.

    Written through the client's link only; the manager answers and decides what
    becomes public.
    """

    _name = "salon.review"
    _description = "Review"
    _inherit = [
        "salon.guarded.mixin",
        "salon.told.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "written_at desc, id desc"
    _guarded_fields = frozenset(
        "visit_id client_id branch_id text written_at edit_count state author".split()
    )

    visit_id = fields.Many2one(
        "salon.visit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(
        related="visit_id.branch_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    client_id = fields.Many2one(
        related="visit_id.client_id", store=True, index=True, precompute=True
    )
    business_date = fields.Date(
        related="visit_id.business_date", string="Day of the Visit"
    )
    line_ids = fields.One2many("salon.review.line", "review_id", readonly=True)
    text = fields.Text("In the Client's Words", readonly=True)
    author = fields.Char(
        "Signed as",
        readonly=True,
        help="What the public reads: a first name, or nothing.",
    )
    stars = fields.Float(
        compute="_compute_stars", store=True, digits=(2, 1), aggregator="avg"
    )
    lowest = fields.Integer(
        "Lowest Stars", compute="_compute_stars", store=True, aggregator="min"
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="new",
        index=True,
        group_expand=True,
    )
    written_at = fields.Datetime(required=True, readonly=True)
    edit_count = fields.Integer("Edited", readonly=True)
    reply = fields.Text(
        "Our Answer", help="Shown below the review where that is public."
    )
    resolution = fields.Text(
        "What We Did", help="How a complaint was settled; seen by managers only."
    )

    _visit_unique = models.Constraint(
        "UNIQUE (visit_id)", "This visit has a review already."
    )
    _public = models.Index("(branch_id, written_at) WHERE state = 'published'")

    @api.depends("line_ids.stars")
    def _compute_stars(self):
        for review in self:
            given = [line.stars for line in review.line_ids]
            review.stars = sum(given) / len(given) if given else 0
            review.lowest = min(given, default=0)

    @api.depends("visit_id", "stars")
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.visit_id.name} · {review.stars:.1f} ★"

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Reviews are for branch managers. Please ask one.")
            )
        self.check_access("write")

    # rpc: _check_manager checks who asks
    def action_publish(self):
        """Show these to everybody; complaints are settled first."""
        self._check_manager()
        for review in self:
            if review.state == "complaint":
                raise UserError(
                    self.env._(
                        "%(review)s is an open complaint. Settle it first, then it can "
                        "be published.",
                        review=review.display_name,
                    )
                )
        self._set_state("published")

    # rpc: _check_manager checks who asks
    def action_hide(self):
        """Keep these inside of the salon."""
        self._check_manager()
        self._set_state("hidden")

    # rpc: _check_manager checks who asks
    def action_settle(self):
        """The complaint is dealt with: what was done stands in the review."""
        self._check_manager()
        for review in self.filtered(lambda one: one.state == "complaint"):
            if not (review.resolution or "").strip():
                raise UserError(
                    self.env._(
                        "Write into “What We Did” how %(review)s was settled, then "
                        "press the button again.",
                        review=review.display_name,
                    )
                )
        complaints = self.filtered(lambda one: one.state == "complaint")
        complaints._set_state("settled")
        complaints.activity_feedback(["mail.mail_activity_data_todo"])

    # rpc: _check_manager checks who asks; leads to a record that is read with rights
    def action_view_visit(self):
        self._check_manager()
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": self.visit_id.id,
            "views": [(False, "form")],
        }

    def _set_state(self, state):
        # sudo: salon.review - right checked by the caller; kept by the system
        reviews = self.sudo()
        reviews.state = state
        self.env["salon.reviews"]._refresh(reviews.line_ids._get_places())

    def _after_low_rating(self):
        """Hook: these reviews are at or below the limit of their branch.

        A message to the managers, and a to-do for whoever the branch has named.
        """
        self.env["salon.messenger"]._queue("manager_low_rating", self)
        for review in self:
            user = review._get_manager()
            if user:
                review.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.env._("Call an unhappy client"),
                    note=plaintext2html(review.text or ""),
                )

    def _get_message_branch(self):
        return self.branch_id

    def _get_message_visit(self):
        return self.visit_id

    def _is_message_true(self, _code, _occasion):
        return self.state == "complaint"

    def _get_manager(self):
        self.ensure_one()
        branch = self.branch_id
        if branch.review_user_id:
            return branch.review_user_id
        managers = self.env.ref(MANAGER).all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and branch.company_id in user.company_ids
                and (not user.salon_branch_ids or branch in user.salon_branch_ids)
            )
        )
        # Who has this branch alone is nearer to it than an owner of all.
        return managers.sorted(
            lambda user: (
                not user.salon_branch_ids,
                len(user.salon_branch_ids),
                user.id,
            )
        )[:1]

    def unlink(self):
        touched = self.line_ids._get_places()
        result = super().unlink()
        self.env["salon.reviews"]._refresh(touched)
        return result


class SalonReviewLine(models.Model):
    """Stars for one service and who did it."""

    _name = "salon.review.line"
    _description = "Review of a Service"
    _inherit = ["salon.guarded.mixin"]
    _order = "id"
    _rec_name = "product_id"
    _guarded_fields = frozenset("review_id appointment_id stars text".split())

    review_id = fields.Many2one(
        "salon.review", required=True, readonly=True, index=True, ondelete="cascade"
    )
    appointment_id = fields.Many2one(
        "salon.appointment", readonly=True, index=True, ondelete="set null"
    )
    branch_id = fields.Many2one(
        related="review_id.branch_id", store=True, index=True, precompute=True
    )
    staff_id = fields.Many2one(
        related="appointment_id.staff_id", string="Person", store=True, precompute=True
    )
    product_id = fields.Many2one(
        related="appointment_id.product_id",
        string="Service",
        store=True,
        precompute=True,
    )
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id",
        string="Service Template",
        store=True,
        precompute=True,
    )
    written_at = fields.Datetime(
        related="review_id.written_at", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="review_id.state", store=True, precompute=True)
    stars = fields.Integer(required=True, readonly=True, aggregator="avg")
    text = fields.Char("In the Client's Words", readonly=True)

    _stars_sensible = models.Constraint(
        "CHECK (stars BETWEEN 1 AND 5)", "There are one to five stars."
    )
    _appointment_unique = models.UniqueIndex(
        "(review_id, appointment_id) WHERE appointment_id IS NOT NULL",
        "This service has its stars already.",
    )
    _places = models.Index("(branch_id, staff_id, product_tmpl_id)")

    def _get_places(self):
        """Of which averages these are part: branch, person and service."""
        return {
            (line.branch_id.id, line.staff_id.id or 0, line.product_tmpl_id.id or 0)
            for line in self
        }


class SalonReviewAverage(models.Model):
    """Sums of stars by branch, person and service, kept for the booking pages.

    Written by ``salon.reviews`` with SQL, from the lines it belongs to.
    """

    _name = "salon.review.average"
    _description = "Average of Reviews"
    _log_access = False

    branch_id = fields.Many2one(
        "salon.branch", required=True, readonly=True, index=True, ondelete="cascade"
    )
    staff_id = fields.Integer("Person", required=True, readonly=True, groups=NO_ACCESS)
    product_tmpl_id = fields.Integer(
        "Service", required=True, readonly=True, groups=NO_ACCESS
    )
    review_count = fields.Integer(required=True, readonly=True)
    stars_total = fields.Integer(required=True, readonly=True)

    _place_unique = models.UniqueIndex(
        "(branch_id, staff_id, product_tmpl_id)", "There is one sum of each."
    )
