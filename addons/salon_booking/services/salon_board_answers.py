from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import clock
from ..engine.refusals import Refusal
from ..engine.wishes import ServiceWish, VisitWish

#: What the desk may do all the same: it looks at the day while it moves a block.
LEFT_TO_THE_DESK = frozenset(
    {"past", "lead_time", "horizon", "same_day", "off_grid", "gap", "policy_hold"}
)
#: Refusals that say that something is taken: who may squeeze in may do it.
TAKEN = frozenset({"busy", "no_place", "nobody_free"})
#: How many other times are named.
NEAREST = 3


class SalonBoard(models.AbstractModel):
    """Where an appointment could go, asked once when it is picked up."""

    _inherit = "salon.board"

    # rpc: _find_appointment checks the right to the appointment
    @api.model
    def answers(self, appointment_id, first=None, last=None):
        """Where the appointment could begin, by person.

        :param first, last: local days; by default the day that it is on
        :return: ``{"grid": minutes, "staff": {id: {"starts": [UTC minute, …],
            "minutes": n, "why": sentence}}}``, ``why`` where there is no start
        """
        appointment = self._find_appointment(appointment_id)
        if not appointment:
            raise UserError(self._gone())
        branch = appointment.branch_id
        day = clock.local(clock.to_minutes(appointment.start), branch.tz).date()
        first = fields.Date.to_date(first) or day
        last = max(fields.Date.to_date(last) or first, first)
        self._check_days(first, last)
        wish = self._wish(appointment, anybody=True)
        search = self.env["salon.search"]._prepare(wish, first, last, appointment)
        starts = self.env["salon.availability"]._free_starts(search) if search else {}
        minutes = appointment.duration_minutes
        team = self._team(branch, starts)
        return {
            "grid": search.grid if search else branch.slot_minutes,
            "staff": {
                person: {
                    "starts": starts.get(person, []),
                    "minutes": minutes,
                    "why": ""
                    if starts.get(person)
                    else self._why_never(search, appointment, person, starts),
                }
                for person in team
            },
        }

    @api.model
    def _team(self, branch, starts):
        """Everybody who has a column there."""
        # sudo: hr.employee - who is of the team
        team = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("salon_branch_ids", "in", branch.ids), ("is_salon_staff", "=", True)]
            )
        )
        return list(dict.fromkeys([*team.ids, *starts]))

    @api.model
    def _why_never(self, search, appointment, person, starts):
        """Why somebody has no time at all in these days."""
        values = {"staff": person, "product": appointment.product_id.id}
        if person not in starts:
            code = "no_skill"
        elif search.open.get(person):
            code = "busy"
        else:
            code = "not_working"
        return self.env["salon.refusal"]._text(
            Refusal(code, values), appointment.branch_id
        )

    @api.model
    def _gone(self):
        return self.env._("This appointment was deleted meanwhile.")

    @api.model
    def _find_appointment(self, appointment_id):
        """The appointment, if the user may change it here; empty when it is gone."""
        self._check_desk()
        appointment = self.env["salon.appointment"].browse(appointment_id).exists()
        appointment.check_access("write")
        return appointment

    @api.model
    def _wish(self, appointment, start=None, staff=None, minutes=None, anybody=False):
        """The appointment as a wish; rules about the client were asked when booked."""
        people = (staff,) if staff else tuple(appointment.staff_id.ids) or None
        return VisitWish(
            appointment.branch_id.id,
            (
                ServiceWish(
                    appointment.product_id.id,
                    None if anybody else people,
                    minutes or appointment.duration_minutes,
                ),
            ),
            client=appointment.client_id.id or None,
            is_override=True,
        )

    @api.model
    def _refusals(self, wish, start, without=None):
        """Hard reasons against a wished start that the desk cannot put aside."""
        now = clock.to_minutes(fields.Datetime.now())
        if start < now:
            # What has begun is written down as it is.
            return []
        refusals = self.env["salon.availability"]._explain(wish, start, without)
        return [
            refusal
            for refusal in refusals
            if refusal.is_hard and refusal.code not in LEFT_TO_THE_DESK
        ]

    @api.model
    def _refused(self, branch, refusals, wish, start, without=None):
        """The answer for a drop that cannot be: why, and what comes closest."""
        has_group = self.env.user.has_group
        may = ""
        if {refusal.code for refusal in refusals} <= TAKEN:
            if has_group("salon_booking.group_salon_squeeze_in"):
                may = "squeeze_in"
        elif has_group("salon_booking.group_salon_override"):
            may = "override"
        offers = self.env["salon.availability"]._nearest_offers(
            wish, start, NEAREST, without
        )
        return {
            "ok": False,
            "why": " ".join(self.env["salon.refusal"]._texts(refusals, branch)),
            "may": may,
            "stale": False,
            "nearest": self._nearest(
                branch, [part for offer in offers for part in offer.parts[:1]]
            ),
        }

    @api.model
    def _nearest(self, branch, parts):
        # sudo: hr.employee - names are said to clients
        staff = self.env["hr.employee"].sudo().browse({part.staff for part in parts})
        names = {one.id: one.name for one in staff}
        label = self.env["salon.booking"]._moment_label
        return [
            {
                "start": part.start,
                "staff": part.staff,
                "label": f"{label(part.start, branch)} · {names.get(part.staff, '')}",
            }
            for part in parts
        ]
