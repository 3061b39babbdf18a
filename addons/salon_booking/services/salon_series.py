from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, format_time

from ..engine import clock, states
from ..engine.intervals import contains, merge
from ..engine.nearest import choose
from ..engine.wishes import Part

#: In the context while a change is being noted; an object, because nobody can send it
#: over RPC and change a visit without a trace.
NOTED = object()
#: How many other times are proposed for a date, and within how many days of it.
PROPOSALS, PROPOSAL_DAYS = 3, 3
#: What another person costs, in minutes of distance: somebody else at the same time is
#: better than the same person two hours later.
OTHER_PERSON = 90
#: So many dates are told exactly why they are not free; the rest in general words.
MOST_EXPLAINED = 12


class SalonSeries(models.AbstractModel):
    """Plans, books and changes standing appointments; rearranges several visits."""

    _name = "salon.series"
    _description = "Standing Appointment Service"

    # --- planning ---

    @api.model
    def _plan(self, standing, after=None):
        """Look at every date of the series; write what is free and what is not.

        At most three searches, whatever the number of dates. What somebody decided
        about a date stays while the date does.

        :param after: only dates later than this one
        :return: salon.standing.date, those looked at
        """
        wanted = standing._get_occurrences(after)
        if not wanted:
            raise UserError(
                self.env._(
                    "%(series)s has no date. Check the first date, the days of the "
                    "week and the end.",
                    series=standing.display_name,
                )
            )
        # sudo: salon.standing.date - kept by the system; whoever may change the series
        # was asked before
        known = standing.sudo().date_ids
        kept = {
            date.date: date
            for date in known
            if date.state in ("skipped", "booked") or (after and date.date <= after)
        }
        (known - known.browse(date.id for date in kept.values())).unlink()
        wanted = [each for each in wanted if each.day not in kept]
        dates = known.create(
            [
                {
                    "standing_id": standing.id,
                    "date": each.day,
                    "start": clock.to_utc(each.start),
                    "is_shifted": each.is_shifted,
                    **values,
                }
                for each, values in zip(
                    wanted, self._look(standing, wanted), strict=True
                )
            ]
        )
        standing.sudo().planned_until = max(
            [each.day for each in wanted] + list(kept), default=False
        )
        return dates

    @api.model
    def _look(self, standing, wanted):
        """State, reason, offer and proposals of each occurrence, in order."""
        if not wanted:
            return []
        wish = standing._get_wish()
        own = self._get_reused_visits(standing).appointment_ids
        exact_offers = {
            offer.start: offer
            for offer in self._find(wish, [(e.start, e.start) for e in wanted], own)
        }
        now = clock.to_minutes(fields.Datetime.now())
        values = []
        refused = []
        for each in wanted:
            if exact := exact_offers.get(each.start):
                values.append(
                    {
                        "state": "free",
                        "reason": self._get_shift_note(each),
                        "offer": self._to_json(exact.parts),
                    }
                )
                continue
            values.append({"state": "conflict"})
            refused.append((each, values[-1]))
        if not refused:
            return values
        reach = PROPOSAL_DAYS * 24 * 60
        near = [(each.start - reach, each.start + reach) for each, _vals in refused]
        offers = [
            *self._find(wish, near, own),
            *self._find(standing._get_wish(any_staff=True), near, own),
        ]
        for number, (each, vals) in enumerate(refused):
            vals["proposals"] = self._propose(standing, each, offers)
            if each.start <= now:
                vals["reason"] = self.env._("This time is over.")
            else:
                vals["reason"] = self._why(
                    standing, wish, each, own, number < MOST_EXPLAINED
                )
        return values

    @api.model
    def _find(self, wish, spans, own):
        """Offers that begin in these spans of UTC minutes, in one search."""
        zone = self.env["salon.branch"].browse(wish.branch).tz
        now = clock.to_minutes(fields.Datetime.now())
        spans = [(max(start, now), stop) for start, stop in spans if stop >= now]
        if not spans:
            return []
        return self.env["salon.availability"]._find_offers_in(
            wish,
            spans,
            clock.local(min(start for start, _stop in spans), zone).date(),
            clock.local(max(stop for _start, stop in spans), zone).date(),
            without=own or None,
        )

    @api.model
    def _propose(self, standing, occurrence, offers):
        """The nearest times, same people before others."""
        people = {
            line.product_id.id: line.staff_id.id
            for line in standing.line_ids
            if line.staff_id
        }
        reach = PROPOSAL_DAYS * 24 * 60

        def price(offer):
            changed = sum(
                people.get(part.product, part.staff) != part.staff
                for part in offer.parts
            )
            return abs(offer.start - occurrence.start) + changed * OTHER_PERSON

        near = [
            offer for offer in offers if abs(offer.start - occurrence.start) <= reach
        ]
        return [
            self._prepare_proposal(standing, offer)
            for offer in choose(near, price, PROPOSALS)
        ]

    @api.model
    def _prepare_proposal(self, standing, offer):
        wall = clock.local(offer.start, standing.branch_id.tz)
        day = format_date(self.env, wall, date_format="EEE d MMM")
        # sudo: hr.employee - names are said to clients
        staff = (
            self.env["hr.employee"]
            .sudo()
            .browse(dict.fromkeys(part.staff for part in offer.parts))
        )
        time = format_time(self.env, wall.time(), time_format="short")
        return {
            "start": offer.start,
            "staff": [part.staff for part in offer.parts],
            "label": f"{day}, {time}",
            "who": ", ".join(staff.mapped("name")),
            "parts": self._to_json(offer.parts),
        }

    @api.model
    def _why(self, standing, wish, occurrence, own, is_exact):
        """Why a date is not free, in the words of the engine where it has some."""
        reasons = []
        if is_exact:
            reasons = self.env["salon.refusal"]._texts(
                self.env["salon.availability"]._explain(wish, occurrence.start),
                standing.branch_id,
            )
        if not reasons:
            who = ", ".join(standing.line_ids.staff_id.mapped("name"))
            reasons = [
                self.env._("%(who)s is not free or not there.", who=who)
                if who
                else self.env._("Nobody is free.")
            ]
        note = self._get_shift_note(occurrence)
        return " ".join(filter(None, [*dict.fromkeys(reasons), note]))

    @api.model
    def _get_shift_note(self, occurrence):
        if occurrence.is_shifted:
            return self.env._(
                "Clocks change on this day: the time does not exist and moves forward."
            )
        return False

    @api.model
    def _to_json(self, parts):
        return [
            {
                "product": part.product,
                "staff": part.staff,
                "start": part.start,
                "stop": part.stop,
            }
            for part in parts
        ]

    @api.model
    def _get_exact_parts(self, date):
        """The services one after the other from the wished time, free or not."""
        standing = date.standing_id
        cursor = clock.to_minutes(date.start)
        keys = {
            line: (
                line.product_id.product_tmpl_id.id,
                line.staff_id.id or 0,
                standing.client_id.id or 0,
            )
            for line in standing.line_ids
        }
        terms = self.env["salon.catalog"]._terms(keys.values())
        parts = []
        for line, key in keys.items():
            minutes = line.duration_minutes or terms[key][0]
            parts.append(
                Part(line.product_id.id, line.staff_id.id, cursor, cursor + minutes)
            )
            cursor += minutes
        return self._to_json(parts)

    # --- booking ---

    @api.model
    def _get_reused_visits(self, standing):
        """Visits of the series before this one that it takes over."""
        if standing.state != "draft" or not standing.previous_id:
            return self.env["salon.visit"]
        return standing.previous_id._get_future_visits(standing.date_start)

    @api.model
    def _book(self, standing):
        """Book what the list says, all dates or none.

        :return: salon.visit
        :raises UserError: a date is still in conflict
        :raises SlotTaken: somebody was faster on one of the dates
        """
        if standing.state == "ended":
            raise UserError(
                self.env._("%(series)s has ended.", series=standing.display_name)
            )
        if not standing.date_ids:
            self._plan(standing)
        open_dates = standing.date_ids.filtered(lambda date: date.state == "conflict")
        if open_dates:
            raise UserError(
                self.env._(
                    "Dates that are not free: %(count)s, the first is %(date)s. Choose "
                    "another time, squeeze it in or leave it out.",
                    count=len(open_dates),
                    date=open_dates[0].moment,
                )
            )
        dates = standing.date_ids.filtered(
            lambda date: date.state in ("free", "chosen", "squeeze")
        )
        self._check_squeezed(standing, dates)
        visits = self._take_over(standing, dates) | self._book_new(
            standing, dates.filtered(lambda date: not date.visit_id)
        )
        # sudo: salon.standing - kept by the system; whoever may change the series was
        # asked before
        dates.sudo().state = "booked"
        standing.sudo().state = "active"
        return visits

    @api.model
    def _check_squeezed(self, standing, dates):
        squeezed = dates.filtered(lambda date: date.state == "squeeze")
        if squeezed and not standing.overlap_reason:
            raise UserError(
                self.env._(
                    "%(date)s is squeezed in. Say why in “Overlap Reason”.",
                    date=squeezed[0].moment,
                )
            )
        if squeezed and not self.env.user.has_group(
            "salon_booking.group_salon_squeeze_in"
        ):
            raise AccessError(
                self.env._(
                    "You may not squeeze in %(date)s. Choose another time, leave it "
                    "out or ask somebody with the right to squeeze in.",
                    date=squeezed[0].moment,
                )
            )

    @api.model
    def _book_new(self, standing, dates):
        visits = self.env["salon.visit"].create(
            [
                {
                    "branch_id": standing.branch_id.id,
                    "client_id": standing.client_id.id,
                    "note": standing.note,
                    "appointment_ids": [
                        fields.Command.create(values)
                        for values in self._prepare_appointments(standing, date)
                    ],
                }
                for date in dates
            ]
        )
        for date, visit in zip(dates, visits, strict=True):
            # sudo: salon.visit, salon.standing.date - kept by the system
            visit.sudo().write({"standing_id": standing.id, "standing_date": date.date})
            date.sudo().visit_id = visit
        return visits

    @api.model
    def _prepare_appointments(self, standing, date):
        requested = {
            (line.product_id.id, line.staff_id.id)
            for line in standing.line_ids
            if line.staff_id
        }
        return [
            {
                "product_id": part["product"],
                "staff_id": part["staff"],
                "start": clock.to_utc(part["start"]),
                "duration_minutes": part["stop"] - part["start"],
                "is_requested": (part["product"], part["staff"]) in requested,
                "overlap_reason": standing.overlap_reason
                if date.state == "squeeze"
                else False,
            }
            for part in date.offer
        ]

    @api.model
    def _take_over(self, standing, dates):
        """Move the later visits of the series before, cancel what is left of them."""
        visits = self._get_reused_visits(standing)
        if not standing.previous_id or standing.state != "draft":
            return visits
        by_date = {visit.standing_date: visit for visit in visits}
        pairs = {date: by_date.pop(date.date) for date in dates if date.date in by_date}
        rest = iter(sorted(by_date.values(), key=lambda visit: visit.standing_date))
        for date in dates:
            if date not in pairs and (visit := next(rest, None)):
                pairs[date] = visit
        taken = self.env["salon.visit"].union(*pairs.values())
        # Away from the old series first: two may exchange their dates.
        # sudo: salon.visit - kept by the system
        visits.sudo().write({"standing_id": False, "standing_date": False})
        left = visits - taken
        left._set_state(
            states.CANCELLED, self.env._("Not in the changed series any more")
        )
        self._rearrange(
            {
                visit: self._prepare_appointments(standing, date)
                for date, visit in pairs.items()
            }
        )
        for date, visit in pairs.items():
            # sudo: salon.visit, salon.standing.date - kept by the system
            visit.sudo().write({"standing_id": standing.id, "standing_date": date.date})
            date.sudo().visit_id = visit
        self._end(standing.previous_id, standing.date_start)
        return taken

    @api.model
    def _end(self, standing, day):
        """The series has no dates from this day on."""
        # sudo: salon.standing - kept by the system; whoever may change the series was
        # asked before
        series = standing.sudo()
        series.date_ids.filtered(lambda date: date.date >= day).unlink()
        series.write({"state": "ended", "planned_until": day - timedelta(days=1)})
        series.activity_unlink(["mail.mail_activity_data_todo"])

    @api.model
    def _cancel_from(self, standing, day, reason):
        """Cancel what has not begun from a date on and end the series."""
        visits = standing._get_future_visits(day)
        visits._set_state(states.CANCELLED, reason)
        self._end(standing, day)
        return visits

    @api.model
    def _extend(self, standing):
        """Book a series without end further ahead; conflicts wait for the desk."""
        dates = self.env["salon.standing.date"]
        if standing._get_occurrences(standing.planned_until):
            dates = self._plan(standing, standing.planned_until)
        free = dates.filtered(lambda date: date.state == "free")
        conflicts = dates - free
        for date in free:
            try:
                with self.env.cr.savepoint():
                    self._book_new(standing, date)
                    date.state = "booked"
            except UserError as refused:
                # Taken meanwhile, or a rule refuses it: the other series go on.
                date.invalidate_recordset()
                date.write({"state": "conflict", "reason": str(refused)})
                conflicts |= date
        if conflicts:
            standing.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(standing.user_id or self.env.user).id,
                summary=self.env._("Dates of a standing appointment are not free"),
                note=", ".join(conflicts.mapped("moment")),
            )
        return dates

    # --- changing visits ---

    @api.model
    def _move_to(self, visit, offer, notify_client=False):
        """Move a visit to an offer, note it in its chatter, tell the client.

        :param notify_client: whether to tell her at once; None leaves it to the
            messages that follow any change
        :raises SlotTaken: the time is not free any more
        """
        self._rearrange(
            {
                visit: [
                    {
                        "product_id": part.product,
                        "staff_id": part.staff,
                        "start": clock.to_utc(part.start),
                        "duration_minutes": part.stop - part.start,
                    }
                    for part in offer.parts
                ]
            }
        )
        if notify_client:
            visit._notify_client("mail_template_visit_moved")
        elif notify_client is not None:
            visit._spare_client()

    @api.model
    def _rearrange(self, plans):
        """Give visits other times, people and services; all or none.

        Everything is freed before anything is taken, so that visits may exchange
        their times.

        :param plans: ``{visit: [appointment values in order]}``; services that are too
            many are cancelled, missing ones are added
        :raises SlotTaken: a new time is not free
        """
        visits = self.env["salon.visit"].union(*plans)
        booking = self.env["salon.booking"]
        live = {visit: visit._get_live_appointments() for visit in visits}
        appointments = self.env["salon.appointment"].union(*live.values())
        appointments._lock_visits()
        booking._lock_days(booking._days(appointments) | self._days_of(plans))
        values, missing = {}, []
        surplus = self.env["salon.appointment"]
        for visit, plan in plans.items():
            placed = dict(zip(live[visit], plan, strict=False))
            values.update(placed)
            surplus |= live[visit][len(placed) :]
            missing += [
                {**added, "visit_id": visit.id} for added in plan[len(placed) :]
            ]
        with visits._changes_noted():
            surplus._set_state(
                states.CANCELLED, self.env._("Not in the changed plan any more")
            )
            booking._place(
                (appointments - surplus).with_context(salon_changes_noted=NOTED), values
            )
            self.env["salon.appointment"].create(missing)

    @api.model
    def _days_of(self, plans):
        """What ``_lock_days`` locks for planned times."""
        claim = self.env["salon.claim"]
        placed = [
            (
                visit.branch_id.id,
                values.get("staff_id"),
                clock.to_minutes(values["start"]),
                values.get("duration_minutes") or 1,
            )
            for visit, plan in plans.items()
            for values in plan
        ]
        people = self.env["salon.catalog"]._people(
            {staff for _branch, staff, _start, _minutes in placed if staff}
        )
        shared = {staff: one for staff, one in people.items() if one.is_shared}
        return claim._local_days(
            (branch, start) for branch, _staff, start, _minutes in placed
        ) | claim._utc_days(
            (shared[staff].resource, start, start + minutes)
            for _branch, staff, start, minutes in placed
            if staff in shared
        )


class SalonBooking(models.AbstractModel):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.booking"

    @api.model
    def _place(self, appointments, values_by_appointment):
        """Note in each visit what was before, whoever moves it."""
        with appointments.visit_id._changes_noted():
            quiet = {
                appointment.with_context(salon_changes_noted=NOTED): values
                for appointment, values in values_by_appointment.items()
            }
            return super()._place(appointments, quiet)


class SalonAvailability(models.AbstractModel):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.availability"

    @api.model
    def _find_offers_in(self, wish, spans, date_from, date_to, without=None):
        """Offers that begin in some spans of a long time; cheap where they are few.

        :param spans: ``[(first, last)]`` in UTC minutes, both included
        :param date_from, date_to: the local days around all spans
        :return: list of ``engine.wishes.Offer``, not marked as best
        """
        spans = merge((first, last + 1) for first, last in spans)
        if self._asks_for_group(wish):
            offers = self._find_offers(wish, date_from, date_to, without)
            return [each for each in offers if contains(spans, each.start)]
        search = self.env["salon.search"]._prepare(wish, date_from, date_to, without)
        if search is None:
            return []
        self.env["salon.ranking"]._prefer(search)
        placed = (
            self._plan(search, start)
            for start in self._starts(search)
            if contains(spans, start)
        )
        return [self._offer(search, each) for each in placed if each]
