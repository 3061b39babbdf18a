from datetime import timedelta

import vobject
from vobject.icalendar import utc

from odoo import api, fields, models
from odoo.tools import format_duration

from ..engine import states
from ..engine.privacy import short_name

#: What a phone is told of: days before and after today.
DAYS_BACK, DAYS_AHEAD = 30, 180


class SalonCalendar(models.AbstractModel):
    """Writes the work of a person or place as an iCalendar."""

    _name = "salon.calendar"
    _description = "Salon iCalendar Service"

    @api.model
    def _read_feed(self, token):
        """The iCalendar behind a secret link, or None when there is no such link."""
        feed = self.env["salon.calendar.feed"]._find(token)
        if not feed:
            return None
        # The phone says no language: the person's own, or that of the company.
        lang = feed.staff_id.user_id.lang or feed.company_id.partner_id.lang
        return feed.env["salon.calendar"].with_context(lang=lang)._write(feed)

    @api.model
    def _write(self, feed):
        """All events of a feed, in a fixed number of queries."""
        now = fields.Datetime.now()
        span = now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_AHEAD)
        if feed.staff_id:
            events = [
                *self._shift_events(feed.staff_id, *span),
                *self._staff_events(feed.staff_id, *span),
                *self._class_events("staff_ids", feed.staff_id, *span),
            ]
        else:
            events = [
                *self._facility_events(feed.facility_id, *span),
                *self._class_events("facility_id", feed.facility_id, *span),
            ]
        return self._write_events(events, feed.display_name)

    @api.model
    def _write_visit(self, visit):
        """One visit as a file that its client puts into the own calendar.

        :param visit: in sudo, for whoever holds its link
        """
        branch = visit.branch_id
        values = {
            "summary": self._one_line(f"{visit.service_names} · {branch.name}"),
            "description": "\n".join(filter(None, [visit.staff_names, branch.phone])),
            "location": self._place(branch),
            **self._bounds(visit.start, visit.stop),
        }
        if visit.state in states.LOST:
            values["status"] = "CANCELLED"
        return self._write_events([(visit, values)])

    @api.model
    def _write_events(self, events, name=None):
        calendar = vobject.iCalendar()
        calendar.add("prodid").value = "-//Salon Suite//Salon Booking//EN"
        calendar.add("method").value = "PUBLISH"
        if name:
            calendar.add("x-wr-calname").value = self._one_line(name)
        # sudo: ir.config_parameter - the host's own id of the database
        domain = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        for record, values in events:
            event = calendar.add("vevent")
            kind = record._name.removeprefix("salon.")
            event.add("uid").value = f"salon-{kind}-{record.id}@{domain}"
            event.add("dtstamp").value = record.write_date.replace(
                microsecond=0, tzinfo=utc
            )
            for field, value in values.items():
                if value:
                    event.add(field).value = value
        return calendar.serialize()

    @api.model
    def _shift_events(self, staff, start, stop):
        # sudo: salon.shift - the holder of the link reads the published plan
        shifts = self.env["salon.shift"].sudo()
        for shift in shifts.search(
            [
                ("staff_id", "=", staff.id),
                ("is_published", "=", True),
                ("start", "<", stop),
                ("stop", ">", start),
            ]
        ):
            if shift.kind == "off":
                yield (
                    shift,
                    {
                        "summary": self.env._("Day off"),
                        "dtstart": shift.business_date,
                        "dtend": shift.business_date + timedelta(days=1),
                        "transp": "TRANSPARENT",
                    },
                )
                continue
            breaks = ", ".join(
                f"{format_duration(pause.time_from)} – {format_duration(pause.time_to)}"
                for pause in shift.break_ids
            )
            yield (
                shift,
                {
                    "summary": self.env._(
                        "Shift: %(branch)s", branch=self._one_line(shift.branch_id.name)
                    ),
                    "description": breaks
                    and self.env._("Breaks: %(breaks)s", breaks=breaks),
                    "location": self._place(shift.branch_id),
                    **self._bounds(shift.start, shift.stop),
                    "transp": "TRANSPARENT",
                },
            )

    @api.model
    def _staff_events(self, staff, start, stop):
        # sudo: salon.appointment - the holder of the link reads what is booked
        appointments = self.env["salon.appointment"].sudo()
        for appointment in appointments.search(
            [
                ("staff_id", "=", staff.id),
                ("group_event_id", "=", False),
                ("state", "not in", list(states.LOST)),
                ("start", "<", stop),
                ("stop", ">", start),
            ]
        ):
            yield (
                appointment,
                {
                    "summary": self._summary(appointment, appointment.product_id.name),
                    "location": self._place(appointment.branch_id),
                    **self._bounds(appointment.start, appointment.stop),
                },
            )

    @api.model
    def _class_events(self, held, subject, start, stop):
        """Classes, each once, whoever takes part; also those nobody has joined yet.

        :param held: the field by which a class has the person or place
        """
        # sudo: salon.group.event - the holder of the link reads what is planned
        classes = self.env["salon.group.event"].sudo()
        for event in classes.search(
            [
                (held, "in", subject.ids),
                ("state", "!=", "cancelled"),
                ("start", "<", stop),
                ("stop", ">", start),
            ]
        ):
            seats = f"{event.seats_taken}/{event.capacity}"
            yield (
                event,
                {
                    "summary": self._one_line(f"{event.name} ({seats})"),
                    "location": self._place(event.branch_id),
                    **self._bounds(event.start, event.stop),
                },
            )

    @api.model
    def _facility_events(self, facility, start, stop):
        # sudo: salon.occupancy - the holder of the link reads when the place is taken
        taken = (
            self.env["salon.occupancy"]
            .sudo()
            ._read_group(
                [
                    ("resource_id", "=", facility.resource_id.id),
                    ("appointment_id", "!=", False),
                    ("start", "<", stop),
                    ("stop", ">", start),
                ],
                ["appointment_id"],
                ["start:min", "stop:max"],
            )
        )
        for appointment, first, last in taken:
            service = appointment.product_id.name
            who = appointment.staff_id.name
            yield (
                appointment,
                {
                    "summary": self._summary(
                        appointment, f"{service} ({who})" if who else service
                    ),
                    "location": self._place(appointment.branch_id),
                    **self._bounds(first, last),
                },
            )

    @api.model
    def _bounds(self, start, stop):
        return {
            "dtstart": start.replace(tzinfo=utc),
            "dtend": stop.replace(tzinfo=utc),
        }

    @api.model
    def _summary(self, appointment, text):
        client = ""
        if appointment.branch_id.calendar_client_names == "initial":
            client = short_name(appointment.client_id.name or "")
        return self._one_line(f"{text} · {client}" if client else text)

    @api.model
    def _place(self, branch):
        address = branch.partner_id._display_address(without_company=True)
        return self._one_line(
            ", ".join(filter(None, [branch.name, *address.splitlines()]))
        )

    @api.model
    def _one_line(self, text):
        return " ".join((text or "").split())
