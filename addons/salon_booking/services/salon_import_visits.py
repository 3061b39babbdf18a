from datetime import time

from odoo import Command, api, fields, models

from ..engine import clock
from ..engine.imports import plan_visits
from ..engine.imports.rows import BOOKED, CANCELLED, NO_SHOW
from ..engine.imports.values import RowError, word
from ..engine.imports.visits import overlapping

#: Where an export names a day but no time.
NOON = time(12)


class SalonImportVisits(models.AbstractModel):
    """Bookings become appointments, a client's day becomes a visit."""

    # A file for each step of the import: one alone would be three times too long.
    _inherit = "salon.import"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _import_visits(self, export, job):
        """Store bookings by visit; past ones are history and hold nobody's time.

        :return: ``{visit key: salon.visit}`` of what this run created
        """
        job.visits = plan_visits(export.bookings, export.receipts)
        job.price_by_booking = {
            job.visits.booking_by_line[line.key].key: line.amount / line.quantity
            for receipt in export.receipts
            for line in receipt.lines
            if line.key in job.visits.booking_by_line
        }
        job.squeezed = self._find_squeezed(job)
        new, late = [], []
        for plan in job.visits.visits:
            missing = [
                booking
                for booking in plan.bookings
                if not job.find("appointment", booking.key)
            ]
            job.count("appointment", "unchanged", len(plan.bookings) - len(missing))
            if not job.find("visit", plan.key):
                new.append((plan.key, plan.at, plan))
                continue
            job.count("visit", "unchanged")
            late += [(booking.key, booking.at, booking, plan) for booking in missing]
        created = self._create_visits(new, job)
        self._store(
            job,
            "appointment",
            self.env["salon.appointment"],
            [(key, at, (booking, plan)) for key, at, booking, plan in late],
            lambda row: {
                **self._prepare_appointment(row[0], 0, job),
                "visit_id": job.find("visit", row[1].key),
            },
        )
        return created

    @api.model
    def _create_visits(self, rows, job):
        wanted = []
        for key, at, plan in rows:
            try:
                wanted.append((key, at, plan, self._prepare_visit(plan, job)))
            except RowError as error:
                self._report(job, "visit", (key, at, plan), error)
        return self._in_batches(job, "visit", wanted, self._create_visit_batch)

    @api.model
    def _report(self, job, kind, item, reason):
        if kind != "visit":
            return super()._report(job, kind, item, reason)
        _key, at, plan, *_rest = item
        job.count("visit", "skipped")
        for booking in plan.bookings:
            job.skip("appointment", booking.at, reason)
        if not plan.bookings:
            job.warn(at, reason)
        return None

    @api.model
    def _create_visit_batch(self, part, job):
        visits = self.env["salon.visit"].create(
            [dict(values) for _key, _at, _plan, values in part]
        )
        created, known = {}, {}
        for (key, _at, plan, _values), visit in zip(part, visits, strict=True):
            created[key] = known["visit", key] = visit
            by_place = {row.sequence: row for row in visit.appointment_ids}
            for place, booking in enumerate(plan.bookings, 1):
                known["appointment", booking.key] = by_place[place]
        self._remember(known, job)
        job.count("appointment", "created", len(known) - len(created))
        return created

    @api.model
    def _prepare_visit(self, plan, job):
        values = {
            "branch_id": job.branch.id,
            "client_id": job.get("client", plan.client) if plan.client else False,
            "source": "import",
            "state": plan.state,
            "is_history": not self._is_future(plan, job),
            "appointment_ids": [
                Command.create(self._prepare_appointment(booking, place, job))
                for place, booking in enumerate(plan.bookings, 1)
            ],
        }
        if not plan.bookings:
            moment = self._moment(plan.day, None, job)
            values.update(start=moment, stop=moment)
        return values

    @api.model
    def _prepare_appointment(self, booking, place, job):
        values = {
            "sequence": place,
            "product_id": job.get("service", booking.service),
            "staff_id": job.get("staff", booking.staff) if booking.staff else False,
            "start": self._moment(booking.day, booking.start, job),
            "state": booking.state,
        }
        if booking.key in job.price_by_booking:
            values["price"] = float(job.price_by_booking[booking.key])
        if booking.state == CANCELLED and booking.cancelled_on:
            values["cancelled_at"] = self._moment(booking.cancelled_on, None, job)
            if booking.cancelled_by:
                values["cancel_reason"] = self.env._(
                    "Cancelled by %(who)s in the old software", who=booking.cancelled_by
                )
        if booking.state == NO_SHOW:
            values["no_show_at"] = values["start"]
        if booking.key in job.squeezed:
            values["overlap_reason"] = self.env._("Booked so in the old software")
        return values

    @api.model
    def _moment(self, day, start, job):
        return clock.to_utc(clock.wall_to_minutes(day, start or NOON, job.branch.tz))

    @api.model
    def _is_future(self, plan, job):
        """Only what is still to come takes time of somebody."""
        if plan.state != BOOKED:
            return False
        starts = [self._moment(row.day, row.start, job) for row in plan.bookings]
        return min(starts) > fields.Datetime.now()

    @api.model
    def _find_squeezed(self, job):
        """Keys of future bookings that meet others of the same person.

        The old software let them overlap, or its unknown durations were shorter than
        the ones taken here: they come in with the permission to overlap.
        """
        spans, resources = [], {}
        for plan in job.visits.visits:
            if not self._is_future(plan, job):
                continue
            for booking in plan.bookings:
                staff = job.find("staff", word(booking.staff))
                product = job.find("service", word(booking.service))
                if not staff or not product or job.find("appointment", booking.key):
                    continue
                spans += self._busy_spans(booking, staff, product, resources, job)
        if not spans:
            return set()
        first = min(start for _key, _person, start, _stop in spans)
        taken = self.env["salon.occupancy"].search_fetch(
            [
                ("resource_id", "in", list(resources.values())),
                ("stop", ">", clock.to_utc(first)),
                ("is_blocking", "=", True),
            ],
            ["resource_id", "start", "stop"],
        )
        return overlapping(
            spans,
            [
                (
                    row.resource_id.id,
                    clock.to_minutes(row.start),
                    clock.to_minutes_ceil(row.stop),
                )
                for row in taken
            ],
        )

    @api.model
    def _busy_spans(self, booking, staff_id, product_id, resources, job):
        """(key, resource, from, to) for each phase in which the person is busy."""
        if staff_id not in resources:
            staff = self.env["hr.employee"].browse(staff_id)
            resources[staff_id] = staff.resource_id.id
        template = self.env["product.product"].browse(product_id).product_tmpl_id
        start = clock.wall_to_minutes(booking.day, booking.start or NOON, job.branch.tz)
        return [
            (
                booking.key,
                resources[staff_id],
                start + segment.offset,
                start + segment.stop,
            )
            for segment in template._get_salon_segments()
            if segment.phase.is_staff_busy and segment.phase.minutes
        ]
