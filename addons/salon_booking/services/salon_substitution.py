from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import format_duration

from ..engine import states

#: What can still be done by somebody else.
MOVABLE = (states.BOOKED, states.CONFIRMED, states.ARRIVED)


class Candidate(NamedTuple):
    """Somebody who might take over a shift.

    ``problem`` says why not, or is empty; ``refused`` does so per salon.appointment
    that cannot go over.
    """

    staff: models.BaseModel
    problem: str
    refused: dict


class SalonSubstitution(models.AbstractModel):
    """Gives a shift, and what is booked in it, to somebody else."""

    _name = "salon.substitution"
    _description = "Salon Substitution Service"

    @api.model
    def _bookings(self, shift):
        """The salon.appointments of a shift that somebody else could still do."""
        return self.env["salon.appointment"].search(
            [
                ("staff_id", "=", shift.staff_id.id),
                ("branch_id", "=", shift.branch_id.id),
                ("state", "in", MOVABLE),
                ("visit_id.is_history", "=", False),
                ("start", ">=", shift.start),
                ("start", "<", shift.stop),
            ]
        )

    @api.model
    def _events(self, shift):
        """The planned classes that whoever has the shift holds in it."""
        return self.env["salon.group.event"].search(
            [
                ("staff_ids", "in", shift.staff_id.ids),
                ("branch_id", "=", shift.branch_id.id),
                ("state", "=", "planned"),
                ("start", ">=", shift.start),
                ("start", "<", shift.stop),
            ]
        )

    @api.model
    def _candidates(self, shift):
        """The team of the branch, who is best first, in a fixed number of queries.

        :return: list of ``Candidate``
        """
        shift.ensure_one()
        bookings = self._bookings(shift)
        # sudo: salon.shift - and hr.employee, salon.occupancy, leaves: who is free is
        # no secret of the personnel file or of another branch
        everything = self.sudo()
        staff = everything.env["hr.employee"].search(
            [
                ("is_salon_staff", "=", True),
                ("salon_branch_ids", "in", shift.branch_id.ids),
                ("id", "!=", shift.staff_id.id),
                ("company_id", "in", [False, shift.company_id.id]),
            ]
        )
        plan = shift.with_env(everything.env)
        problems = everything._problems(plan, staff)
        refused = everything._refused(plan, staff, bookings)
        found = [
            Candidate(
                person.with_env(self.env), problems.get(person, ""), refused[person]
            )
            for person in staff
        ]
        return sorted(
            found,
            key=lambda candidate: (bool(candidate.problem), len(candidate.refused)),
        )

    @api.model
    def _problems(self, shift, staff):
        """Why somebody cannot work at that time: ``{hr.employee: text}``."""
        problems = {}
        for leave in self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "in", staff.resource_id.ids),
                ("date_from", "<", shift.stop),
                ("date_to", ">", shift.start),
            ]
        ):
            for person in staff:
                if person.resource_id == leave.resource_id:
                    problems[person] = self.env._("Time off")
        for other in self.env["salon.shift"].search(
            [
                ("staff_id", "in", staff.ids),
                "|",
                "&",
                ("kind", "=", "off"),
                ("business_date", "=", shift.business_date),
                "&",
                ("start", "<", shift.stop),
                ("stop", ">", shift.start),
            ]
        ):
            if other.kind == "work":
                problems[other.staff_id] = self.env._(
                    "Works %(start)s – %(stop)s in %(branch)s",
                    start=format_duration(other.time_from),
                    stop=format_duration(other.time_to),
                    branch=other.branch_id.name,
                )
            elif other.reason_id and other.business_date == shift.business_date:
                problems[other.staff_id] = self.env._("Absent that day")
        return problems

    @api.model
    def _refused(self, shift, staff, bookings):
        """Per person, why an appointment cannot go over to her."""
        templates = bookings.product_id.product_tmpl_id
        skills = self.env["salon.skill"]._find(staff, templates)
        blocked = self.env["salon.licence"]._blocked(
            staff, templates, shift.business_date, shift.business_date
        )
        taken = defaultdict(list)
        for row in self.env["salon.occupancy"].search(
            [
                (
                    "resource_id",
                    "in",
                    (staff.resource_id | shift.staff_id.resource_id).ids,
                ),
                ("start", "<", shift.stop + timedelta(days=1)),
                ("stop", ">", shift.start),
                ("is_blocking", "=", True),
            ]
        ):
            taken[row.resource_id].append(row)
        own = defaultdict(list)
        for row in taken[shift.staff_id.resource_id]:
            own[row.appointment_id or row.group_event_id].append(row)
        refused = {}
        for person in staff:
            refused[person] = {}
            for booking in bookings:
                key = person.id, booking.product_id.product_tmpl_id.id
                # A class is held by whom the salon likes.
                if key not in skills and not booking.group_event_id:
                    why = self.env._(
                        "%(staff)s does not do %(service)s",
                        staff=person.name,
                        service=booking.product_id.name,
                    )
                elif key in blocked:
                    why = self.env._(
                        "%(staff)s has no valid licence for it", staff=person.name
                    )
                elif any(
                    row.start < mine.stop and mine.start < row.stop
                    for mine in own[booking.group_event_id or booking]
                    for row in taken[person.resource_id]
                ):
                    why = self.env._("%(staff)s is busy then", staff=person.name)
                else:
                    continue
                refused[person][booking] = why
        return refused

    @api.model
    def _hand_over(self, shift, staff, reason=None, move_bookings=True):
        """Give a shift to somebody else; the one who had it has the day off.

        Appointments go over one by one at the price agreed with the client; what she
        may not or cannot do, and what the database refuses, stays where it is and is
        returned.

        :param reason: salon.absence.reason of the one who had it
        :return: ``[(salon.appointment, why it stays)]``
        """
        shift.ensure_one()
        shift.check_access("write")
        self._check_of_team(shift, staff)
        giver = shift.staff_id
        bookings = self._bookings(shift)
        events = self._events(shift)
        if not move_bookings:
            bookings, events = bookings.browse(), events.browse()
        # sudo: hr.employee, salon.occupancy - as for the candidates
        everything = self.sudo()
        people = staff.with_env(everything.env)
        plan = shift.with_env(everything.env)
        refused = everything._refused(plan, people, bookings)[people]
        staying = list(refused.items())
        bookings = bookings.filtered(lambda booking: booking not in refused)
        events -= self.env["salon.appointment"].union(*refused).group_event_id
        # Hours are worked out once the bookings have moved: only what stays is listed
        # as having lost its time.
        with self.env["salon.hours"]._collected():
            self._give(shift, staff, reason)
            staying += self._move_events(events, giver, staff)
            staying += self._move_bookings(
                bookings.filtered(lambda booking: not booking.group_event_id), staff
            )
        if shift.is_published:
            shift._after_publish()
        return staying

    @api.model
    def _check_of_team(self, shift, staff):
        """Whoever takes over loses days off: only for the own team to decide."""
        # sudo: hr.employee - where somebody works
        if shift.branch_id not in staff.sudo().salon_branch_ids:
            raise UserError(
                self.env._(
                    "%(staff)s does not work in %(branch)s.",
                    staff=staff.name,
                    branch=shift.branch_id.name,
                )
            )

    @api.model
    def _give(self, shift, staff, reason):
        giver, day = shift.staff_id, shift.business_date
        # sudo: salon.shift - a day off in the plan of another branch is in the way
        shifts = self.env["salon.shift"].sudo()
        shifts.search(
            [
                ("staff_id", "=", staff.id),
                ("business_date", "=", day),
                ("kind", "=", "off"),
                ("reason_id", "=", False),
            ]
        ).unlink()
        shift.write({"staff_id": staff.id})
        # sudo: salon.shift - it is not of the giver's pattern any more
        shift.sudo().assignment_id = False
        if shifts.search_count(
            [("staff_id", "=", giver.id), ("business_date", "=", day)], limit=1
        ):
            return
        shift.create(
            {
                "staff_id": giver.id,
                "branch_id": shift.branch_id.id,
                "business_date": day,
                "kind": "off",
                "reason_id": reason.id if reason else False,
                "is_published": shift.is_published,
                "note": self.env._("%(staff)s works instead", staff=staff.name),
            }
        )

    @api.model
    def _move_events(self, events, giver, staff):
        """Who takes part comes along."""
        staying = []
        change = [Command.unlink(giver.id), Command.link(staff.id)]
        for event in events:
            try:
                with self.env.cr.savepoint():
                    event.write({"staff_ids": change})
            except UserError as refusal:
                members = event._get_participants()
                staying += [(member, str(refusal)) for member in members]
        return staying

    @api.model
    def _move_bookings(self, bookings, staff):
        staying = []
        for booking in bookings:
            try:
                with self.env.cr.savepoint():
                    booking.write(
                        {
                            "staff_id": staff.id,
                            "price": booking.price,
                            "is_requested": False,
                        }
                    )
            except UserError as refusal:
                staying.append((booking, str(refusal)))
        return staying
