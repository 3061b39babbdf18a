from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import clock
from ..engine.wishes import Offer, Part
from ..exceptions import SlotTaken

#: How many times are shown per wish and per day, and how far apart: the client on the
#: phone wants to hear different ones.
SHOWN, PER_DAY, APART = 15, 4, 60


class SalonWaitlistPick(models.TransientModel):
    """Choose one of the times that somebody on the waitlist could have."""

    _name = "salon.waitlist.pick"
    _description = "Choose a Time for the Waitlist"

    entry_id = fields.Many2one("salon.waitlist.entry", required=True, readonly=True)
    client_id = fields.Many2one(related="entry_id.client_id")
    client_phone = fields.Char(related="entry_id.client_phone")
    line_ids = fields.One2many("salon.waitlist.pick.line", "pick_id", readonly=True)

    @api.depends("entry_id")
    def _compute_display_name(self):
        for pick in self:
            pick.display_name = pick.entry_id.display_name

    @api.model
    def _open(self, entry):
        pick = self.create(
            {
                "entry_id": entry.id,
                "line_ids": [
                    Command.create(values) for values in self._prepare_lines(entry)
                ],
            }
        )
        return {
            "name": self.env._("Choose a time"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": pick.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_lines(self, entry):
        waitlist = self.env["salon.waitlist"]
        return [
            {
                "wish_id": wish.id,
                "sequence": place,
                "start": clock.to_utc(offer.start),
                "stop": clock.to_utc(offer.stop),
                "staff_ids": [
                    Command.set(list(dict.fromkeys(part.staff for part in offer.parts)))
                ],
                "parts": [
                    {
                        "product": part.product,
                        "staff": part.staff,
                        "start": part.start,
                        "stop": part.stop,
                    }
                    for part in offer.parts
                ],
            }
            for place, wish in enumerate(entry.wish_ids)
            for offer in self._spread(waitlist._find_free(wish), wish.branch_id.tz)
        ]

    @api.model
    def _spread(self, offers, zone):
        """A few times of each day that lie apart, the earliest first."""
        shown, by_day = [], defaultdict(list)
        for offer in offers:
            of_day = by_day[clock.local(offer.start, zone).date()]
            if len(of_day) < PER_DAY and (
                not of_day or offer.start >= of_day[-1].start + APART
            ):
                of_day.append(offer)
                shown.append(offer)
        return shown[:SHOWN]


class SalonWaitlistPickLine(models.TransientModel):
    _name = "salon.waitlist.pick.line"
    _description = "Time for the Waitlist"
    _inherit = ["hr.mixin"]
    _order = "sequence, start, id"

    pick_id = fields.Many2one(
        "salon.waitlist.pick", required=True, ondelete="cascade", readonly=True
    )
    sequence = fields.Integer(readonly=True)
    wish_id = fields.Many2one("salon.waitlist.wish", required=True, readonly=True)
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    parts = fields.Json(required=True, readonly=True)
    times = fields.Char(compute="_compute_times")
    staff_ids = fields.Many2many("hr.employee", string="With", readonly=True)

    @api.depends("start", "stop")
    @api.depends_context("lang")
    def _compute_times(self):
        for line in self:
            line.times = self.env["salon.waitlist.offer"]._label_times(
                line.start, line.stop, line.wish_id.branch_id.tz
            )

    def _to_offer(self):
        return Offer(
            clock.to_minutes(self.start),
            clock.to_minutes(self.stop),
            tuple(Part(**part) for part in self.parts),
        )

    def action_offer(self):
        """Hold the time and send the message, as the clock would."""
        self.ensure_one()
        entry = self._lock_entry(("waiting",))
        offer = self.env["salon.waitlist"]._offer(entry, self.wish_id, self._to_offer())
        if not offer:
            raise self._taken()
        return {"type": "ir.actions.act_window_close"}

    def action_book(self):
        """The client is on the phone and has said yes."""
        self.ensure_one()
        entry = self._lock_entry(("waiting", "offered"))
        entry.live_offer_id._close("withdrawn")
        visit = self.env["salon.booking"]._book_offer(
            self.wish_id._to_visit_wish(), self._to_offer(), note=entry.note
        )
        entry._set_state("booked", visit_id=visit.id)
        return entry.action_view_visit()

    def _lock_entry(self, states):
        entry = self.pick_id.entry_id
        entry.check_access("write")
        entry._lock()
        if self.wish_id not in entry.wish_ids:
            raise self._taken()
        if entry.state == "offered" and "offered" not in states:
            raise UserError(
                self.env._(
                    "%(client)s is just thinking about %(times)s. Take that offer back "
                    "first.",
                    client=entry.client_id.name,
                    times=entry.offered_times,
                )
            )
        entry._check_state(states)
        return entry

    def _taken(self):
        return SlotTaken(
            self.env._(
                "%(times)s was just taken. Close this window and choose another time.",
                times=self.times,
            )
        )
