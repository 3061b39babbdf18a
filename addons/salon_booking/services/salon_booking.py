from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import format_date, format_time, groupby

from ..engine import clock, states
from ..engine.wishes import CHANNELS
from ..exceptions import SlotTaken
from .salon_claim import Demand, NothingFree, Row

#: Where nobody of the salon looks at the day while it is booked.
ONLINE = frozenset({"web", "api"})
KEY_INDEX = "salon_visit_booking_key_branch_unique"
#: In the context it lets an appointment be written without taking its time at once;
#: an object, because nobody can send it over RPC.
LATER = object()


class SalonBooking(models.AbstractModel):
    """Takes time of people and places; the only writer of ``salon.occupancy``."""

    _name = "salon.booking"
    _description = "Salon Booking Service"

    @api.model
    def _book(
        self,
        branch,
        client,
        wishes,
        source="desk",
        note=None,
        key=None,
        override_reason=None,
    ):
        """Book one visit, all of its appointments or none.

        :param wishes: list of appointment values: ``product_id``, ``start`` and, when
            known, ``staff_id``, ``is_requested``, ``duration_minutes``
        :param key: chosen by the caller, the same for each try of one booking: what
            was booked with it is returned instead of a second visit
        :param override_reason: why it may be booked against the rules, by right
        :raises SlotTaken: somebody else was faster, with the nearest free times
        :raises NotEligible: a rule refuses the client, with its refusals
        """
        if source in ONLINE:
            self.env["salon.occupancy"]._assert_open_for(source, is_booking=True)
        if booked := self._find_booked(branch, client, key):
            return booked
        self._read_ahead(branch, client, wishes)
        try:
            return self.env["salon.visit"].create(
                {
                    "branch_id": branch.id,
                    "client_id": client.id if client else False,
                    "source": source,
                    "note": note,
                    "booking_key": key,
                    "override_reason": override_reason or False,
                    "appointment_ids": [(0, 0, wish) for wish in wishes],
                }
            )
        except UniqueViolation as error:
            if error.diag.constraint_name != KEY_INDEX:
                raise
            # The first try has just been committed; a new transaction sees it.
            raise ConcurrencyError(f"booking key {key}") from error

    @api.model
    def _read_ahead(self, branch, client, wishes):
        """Read what a booking needs of the records it names.

        Left to the host, each would be read with its whole, wide row.
        """
        names = self._get_fields_read()
        # sudo: salon.branch, hr.employee, res.company, res.partner, product.product -
        # facts that bind a booking; who may book is checked on what is written
        env = self.env(su=True)
        products = env["product.product"].browse(
            {wish["product_id"] for wish in wishes if wish.get("product_id")}
        )
        staff = {wish["staff_id"] for wish in wishes if wish.get("staff_id")}
        branch = branch.with_env(env)
        branch.fetch(names["salon.branch"])
        company = branch.company_id
        company.fetch(names["res.company"])
        company.currency_id.fetch(names["res.currency"])
        self._fill_templates(products)
        products.fetch(names["product.product"])
        products.product_tmpl_id.fetch(names["product.template"])
        env["hr.employee"].browse(staff).fetch(names["hr.employee"])
        known = client.ids if client else ()
        env["res.partner"].browse(known).fetch(names["res.partner"])

    @api.model
    def _fill_templates(self, products):
        """Put into the cache what the catalogue keeps: it never changes."""
        services = self.env["salon.catalog"]._services(products)
        known = products.filtered(lambda product: product.id in services)
        templates = [services[product.id].template for product in known]
        products._fields["product_tmpl_id"]._insert_cache(known, templates)

    @api.model
    def _get_fields_read(self):
        """Hook: which fields of which models each booking reads."""
        return {
            "salon.branch": ["company_id", "slot_minutes", "tz"],
            "res.company": ["currency_id"],
            "res.currency": ["decimal_places", "rounding"],
            "product.product": ["product_tmpl_id"],
            "product.template": [
                "categ_id",
                "company_id",
                "is_salon_group_service",
                "is_salon_service",
                "list_price",
                "salon_has_client_rules",
            ],
            "hr.employee": [
                "company_id",
                "resource_id",
                "salon_daily_cap",
                "user_id",
            ],
            "res.partner": ["company_id", "salon_gender", "salon_needs_approval"],
        }

    @api.model
    def _find_booked(self, branch, client, key):
        """The visit that was booked with a key, whatever has become of it; or empty.

        :raises UserError: the key belongs to somebody else's booking
        """
        if not key:
            return self.env["salon.visit"]
        # sudo: salon.visit - also when it has passed to a colleague meanwhile
        visit = (
            self.env["salon.visit"]
            .sudo()
            .search([("branch_id", "=", branch.id), ("booking_key", "=", key)])
        )
        if visit and visit.client_id.id != (client.id if client else False):
            raise UserError(
                self.env._(
                    "This booking key was used for another client. Start a new booking."
                )
            )
        return visit.with_env(self.env)

    @api.model
    def _book_offer(
        self,
        wish,
        offer,
        source="desk",
        note=None,
        hold=None,
        key=None,
        override_reason=None,
    ):
        """Book what was offered; everything is checked again by the database.

        :param wish: ``engine.wishes.VisitWish`` that the offer answers
        :param hold: salon.hold that keeps the time until now
        :param key, override_reason: as for ``_book``
        :return: salon.visit
        :raises SlotTaken: somebody else was faster, with the nearest free times
        """
        if hold:
            hold._release()
        return self._book(
            self.env["salon.branch"].browse(wish.branch),
            self.env["res.partner"].browse(wish.client or ()),
            self._values_of_offer(wish, offer),
            source=source,
            note=note,
            key=key,
            override_reason=override_reason,
        )

    @api.model
    def _add_offer(self, visit, wish, offer):
        """Add what was offered to a visit that is booked already.

        :return: the visit
        :raises SlotTaken: somebody else was faster, with the nearest free times
        """
        self.env["salon.appointment"].create(
            [
                {"visit_id": visit.id, **values}
                for values in self._values_of_offer(wish, offer)
            ]
        )
        return visit

    @api.model
    def _values_of_offer(self, wish, offer):
        """Values of the appointments that an offer stands for."""
        requested = {
            service.product for service in wish.services if service.is_requested
        }
        return [
            {
                "product_id": part.product,
                "staff_id": part.staff,
                "start": clock.to_utc(part.start),
                "duration_minutes": part.stop - part.start,
                "is_requested": part.product in requested,
            }
            for part in offer.parts
        ]

    @api.model
    def _occupy(self, appointments):
        """Take the person and the places of these appointments.

        :raises SlotTaken: a person or every fitting place is already taken
        """
        appointments = appointments.filtered(
            lambda a: (
                a.state in states.OCCUPYING
                and not a.visit_id.is_history
                and a.product_id
            )
        )
        if not appointments:
            return
        appointments._lock_visits()
        appointments.flush_recordset()
        try:
            self.env["salon.claim"]._take(
                "appointment_id", self._demands_of(appointments)
            )
        except NothingFree as refused:
            # The lock is given back: nobody waits while other times are looked for.
            appointment = appointments.browse(refused.demand.owner)
            raise self._slot_taken(appointment, refused.conflicts) from None
        appointments.invalidate_recordset(["occupancy_ids", "facility_names"])

    @api.model
    def _demands_of(self, appointments):
        """What appointments want to take, as ``Demand``."""
        catalog = self.env["salon.catalog"]
        services = catalog._services(appointments.product_id)
        helpers = {one: one._get_helper_ids() for one in appointments}
        people = catalog._people(
            {
                *appointments.staff_id.ids,
                *(
                    staff
                    for by_phase in helpers.values()
                    for staff in by_phase.values()
                ),
            }
        )
        # sudo: salon.facility - the resources behind the places
        places = {
            one.id: frozenset(one.facility_ids.resource_id.ids)
            for one in appointments.sudo()
        }
        multiples = self._multiples(appointments)
        return [
            Demand(
                appointment.id,
                appointment.branch_id.id,
                services[appointment.product_id.id],
                clock.to_minutes(appointment.start),
                appointment.duration_minutes,
                people.get(appointment.staff_id.id),
                not appointment.overlap_reason,
                appointment.visit_id.id,
                multiples[appointment.visit_id],
                tuple(
                    (phase, people[staff])
                    for phase, staff in helpers[appointment].items()
                    if staff in people
                ),
                places[appointment.id],
            )
            for appointment in appointments
        ]

    @api.model
    def _multiples(self, appointments):
        """To what the minutes of each visit are rounded up: ``{visit: minutes}``."""
        multiples = {}
        for (branch, source), visits in groupby(
            appointments.visit_id, key=lambda visit: (visit.branch_id, visit.source)
        ):
            members = self.env["salon.visit"].union(*visits).appointment_ids
            rules = self.env["salon.booking.policy"]._find(
                branch,
                members.product_id.product_tmpl_id,
                source if source in ONLINE else "desk",
            )
            for visit in visits:
                templates = visit.appointment_ids.product_id.product_tmpl_id.ids
                multiples[visit] = max(rules[one].round_minutes for one in templates)
        return multiples

    @api.model
    def _release(self, appointments):
        """Free everything that these appointments take."""
        self.env["salon.claim"]._give_back(
            "appointment_id", appointments.ids, self._days(appointments)
        )
        appointments.invalidate_recordset(["occupancy_ids", "facility_names"])

    @api.model
    def _release_rest(self, appointments):
        """Give back what is left of the time of appointments that were done early."""
        self.env["salon.claim"]._give_back_rest(
            appointments.ids, fields.Datetime.now(), self._days(appointments)
        )
        appointments.invalidate_recordset(["occupancy_ids", "facility_names"])

    @api.model
    def _reoccupy(self, appointments, days_before=frozenset()):
        """After a change of time, person or service: free first, then take.

        All are freed before any is taken, so that two can swap.

        :param days_before: the ``_days`` on which they were before the change
        """
        # What is rounded up, and rooms that are kept, belong to the whole visit.
        appointments |= appointments.visit_id.appointment_ids.filtered(
            lambda a: (
                a.state in states.OCCUPYING
                and not a.overlap_reason
                and not (a.state == states.DONE and a.branch_id.frees_when_done)
            )
        )
        self._lock_days(days_before | self._days(appointments))
        self._release(appointments)
        self._occupy(appointments)

    @api.model
    def _days(self, appointments):
        """What ``_lock_days`` locks for them: a set of (branch id, local day)."""
        claim = self.env["salon.claim"]
        return claim._local_days(
            (appointment.branch_id.id, clock.to_minutes(appointment.start))
            for appointment in appointments
        ) | claim._shared_days(
            (
                appointment.staff_id.resource_id.id,
                clock.to_minutes(appointment.start),
                clock.to_minutes_ceil(appointment.stop),
            )
            # sudo: hr.employee - the resource behind a colleague
            for appointment in appointments.sudo()
            if appointment.staff_id
        )

    @api.model
    def _lock_days(self, days):
        self.env["salon.claim"]._lock_days(days)

    # Changes

    @api.model
    def _move(self, visit, offer):
        """Give the live appointments of a visit the times and people of an offer.

        :param offer: ``engine.wishes.Offer`` for the same services
        :raises SlotTaken: somebody else was faster, with the nearest free times
        """
        live = visit.appointment_ids.filtered(lambda a: a.state not in states.LOST)
        self._place(live, self._values_by_appointment(visit, live, offer))

    @api.model
    def _values_by_appointment(self, visit, appointments, offer):
        waiting = list(appointments)
        values = {}
        for part in offer.parts:
            match = next((a for a in waiting if a.product_id.id == part.product), None)
            if match is None:
                break
            waiting.remove(match)
            values[match] = {
                "start": clock.to_utc(part.start),
                "duration_minutes": part.stop - part.start,
                "staff_id": part.staff,
            }
        if waiting or len(values) != len(offer.parts):
            raise UserError(
                self.env._(
                    "The times offered are for other services than those of %(visit)s. "
                    "Search again.",
                    visit=visit.display_name,
                )
            )
        return values

    @api.model
    def _swap(self, first, second):
        """Let two appointments change time and person; each keeps its minutes.

        :raises SlotTaken: one of them does not fit where the other one was
        """
        places = {
            appointment: {"start": other.start, "staff_id": other.staff_id.id}
            for appointment, other in ((first, second), (second, first))
        }
        self._place(first | second, places)

    @api.model
    def _place(self, appointments, values_by_appointment):
        """Write times and people of several appointments as one change."""
        days_before, freed = self._days(appointments), appointments._freed_days()
        appointments._lock_visits()
        for appointment, values in values_by_appointment.items():
            # Only what changes, so that a billed appointment can still be moved.
            changed = {
                name: value
                for name, value in values.items()
                if appointment._fields[name].convert_to_write(
                    appointment[name], appointment
                )
                != value
            }
            if {"product_id", "staff_id"} & changed.keys():
                # Another person would bring own minutes along.
                changed.setdefault("duration_minutes", appointment.duration_minutes)
            if {"start", "staff_id"} & changed.keys() and values.get("overlap_reason"):
                # Permitted anew, for the same reason.
                changed["overlap_reason"] = values["overlap_reason"]
            if changed:
                appointment.with_context(salon_take_time=LATER).write(changed)
        self._reoccupy(appointments, days_before)
        appointments._tell_freed(freed)

    # Other owners of time

    @api.model
    def _hold(self, branch, parts, minutes, client=None, origin="web", guests=None):
        """Keep a time for somebody who is about to book it.

        :param parts: ``engine.wishes.Part``, as in an offer
        :param minutes: how long it is kept
        :param guests: ``{part: number of the guest}`` where several come together
        :return: salon.hold
        :raises SlotTaken: the time is taken already
        """
        # sudo: salon.hold - kept by this service, whoever asks for the time
        hold = (
            self.env["salon.hold"]
            .sudo()
            .create(
                {
                    "branch_id": branch.id,
                    "client_id": client.id if client else False,
                    "origin": origin,
                    "expires_at": fields.Datetime.add(
                        fields.Datetime.now(), minutes=minutes
                    ),
                }
            )
        )
        demands = self._demands_of_parts(hold.id, branch, parts, guests)
        try:
            self.env["salon.claim"]._take("hold_id", demands, hold.expires_at)
        except NothingFree as refused:
            raise SlotTaken(
                self.env._(
                    "%(service)s at %(time)s was just taken. Please choose another "
                    "time.",
                    service=self.env["product.product"]
                    .browse(refused.demand.service.product)
                    .display_name,
                    time=self._moment_label(refused.demand.start, branch),
                )
            ) from None
        return hold

    @api.model
    def _demands_of_parts(self, owner, branch, parts, guests=None):
        catalog = self.env["salon.catalog"]
        products = self.env["product.product"].browse({part.product for part in parts})
        services = catalog._services(products)
        people = catalog._people([part.staff for part in parts if part.staff])
        # As strict as the strictest channel, so that it can be booked through any.
        multiple = max(
            (
                rule.round_minutes
                for channel in CHANNELS
                for rule in self.env["salon.booking.policy"]
                ._find(branch, products.product_tmpl_id, channel)
                .values()
            ),
            default=0,
        )
        return [
            Demand(
                owner,
                branch.id,
                services[part.product],
                part.start,
                part.stop - part.start,
                people.get(part.staff),
                party=(guests or {}).get(part, 0),
                round_minutes=multiple,
            )
            for part in parts
        ]

    @api.model
    def _take_time(self, records, rows):
        """Let records of another model take known times of people or places.

        :param records: of one model named in ``salon.occupancy._owner_columns``, with a
            ``branch_id``
        :param rows: ``{record id: [(resource id, unit, start, stop, kind)]}`` in UTC
            minutes; a sixth value False lets the row overlap others
        :raises SlotTaken: something of it is taken
        """
        column = self.env["salon.occupancy"]._owner_columns()[records._name]
        records.flush_recordset()
        wanted = [
            Row(
                record.id, record.branch_id.id, resource, unit, kind, start, stop, *more
            )
            for record in records
            for resource, unit, start, stop, kind, *more in rows.get(record.id, ())
        ]
        claim = self.env["salon.claim"]
        days = claim._local_days(
            (row.branch, row.start) for row in wanted
        ) | claim._shared_days((row.resource, row.start, row.stop) for row in wanted)
        try:
            claim._take_rows(column, wanted, days)
        except ExclusionViolation as error:
            conflict = claim._conflict_of(error)
            # sudo: resource.resource - the name of what is taken
            resource = (
                self.env["resource.resource"].sudo().browse(conflict.resource or ())
            )
            branch = records.branch_id[:1]
            raise SlotTaken(
                self.env._(
                    "%(who)s is already taken on %(time)s. Move what is there first or "
                    "choose another time.",
                    who=resource.name or branch.name,
                    time=self._moment_label(conflict.start or wanted[0].start, branch),
                )
            ) from None
        self.env["salon.occupancy"].invalidate_model(flush=False)

    @api.model
    def _give_back(self, records):
        """Free everything that records of another model take."""
        column = self.env["salon.occupancy"]._owner_columns()[records._name]
        claim = self.env["salon.claim"]
        claim._give_back(column, records.ids, claim._days_of(column, records.ids))

    @api.model
    def _moment_label(self, minute, branch):
        wall = clock.local(minute, branch.tz)
        time = format_time(self.env, wall.time(), time_format="short")
        return f"{format_date(self.env, wall)} {time}"

    # Refusals

    @api.model
    def _slot_taken(self, appointment, conflicts=()):
        """The polite refusal, with the nearest times that can be had.

        :param conflicts: what this transaction cannot see, because it was taken after
            it began
        """
        slots = self.env["salon.availability"]._nearest_slots(
            appointment, [(conflict.start, conflict.stop) for conflict in conflicts]
        )
        branch = appointment.branch_id
        env = self.env
        who = appointment.staff_id.name or branch.name
        moment = appointment.start
        message = env._(
            "%(who)s is not free on %(day)s at %(time)s: the time was just taken or a "
            "place for “%(service)s” is missing.",
            who=who,
            day=format_date(env, clock.local(clock.to_minutes(moment), branch.tz)),
            time=format_time(env, moment, tz=branch.tz, time_format="short"),
            service=appointment.product_id.name,
        )
        return SlotTaken(self._with_nearest(message, slots, branch), slots)

    @api.model
    def _with_nearest(self, message, slots, branch):
        if slots:
            nearest = self.env._(
                "Nearest free times: %(times)s.", times=self._slot_labels(slots, branch)
            )
        else:
            nearest = self.env._(
                "Nothing is free within a week; choose another day or person."
            )
        return f"{message} {nearest}"

    @api.model
    def _not_offered(self, branch, start, slots):
        """The refusal of a shown time that was taken before it was chosen.

        :param start: UTC minutes
        :param slots: what is free instead
        """
        nearest = sorted(slots, key=lambda slot: abs(slot.start - start))[:3]
        message = self.env._("This time is not free any more.")
        if nearest:
            message += " " + self.env._(
                "Nearest free times: %(times)s.",
                times=self._slot_labels(nearest, branch),
            )
        else:
            message += " " + self.env._("Please choose another day or person.")
        return SlotTaken(message, nearest)

    @api.model
    def _slot_labels(self, slots, branch):
        return ", ".join(self._moment_label(slot.start, branch) for slot in slots)
