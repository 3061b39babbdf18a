from odoo import Command, api, fields, models
from odoo.fields import Domain

from odoo.addons.salon_booking.engine import states

#: Nobody is mailed, notified or reminded, and no other calendar is called.
QUIET = {
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_calendar_sync": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}
#: What an event may show.
SHOWN_FIELDS = ("salon_appointment_id", "salon_group_event_id")


class SalonCalendarMirror(models.AbstractModel):
    """Shows bookings in the own calendars of who wishes it.

    A cron compares all bookings to come with the events that show them and writes the
    difference, so that nothing hangs on a change being noticed.
    """

    _name = "salon.calendar.mirror"
    _description = "Salon Bookings in Own Calendars"

    @api.model
    def _ask(self):
        """Have the cron look soon."""
        cron = self.env.ref(
            "salon_calendar.ir_cron_mirror_bookings", raise_if_not_found=False
        )
        if cron:
            # sudo: ir.cron - whoever changes a booking
            cron.sudo()._trigger()

    @api.model
    def _run(self):
        """Bring the events to what is booked from now on (cron)."""
        wanted = {self._key(values): values for values in self._prepare_wanted()}
        shown = (
            self.env["calendar.event"]
            .with_context(active_test=False, **QUIET)
            .search(
                self._get_domain_shown() & Domain("stop", ">", fields.Datetime.now())
            )
        )
        stale = shown.browse()
        for event in shown:
            key = self._key(
                {name: event[name].id for name in (*SHOWN_FIELDS, "user_id")}
            )
            values = wanted.pop(key, None)
            if values is None:
                stale |= event
                continue
            changed = {
                name: value
                for name, value in values.items()
                if name in ("name", "start", "stop", "location", "active")
                and event[name] != value
            }
            if changed:
                event.write(changed)
        stale.unlink()
        by_user = {}
        for values in wanted.values():
            by_user.setdefault(values["user_id"], []).append(values)
        for user_id, own in by_user.items():
            # sudo: calendar.event - the person's own event, made by the system
            events = self.env["calendar.event"].with_user(user_id).sudo()
            events.with_context(**QUIET).create(own)

    @api.model
    def _prepare_wanted(self):
        """Values of every event there is to be.

        A group event is one event for each who holds it, however many take part.
        """
        appointments = self.env["salon.appointment"].search(
            [
                ("staff_id.salon_mirrors_to_calendar", "=", True),
                ("staff_user_id", "!=", False),
                ("state", "in", list(states.OCCUPYING)),
                ("stop", ">", fields.Datetime.now()),
                ("visit_id.is_history", "=", False),
                ("group_event_id", "=", False),
            ]
        )
        groups = self.env["salon.group.event"].search(
            [
                ("staff_ids.salon_mirrors_to_calendar", "=", True),
                ("state", "!=", "cancelled"),
                ("stop", ">", fields.Datetime.now()),
            ]
        )
        return [
            *(
                {
                    **self._prepare_event_values(booked, booked.staff_user_id),
                    "name": booked.display_name,
                    "salon_appointment_id": booked.id,
                }
                for booked in appointments
            ),
            *(
                {
                    **self._prepare_event_values(held, person.user_id),
                    "name": held.name or held.product_id.name,
                    "salon_group_event_id": held.id,
                }
                for held in groups
                for person in held.staff_ids
                if person.salon_mirrors_to_calendar and person.user_id
            ),
        ]

    @api.model
    def _prepare_event_values(self, booked, user):
        return {
            "start": booked.start,
            "stop": booked.stop,
            "location": booked.branch_id.name,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "alarm_ids": [Command.clear()],
            "privacy": "private",
            "show_as": "busy",
            "active": True,
        }

    @api.model
    def _key(self, values):
        """What an event shows, and to whom."""
        return tuple(values.get(name) or False for name in (*SHOWN_FIELDS, "user_id"))

    @api.model
    def _get_domain_shown(self):
        return Domain.OR([(name, "!=", False)] for name in SHOWN_FIELDS)

    @api.model
    def _remove_all(self):
        events = self.env["calendar.event"].with_context(active_test=False, **QUIET)
        events.search(self._get_domain_shown()).unlink()


class SalonBooking(models.AbstractModel):
    """Whoever takes or frees time has the calendars looked at."""

    _inherit = "salon.booking"

    @api.model
    def _get_fields_read(self):
        names = super()._get_fields_read()
        names["hr.employee"] += ["salon_mirrors_to_calendar"]
        return names

    @api.model
    def _occupy(self, appointments):
        result = super()._occupy(appointments)
        self._ask_mirror(appointments)
        return result

    @api.model
    def _release(self, appointments):
        result = super()._release(appointments)
        self._ask_mirror(appointments)
        return result

    @api.model
    def _take_event_time(self, events):
        result = super()._take_event_time(events)
        self._ask_mirror(events)
        return result

    @api.model
    def _give_back(self, records):
        result = super()._give_back(records)
        if records._name == "salon.group.event":
            self._ask_mirror(records)
        return result

    @api.model
    def _ask_mirror(self, records):
        # sudo: hr.employee - a choice of the person
        records = records.sudo()
        is_group = records._name == "salon.group.event"
        staff = records.staff_ids if is_group else records.staff_id
        if any(staff.mapped("salon_mirrors_to_calendar")):
            self.env["salon.calendar.mirror"]._ask()
