from odoo import Command, api, fields, models

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
        appointments = self.env["salon.appointment"].search(
            [
                ("staff_id.salon_mirrors_to_calendar", "=", True),
                ("staff_user_id", "!=", False),
                ("state", "in", list(states.OCCUPYING)),
                ("stop", ">", fields.Datetime.now()),
                ("visit_id.is_history", "=", False),
            ]
        )
        shown = (
            self.env["calendar.event"]
            .with_context(active_test=False, **QUIET)
            .search(
                [
                    ("salon_appointment_id", "!=", False),
                    ("stop", ">", fields.Datetime.now()),
                ]
            )
        )
        wanted = {
            appointment.id: self._prepare_event_values(appointment)
            for appointment in appointments
        }
        stale = shown.browse()
        for event in shown:
            values = wanted.get(event.salon_appointment_id.id)
            if values is None or event.user_id.id != values["user_id"]:
                stale |= event
                continue
            del wanted[event.salon_appointment_id.id]
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
    def _prepare_event_values(self, appointment):
        return {
            "name": appointment.display_name,
            "start": appointment.start,
            "stop": appointment.stop,
            "location": appointment.branch_id.name,
            "user_id": appointment.staff_user_id.id,
            "partner_ids": [Command.set(appointment.staff_user_id.partner_id.ids)],
            "alarm_ids": [Command.clear()],
            "privacy": "private",
            "show_as": "busy",
            "active": True,
            "salon_appointment_id": appointment.id,
        }

    @api.model
    def _remove_all(self):
        events = self.env["calendar.event"].with_context(active_test=False, **QUIET)
        events.search([("salon_appointment_id", "!=", False)]).unlink()


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
    def _ask_mirror(self, appointments):
        # sudo: hr.employee - a choice of the person
        if any(appointments.sudo().staff_id.mapped("salon_mirrors_to_calendar")):
            self.env["salon.calendar.mirror"]._ask()
