from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import board, clock, states
from ..engine.intervals import intersect
from ..engine.phases import BUFFER
from ..engine.windows import ONE_DAY
from .salon_hours_live import _Branch, _Leave

#: At most so many days at once; the team's week has a form of its own.
MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: branches of those known, local days and their minutes."""

    known: Any
    branches: Any
    first: date
    last: date
    start: int
    stop: int

    @property
    def dates(self):
        return [
            self.first + timedelta(days=number)
            for number in range((self.last - self.first).days + 1)
        ]


class SalonBoard(models.AbstractModel):
    """Everything of some branches and days, in a fixed number of queries.

    Appointments and blocks come through the record rules of the user; hours, places and
    names of the team are no secret of any rule. A stylist sees the own column alone.
    """

    _name = "salon.board"
    _description = "Day Board"

    # The host's method of this name imports rows, of which a board has none.
    # rpc: reads with the rights of the user; _scope refuses who has no role
    @api.model
    @api.readonly
    def load(self, branch_ids=None, first=None, last=None, tab=None):
        """All that the board shows.

        :param branch_ids: empty for the user's first branch
        :param first, last: local days as text; today when empty
        :param tab: what is open of the drawer, as in ``drawer``
        """
        scope = self._scope(branch_ids, first, last)
        return self._prepare(scope, tab=tab)

    # rpc: reads with the rights of the user; _scope refuses who has no role
    @api.model
    def changed(self, branch_ids, first, last, visit_ids, tab=None):
        """The same of some visits alone; what is missing of them is gone."""
        scope = self._scope(branch_ids, first, last)
        return self._prepare(scope, visit_ids, tab)

    @api.model
    def _check_role(self):
        if not self.env.user.has_group("salon_booking.group_salon_stylist"):
            raise AccessError(
                self.env._("The board is for the team of the salon. Ask your manager.")
            )

    @api.model
    def _is_desk(self):
        return self.env.user.has_group("salon_booking.group_salon_receptionist")

    @api.model
    def _rights(self):
        """What the user may do here; the client shows no more than that."""
        has_group = self.env.user.has_group
        is_desk = self._is_desk()
        return {
            "book": is_desk,
            "move": is_desk,
            "block": is_desk,
            "phone": is_desk,
            "squeeze_in": has_group("salon_booking.group_salon_squeeze_in"),
            "override": has_group("salon_booking.group_salon_override"),
            "undo": has_group("salon_booking.group_salon_undo"),
        }

    @api.model
    def _moves(self):
        """To which states one may go from each state."""
        may_undo = self.env.user.has_group("salon_booking.group_salon_undo")
        return {
            state: [
                other
                for other in states.MOVES
                if other != state and states.is_allowed(state, other, may_undo)
            ]
            for state in states.MOVES
        }

    @api.model
    def _scope(self, branch_ids, first, last):
        self._check_role()
        known = self._branches()
        branches = known.filtered(lambda branch: branch.id in (branch_ids or ()))
        if not branches:
            own = self.env.user.salon_branch_ids & known
            branches = own[:1] or known[:1]
        zone = branches[:1].tz or "UTC"
        now = clock.to_minutes(fields.Datetime.now())
        first = fields.Date.to_date(first) or clock.local(now, zone).date()
        last = max(fields.Date.to_date(last) or first, first)
        self._check_days(first, last)
        zones = set(branches.mapped("tz")) or {"UTC"}
        return Scope(
            known,
            branches,
            first,
            last,
            min(clock.day_bounds(first, one)[0] for one in zones),
            max(clock.day_bounds(last, one)[1] for one in zones),
        )

    @api.model
    def _check_days(self, first, last):
        self.env["salon.reach"]._check_days(first, last)
        if (last - first).days >= MOST_DAYS:
            raise UserError(
                self.env._(
                    "The board shows %(days)s days at most. Choose fewer.",
                    days=MOST_DAYS,
                )
            )

    @api.model
    def _branches(self):
        return self.env["salon.branch"].search_fetch(
            [],
            ["name", "tz", "slot_minutes", "resource_calendar_id", "company_id"],
        )

    @api.model
    def _prepare(self, scope, visit_ids=None, tab=None):
        appointments = self._appointments(scope, visit_ids)
        people, facilities = self._columns(scope, appointments)
        taken = self._taken(scope, [*people, *facilities])
        visits = self._visits(scope, appointments)
        icons = self._icons(visits)
        counts = self._counts(scope)
        changed = {
            "now": clock.to_minutes(fields.Datetime.now()),
            "visits": {
                visit_id: {**visit["shown"], "icons": icons.get(visit_id, [])}
                for visit_id, visit in visits.items()
            },
            "appointments": self._as_blocks(appointments, people, facilities, taken),
            "blocks": self._blocks(scope, appointments, people, facilities, taken),
            **counts,
            **self._drawer(scope, tab, counts),
        }
        if visit_ids is not None:
            # Of what is not looked at, nothing is known.
            changed["blocks"] = [
                block for block in changed["blocks"] if block["kind"] != "away"
            ]
            return changed
        windows = self._windows(scope, [*people, *facilities])
        marks = self._marks(scope, people)
        opening = self._opening(scope, marks)
        return {
            **changed,
            "can": self._rights(),
            "moves": self._moves(),
            "branches_all": [
                {"id": branch.id, "name": branch.name} for branch in scope.known
            ],
            "branches": [
                self._branch(branch, scope, opening, windows, appointments, marks)
                for branch in scope.branches
            ],
            "staff": self._staff(scope, people, windows, marks, taken, appointments),
            "facilities": [
                {
                    "id": facility["id"],
                    "branch": branch_id,
                    "name": facility["name"],
                    "kind": facility["kind"],
                    "type": facility["type"],
                    "capacity": facility["capacity"],
                    "windows": windows[branch_id, facility["resource"]],
                }
                for facility in facilities
                for branch_id in facility["branches"]
            ],
        }

    # What is booked

    @api.model
    def _appointments(self, scope, visit_ids=None):
        """Rows of what is booked in these days: a list of dicts, by time."""
        for model in (
            "salon.appointment",
            "salon.visit",
            "res.partner",
            "product.template",
            "product.category",
            "salon.shift",
        ):
            self.env[model].flush_model()
        domain = [
            ("branch_id", "in", scope.branches.ids),
            ("start", "<", clock.to_utc(scope.stop + clock.DAY // 2)),
            ("start", ">", clock.to_utc(scope.start - clock.DAY)),
            ("stop", ">", clock.to_utc(scope.start)),
            ("state", "!=", states.CANCELLED),
            ("group_event_id", "=", False),
        ]
        if not self._is_desk():
            # What others did for their clients they may read, but not here.
            domain.append(("staff_user_id", "=", self.env.uid))
        if visit_ids is not None:
            domain.append(("visit_id", "in", visit_ids))
        query = self.env["salon.appointment"]._search(domain, order="start, id")
        own = query.table
        visit = query.join(own, "visit_id", "salon_visit", "id", "visit")
        client = query.left_join(visit, "client_id", "res_partner", "id", "client")
        product = query.join(own, "product_id", "product_product", "id", "product")
        template = query.join(
            product, "product_tmpl_id", "product_template", "id", "template"
        )
        category = query.left_join(
            own, "category_id", "product_category", "id", "category"
        )
        shift_day = self._shift_day(own, scope)
        query.add_where(
            SQL(
                "(%s < %s OR %s BETWEEN %s AND %s)",
                SQL.identifier(own, "start"),
                clock.to_utc(scope.stop),
                shift_day,
                scope.first,
                scope.last,
            )
        )
        columns = {
            **self._columns_of(
                own,
                "id visit_id staff_id branch_id product_id category_id state price "
                "duration_minutes is_requested overlap_reason",
            ),
            **{
                name: self._minute(SQL.identifier(own, name))
                for name in ("start", "stop", "arrived_at", "started_at", "done_at")
            },
            "version": self._version(own),
            "shift_day": shift_day,
            "service": self.env["product.template"]._field_to_sql(template, "name"),
            "category": SQL(
                "COALESCE(NULLIF(%s, ''), %s)",
                self.env["product.category"]._field_to_sql(category, "salon_name"),
                SQL.identifier(category, "name"),
            ),
            "category_color": SQL.identifier(category, "salon_color"),
            **{
                f"visit_{name}": SQL.identifier(visit, name)
                for name in (
                    "name",
                    "state",
                    "source",
                    "payment_state",
                    "deposit_state",
                    "amount_planned",
                    "amount_total",
                    "client_id",
                )
            },
            "visit_note": SQL("%s <> ''", SQL.identifier(visit, "note")),
            "visit_is_first": self._is_first_visit(visit),
            "visit_has_debt": self._has_debt(visit),
            "visit_has_package": self._has_package(visit),
            **{
                f"visit_{name}": column
                for name, column in self._marks_of_visit(visit, client).items()
            },
            "client_name": SQL.identifier(client, "name"),
            "client_phone": SQL.identifier(client, "phone")
            if self._is_desk()
            else SQL("NULL"),
        }
        zones = {branch.id: branch.tz for branch in scope.branches}
        rows = []
        for values in self.env.execute_query(query.select(*columns.values())):
            row = dict(zip(columns, values, strict=True))
            local = clock.local(row["start"], zones[row["branch_id"]]).date()
            rows.append({**row, "day": row["shift_day"] or local})
        return rows

    @api.model
    def _shift_day(self, appointment, scope):
        """The day of the person's shift; past midnight it is the day before."""
        return SQL(
            """(SELECT shift.business_date FROM salon_shift shift
                 WHERE shift.staff_id = %(staff)s AND shift.branch_id = %(branch)s
                   AND shift.kind = 'work' AND shift.is_published
                   AND shift.business_date BETWEEN %(first)s AND %(last)s
                   AND shift.start <= %(start)s AND %(start)s < shift.stop
                 LIMIT 1)""",
            staff=SQL.identifier(appointment, "staff_id"),
            branch=SQL.identifier(appointment, "branch_id"),
            start=SQL.identifier(appointment, "start"),
            first=scope.first - ONE_DAY,
            last=scope.last,
        )

    @api.model
    def _columns_of(self, alias, names):
        return {name: SQL.identifier(alias, name) for name in names.split()}

    @api.model
    def _minute(self, column):
        return SQL("floor(date_part('epoch', %s) / 60)::int", column)

    @api.model
    def _version(self, alias):
        """What a change must send back: any write of somebody else gives another."""
        return SQL(
            "round(date_part('epoch', %s) * 1000000)::bigint",
            SQL.identifier(alias, "write_date"),
        )

    @api.model
    def _has_package(self, visit):
        """Hook: SQL that says whether the client has a package to use."""
        return SQL("FALSE")

    @api.model
    def _marks_of_visit(self, visit, client):
        """Hook: what else ``_icons`` are made of, read with each: ``{name: SQL}``."""
        return {}

    @api.model
    def _is_first_visit(self, visit):
        client, start, company = (
            SQL.identifier(visit, name) for name in ("client_id", "start", "company_id")
        )
        return SQL(
            """%(client)s IS NOT NULL AND NOT EXISTS (
                SELECT FROM salon_visit before
                 WHERE before.client_id = %(client)s AND before.start < %(start)s
                   AND before.company_id = %(company)s
                   AND before.state NOT IN ('cancelled', 'no_show'))""",
            client=client,
            start=start,
            company=company,
        )

    @api.model
    def _has_debt(self, visit):
        """Something of an earlier visit is not paid."""
        if not self._is_desk():
            return SQL("FALSE")
        return SQL(
            """EXISTS (SELECT FROM salon_visit owed
                        WHERE owed.client_id = %s AND owed.id != %s
                          AND owed.company_id = %s
                          AND owed.payment_state IN ('not_paid', 'partial'))""",
            SQL.identifier(visit, "client_id"),
            SQL.identifier(visit, "id"),
            SQL.identifier(visit, "company_id"),
        )

    @api.model
    def _visits(self, scope, appointments):
        """``{visit id: row}`` with what is ``shown``, and what icons are made of."""
        visits = {}
        of_visit = [name for name in (appointments or [()])[0] if name[:6] == "visit_"]
        zones = {branch.id: branch.tz for branch in scope.branches}
        is_desk = self._is_desk()
        for row in appointments:
            if row["visit_id"] not in visits:
                visits[row["visit_id"]] = {
                    "day": clock.local(row["start"], zones[row["branch_id"]]).date(),
                    **{name.removeprefix("visit_"): row[name] for name in of_visit},
                    "is_requested": False,
                    "shown": self._visit(row, is_desk),
                }
            visits[row["visit_id"]]["is_requested"] |= bool(row["is_requested"])
        return visits

    @api.model
    def _visit(self, row, is_desk):
        client = None
        if row["visit_client_id"]:
            name = row["client_name"] or ""
            if not is_desk:
                name = self.env["res.partner"]._tell_salon_name(name)
            client = {"id": row["visit_client_id"], "name": name}
            if is_desk:
                client["phone"] = row["client_phone"] or ""
        is_billed = row["visit_payment_state"] not in (None, "no_bill")
        return {
            "client": client,
            "name": row["visit_name"],
            "state": row["visit_state"],
            "note": bool(row["visit_note"]),
            "payment": row["visit_payment_state"] or "no_bill",
            "total": float(
                row["visit_amount_total" if is_billed else "visit_amount_planned"] or 0
            ),
            "source": row["visit_source"],
        }

    @api.model
    def _icons(self, visits):
        """Hook: what is to be seen of each visit at once, in the order shown.

        Nothing about a client that the user may not know, and without a query: what
        they are made of comes from ``_marks_of_visit``.

        :param visits: ``{visit id: dict}`` with what is read of each, is_requested and
            its local day
        :return: ``{visit id: [name, …]}``
        """
        icons, is_desk = {}, self._is_desk()
        for visit_id, visit in visits.items():
            signs = {
                "new": visit["is_first"],
                "debt": visit["has_debt"],
                "package": visit["has_package"],
                "requested": visit["is_requested"],
                "note": visit["note"],
                "deposit": visit["deposit_state"] == "paid",
                "unpaid": is_desk and self._is_left_to_pay(visit),
                "confirmed": visit["state"] == states.CONFIRMED,
            }
            icons[visit_id] = [name for name, is_shown in signs.items() if is_shown]
        return icons

    @api.model
    def _is_left_to_pay(self, visit):
        """Done here, worth something, and not paid yet."""
        return (
            visit["state"] == states.DONE
            and visit["source"] != "import"
            and visit["payment_state"] not in ("paid", "refunded")
            and bool(visit["amount_total"] or visit["amount_planned"])
        )

    # Columns

    @api.model
    def _columns(self, scope, appointments):
        """People and facilities with the branches that they have a column in."""
        for model in (
            "hr.employee",
            "salon.facility",
            "salon.facility.type",
            "salon.shift",
        ):
            self.env[model].flush_model()
        type_name = self.env["salon.facility.type"]._field_to_sql("type", "name")
        only = SQL("TRUE")
        if not self._is_desk():
            only = SQL("staff.user_id = %s", self.env.uid)
        booked = {row["staff_id"] for row in appointments if row["staff_id"]}
        rows = self.env.execute_query(
            SQL(
                """WITH member AS (
                       SELECT staff.id, rel.branch_id
                         FROM hr_employee_salon_branch_rel rel
                         JOIN hr_employee staff ON staff.id = rel.employee_id
                        WHERE rel.branch_id = ANY(%(branches)s)
                          AND staff.active AND staff.is_salon_staff
                        UNION
                       SELECT staff.id, opening.branch_id
                         FROM salon_opening opening
                         JOIN hr_employee staff
                           ON staff.resource_id = opening.resource_id
                        WHERE opening.branch_id = ANY(%(branches)s)
                          AND opening.business_date BETWEEN %(first)s AND %(last)s
                          AND staff.is_salon_staff)
                   SELECT 'staff', staff.id, staff.resource_id, staff.name, NULL, NULL,
                          1, date_part('epoch', staff.write_date)::bigint,
                          ARRAY(SELECT branch_id FROM member WHERE id = staff.id),
                          (SELECT (date_part('epoch', max(eve.stop)) / 60)::int
                             FROM salon_shift eve
                            WHERE eve.staff_id = staff.id
                              AND eve.kind = 'work' AND eve.is_published
                              AND eve.business_date = %(eve)s
                              AND eve.stop > %(start)s)
                     FROM hr_employee staff
                    WHERE %(only)s
                      AND (staff.id IN (SELECT id FROM member)
                           OR staff.id = ANY(%(booked)s))
                UNION ALL
                   SELECT 'facility', place.id, place.resource_id, place.name,
                          type.kind, %(type_name)s, place.capacity, place.sequence,
                          ARRAY[place.branch_id], NULL
                     FROM salon_facility place
                     JOIN salon_facility_type type ON type.id = place.type_id
                    WHERE place.active AND place.branch_id = ANY(%(branches)s)
                 ORDER BY 1, 4, 2""",
                branches=scope.branches.ids,
                first=scope.first,
                last=scope.last,
                eve=scope.first - ONE_DAY,
                start=clock.to_utc(scope.start),
                booked=list(booked),
                only=only,
                type_name=type_name,
            )
        )
        names = "model id resource name kind type capacity key branches night".split()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        working = defaultdict(set)
        for row in appointments:
            working[row["staff_id"]].add(row["branch_id"])
        for column in found:
            if column["model"] == "staff":
                # Somebody who helps out, or has left, keeps what is booked.
                column["branches"] = {*column["branches"], *working[column["id"]]}
        return (
            [one for one in found if one["model"] == "staff" and one["branches"]],
            sorted(
                (one for one in found if one["model"] == "facility"),
                key=lambda one: one["key"],
            ),
        )

    @api.model
    def _windows(self, scope, columns):
        """When each can be booked: ``{(branch id, resource id): intervals}``."""
        hours = self.env["salon.hours"]
        resources = self.env["resource.resource"]
        # What is left of the night before belongs to the day before.
        nights = {one["resource"]: one["night"] for one in columns if one["night"]}
        windows = {}
        for branch in scope.branches:
            here = resources.browse(
                column["resource"]
                for column in columns
                if branch.id in column["branches"]
            )
            # What begins late in the evening ends on the next day.
            found = hours._windows(
                branch, here, scope.start, scope.stop + clock.DAY // 2
            )
            for resource_id, spans in found.items():
                windows[branch.id, resource_id] = [
                    (max(start, nights.get(resource_id, start)), stop)
                    for start, stop in spans
                    if start < scope.stop and nights.get(resource_id, start) < stop
                ]
        return windows

    @api.model
    def _marks(self, scope, people):
        """Breaks, days off, time off and public holidays, in one query.

        :return: list of (kind, staff id, start, stop, reason, company, calendar)
        """
        for model in ("salon.shift", "salon.shift.break", "resource.calendar.leaves"):
            self.env[model].flush_model()
        reason = SQL("NULL::varchar")
        if self.env.user.has_group("salon_booking.group_salon_manager"):
            reason = self.env["salon.absence.reason"]._field_to_sql("reason", "name")
        rows = self.env.execute_query(
            SQL(
                """SELECT 'break', shift.staff_id, pause.start, pause.stop, NULL,
                          NULL::int, NULL::int
                     FROM salon_shift_break pause
                     JOIN salon_shift shift ON shift.id = pause.shift_id
                    WHERE shift.is_published AND shift.staff_id = ANY(%(staff)s)
                      AND shift.branch_id = ANY(%(branches)s)
                      AND pause.start < %(stop)s AND pause.stop > %(start)s
                UNION ALL
                   SELECT 'off', shift.staff_id, shift.start, shift.stop, %(reason)s,
                          NULL, NULL
                     FROM salon_shift shift
                LEFT JOIN salon_absence_reason reason ON reason.id = shift.reason_id
                    WHERE shift.is_published AND shift.kind = 'off'
                      AND shift.staff_id = ANY(%(staff)s)
                      AND shift.start < %(stop)s AND shift.stop > %(start)s
                UNION ALL
                   SELECT 'leave', staff.id, leave.date_from, leave.date_to, NULL,
                          NULL, NULL
                     FROM resource_calendar_leaves leave
                     JOIN hr_employee staff ON staff.resource_id = leave.resource_id
                    WHERE staff.id = ANY(%(staff)s)
                      AND leave.date_from < %(stop)s AND leave.date_to > %(start)s
                UNION ALL
                   SELECT 'holiday', NULL, leave.date_from, leave.date_to, leave.name,
                          leave.company_id, leave.calendar_id
                     FROM resource_calendar_leaves leave
                    WHERE leave.resource_id IS NULL AND leave.time_type = 'leave'
                      AND leave.date_from < %(stop)s AND leave.date_to > %(start)s""",
                staff=[one["id"] for one in people],
                branches=scope.branches.ids,
                # Opening hours are worked out for the days around, too.
                start=clock.to_utc(scope.start - 2 * clock.DAY),
                stop=clock.to_utc(scope.stop + 2 * clock.DAY),
                reason=reason,
            )
        )
        return [
            (
                *row[:2],
                clock.to_minutes(row[2]),
                clock.to_minutes_ceil(row[3]),
                *row[4:],
            )
            for row in rows
        ]

    @api.model
    def _opening(self, scope, marks):
        """When each branch is open: ``{branch id: intervals}``."""
        # sudo: resource.calendar - opening hours hang on the door
        hours = self.env["salon.hours"].sudo()
        weeks = hours._opening_weeks(scope.branches.resource_calendar_id.ids)
        opening = {}
        for branch in scope.branches:
            closed = [
                _Leave(None, None, None, start, stop)
                for start, stop, _name in self._holidays(branch, marks)
            ]
            facts = _Branch(
                branch.id,
                branch.tz,
                branch.resource_calendar_id.id or None,
                branch.company_id.id,
                True,
            )
            opening[branch.id] = hours._opening(
                facts, weeks, closed, scope.first, scope.last
            )
        return opening

    @api.model
    def _holidays(self, branch, marks):
        """Public holidays of a branch: (start, stop, name)."""
        return [
            (start, stop, name)
            for kind, _staff, start, stop, name, company, calendar in marks
            if kind == "holiday"
            and company in (None, branch.company_id.id)
            and calendar in (None, branch.resource_calendar_id.id)
        ]

    @api.model
    def _branch(self, branch, scope, opening, windows, appointments, marks):
        spans = [
            *opening[branch.id],
            *(
                span
                for (branch_id, _resource), spans in windows.items()
                if branch_id == branch.id
                for span in spans
                # Places may be used day and night; that is no reason to draw it.
                if span[1] - span[0] < clock.DAY
            ),
        ]
        spans = [span for span in spans if span[1] - span[0] < clock.DAY]
        days = []
        for day in scope.dates:
            bounds = clock.day_bounds(day, branch.tz)
            booked = [
                (max(row["start"], bounds[0]), row["stop"])
                for row in appointments
                if row["branch_id"] == branch.id and row["day"] == day
            ]
            start, stop = board.frame(bounds, [*spans, *booked])
            days.append(
                {
                    "date": fields.Date.to_string(day),
                    "start": start,
                    "stop": stop,
                    "open": intersect(opening[branch.id], [(start, stop)]),
                    "closed": next(
                        (
                            name or self.env._("Closed")
                            for begin, end, name in self._holidays(branch, marks)
                            if begin < bounds[1] and bounds[0] < end
                        ),
                        "",
                    ),
                }
            )
        return {
            "id": branch.id,
            "name": branch.name,
            "company": branch.company_id.id,
            "tz": branch.tz,
            "slot": branch.slot_minutes,
            "channel": self._channel_name(branch),
            "days": days,
        }

    @api.model
    def _staff(self, scope, people, windows, marks, taken, appointments):
        breaks, off = defaultdict(list), defaultdict(list)
        for kind, staff, start, stop, reason, *_more in marks:
            if kind == "break":
                breaks[staff].append((start, stop))
            elif staff:
                off[staff].append((start, stop, reason or self._time_off_label()))
        shown = {row["id"] for row in appointments}
        booked = defaultdict(list)
        for row in taken:
            if row["appointment"] in shown:
                booked[row["resource"]].append((row["start"], row["stop"]))
        return [
            {
                **self._person(person, branch_id, rank),
                "windows": windows[branch_id, person["resource"]],
                "breaks": [
                    span
                    for span in breaks[person["id"]]
                    if span[0] < scope.stop and scope.start < span[1]
                ],
                "off": [
                    span
                    for span in off[person["id"]]
                    if span[0] < scope.stop and scope.start < span[1]
                ],
                "work_minutes": board.minutes(windows[branch_id, person["resource"]]),
                "booked_minutes": board.minutes(booked[person["resource"]]),
            }
            for rank, person in enumerate(people)
            for branch_id in sorted(person["branches"])
        ]

    @api.model
    def _person(self, person, branch_id, rank):
        return {
            "id": person["id"],
            "branch": branch_id,
            "name": person["name"],
            "avatar": f"/web/image/hr.employee.public/{person['id']}/avatar_128"
            f"?unique={person['key']}",
            "rank": rank,
            "color": board.colour(person["id"]),
        }

    @api.model
    def _time_off_label(self):
        return self.env._("Time off")

    # What is taken

    @api.model
    def _taken(self, scope, columns):
        """All that is taken of these people and places, in one query."""
        for model in (
            "salon.occupancy",
            "salon.block",
            "salon.group.event",
            "salon.hold",
        ):
            self.env[model].flush_model()
        blocks = self.env["salon.block"]._search(
            [
                ("start", "<", clock.to_utc(scope.stop + clock.DAY // 2)),
                ("stop", ">", clock.to_utc(scope.start)),
            ]
        )
        # Of events elsewhere no more is told than that somebody is taken.
        events = self.env["salon.group.event"]._search([])
        rows = self.env.execute_query(
            SQL(
                """SELECT taken.appointment_id, taken.block_id, taken.hold_id,
                          event.id, taken.branch_id, taken.resource_id,
                          taken.start_minute, taken.stop_minute, taken.phase_kind,
                          CASE WHEN block.id IN %(blocks)s THEN block.kind END,
                          CASE WHEN block.id IN %(blocks)s THEN block.note END,
                          block.start, block.stop, event.name, event.capacity,
                          CASE WHEN event.id IS NOT NULL THEN
                               (SELECT count(*) FROM salon_appointment seat
                                 WHERE seat.group_event_id = event.id
                                   AND seat.state NOT IN ('cancelled', 'no_show'))
                          END
                     FROM salon_occupancy taken
                LEFT JOIN salon_block block ON block.id = taken.block_id
                LEFT JOIN salon_group_event event ON event.id = taken.group_event_id
                      AND event.id IN %(events)s
                    WHERE taken.resource_id = ANY(%(resources)s)
                      AND taken.start_minute < %(stop)s
                      AND taken.start_minute > %(start)s - 1440
                      AND taken.stop_minute > %(start)s
                      AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
                 ORDER BY taken.start_minute, taken.id""",
                blocks=blocks.subselect(),
                events=events.subselect(),
                resources=[column["resource"] for column in columns],
                start=scope.start,
                stop=scope.stop + clock.DAY // 2,
                now=fields.Datetime.now(),
            )
        )
        names = (
            "appointment block hold event branch resource start stop phase "
            "block_kind note block_start block_stop event_name capacity seats"
        ).split()
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _as_blocks(self, appointments, people, facilities, taken):
        """The appointments as the client draws them."""
        person_of = {one["resource"]: one["id"] for one in people}
        place_of = {one["resource"]: one["id"] for one in facilities}
        taken_of = defaultdict(list)
        for row in taken:
            if row["appointment"]:
                taken_of[row["appointment"]].append(row)
        services = self.env["salon.catalog"]._services(
            self.env["product.product"].browse(
                {row["product_id"] for row in appointments}
            )
        )

        @cache
        def parts(product, minutes):
            return tuple(
                (
                    segment.phase.kind,
                    segment.offset,
                    segment.phase.minutes,
                    segment.phase.is_staff_busy,
                )
                for segment in services[product].segments(minutes)
                if segment.phase.kind != BUFFER
            )

        shown = []
        for row in appointments:
            rows = [one for one in taken_of[row["id"]] if one["phase"] != BUFFER]
            places = [
                (place_of[one["resource"]], one["start"], one["stop"])
                for one in rows
                if one["resource"] in place_of
            ]
            shown.append(
                {
                    "id": row["id"],
                    "visit": row["visit_id"],
                    "staff": row["staff_id"] or False,
                    "branch": row["branch_id"],
                    "day": fields.Date.to_string(row["day"]),
                    "start": row["start"],
                    "stop": row["stop"],
                    "state": row["state"],
                    "service": row["service"],
                    "category": row["category"] or "",
                    "color": row["category_color"] or board.colour(row["category_id"]),
                    "price": float(row["price"] or 0),
                    "requested": bool(row["is_requested"]),
                    "places": list(dict.fromkeys(place for place, *_span in places)),
                    "phases": board.lay_phases(
                        row["start"],
                        parts(row["product_id"], row["duration_minutes"]),
                        row["staff_id"],
                        [
                            (
                                person_of[one["resource"]],
                                one["start"],
                                one["stop"],
                                one["phase"],
                            )
                            for one in rows
                            if one["resource"] in person_of
                        ],
                        places,
                        as_taken=row["state"] != states.DONE,
                    ),
                    "arrived": row["arrived_at"] or False,
                    "started": row["started_at"] or False,
                    "done": row["done_at"] or False,
                    "overlap": bool(row["overlap_reason"]),
                    "version": row["version"],
                }
            )
        return shown

    @api.model
    def _blocks(self, scope, appointments, people, facilities, taken):
        """What else is taken: blocked time, holds, group events, work elsewhere."""
        columns = {one["resource"]: one for one in (*people, *facilities)}
        shown = {row["id"] for row in appointments}
        found, away = {}, []
        for row in taken:
            if row["appointment"] in shown or row["start"] >= scope.stop:
                continue
            kind, key = self._kind_of_block(row)
            block = found.get((kind, key, row["resource"]))
            if block and (kind != "away" or row["start"] <= block["stop"]):
                block["stop"] = max(block["stop"], row["stop"])
                continue
            if block:
                away.append(block)
            if kind == "block" and row["block_start"]:
                span = (
                    clock.to_minutes(row["block_start"]),
                    clock.to_minutes_ceil(row["block_stop"]),
                )
            else:
                span = row["start"], row["stop"]
            column = columns[row["resource"]]
            found[kind, key, row["resource"]] = {
                "id": key if kind != "away" else f"{row['resource']}-{span[0]}",
                "kind": kind,
                "staff": column["id"] if column["model"] == "staff" else False,
                "facility": column["id"] if column["model"] == "facility" else False,
                "branch": row["branch"],
                "start": span[0],
                "stop": span[1],
                "label": self._block_label(kind, row),
                "color": 0,
            }
        return [*away, *found.values()]

    @api.model
    def _kind_of_block(self, row):
        if row["block"]:
            return "block", row["block"]
        if row["hold"]:
            return "hold", row["hold"]
        if row["event"]:
            return "event", row["event"]
        # Of other branches, or of colleagues: that it is taken, not by whom.
        return "away", 0

    @api.model
    def _block_label(self, kind, row):
        if kind == "block":
            kinds = dict(
                self.env["salon.block"]._fields["kind"]._description_selection(self.env)
            )
            return row["note"] or kinds.get(row["block_kind"]) or self.env._("Blocked")
        if kind == "hold":
            return self.env._("On hold")
        if kind == "event":
            return f"{row['event_name']} ({row['seats']}/{row['capacity']})"
        return self.env._("Taken")
