from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import clock, states
from ..engine.phases import BUFFER
from ..engine.wishes import ServiceWish, VisitWish
from ..exceptions import SlotTaken
from .salon_board_answers import TAKEN

#: What a drop may say; anything else is a mistake of the caller.
PLACE = frozenset({"start", "stop", "staff", "facility", "phase", "override"})


class SalonBoard(models.AbstractModel):
    """What is done on the board: moving, lengthening, giving away, states, blocks.

    Each answers ``{"ok": True, "visits": [ids], "undo": token}`` or ``{"ok": False,
    "why": sentence, "nearest": […], "may": "squeeze_in" or "override", "stale"}``.
    """

    _inherit = "salon.board"

    @api.model
    def _check_desk(self):
        self._check_role()
        if not self._is_desk():
            raise AccessError(
                self.env._("Only the desk changes the board. Please ask there.")
            )

    # rpc: _find_appointment checks the right to the appointment
    @api.model
    def change(self, appointment_id, values, version=None):
        """Put an appointment where it was dropped.

        :param values: any of start, stop (UTC minutes), staff (False is nobody),
            facility (False is any), phase ``{"index": n, "staff": id}`` and override,
            the reason why it is done although something speaks against it, by right
        :param version: of the appointment as the board showed it
        """
        if unknown := values.keys() - PLACE:
            raise UserError(
                self.env._(
                    "The board cannot change %(fields)s.",
                    fields=", ".join(sorted(unknown)),
                )
            )
        self.env["salon.reach"]._check_minutes(values.get("start"), values.get("stop"))
        appointment = self._find_appointment(appointment_id)
        if stale := self._stale(appointment, version):
            return stale
        if refused := self._refuse(appointment, values):
            return refused
        before, seen = self._snapshot(appointment), self._versions(appointment)
        try:
            self._put(appointment, values)
        except SlotTaken as taken:
            branch = appointment.branch_id
            return {
                **self._cannot(str(taken)),
                "may": self._may_squeeze_in(),
                "nearest": self._nearest(branch, taken.alternatives),
            }
        except UserError as error:
            return self._cannot(str(error))
        return self._done(appointment, before, seen)

    @api.model
    def _may_squeeze_in(self):
        may = self.env.user.has_group("salon_booking.group_salon_squeeze_in")
        return "squeeze_in" if may else ""

    @api.model
    def _done(self, appointments, before, seen):
        return {
            "ok": True,
            "visits": appointments.visit_id.ids,
            "undo": self._token(
                "place", before=before, seen=seen, after=self._versions(appointments)
            ),
        }

    @api.model
    def _stale(self, appointment, version):
        """The answer for somebody who did not see the last change; else None."""
        if not appointment:
            return {
                **self._cannot(self._gone()),
                "stale": True,
            }
        # Whoever changes the same one now waits here, and then starts anew.
        appointment._lock_visits()
        if version is None or version in self._versions(appointment).values():
            return None
        day = clock.local(
            clock.to_minutes(appointment.start), appointment.branch_id.tz
        ).date()
        why = self.env._(
            "%(appointment)s was changed meanwhile by %(user)s. The board shows it as "
            "it is now.",
            appointment=appointment.display_name,
            # sudo: res.users - the name of a colleague
            user=appointment.sudo().write_uid.name,
        )
        return {
            **self._cannot(why),
            "stale": True,
            "data": self.changed(
                appointment.branch_id.ids, day, day, appointment.visit_id.ids
            ),
        }

    @api.model
    def _refuse(self, appointment, values):
        """What speaks against a drop, before anything is written; else None."""
        if "phase" in values or not {"start", "stop", "staff"} & values.keys():
            return None
        start = values.get("start", clock.to_minutes(appointment.start))
        minutes = self._minutes(appointment, values)
        if minutes <= 0:
            return self._cannot(self.env._("An appointment lasts at least one minute."))
        staff = values.get("staff", appointment.staff_id.id)
        if not staff:
            return None
        wish = self._wish(appointment, start, staff, minutes)
        refusals = self._refusals(wish, start, appointment)
        if values.get("override"):
            refusals = self._not_overridden(refusals)
        if not refusals:
            return None
        return self._refused(appointment.branch_id, refusals, wish, start, appointment)

    @api.model
    def _not_overridden(self, refusals):
        """What is left of refusals for somebody who gives a reason, by right."""
        has_group = self.env.user.has_group
        may_squeeze_in = has_group("salon_booking.group_salon_squeeze_in")
        may_override = has_group("salon_booking.group_salon_override")
        return [
            refusal
            for refusal in refusals
            if not (may_squeeze_in if refusal.code in TAKEN else may_override)
        ]

    @api.model
    def _minutes(self, appointment, values):
        if "stop" not in values:
            return appointment.duration_minutes
        start = values.get("start", clock.to_minutes(appointment.start))
        return values["stop"] - start

    @api.model
    def _put(self, appointment, values):
        """Write a drop; places and overlaps of before give way when they must."""
        place = self._place_values(appointment, values)
        tries = [{"overlap_reason": False, **place}]
        if appointment.facility_ids and "facility" not in values:
            tries.append({**tries[0], "facility_ids": [Command.clear()]})
        reason = values.get("override")
        if reason and self._may_squeeze_in():
            tries.append({**place, "overlap_reason": str(reason)})
        elif appointment.overlap_reason and not {"start", "staff"} & values.keys():
            tries.append(place)
        for number, wanted in enumerate(tries, 1):
            if not appointment.overlap_reason and not wanted.get("overlap_reason"):
                wanted.pop("overlap_reason", None)
            try:
                with self.env.cr.savepoint(), appointment.visit_id._changes_noted():
                    self.env["salon.booking"]._place(appointment, {appointment: wanted})
                    self.env.flush_all()
                return
            except SlotTaken:
                if number == len(tries):
                    raise

    @api.model
    def _place_values(self, appointment, values):
        place = {}
        if "start" in values:
            place["start"] = clock.to_utc(values["start"])
        if "stop" in values:
            place["duration_minutes"] = self._minutes(appointment, values)
        if "staff" in values:
            place["staff_id"] = values["staff"] or False
        if "facility" in values:
            place["facility_ids"] = self._facilities(appointment, values["facility"])
        if "phase" in values:
            place["phase_staff"] = self._phases(appointment, **values["phase"])
        return place

    @api.model
    def _facilities(self, appointment, facility_id):
        """The place wanted instead of others of its kind."""
        if not facility_id:
            return [Command.clear()]
        facility = self.env["salon.facility"].browse(facility_id).exists()
        service = self.env["salon.catalog"]._services(appointment.product_id)[
            appointment.product_id.id
        ]
        needed = {pool for phase in service.phases for pool in phase.pools}
        if facility.type_id.id not in needed:
            raise UserError(
                self.env._(
                    "“%(service)s” needs no “%(kind)s”, so it cannot be put to "
                    "%(facility)s.",
                    service=appointment.product_id.name,
                    kind=facility.type_id.name or "",
                    facility=facility.name or "",
                )
            )
        others = appointment.facility_ids.filtered(
            lambda place: place.type_id != facility.type_id
        )
        return [Command.set((others | facility).ids)]

    @api.model
    def _phases(self, appointment, index, staff):
        """Who does which phase when one is given to somebody."""
        service = self.env["salon.catalog"]._services(appointment.product_id)[
            appointment.product_id.id
        ]
        parts = [
            segment
            for segment in service.segments(appointment.duration_minutes)
            if segment.phase.kind != BUFFER
        ]
        if not 0 <= index < len(parts) or not parts[index].phase.is_staff_busy:
            raise UserError(
                self.env._(
                    "Nobody is busy in this part of “%(service)s”, so it cannot be "
                    "given to somebody.",
                    service=appointment.product_id.name,
                )
            )
        if len(parts) == 1:
            raise UserError(
                self.env._(
                    "“%(service)s” has one part only. Give the whole appointment to "
                    "somebody else.",
                    service=appointment.product_id.name,
                )
            )
        kept = {str(key): one for key, one in (appointment.phase_staff or {}).items()}
        kept.pop(str(index), None)
        if staff and staff != appointment.staff_id.id:
            kept[str(index)] = staff
        return kept or False

    # Booking again

    # rpc: _find_appointment checks the right; salon.booking those to book
    @api.model
    def book_again(self, appointment_id, values):
        """Book the same service again, for the same client, as a visit of its own.

        :param values: start, and staff, branch or override where wanted
        """
        self.env["salon.reach"]._check_minutes(values["start"])
        source = self._find_appointment(appointment_id)
        if not source:
            return self._cannot(self._gone())
        branch, client = source.branch_id, source.client_id
        if values.get("branch"):
            # Only one that the user sees.
            branch = self._branches().filtered(lambda b: b.id == values["branch"])
            branch = branch or source.branch_id
        start = values["start"]
        staff = values.get("staff") or source.staff_id.id
        is_same = staff == source.staff_id.id
        wish = VisitWish(
            branch.id,
            (
                ServiceWish(
                    source.product_id.id,
                    (staff,) if staff else None,
                    source.duration_minutes if is_same else None,
                ),
            ),
            client=client.id or None,
        )
        reason = values.get("override")
        refusals = self._refusals(wish, start)
        if reason:
            refusals = self._not_overridden(refusals)
        if refusals:
            return self._refused(branch, refusals, wish, start)
        part = {
            "product_id": source.product_id.id,
            "start": clock.to_utc(start),
            "staff_id": staff,
            "is_requested": source.is_requested and is_same,
        }
        if is_same:
            part["duration_minutes"] = source.duration_minutes
        if reason and self._may_squeeze_in():
            part["overlap_reason"] = str(reason)
        try:
            with self.env.cr.savepoint():
                visit = self.env["salon.booking"]._book(
                    branch,
                    client,
                    [part],
                    override_reason=reason if self._rights()["override"] else None,
                )
                self.env.flush_all()
        except SlotTaken as taken:
            return {
                **self._cannot(str(taken)),
                "nearest": self._nearest(branch, taken.alternatives),
            }
        except UserError as error:
            return self._cannot(str(error))
        return {
            "ok": True,
            "visits": visit.ids,
            "appointments": visit.appointment_ids.ids,
            "undo": self._token(
                "book",
                visits=visit.ids,
                after=self._versions(visit.appointment_ids),
            ),
        }

    # States

    # rpc: salon.appointment._set_state checks right and move
    @api.model
    def set_state(self, appointment_ids, state, reason=None, versions=None):
        """Move appointments to a state, by the table of moves.

        :param reason: why, for cancelled
        :param versions: ``{id: version}`` as the board showed them, to be told what
            somebody else did
        """
        self._check_role()
        appointments = self.env["salon.appointment"].browse(appointment_ids).exists()
        appointments.check_access("write")
        for appointment in appointments if versions else ():
            version = versions.get(str(appointment.id), versions.get(appointment.id))
            if stale := self._stale(appointment, version):
                return stale
        if state == states.CANCELLED and not (reason or "").strip():
            return self._cannot(self.env._("Say why it is cancelled."))
        known = dict(self.env["salon.appointment"]._fields["state"].selection)
        if state not in known:
            return self._cannot(self.env._("There is no such state."))
        before, seen = self._snapshot(appointments), self._versions(appointments)
        previous = {
            str(one.id): {
                "state": one.state,
                **{
                    stamp: fields.Datetime.to_string(one[stamp]) or False
                    for stamp in states.STAMPS.values()
                },
            }
            for one in appointments
        }
        try:
            with self.env.cr.savepoint():
                appointments._set_state(state, reason)
                self.env.flush_all()
        except UserError as error:
            return self._cannot(str(error))
        answer = {"ok": True, "visits": appointments.visit_id.ids, "undo": False}
        if state not in states.FINAL or self.env.user.has_group(
            "salon_booking.group_salon_undo"
        ):
            answer["undo"] = self._token(
                "state",
                states=previous,
                before=before,
                seen=seen,
                after=self._versions(appointments),
            )
        return answer

    # Blocked time

    # rpc: salon.block checks rights and rules
    @api.model
    def block(self, values):
        """Block time, or move a block.

        :param values: branch, staff or facility, start, stop, and kind, note; with id
            the block that is moved, and ``from`` the person or place whose part of it
            goes to another one, while the others keep theirs, and ``seen``, the
            start and stop that the board showed
        """
        self._check_role()
        self.env["salon.reach"]._check_minutes(values.get("start"), values.get("stop"))
        blocks = self.env["salon.block"]
        block = blocks.browse(values.get("id") or ()).exists()
        if stale := self._stale_block(block, values):
            return stale
        before = block and {
            "start": fields.Datetime.to_string(block.start),
            "stop": fields.Datetime.to_string(block.stop),
            "staff_ids": block.staff_ids.ids,
            "facility_ids": block.facility_ids.ids,
        }
        written = self._block_values(block, values)
        try:
            with self.env.cr.savepoint():
                if block:
                    block.write(written)
                else:
                    block = blocks.create([written])
                self.env.flush_all()
        except UserError as error:
            return {**self._cannot(str(error)), "may": self._may_squeeze_in()}
        return {
            "ok": True,
            "visits": [],
            "block": block.id,
            "undo": self._token(
                "block",
                block=block.ids,
                before=before or False,
                written=self._written(block),
            ),
        }

    @api.model
    def _block_values(self, block, values):
        """What is written of a new block, or of one that is moved."""
        written = {name: values[name] for name in ("kind", "note") if name in values}
        for name in ("start", "stop"):
            if name in values:
                written[name] = clock.to_utc(values[name])
        owners = {"staff": "staff_ids", "facility": "facility_ids"}
        wanted = {
            field: values[name] for name, field in owners.items() if values.get(name)
        }
        for field in owners.values() if wanted or not block else ():
            if "from" not in values:
                written[field] = [
                    Command.set([wanted[field]] if field in wanted else [])
                ]
            elif field in wanted:
                written[field] = [
                    Command.unlink(values["from"]),
                    Command.link(wanted[field]),
                ]
        if not block:
            written["branch_id"] = values["branch"]
        if values.get("override"):
            written["overlap_reason"] = str(values["override"])
        return written

    @api.model
    def _stale_block(self, block, values):
        """The answer for somebody who did not see the last change; else None."""
        if not values.get("id"):
            return None
        if not block:
            why = self.env._("This blocked time was deleted meanwhile.")
            return {**self._cannot(why), "stale": True}
        seen = [clock.to_minutes(block.start), clock.to_minutes_ceil(block.stop)]
        if "seen" not in values or list(values["seen"]) == seen:
            return None
        why = self.env._(
            "%(block)s was changed meanwhile by %(user)s. The board shows it as it is "
            "now.",
            block=block.display_name,
            # sudo: res.users - the name of a colleague
            user=block.sudo().write_uid.name,
        )
        return {**self._cannot(why), "stale": True}
