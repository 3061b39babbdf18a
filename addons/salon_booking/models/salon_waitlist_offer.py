from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, format_date, format_time, hmac

from ..engine import clock, waitlist
from ..engine.wishes import Offer, Part
from ..exceptions import SlotTaken

STATES = [
    ("offered", "Offered"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
]


class SalonWaitlistOffer(models.Model):
    """A time that was offered to somebody on the waitlist, and the answer.

    Written by the system only: the service ``salon.waitlist`` makes them, the answers
    of clients and desk and the clock close them.
    """

    _name = "salon.waitlist.offer"
    _description = "Offer to the Waitlist"
    _inherit = ["portal.mixin"]
    _order = "offered_at desc, id desc"

    entry_id = fields.Many2one(
        "salon.waitlist.entry", required=True, index=True, ondelete="cascade"
    )
    wish_id = fields.Many2one("salon.waitlist.wish", ondelete="set null")
    branch_id = fields.Many2one(
        related="entry_id.branch_id", store=True, index=True, precompute=True
    )
    client_id = fields.Many2one(
        related="entry_id.client_id", store=True, index=True, precompute=True
    )
    parts = fields.Json(
        required=True, help="Service, person, first and last minute of each part."
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    times = fields.Char(compute="_compute_times", help="On the clock of the branch.")
    staff_ids = fields.Many2many("hr.employee", string="With")
    staff_names = fields.Char("People", compute="_compute_service_names")
    service_names = fields.Char("Services", compute="_compute_service_names")
    answer_until = fields.Char(
        "Answer Before",
        compute="_compute_answer_until",
        help="On the clock of the branch.",
    )
    hold_id = fields.Many2one(
        "salon.hold",
        "Held Time",
        ondelete="set null",
        help="Nobody else can take the time until it expires. Empty when everybody is "
        "asked at once.",
    )
    state = fields.Selection(STATES, default="offered", required=True, index=True)
    is_lost = fields.Boolean(
        "Somebody Was Faster", help="The same time may be offered again."
    )
    offered_at = fields.Datetime(required=True, default=fields.Datetime.now)
    send_at = fields.Datetime(
        "Message Goes Out", help="Later than the offer in quiet hours."
    )
    expires_at = fields.Datetime("Answer Until", required=True)
    closed_at = fields.Datetime("Answered")
    visit_id = fields.Many2one("salon.visit", "Booked Visit", ondelete="set null")

    _one_live = models.UniqueIndex(
        "(entry_id) WHERE state = 'offered'",
        "The client is just thinking about another offer.",
    )
    _one_accepted = models.UniqueIndex(
        "(entry_id) WHERE state = 'accepted'", "The client has already accepted a time."
    )
    _visit_unique = models.UniqueIndex(
        "(visit_id) WHERE visit_id IS NOT NULL",
        "This visit already came from another offer.",
    )
    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "An offered visit lasts at least one minute."
    )
    _expires_after_offer = models.Constraint(
        "CHECK (expires_at > offered_at)", "An offer stands for at least a minute."
    )
    _closed_has_moment = models.Constraint(
        "CHECK ((state = 'offered') = (closed_at IS NULL))",
        "An offer is either open or was answered at some moment.",
    )
    _live_expiry = models.Index("(expires_at) WHERE state = 'offered'")

    @api.depends("start", "stop", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_times(self):
        for offer in self:
            offer.times = offer.start and self._label_times(
                offer.start, offer.stop, offer.branch_id.tz
            )

    @api.model
    def _label_times(self, start, stop, zone):
        """ "Thu 12 Jun, 10:00 – 10:45" on the clock of a zone."""
        day = format_date(
            self.env,
            clock.local(clock.to_minutes(start), zone),
            date_format="EEE d MMM",
        )
        first, last = (
            format_time(self.env, moment, tz=zone, time_format="short")
            for moment in (start, stop)
        )
        return f"{day}, {first} – {last}"

    @api.depends("expires_at", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_answer_until(self):
        for offer in self:
            zone = offer.branch_id.tz
            moment = offer.expires_at
            label = format_time(self.env, moment, tz=zone, time_format="short")
            day, today = (
                clock.local(clock.to_minutes(each), zone).date()
                for each in (moment, fields.Datetime.now())
            )
            if day != today:
                label = (
                    f"{format_date(self.env, day, date_format='EEE d MMM')}, {label}"
                )
            offer.answer_until = label

    @api.depends("parts", "staff_ids")
    @api.depends_context("lang")
    def _compute_service_names(self):
        for offer in self:
            products = self.env["product.product"].browse(
                dict.fromkeys(part["product"] for part in offer.parts or ())
            )
            offer.service_names = ", ".join(products.mapped("name"))
            # sudo: hr.employee - the client is told with whom
            offer.staff_names = ", ".join(offer.sudo().staff_ids.mapped("name"))

    @api.depends("client_id", "times")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = f"{offer.client_id.name} · {offer.times}"

    def _compute_access_url(self):
        super()._compute_access_url()
        for offer in self:
            offer.access_url = f"/my/waitlist/{offer.id}"

    def _to_offer(self):
        """The ``engine.wishes.Offer`` that was made."""
        self.ensure_one()
        return Offer(
            clock.to_minutes(self.start),
            clock.to_minutes(self.stop),
            tuple(Part(**part) for part in self.parts),
        )

    def _was_passed(self):
        """Say whether the client could have had this time and did not take it."""
        self.ensure_one()
        return not self.is_lost and self.state in ("declined", "expired", "withdrawn")

    def _is_over(self):
        self.ensure_one()
        return self.state != "offered" or self.expires_at <= fields.Datetime.now()

    def _lock(self):
        self.env["salon.waitlist"]._lock(self.entry_id)
        self.env["salon.waitlist"]._lock(self)

    # --- answers ---

    def _accept(self, source="desk"):
        """Book what was offered; who accepts twice gets the same visit.

        :return: salon.visit
        :raises SlotTaken: the time is gone, with the nearest free times
        """
        self.ensure_one()
        self._lock()
        if self.state == "accepted":
            return self.visit_id
        if self._is_over():
            raise UserError(self._get_over_text())
        entry = self.entry_id
        wish = self.wish_id or entry.wish_ids[:1]
        # sudo: salon.hold - made for this offer
        hold = self.sudo().hold_id
        visit = self.env["salon.booking"]._book_offer(
            wish._to_visit_wish(),
            self._to_offer(),
            source=source,
            note=entry.note,
            hold=hold or None,
            key=self._get_booking_key(),
        )
        self._close_as("accepted", visit_id=visit.id, hold_id=False)
        entry._set_state("booked", visit_id=visit.id)
        self._withdraw_clashing()
        self._after_accept(source)
        return visit

    def _after_accept(self, source):
        """Hook: the offered time has just been booked."""

    def _get_booking_key(self):
        """Always the same, and not to be guessed: the booking pages ask no more."""
        # sudo: ir.config_parameter - the key of the database stays inside
        seal = hmac(self.env(su=True), "salon.waitlist.offer", self.id)
        return f"waitlist-{self.id}-{seal[:32]}"

    def _try_accept(self, source="desk"):
        """Accept, or note that somebody was faster.

        :return: salon.visit (empty when the time is gone) and the SlotTaken or None
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return self._accept(source), None
        except SlotTaken as taken:
            self._close("withdrawn", is_lost=True)
            return self.env["salon.visit"], taken

    def _close(self, state, is_lost=False):
        """End offers that are still open; the time goes to the next one who waits."""
        if not self:
            return
        self._lock()
        live = self.filtered(lambda offer: offer.state == "offered")
        # sudo: salon.hold - made for this offer
        holds = live.sudo().hold_id
        live._close_as(state, is_lost=is_lost, hold_id=False)
        if holds:
            holds._release()
        entries = live.entry_id.filtered(lambda entry: entry.state == "offered")
        entries._set_state("waiting")
        entries._look_again()
        self.env["salon.waitlist"]._record(
            (offer.branch_id.id, day, day)
            for offer in live
            for day in [
                clock.local(clock.to_minutes(offer.start), offer.branch_id.tz).date()
            ]
        )

    def _close_as(self, state, **values):
        # sudo: salon.waitlist.offer - nobody writes offers by hand; whoever gets here
        # may write the entry or holds the client's token
        self.sudo().write(
            {"state": state, "closed_at": fields.Datetime.now(), **values}
        )

    def _withdraw_clashing(self):
        """All at once: who hesitated need not come in vain.

        Whoever is answering in this moment is left out and told by the booking itself.
        """
        # sudo: salon.waitlist.offer - of other clients, by the client's token
        others = self.sudo().search(
            [
                ("branch_id", "=", self.branch_id.id),
                ("state", "=", "offered"),
                ("hold_id", "=", False),
                ("start", "<", self.stop),
                ("stop", ">", self.start),
                ("id", "!=", self.id),
            ]
        )
        mine = self._to_offer()
        seats = self.env["salon.party.booking"]._class_seats(self.branch_id, mine.parts)
        shared = {part for part, left in seats.items() if left > 0}
        others = others.filtered(
            lambda offer: waitlist.clashes(mine, offer._to_offer(), shared)
        ).try_lock_for_update(allow_referencing=True)
        others = others.filtered(
            lambda offer: offer.entry_id.try_lock_for_update(allow_referencing=True)
        )
        others._close("withdrawn", is_lost=True)

    def _get_over_text(self):
        self.ensure_one()
        if self.state == "declined":
            return self.env._(
                "%(times)s was declined. %(client)s waits on and will be offered "
                "another time.",
                times=self.times,
                client=self.client_id.name,
            )
        return self.env._(
            "The offer of %(times)s has ended and the time may be gone. "
            "%(client)s waits on and will be offered another time.",
            times=self.times,
            client=self.client_id.name,
        )

    def action_accept(self):
        self.ensure_one()
        self.entry_id.check_access("write")
        visit, taken = self._try_accept("desk")
        if taken:
            return self.env["salon.waitlist"]._tell(str(taken), is_good=False)
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": visit.id,
            "views": [(False, "form")],
        }

    def action_decline(self):
        self.entry_id.check_access("write")
        self._close("declined")

    def action_withdraw(self):
        """Take the offer back; the client is not told."""
        self.entry_id.check_access("write")
        self._close("withdrawn")

    # --- the client ---

    def _notify(self):
        """Tell the clients, each in the own language. Hook for other channels.

        Mails leave after the transaction; in quiet hours they wait until the end.
        """
        template = self.env.ref(
            "salon_booking.mail_template_waitlist_offer", raise_if_not_found=False
        )
        if not template:
            return
        for offer in self:
            if offer.client_id.email:
                offer._portal_ensure_token()
                offer._post_mail(template)

    def _post_mail(self, template):
        # sudo: mail.template - rendered for whoever is offered something
        template = template.sudo()
        rendered = {
            name: template._render_field(
                name, self.ids, compute_lang=True, options={"post_process": True}
            )[self.id]
            for name in ("subject", "body_html", "email_from")
        }
        later = self.send_at and self.send_at > fields.Datetime.now()
        # sudo: salon.waitlist.entry - the clock and the client's own answer post, too
        self.entry_id.sudo().message_post(
            subject=rendered["subject"],
            body=Markup(rendered["body_html"]),
            email_from=rendered["email_from"] or None,
            partner_ids=self.client_id.ids,
            message_type="auto_comment",
            email_layout_xmlid="mail.mail_notification_light",
            force_email_lang=self.client_id.lang,
            **({"scheduled_date": self.send_at} if later else {}),
        )

    def _answer(self, answer):
        """What the client says on the page; return what to tell, if anything."""
        self.ensure_one()
        self = self.with_company(self.branch_id.company_id)
        if answer == "decline":
            self._close("declined")
            return None
        _visit, taken = self._try_accept("web")
        return taken and str(taken)

    @api.model
    def _portal_find(self, offer_id, access_token):
        """The offer in sudo when the token fits, else empty.

        "Not yours" and "does not exist" give the same answer.
        """
        # sudo: salon.waitlist.offer - clients have no access to the model
        offer = self.sudo().browse(offer_id).exists()
        token = offer.access_token
        if token and access_token and consteq(token, access_token):
            return offer
        return self.browse()
