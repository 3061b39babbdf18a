from datetime import time, timedelta

from odoo import api, fields, models

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.engine.intervals import merge, subtract
from odoo.addons.salon_booking.exceptions import SlotTaken

#: One row of what is taken lasts a day at most.
LONGEST_ROW = 24 * 60
#: Of an event that never ends only so much is taken.
LONGEST_EVENT = 366 * 24 * 60


class SalonCalendarSync(models.AbstractModel):
    """Brings the time that own calendars take to what their events say.

    Works towards a target and writes the difference, so it may be called again. It
    never refuses: where clients are booked the rest is taken and they are listed as
    affected.
    """

    _name = "salon.calendar.sync"
    _description = "Salon Calendar Service"

    @api.model
    def _get_reason(self):
        """What the desk reads; the event itself is private."""
        return self.env._("Busy in the own calendar.")

    @api.model
    def _sync(self, events):
        """After a change of events: take and free the time of who takes part."""
        if not events:
            return
        # sudo: calendar.event, hr.employee, salon.calendar.busy - private events take
        # time as well, and whoever changes them need not see the salon
        self, events = self.sudo(), events.sudo()
        old = self.env["salon.calendar.busy"].search([("event_id", "in", events.ids)])
        staff = self._find_staff(events.partner_ids)
        if not old and not staff:
            return
        wanted = {}
        for event in events:
            for person in self._get_busy_staff(event, staff):
                span = self._span(event, person)
                if span:
                    wanted[event.id, person.id] = span
        self._bring(old, wanted)

    @api.model
    def _sync_staff(self, staff):
        """After a change of people: all events still to come of theirs."""
        if not staff:
            return
        # sudo: hr.employee, calendar.event - private events take time as well
        self, staff = self.sudo(), staff.sudo()
        old = self.env["salon.calendar.busy"].search([("staff_id", "in", staff.ids)])
        events = old.event_id
        taking = staff.filtered("salon_blocks_by_calendar")
        if partners := taking.user_id.partner_id:
            events |= self.env["calendar.event"].search(
                [
                    ("partner_ids", "in", partners.ids),
                    ("stop", ">", fields.Datetime.now()),
                    ("show_as", "=", "busy"),
                ]
            )
        self._sync(events)

    @api.model
    def _forget(self, events):
        """Before events are deleted."""
        # sudo: salon.calendar.busy - kept by the system
        self = self.sudo()
        self._bring(
            self.env["salon.calendar.busy"].search([("event_id", "in", events.ids)]), {}
        )

    @api.model
    def _retake(self):
        """Take what bookings were in the way of, once they are gone (cron)."""
        rows = self.env["salon.calendar.busy"].search(
            [("is_partial", "=", True), ("stop", ">", fields.Datetime.now())]
        )
        for row in rows:
            self._take(row)

    @api.model
    def _find_staff(self, partners):
        """Those of the team whose calendar counts: ``{partner id: hr.employee}``."""
        if not partners:
            return {}
        staff = self.env["hr.employee"].search(
            [
                ("user_id.partner_id", "in", partners.ids),
                ("salon_blocks_by_calendar", "=", True),
                ("is_salon_staff", "=", True),
                ("salon_branch_ids", "!=", False),
            ]
        )
        return staff.grouped(lambda person: person.user_id.partner_id.id)

    @api.model
    def _get_busy_staff(self, event, staff):
        """Who organizes the event or has accepted it; an invitation takes nothing."""
        people = self.env["hr.employee"]
        if not event.active or event.show_as != "busy":
            return people
        if event.salon_appointment_id or event.salon_group_event_id:
            return people
        organizer = event.user_id.partner_id
        coming = event.attendee_ids.filtered(
            lambda attendee: (
                attendee.state == "accepted"
                or attendee.state != "declined"
                and attendee.partner_id == organizer
            )
        ).partner_id
        for partner in event.partner_ids & coming:
            people |= staff.get(partner.id, people.browse())
        return people

    @api.model
    def _span(self, event, person):
        """When the event takes this person; nothing of the past."""
        if event.allday:
            zone = person.tz or person.salon_branch_ids[:1].tz
            start = clock.wall_to_minutes(event.start_date, time.min, zone)
            stop = clock.wall_to_minutes(
                event.stop_date + timedelta(days=1), time.min, zone
            )
        else:
            start = clock.to_minutes(event.start)
            stop = clock.to_minutes_ceil(event.stop)
        stop = min(stop, start + LONGEST_EVENT)
        if stop <= max(start, clock.to_minutes(fields.Datetime.now())):
            return None
        return clock.to_utc(start), clock.to_utc(stop)

    @api.model
    def _bring(self, old, wanted):
        """Write the difference between the rows there are and those wanted.

        :param wanted: ``{(event id, staff id): (start, stop)}``
        """
        stale = old.filtered(
            lambda row: (
                wanted.get((row.event_id.id, row.staff_id.id)) != (row.start, row.stop)
            )
        )
        kept = {(row.event_id.id, row.staff_id.id) for row in old - stale}
        freed = set(stale.staff_id.resource_id.ids)
        if stale:
            self.env["salon.booking"]._give_back(stale)
            stale.unlink()
        staff = self.env["hr.employee"]
        rows = self.env["salon.calendar.busy"].create(
            [
                {
                    "event_id": event_id,
                    "staff_id": staff_id,
                    "branch_id": staff.browse(staff_id).salon_branch_ids[:1].id,
                    "start": start,
                    "stop": stop,
                }
                for (event_id, staff_id), (start, stop) in wanted.items()
                if (event_id, staff_id) not in kept
            ]
        )
        for row in rows:
            self._take(row)
        if freed:
            self.env["salon.displacement"]._recheck(freed)

    @api.model
    def _take(self, row):
        """Take the time of one row around what is booked; list who is in the way."""
        booking = self.env["salon.booking"]
        booking._give_back(row)
        resource = row.staff_id.resource_id.id
        first, last = clock.to_minutes(row.start), clock.to_minutes_ceil(row.stop)
        taken = self._taken(resource, row)
        row.is_partial = bool(taken)
        pieces = [
            (resource, 1, piece, min(piece + LONGEST_ROW, stop), "calendar")
            for start, stop in subtract([(first, last)], taken)
            for piece in range(start, stop, LONGEST_ROW)
        ]
        try:
            with self.env.cr.savepoint():
                booking._take_time(row, {row.id: pieces})
        except SlotTaken:
            # Booked since this transaction began: the cron takes the rest.
            row.is_partial = True
        if row.is_partial:
            self.env["salon.displacement"]._detect(
                {resource: [(first, last)]}, self._get_reason()
            )._announce()

    @api.model
    def _taken(self, resource, row):
        self.env["salon.occupancy"].flush_model()
        self.env.cr.execute(
            """SELECT start_minute, stop_minute FROM salon_occupancy
                WHERE resource_id = %s AND is_blocking AND start < %s AND stop > %s
                  AND (expires_at IS NULL OR expires_at > %s)
             ORDER BY start_minute""",
            [resource, row.stop, row.start, fields.Datetime.now()],
        )
        return merge(self.env.cr.fetchall())
