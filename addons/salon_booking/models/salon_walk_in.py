from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import clock, states

WAITING, STARTED, LEFT = "waiting", "started", "left"
#: What the others in the queue have to do with.
EXPECTED = ["expected_at", "expected_staff", "can_start", "is_late", "hours"]


class SalonWalkIn(models.Model):
    """Somebody who came without an appointment and waits for one who is free.

    When he can expect to be served is worked out anew each time it is looked at, from
    what is really free and from who waits before him; what he was told when he came is
    kept beside it.
    """

    _name = "salon.walk.in"
    _description = "Walk-in"
    _inherit = ["salon.guarded.mixin"]
    _order = "sequence, arrived_at, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"state", "seated", "promised_at", "ended_at"})
    _guarded_defaults = frozenset({"state", "seated", "promised_at", "ended_at"})

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(
        default=10, help="Who is at the front is served first; then who came first."
    )
    client_id = fields.Many2one("res.partner", check_company=True, index=True)
    name = fields.Char(
        "First Name",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="To call somebody by; more is not needed.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        required=True,
        domain="[('is_salon_service', '=', True), ('is_salon_addon', '=', False), "
        "('is_salon_group_service', '=', False)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: whoever is free first.",
    )
    party_size = fields.Integer(
        "People", default=1, required=True, help="How many came together."
    )
    seated = fields.Integer(
        readonly=True, copy=False, help="How many of them have been taken already."
    )
    note = fields.Char()
    arrived_at = fields.Datetime(
        "Arrived", required=True, default=fields.Datetime.now, copy=False
    )
    promised_at = fields.Datetime(
        "Promised",
        readonly=True,
        copy=False,
        help="When it would be, as told on arrival.",
    )
    expected_at = fields.Datetime(
        "Expected",
        compute="_compute_expected",
        help="When it will be, by what is free now and who waits before.",
    )
    expected_staff = fields.Char("Next Free", compute="_compute_expected")
    can_start = fields.Boolean(compute="_compute_expected")
    is_late = fields.Boolean(
        compute="_compute_expected", help="Later than was promised."
    )
    wait_minutes = fields.Integer("Waiting", compute="_compute_wait_minutes")
    is_long_wait = fields.Boolean(compute="_compute_wait_minutes")
    hours = fields.Char(
        compute="_compute_hours", help="Expected and promised, on the branch's clock."
    )
    state = fields.Selection(
        [(WAITING, "Waiting"), (STARTED, "Served"), (LEFT, "Left")],
        default=WAITING,
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    ended_at = fields.Datetime(
        "Served or Left at", readonly=True, copy=False, help="When the wait was over."
    )
    left_reason = fields.Selection(
        [
            ("too_long", "The wait was too long"),
            ("changed_mind", "Changed their mind"),
            ("later", "Comes another time"),
            ("not_served", "Not served that day"),
            ("other", "Other"),
        ],
        copy=False,
    )
    visit_ids = fields.One2many("salon.visit", "walk_in_id", "Visits")

    _branch_state = models.Index("(branch_id, arrived_at) WHERE state = 'waiting'")
    _party_sensible = models.Constraint(
        "CHECK (party_size BETWEEN 1 AND 20)", "Between 1 and 20 people come together."
    )
    _seated_sensible = models.Constraint(
        "CHECK (seated BETWEEN 0 AND party_size)",
        "All who came together are served already.",
    )

    @api.depends("client_id")
    def _compute_name(self):
        for walk_in in self:
            client = walk_in.client_id.name or ""
            walk_in.name = client.split(" ")[0] or walk_in.name

    @api.depends("name", "client_id")
    def _compute_display_name(self):
        for walk_in in self:
            walk_in.display_name = (
                walk_in.client_id.name or walk_in.name or self.env._("Walk-in")
            )

    @api.depends("state", "branch_id", "product_ids", "staff_id", "client_id")
    def _compute_expected(self):
        queue = self.env["salon.walk.in.queue"]
        expected = queue._expected_of(self)
        names = queue._names(
            {one for first, *_ in expected.values() for one in first.staff}
        )
        now = clock.to_minutes_ceil(fields.Datetime.now())
        for walk_in in self:
            first = (expected.get(walk_in.id) or [None])[0]
            walk_in.expected_at = first and clock.to_utc(first.start)
            walk_in.expected_staff = first and ", ".join(map(names.get, first.staff))
            walk_in.can_start = bool(first and first.start <= now)
            walk_in.is_late = bool(
                first
                and walk_in.promised_at
                and walk_in.expected_at > walk_in.promised_at
            )

    @api.depends("arrived_at", "ended_at", "branch_id.walk_in_patience")
    def _compute_wait_minutes(self):
        now = fields.Datetime.now()
        for walk_in in self:
            until = walk_in.ended_at or now
            waited = until - (walk_in.arrived_at or until)
            walk_in.wait_minutes = max(0, int(waited.total_seconds() // 60))
            walk_in.is_long_wait = (
                walk_in.wait_minutes >= walk_in.branch_id.walk_in_patience
            )

    @api.depends("expected_at", "promised_at", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_hours(self):
        queue = self.env["salon.walk.in.queue"]
        for walk_in in self:
            walk_in.hours = queue._label(walk_in.expected_at, walk_in.branch_id)

    @api.constrains("product_ids")
    def _check_services(self):
        for walk_in in self:
            products = walk_in.product_ids
            if not products or not all(products.mapped("is_salon_service")):
                raise ValidationError(
                    self.env._(
                        "Choose the services of %(name)s, so that the wait can be "
                        "worked out.",
                        name=walk_in.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        walk_ins = super().create(vals_list)
        walk_ins._queue_changed()
        for walk_in, told in zip(walk_ins, walk_ins.mapped("expected_at"), strict=True):
            # sudo: salon.walk.in - what was told on arrival is kept by the system
            walk_in.sudo().promised_at = told
        return walk_ins

    def write(self, vals):
        result = super().write(vals)
        self._queue_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_served(self):
        for walk_in in self:
            if walk_in.seated:
                raise UserError(
                    self.env._(
                        "%(name)s was served and stays in the history.",
                        name=walk_in.display_name,
                    )
                )

    def _queue_changed(self):
        """Whoever looks at the queue of these branches sees it anew; ids travel."""
        self.env["salon.walk.in"].invalidate_model(EXPECTED, flush=False)
        self.env["salon.walk.in.queue"]._tell(self.branch_id)

    def action_start(self):
        """Take the next guest: book what is free now and begin it."""
        self.ensure_one()
        return self.env["salon.walk.in.queue"]._start(self)

    def action_leave(self):
        """Ask for the reason first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(name)s leaves", name=self.display_name),
            "res_model": "salon.walk.in.leave",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_walk_in_id": self.id},
        }

    def action_wait_again(self):
        """Somebody came back, or was sent away by mistake."""
        for walk_in in self.filtered(lambda each: each.state == LEFT):
            walk_in.check_access("write")
            # sudo: salon.walk.in - the way of a guest is kept by the system
            walk_in.sudo().write(
                {"state": WAITING, "ended_at": False, "left_reason": False}
            )

    def _leave(self, reason):
        """Take somebody out of the queue who does not want to wait any more."""
        self.check_access("write")
        self._check_waiting()
        # sudo: salon.walk.in - the way of a guest is kept by the system
        self.sudo().write(
            {
                # Of a party some have been served.
                "state": LEFT,
                "ended_at": fields.Datetime.now(),
                "left_reason": reason,
            }
        )

    @api.autovacuum
    def _gc_forgotten(self):
        """Nobody waits overnight: who was forgotten in the queue has gone home."""
        self.search(
            [
                ("state", "=", WAITING),
                ("arrived_at", "<", fields.Datetime.now() - timedelta(hours=18)),
            ]
        )._leave("not_served")

    def _check_waiting(self):
        """Somebody else may have been faster."""
        for walk_in in self:
            if walk_in.state != WAITING:
                raise UserError(
                    self.env._(
                        "%(name)s does not wait any more: %(state)s at %(time)s.",
                        name=walk_in.display_name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[walk_in.state],
                        time=self.env["salon.walk.in.queue"]._label(
                            walk_in.ended_at, walk_in.branch_id
                        ),
                    )
                )

    def action_view_visits(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {**action, "domain": [("walk_in_id", "in", self.ids)], "context": {}}


class SalonBranch(models.Model):
    _inherit = "salon.branch"

    frees_when_done = fields.Boolean(
        "Done Early Frees the Time",
        help="Who is done before the planned end can be booked, and takes walk-ins, at "
        "once. Leave it off where clients pay, and are marked as done, before they are "
        "served.",
    )
    walk_in_patience = fields.Integer(
        "Long Wait (minutes)",
        default=20,
        help="From then on the wait of a walk-in is shown in red.",
    )


class SalonVisit(models.Model):
    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    walk_in_id = fields.Many2one(
        "salon.walk.in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    walk_in_guest = fields.Integer(readonly=True, copy=False)

    # Whatever two clerks do at once, each guest is taken once.
    _walk_in_guest_unique = models.UniqueIndex(
        "(walk_in_id, walk_in_guest) WHERE walk_in_id IS NOT NULL",
        "This guest has just been taken.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"walk_in_id", "walk_in_guest"}


class SalonAppointment(models.Model):
    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    def _set_state(self, state, reason=None):
        """What was done early has given its rest back and needs it again."""
        undone = self.filtered(
            lambda a: a.state == "done" and state == "in_service" and a._frees_rest()
        )
        result = super()._set_state(state, reason)
        if undone:
            self.env["salon.booking"]._reoccupy(undone)
        return result

    def _take_back_state(self, previous):
        undone = self.filtered(
            lambda a: (
                a.state == "done"
                and previous[str(a.id)]["state"] not in ("done", *states.LOST)
                and a._frees_rest()
            )
        )
        result = super()._take_back_state(previous)
        if undone:
            self.env["salon.booking"]._reoccupy(undone)
        return result

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        done = self.filtered(lambda a: a.state == "done" and a._frees_rest())
        if done:
            booking = self.env["salon.booking"]
            booking._release_rest(done)
            self._tell_freed(booking._days(done))

    def _frees_rest(self):
        # sudo: salon.branch - how a branch works is no secret of it
        branch = self.branch_id.sudo()
        return branch.frees_when_done and self.stop > fields.Datetime.now()
