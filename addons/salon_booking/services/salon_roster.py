from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models

from ..engine import clock, rosters
from ..engine.rosters import PatternShift

#: What becomes of days that have shifts made or changed by hand.
KEEP, REPLACE = "keep", "replace"


class Plan(NamedTuple):
    """A shift to be made; without ``shift`` it is a day off."""

    branch_id: int
    shift: PatternShift | None
    assignment_id: int | bool = False
    note: str | bool = False


class Made(NamedTuple):
    """What became of a plan: new salon.shift, and (staff id, day) left as they were."""

    shifts: models.BaseModel
    kept: list


class SalonRoster(models.AbstractModel):
    """Makes dated shifts from patterns and from other weeks."""

    _name = "salon.roster"
    _description = "Salon Roster Service"

    @api.model
    def _generate(self, assignments, first, last, edited=KEEP, is_published=False):
        """Make the shifts that patterns say for ``first`` to ``last``, both included.

        What was made before and not touched follows the pattern; what already is as
        it should be stays the same record.

        :param edited: ``keep`` days that have a shift made or changed by hand, or
            ``replace`` them
        :return: ``Made``
        """
        wanted = defaultdict(list)
        for assignment in assignments:
            pattern = assignment.pattern_id._to_engine()
            anchor = assignment.pattern_id._get_anchor(assignment.anchor)
            since = max(first, assignment.date_from)
            until = min(last, assignment.date_until or last)
            for day, shifts in rosters.unroll(pattern, anchor, since, until):
                wanted[assignment.staff_id.id, day] += [
                    Plan(assignment.branch_id.id, shift, assignment.id)
                    for shift in shifts or (None,)
                ]
        made = self._apply(wanted, edited, is_published)
        for assignment in assignments:
            until = min(last, assignment.date_until or last)
            if not assignment.generated_until or assignment.generated_until < until:
                # sudo: salon.roster.assignment - kept by the system
                assignment.sudo().generated_until = until
        return made

    @api.model
    def _copy_week(self, branch, monday, weeks, staff=None, edited=KEEP):
        """Repeat a branch's week in the weeks after it, as drafts.

        :param weeks: how many following weeks
        :param staff: hr.employee; None for everybody
        :return: ``Made``
        """
        domain = [
            ("branch_id", "=", branch.id),
            ("business_date", ">=", monday),
            ("business_date", "<", monday + timedelta(weeks=1)),
        ]
        if staff:
            domain.append(("staff_id", "in", staff.ids))
        wanted = defaultdict(list)
        for shift in self.env["salon.shift"].search(domain):
            for week in range(1, weeks + 1):
                day = shift.business_date + timedelta(weeks=week)
                wanted[shift.staff_id.id, day].append(
                    Plan(branch.id, self._pattern_shift(shift), note=shift.note)
                )
        return self._apply(wanted, edited)

    @api.model
    def _apply(self, wanted, edited=KEEP, is_published=False):
        """Bring days to a plan in a fixed number of queries.

        :param wanted: ``{(staff id, day): [Plan]}``
        :return: ``Made``
        """
        shifts = self.env["salon.shift"]
        if not wanted:
            return Made(shifts, [])
        days = {day for _staff, day in wanted}
        # sudo: salon.shift - what another branch has planned is in the way, too
        existing = shifts.sudo().search(
            [
                ("staff_id", "in", list({staff for staff, _day in wanted})),
                ("business_date", ">=", min(days) - timedelta(days=1)),
                ("business_date", "<=", max(days) + timedelta(days=1)),
            ]
        )
        existing.break_ids.fetch(["time_from", "time_to", "shift_id"])
        by_day = existing.grouped(
            lambda shift: (shift.staff_id.id, shift.business_date)
        )
        zones = {
            branch.id: branch.tz
            for branch in self.env["salon.branch"].browse(
                {plan.branch_id for plans in wanted.values() for plan in plans}
            )
        }
        obsolete, foreign_off, to_publish = shifts, shifts, shifts
        kept, new = [], []
        for key, plans in sorted(wanted.items()):
            plans = self._without_idle(plans)
            old = by_day.get(key, shifts)
            own = {plan.branch_id for plan in plans}
            mine = old.filtered(lambda shift, own=own: shift.branch_id.id in own)
            elsewhere = old - mine
            if self._has_to_stay(mine, elsewhere, plans, edited):
                kept.append(key)
                continue
            if not plans[0].shift and elsewhere:
                # At work in another branch: no day off, but not here either.
                obsolete |= mine
                continue
            foreign_off |= elsewhere.filtered(lambda shift: shift.kind == "off")
            if self._is_as_planned(mine, plans):
                to_publish |= mine
                continue
            obsolete |= mine
            stays_public = is_published or any(mine.mapped("is_published"))
            new += [(key, plan, stays_public) for plan in plans]
        staying = existing - obsolete - foreign_off
        new, clashing = self._without_clashes(new, staying, zones)
        # What is replaced is not open in between, so that no booking loses its time.
        with self.env["salon.hours"]._collected():
            # By the rights of the user, but for days off that only a pattern said.
            obsolete.with_env(self.env).unlink()
            foreign_off.unlink()
            if is_published:
                to_publish.with_env(self.env).filtered(
                    lambda shift: not shift.is_published
                ).action_publish()
            created = shifts._plan(
                [self._values(key, plan, public) for key, plan, public in new]
            )
        created.filtered("is_published")._after_publish()
        return Made(created, kept + clashing)

    @api.model
    def _has_to_stay(self, mine, elsewhere, plans, edited):
        """Whether a day has something by hand that a plan must not touch."""
        if edited == KEEP and (mine | elsewhere).filtered(self._is_by_hand):
            return True
        # A manager of this branch does not undo by hand what another one planned.
        return bool(plans[0].shift) and any(
            shift.kind == "off" and self._is_by_hand(shift) for shift in elsewhere
        )

    @api.model
    def _is_by_hand(self, shift):
        return not shift.assignment_id or shift.is_edited

    @api.model
    def _without_idle(self, plans):
        """Work in one branch goes before a day off in another; one is enough."""
        return [plan for plan in plans if plan.shift] or plans[:1]

    @api.model
    def _is_as_planned(self, shifts, plans):
        return (
            bool(shifts)
            and not any(self._is_by_hand(shift) for shift in shifts)
            and sorted((shift.branch_id.id, self._hours(shift)) for shift in shifts)
            == sorted((plan.branch_id, self._hours_of(plan.shift)) for plan in plans)
        )

    @api.model
    def _hours(self, shift):
        return self._hours_of(self._pattern_shift(shift))

    @api.model
    def _hours_of(self, shift):
        return (shift.start, shift.stop, *shift.breaks) if shift else ()

    @api.model
    def _pattern_shift(self, shift):
        """The wall-clock hours of a salon.shift, or None for a day off."""
        if shift.kind == "off":
            return None

        def after(hours, minute):
            wall = round(hours * 60)
            return wall if wall >= minute else wall + rosters.DAY

        start = round(shift.time_from * 60)
        breaks = []
        for pause in shift.break_ids:
            first = after(pause.time_from, start)
            breaks.append((first, after(pause.time_to, first + 1)))
        stop = after(shift.time_to, start + 1)
        return PatternShift(0, start, stop, tuple(sorted(breaks)))

    @api.model
    def _without_clashes(self, new, staying, zones):
        """Take out what overlaps a shift that stays, or each other.

        :return: what is left, and the (staff id, day) taken out
        """
        taken = defaultdict(list)
        for shift in staying:
            if shift.kind == "work":
                taken[shift.staff_id.id].append(
                    (clock.to_minutes(shift.start), clock.to_minutes(shift.stop))
                )
        left, clashing = [], []
        for (staff_id, day), plan, public in new:
            if plan.shift:
                laid = rosters.lay(plan.shift, day, zones[plan.branch_id])
                if not laid or any(
                    laid.start < stop and start < laid.stop
                    for start, stop in taken[staff_id]
                ):
                    clashing.append((staff_id, day))
                    continue
                taken[staff_id].append((laid.start, laid.stop))
            left.append(((staff_id, day), plan, public))
        return left, clashing

    @api.model
    def _values(self, key, plan, is_published):
        """What ``salon.shift._plan`` takes."""
        staff_id, day = key
        values = {
            "staff_id": staff_id,
            "branch_id": plan.branch_id,
            "assignment_id": plan.assignment_id,
            "business_date": day,
            "kind": "work" if plan.shift else "off",
            "is_published": is_published,
            "note": plan.note,
        }
        if plan.shift:
            values |= {
                "time_from": plan.shift.start / 60,
                "time_to": plan.shift.stop % rosters.DAY / 60,
                "breaks": [
                    (first % rosters.DAY / 60, last % rosters.DAY / 60)
                    for first, last in plan.shift.breaks
                ],
            }
        return values
