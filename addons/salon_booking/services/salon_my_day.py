from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_time

from ..engine import clock, states
from ..engine.privacy import MASK

STYLIST = "salon_booking.group_salon_stylist"
#: Days in the strip of days, and earlier visits that are told of a client.
DAYS, EARLIER = 7, 10


class SalonMyDay(models.AbstractModel):
    """What somebody who serves clients has on the phone: own work and nothing else.

    Everything is read with the rights of the user; of clients only what the branch lets
    its stylists know goes out. Other addons add to ``_prepare_visit``.
    """

    _name = "salon.my.day"
    _description = "My Day"

    # rpc: for stylists; own appointments, read with the rights of the user
    @api.model
    @api.readonly
    def load_day(self, day=None):
        """The user's appointments of a day, and how many there are in its week.

        :param day: "YYYY-MM-DD", today on the clock of the user's branch without it
        """
        self._check_stylist()
        today = self._today()
        day = fields.Date.to_date(day) or today
        self.env["salon.reach"]._check_days(day)
        classes = self._own_classes(day)
        # Who came to a class is noted there, not one by one.
        appointments = self._own(day).filtered(
            lambda appointment: appointment.group_event_id not in classes
        )
        return {
            "day": fields.Date.to_string(day),
            "today": fields.Date.to_string(today),
            "title": format_date(self.env, day, date_format="EEEE d MMMM"),
            "week": self._week(day, today),
            "entries": sorted(
                [
                    *self._entries(appointments),
                    *map(self._prepare_class, classes),
                    *self._helping(day),
                ],
                key=lambda entry: (entry["start"], entry["id"]),
            ),
        }

    # rpc: for stylists; one visit with own work, read with the rights of the user
    @api.model
    @api.readonly
    def load_visit(self, visit_id):
        """Everything the user needs to serve the client of a visit."""
        self._check_stylist()
        visit = self.env["salon.visit"].browse(visit_id).exists()
        own = visit.appointment_ids.filtered_domain(
            [("staff_user_id", "=", self.env.uid)]
        )
        if not own:
            raise AccessError(
                self.env._(
                    "You do not serve anybody in this visit. Go back to your day and "
                    "choose one of your appointments."
                )
            )
        visit.check_access("read")
        return self._prepare_visit(visit, own)

    @api.model
    def _check_stylist(self):
        if not self.env.user.has_group(STYLIST):
            raise AccessError(
                self.env._(
                    "My Day is for the team of a salon. Ask your manager for a role."
                )
            )

    @api.model
    def _today(self):
        own = self.env.user.salon_branch_ids[:1]
        # sudo: hr.employee - in which of the branches the user works
        own = own or self.env.user.sudo().employee_id.salon_branch_ids[:1]
        zone = own.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _own(self, day):
        return self.env["salon.appointment"].search(
            [
                ("staff_user_id", "=", self.env.uid),
                ("visit_id.business_date", "=", day),
                ("state", "!=", states.CANCELLED),
            ],
            order="start, id",
        )

    @api.model
    def _week(self, day, today):
        """The days around the chosen one, each with the number of visits."""
        first = day - timedelta(days=day.weekday())
        days = [first + timedelta(days=number) for number in range(DAYS)]
        counts = {
            fields.Date.to_date(start): count
            for start, count in self.env["salon.visit"]._read_group(
                [
                    ("appointment_ids.staff_user_id", "=", self.env.uid),
                    ("business_date", ">=", days[0]),
                    ("business_date", "<=", days[-1]),
                    ("state", "!=", states.CANCELLED),
                ],
                ["business_date:day"],
                ["__count"],
            )
        }
        return [
            {
                "date": fields.Date.to_string(each),
                "name": format_date(self.env, each, date_format="EEEEE"),
                "label": format_date(self.env, each, date_format="EEEE d MMMM"),
                "number": each.day,
                "count": counts.get(each, 0),
                "is_today": each == today,
            }
            for each in days
        ]

    @api.model
    def _entries(self, appointments):
        phases = appointments._get_phases()
        return [
            {
                "id": f"appointment-{appointment.id}",
                "visit_id": appointment.visit_id.id,
                **self._prepare_appointment(appointment, phases[appointment.id]),
                "client": self._client_of(appointment),
                "is_first": appointment.visit_id.is_first,
                "has_note": bool(appointment.visit_id.note),
                "warnings": [
                    warning["level"] for warning in appointment.visit_id._get_warnings()
                ],
            }
            for appointment in appointments
        ]

    @api.model
    def _prepare_appointment(self, appointment, phases):
        """One own service on the clock of its branch."""
        zone = appointment.branch_id.tz
        return {
            "appointment_id": appointment.id,
            "start": clock.to_minutes(appointment.start),
            "stop": clock.to_minutes_ceil(appointment.stop),
            "from": self._say(appointment.start, zone),
            "to": self._say(appointment.stop, zone),
            "service": appointment.product_id.name,
            "state": appointment.state,
            "state_label": appointment._state_label(),
            "place": appointment.facility_names,
            "assistants": appointment.assistant_names,
            "arrived": self._say(appointment.arrived_at, zone),
            "started": self._say(appointment.started_at, zone),
            "arrived_minute": self._minute(appointment.arrived_at),
            "started_minute": self._minute(appointment.started_at),
            "done": self._say(appointment.done_at, zone),
            "phases": self._prepare_phases(phases, zone),
        }

    @api.model
    def _prepare_phases(self, phases, zone):
        kinds = dict(
            self.env["salon.service.phase"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return [
            {
                "kind": phase["kind"],
                "name": kinds.get(phase["kind"], phase["kind"]),
                "minutes": phase["stop"] - phase["start"],
                "from": self._say(clock.to_utc(phase["start"]), zone),
                "to": self._say(clock.to_utc(phase["stop"]), zone),
                "is_free": not phase["is_staff_busy"],
                "helper": phase["helper"],
                "places": phase["places"],
            }
            for phase in phases
        ]

    @api.model
    def _client_of(self, appointment):
        return appointment.client_id._get_salon_name() or self.env._("Walk-in")

    @api.model
    def _minute(self, moment):
        return clock.to_minutes(moment) if moment else 0

    @api.model
    def _say(self, moment, zone):
        if not moment:
            return ""
        return format_time(self.env, moment, tz=zone, time_format="short")

    @api.model
    def _own_classes(self, day):
        """Group events of the user that begin on this day of their branch."""
        events = self.env["salon.group.event"].search(
            [
                ("staff_ids.user_id", "=", self.env.uid),
                ("state", "!=", states.CANCELLED),
                ("start", ">=", day - timedelta(days=1)),
                ("start", "<", day + timedelta(days=2)),
            ],
            order="start, id",
        )
        return events.filtered(
            lambda event: (
                clock.local(clock.to_minutes(event.start), event.branch_id.tz).date()
                == day
            )
        )

    @api.model
    def _prepare_class(self, event):
        """A class is one entry, however many come to it."""
        zone = event.branch_id.tz
        return {
            "id": f"class-{event.id}",
            "visit_id": False,
            "event_id": event.id,
            "start": clock.to_minutes(event.start),
            "stop": clock.to_minutes_ceil(event.stop),
            "from": self._say(event.start, zone),
            "to": self._say(event.stop, zone),
            "client": event.name,
            "service": self.env._(
                "%(taken)s of %(places)s places taken",
                taken=event.seats_taken,
                places=event.capacity,
            ),
            "place": event.facility_id.name or "",
            "state": event.state,
            "state_label": dict(
                event._fields["state"]._description_selection(self.env)
            )[event.state],
        }

    @api.model
    def _helping(self, day):
        """Phases of colleagues' services in which the user is the assistant."""
        # sudo: salon.occupancy - only who is helped when, where and with what
        rows = (
            self.env["salon.occupancy"]
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "=", self.env.uid),
                    ("appointment_id.visit_id.business_date", "=", day),
                    ("appointment_id.state", "not in", tuple(states.LOST)),
                ],
                order="start, id",
            )
        )
        helping = rows.filtered(
            lambda row: row.appointment_id.staff_id.resource_id != row.resource_id
        )
        return [
            {
                "id": f"help-{row.id}",
                "visit_id": False,
                "is_help": True,
                "start": clock.to_minutes(row.start),
                "stop": clock.to_minutes_ceil(row.stop),
                "from": self._say(row.start, row.branch_id.tz),
                "to": self._say(row.stop, row.branch_id.tz),
                "service": row.appointment_id.product_id.name,
                "client": self._client_of(row.appointment_id),
                "place": row.appointment_id.facility_names,
                "with": row.appointment_id.staff_id.name,
                "state": row.appointment_id.state,
            }
            for row in helping
        ]

    @api.model
    def _prepare_visit(self, visit, own):
        """Hook: the whole answer of ``load_visit``; ``own`` are the user's services."""
        phases = own._get_phases()
        first = own.sorted("start")[:1]
        phone = visit.client_phone or ""
        return {
            "id": visit.id,
            "client": self._client_of(first),
            "phone": phone,
            "can_call": bool(phone) and not phone.startswith(MASK),
            "is_first": visit.is_first,
            "day": format_date(
                self.env, visit.business_date, date_format="EEEE d MMMM"
            ),
            "place": visit.branch_id.name,
            "warnings": visit._get_warnings(),
            "note": visit.note or "",
            "checkout_note": visit.checkout_note or "",
            "refuses_photos": visit.client_refuses_photos,
            "photos": self._prepare_photos(visit.photo_ids),
            "services": [
                self._prepare_appointment(each, phases[each.id])
                for each in own.sorted("start")
            ],
            "history": self._history(visit),
        }

    @api.model
    def _prepare_photos(self, photos):
        moments = dict(photos._fields["moment"]._description_selection(self.env))
        return [
            {
                "id": photo.id,
                "moment": photo.moment,
                "moment_label": moments[photo.moment],
                "is_own": photo.user_id == self.env.user,
            }
            for photo in photos.sorted(
                lambda photo: (photo.moment != "before", photo.id)
            )
        ]

    @api.model
    def _history(self, visit):
        """What the user may know of earlier visits of the client, newest first."""
        if not visit.client_id:
            return []
        earlier = self.env["salon.visit"].search(
            [
                ("client_id", "=", visit.client_id.id),
                ("state", "=", states.DONE),
                ("id", "!=", visit.id),
                ("start", "<", visit.start),
            ],
            order="start desc, id desc",
            limit=EARLIER,
        )
        return [self._prepare_earlier(each) for each in earlier]

    @api.model
    def _prepare_earlier(self, visit):
        """Hook: one line of a client's history."""
        return {
            "id": visit.id,
            "day": format_date(self.env, visit.business_date),
            "services": visit.service_names,
            "staff": visit.staff_names,
            "note": visit.checkout_note or "",
            "photos": self._prepare_photos(visit.photo_ids),
        }
