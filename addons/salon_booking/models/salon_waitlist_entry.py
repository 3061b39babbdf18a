from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import clock, states
from ..engine.waitlist import Waiting

STATES = [
    ("waiting", "Waiting"),
    ("offered", "Offered"),
    ("booked", "Booked"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
]
#: In these the client still wants a time.
OPEN_STATES = ("waiting", "offered")


class SalonWaitlistEntry(models.Model):
    """A client who would come if a time became free.

    States are kept by the system: offers move them, and the buttons of the desk.
    """

    _name = "salon.waitlist.entry"
    _description = "Waitlist Entry"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "priority desc, waiting_since, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"state", "visit_id", "waiting_since"})
    _guarded_defaults = frozenset({"state", "visit_id", "waiting_since"})

    client_id = fields.Many2one(
        "res.partner", required=True, index=True, check_company=True
    )
    client_phone = fields.Char(related="client_id.phone")
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        required=True,
        check_company=True,
        domain="[('is_salon_service', '=', True)]",
    )
    is_requested = fields.Boolean(
        "Asked for by Name",
        help="The client wants the people named in the wishes and nobody else. Kept on "
        "the appointment that is booked.",
    )
    wish_ids = fields.One2many("salon.waitlist.wish", "entry_id", "Wishes", copy=True)
    wish_summary = fields.Char("Would Suit", compute="_compute_wish_summary")
    first_day = fields.Date(compute="_compute_days", store=True)
    last_day = fields.Date(compute="_compute_days", store=True)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very high")],
        default="0",
        required=True,
        index=True,
        help="Who has more is asked first; then who waits longest.",
    )
    state = fields.Selection(
        STATES,
        default="waiting",
        required=True,
        index=True,
        copy=False,
        readonly=True,
        tracking=True,
        group_expand="_group_expand_states",
    )
    waiting_since = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True, copy=False
    )
    valid_until = fields.Date(
        help="The last day on which an offer makes sense. Empty: until the last day of "
        "the wishes."
    )
    source = fields.Selection(
        [("desk", "Desk"), ("phone", "Phone"), ("web", "Web")],
        default="desk",
        required=True,
    )
    note = fields.Text(help="Seen by the whole team, never by the client.")
    offer_ids = fields.One2many("salon.waitlist.offer", "entry_id", "Offers")
    offer_count = fields.Integer(compute="_compute_offer")
    live_offer_id = fields.Many2one("salon.waitlist.offer", compute="_compute_offer")
    offered_times = fields.Char("Offered", compute="_compute_offer")
    answer_until = fields.Char(
        compute="_compute_offer", help="On the clock of the branch."
    )
    visit_id = fields.Many2one(
        "salon.visit", "Booked Visit", readonly=True, copy=False, index="btree_not_null"
    )

    _branch_open = models.Index(
        "(branch_id, first_day, last_day) WHERE state = 'waiting'"
    )
    _visit_unique = models.UniqueIndex(
        "(visit_id) WHERE visit_id IS NOT NULL",
        "This visit already came from another entry of the waitlist.",
    )

    @api.depends("wish_ids.date_from", "wish_ids.date_to")
    def _compute_days(self):
        for entry in self:
            days = entry.wish_ids.filtered(lambda wish: wish.date_from and wish.date_to)
            entry.first_day = min(days.mapped("date_from"), default=False)
            entry.last_day = max(days.mapped("date_to"), default=False)

    @api.depends("wish_ids.display_name")
    @api.depends_context("lang")
    def _compute_wish_summary(self):
        for entry in self:
            entry.wish_summary = " / ".join(entry.wish_ids.mapped("display_name"))

    @api.depends("offer_ids.state")
    @api.depends_context("lang")
    def _compute_offer(self):
        for entry in self:
            live = entry.offer_ids.filtered(lambda offer: offer.state == "offered")[:1]
            entry.live_offer_id = live
            entry.offered_times = live.times
            entry.answer_until = live.answer_until
            entry.offer_count = len(entry.offer_ids)

    @api.depends("client_id", "product_ids")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = " · ".join(
                filter(
                    None,
                    [
                        entry.client_id.name,
                        ", ".join(entry.product_ids.mapped("name")),
                    ],
                )
            )

    @api.model
    def _group_expand_states(self, _reached, _domain):
        return [state for state, _label in STATES]

    @api.constrains("product_ids", "wish_ids")
    def _check_something_is_wanted(self):
        for entry in self:
            if not entry.product_ids:
                raise ValidationError(
                    self.env._(
                        "%(client)s waits for nothing. Choose at least one service.",
                        client=entry.client_id.name,
                    )
                )
            if not entry.wish_ids:
                raise ValidationError(
                    self.env._(
                        "Nobody knows when it would suit %(client)s. Add at least one "
                        "wish with its days.",
                        client=entry.client_id.name,
                    )
                )

    @api.model
    def default_get(self, fields_list):
        """A new entry starts with one wish: any time in the next two weeks."""
        values = super().default_get(fields_list)
        if "wish_ids" in fields_list and not values.get("wish_ids"):
            values["wish_ids"] = [Command.create({})]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._look_again()
        self.env["salon.board"]._tell_drawer(entries.branch_id)
        return entries

    def write(self, vals):
        before = self.branch_id
        result = super().write(vals)
        self.env["salon.board"]._tell_drawer(before | self.branch_id)
        if "product_ids" in vals:
            self.wish_ids._forget_exact_wish()
        if {"product_ids", "wish_ids", "priority", "branch_id"} & vals.keys():
            self._look_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_withdraw(self):
        self.offer_ids._close("withdrawn")
        self.env["salon.board"]._tell_drawer(self.branch_id)

    @api.model
    def _create_from_wish(self, wish, date_from, date_to, note=None, source="desk"):
        """Put somebody on the waitlist for what was just searched in vain.

        :param wish: ``engine.wishes.VisitWish`` with a client
        :param date_from, date_to: local days of the branch, both included
        :return: salon.waitlist.entry
        """
        if not wish.client:
            raise UserError(
                self.env._(
                    "Say who waits: choose a client before putting somebody on the "
                    "waitlist."
                )
            )
        vals = self.env["salon.waitlist.wish"]._prepare_from_wish(
            wish, date_from, date_to
        )
        exact = vals.pop("exact_wish", False)
        entry = self.create(
            {
                "client_id": wish.client,
                "branch_id": wish.branch,
                "product_ids": [
                    Command.set([service.product for service in wish.services])
                ],
                "is_requested": any(service.is_requested for service in wish.services),
                "source": source,
                "note": note,
                "wish_ids": [Command.create(vals)],
            }
        )
        # sudo: salon.waitlist.wish - kept by the system
        entry.wish_ids.sudo().exact_wish = exact
        return entry

    def _look_again(self):
        """Somebody began to wait, or waits for something else, or goes on waiting."""
        waitlist = self.env["salon.waitlist"]
        waitlist._record(
            [
                (entry.branch_id.id, entry.first_day, entry.last_day)
                for entry in self
                if entry.state == "waiting" and entry.first_day
            ]
        )

    def _lock(self):
        """Make a second clerk or the clock wait here; the host starts him anew."""
        self.env["salon.waitlist"]._lock(self)

    def _set_state(self, state, **values):
        # sudo: salon.waitlist.entry - states are kept by the system; whoever gets here
        # may write the entry or holds the client's token
        self.sudo().write({"state": state, **values})

    def _to_waiting(self):
        """``engine.waitlist.Waiting`` by entry id."""
        return {
            entry.id: Waiting(
                entry.id,
                entry.client_id.id,
                tuple(wish._to_wanted() for wish in entry.wish_ids),
                int(entry.priority),
                clock.to_minutes(entry.waiting_since),
                tuple(
                    (clock.to_minutes(offer.start), clock.to_minutes(offer.stop))
                    for offer in entry.offer_ids
                    if offer._was_passed()
                ),
            )
            for entry in self
        }

    @api.model
    def _on_visits_lost(self, visits):
        """Whose booked visit is cancelled waits again, unless no day is left."""
        # sudo: salon.waitlist.entry - kept by the system for whoever cancels
        entries = self.sudo().search(
            [("visit_id", "in", visits.ids), ("state", "=", "booked")]
        )
        if not entries:
            return
        entries._lock()
        # The time that was given back is not offered to the same client again.
        entries.offer_ids.filtered(lambda offer: offer.state == "accepted")._close_as(
            "withdrawn"
        )
        for entry in entries:
            if entry._is_too_late():
                entry._set_state("expired")
                note = self.env._(
                    "%(visit)s does not take place, and no wished day is left.",
                    visit=entry.visit_id.display_name,
                )
            else:
                entry._set_state("waiting")
                note = self.env._(
                    "%(visit)s does not take place, so %(client)s waits again.",
                    visit=entry.visit_id.display_name,
                    client=entry.client_id.name,
                )
            entry.message_post(body=note)
        entries._look_again()

    @api.model
    def _on_visits_back(self, visits):
        """A visit that was cancelled by mistake: nobody waits any more."""
        # sudo: salon.waitlist.entry - kept by the system for whoever reopens
        entries = self.sudo().search(
            [
                ("visit_id", "in", visits.ids),
                ("state", "in", (*OPEN_STATES, "expired")),
            ]
        )
        if entries:
            entries._lock()
            entries.live_offer_id._close("withdrawn")
            entries._set_state("booked")

    def _is_too_late(self):
        """Say whether no day is left on which an offer would make sense."""
        self.ensure_one()
        now = clock.to_minutes(fields.Datetime.now())
        last = min(filter(None, (self.last_day, self.valid_until)), default=None)
        return not last or last < clock.local(now, self.branch_id.tz).date()

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_state(self, allowed):
        for entry in self:
            if entry.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(entry)s is %(state)s on the waitlist, so this cannot be "
                        "done. Reload the page to see what happened meanwhile.",
                        entry=entry.display_name,
                        state=entry._state_label(),
                    )
                )

    def action_match(self):
        """Offer what is free now, without waiting for the clock."""
        self.check_access("write")
        self._check_state(OPEN_STATES)
        waiting = self.filtered(lambda entry: entry.state == "waiting")
        offers = self.env["salon.waitlist"]._match(waiting.branch_id, entries=waiting)
        message = (
            self.env._(
                "Offered: %(offers)s.",
                offers=", ".join(
                    f"{offer.client_id.name}, {offer.times}" for offer in offers
                ),
            )
            if offers
            else self.env._(
                "Nothing that suits is free, or the client has had all offers of the "
                "day. Use “Choose a time” to see what can be had."
            )
        )
        return self.env["salon.waitlist"]._tell(message, is_good=bool(offers))

    def action_choose(self):
        """Open the dialog with the times that could be had."""
        self.ensure_one()
        self.check_access("write")
        self._check_state(OPEN_STATES)
        return self.env["salon.waitlist.pick"]._open(self)

    def action_accept(self):
        """The client said yes to what is offered."""
        self.ensure_one()
        self._check_state(("offered", "booked"))
        offer = self.live_offer_id or self.offer_ids.filtered(
            lambda offer: offer.state == "accepted"
        )
        return offer.action_accept()

    def action_decline(self):
        """The client said no; the next one is asked."""
        self._check_state(("offered",))
        self.live_offer_id.action_decline()

    def action_cancel(self):
        """Nobody waits any more; what is offered is taken back."""
        self.check_access("write")
        self._lock()
        self._check_state((*OPEN_STATES, "expired"))
        self.live_offer_id._close("withdrawn")
        self._set_state("cancelled")

    def action_reopen(self):
        """Wait again, behind those who never stopped."""
        self.check_access("write")
        self._lock()
        self._check_state(("cancelled", "expired"))
        self._set_state("waiting", waiting_since=fields.Datetime.now())
        self._look_again()

    def action_view_visit(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": self.visit_id.id,
            "views": [(False, "form")],
        }


class SalonVisit(models.Model):
    _inherit = "salon.visit"  # pylint: disable=consider-merging-classes-inherited

    def unlink(self):
        self.check_access("unlink")
        self.env["salon.waitlist.entry"]._on_visits_lost(self)
        return super().unlink()


class SalonAppointment(models.Model):
    _inherit = "salon.appointment"  # pylint: disable=consider-merging-classes-inherited

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        entries = self.env["salon.waitlist.entry"]
        lost = self.filtered(lambda a: a.state == states.CANCELLED).visit_id
        if lost := lost.filtered(lambda visit: visit.state == states.CANCELLED):
            entries._on_visits_lost(lost)
        back = self.filtered(lambda a: previous[a.id] == states.CANCELLED)
        if back:
            entries._on_visits_back(back.visit_id)
