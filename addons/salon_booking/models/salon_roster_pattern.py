from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

from ..engine import rosters
from .salon_shift import minutes_of

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
    ("mon_fri", "Monday to Friday"),
    ("all", "Every day"),
]
#: Days that a choice stands for, where it stands for several.
SEVERAL = {"mon_fri": range(5), "all": range(7)}


class SalonRosterPattern(models.Model):
    _name = "salon.roster.pattern"
    _description = "Salon Roster Pattern"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: can be used in every company.",
    )
    kind = fields.Selection(
        [("weekly", "Weeks"), ("rotation", "Days on, days off")],
        required=True,
        default="weekly",
    )
    weeks = fields.Integer(
        default=1,
        required=True,
        help="1: every week the same. 2: weeks A and B take turns.",
    )
    days_on = fields.Integer(default=2, required=True)
    days_off = fields.Integer(default=2, required=True)
    line_ids = fields.One2many("salon.roster.line", "pattern_id", "Hours", copy=True)
    assignment_ids = fields.One2many("salon.roster.assignment", "pattern_id")
    hours_per_week = fields.Float(
        compute="_compute_hours_per_week",
        help="On average, without breaks.",
    )
    summary = fields.Char("Hours at a Glance", compute="_compute_summary")

    _cycle_sensible = models.Constraint(
        "CHECK (weeks BETWEEN 1 AND 12 AND days_on BETWEEN 1 AND 60 "
        "AND days_off BETWEEN 0 AND 60)",
        "A pattern repeats after 1 to 12 weeks, or after 1 to 60 days on and up to 60 "
        "days off.",
    )
    _name_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0)) WHERE active",
        "Another pattern already has this name.",
    )

    @api.depends("kind", "weeks", "days_on", "days_off", "line_ids")
    def _compute_hours_per_week(self):
        for pattern in self:
            cycle = pattern._to_engine(is_lenient=True)
            minutes = sum(
                shift.stop
                - shift.start
                - sum(last - first for first, last in shift.breaks)
                for shift in cycle.shifts
            )
            pattern.hours_per_week = minutes / 60 * 7 / cycle.length

    @api.depends("line_ids")
    def _compute_summary(self):
        for pattern in self:
            pattern.summary = "; ".join(
                line.display_name for line in pattern.line_ids[:7]
            )

    @api.constrains("kind", "weeks", "days_on", "days_off", "line_ids")
    def _check_lines(self):
        for pattern in self:
            pattern.line_ids._check_within_cycle()
            cycle = pattern._to_engine()
            around = [
                (shift.start + (shift.day + turn) * rosters.DAY, shift)
                for shift in cycle.shifts
                for turn in (0, cycle.length)
            ]
            around.sort(key=lambda pair: pair[0])
            for (start, shift), (following, _next) in zip(
                around, around[1:], strict=False
            ):
                if following < start + shift.stop - shift.start:
                    raise ValidationError(
                        self.env._(
                            "In “%(pattern)s” two shifts of the same day, or of two "
                            "days in a row, overlap. Change the hours or delete a "
                            "line.",
                            pattern=pattern.name,
                        )
                    )

    def _to_engine(self, is_lenient=False):
        """The pattern as ``engine.rosters.Pattern``.

        :param is_lenient: leave out lines that are not finished yet
        """
        self.ensure_one()
        length = (
            self.weeks * 7 if self.kind == "weekly" else self.days_on + self.days_off
        )
        shifts = [
            shift
            for line in self.line_ids
            for shift in line._to_engine()
            if not is_lenient or shift.day < length
        ]
        return rosters.Pattern(max(length, 1), tuple(shifts))

    def _get_anchor(self, day):
        """The first day of the cycle that a day chosen by hand stands for."""
        self.ensure_one()
        return rosters.week_start(day) if self.kind == "weekly" else day

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(pattern)s (copy)", pattern=pattern.name)}
            for pattern, vals in zip(self, super().copy_data(default), strict=True)
        ]


class SalonRosterLine(models.Model):
    _name = "salon.roster.line"
    _description = "Hours of a Salon Roster Pattern"
    _order = "week, weekday, day, time_from, id"

    pattern_id = fields.Many2one(
        "salon.roster.pattern", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="pattern_id.kind")
    week = fields.Integer(help="1 is week A, 2 week B, and so on. 0: every week.")
    weekday = fields.Selection(WEEKDAYS, default="mon_fri")
    day = fields.Integer("Day of Cycle", help="From 1 on. 0: every day on.")
    time_from = fields.Float(
        "From", default=9, required=True, help="On the clock of the branch."
    )
    time_to = fields.Float(
        "To",
        default=18,
        required=True,
        help="On the clock of the branch. Not later than From: on the next day.",
    )
    break_from = fields.Float(help="Leave both empty for no break.")
    break_to = fields.Float()
    second_break_from = fields.Float()
    second_break_to = fields.Float()

    _hours_of_a_day = models.Constraint(
        "CHECK (time_from >= 0 AND time_from < 24 AND time_to >= 0 AND time_to <= 24 "
        "AND break_from >= 0 AND break_from < 24 AND break_to >= 0 AND break_to <= 24 "
        "AND second_break_from >= 0 AND second_break_from < 24 "
        "AND second_break_to >= 0 AND second_break_to <= 24)",
        "Hours are between 0:00 and 24:00.",
    )

    @api.depends("week", "weekday", "day", "time_from", "time_to", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        weekdays = dict(self._fields["weekday"]._description_selection(self.env))
        for line in self:
            hours = f"{format_duration(line.time_from)}–{format_duration(line.time_to)}"
            if line.kind == "rotation":
                when = str(line.day) if line.day else ""
            else:
                when = weekdays.get(line.weekday, "")
                if line.week:
                    when = f"{chr(ord('A') + line.week - 1)} {when}"
            line.display_name = f"{when} {hours}".strip()

    def _get_days(self):
        """The days of the cycle, from 0 on, that the line stands for."""
        self.ensure_one()
        pattern = self.pattern_id
        if self.kind == "rotation":
            return [self.day - 1] if self.day else list(range(pattern.days_on))
        weeks = [self.week - 1] if self.week else range(pattern.weeks)
        days = SEVERAL.get(self.weekday) or [int(self.weekday or 0)]
        return [week * 7 + day for week in weeks for day in days]

    def _to_engine(self):
        self.ensure_one()
        start, stop = minutes_of(self.time_from), minutes_of(self.time_to)
        if stop <= start:
            stop += rosters.DAY
        breaks = []
        for first, last in (
            (self.break_from, self.break_to),
            (self.second_break_from, self.second_break_to),
        ):
            if first == last:
                continue
            first, last = minutes_of(first), minutes_of(last)
            # After midnight of a night shift.
            first += rosters.DAY if first < start else 0
            last += rosters.DAY if last <= first else 0
            last -= rosters.DAY if last - first > rosters.DAY else 0
            breaks.append((first, last))
        return [
            rosters.PatternShift(day, start, stop, tuple(breaks))
            for day in self._get_days()
        ]

    @api.constrains(
        "time_from",
        "time_to",
        "break_from",
        "break_to",
        "second_break_from",
        "second_break_to",
        "week",
        "weekday",
        "day",
    )
    def _check_hours(self):
        self.pattern_id._check_lines()

    def _check_within_cycle(self):
        for line in self:
            pattern = line.pattern_id
            length = (
                pattern.weeks * 7
                if pattern.kind == "weekly"
                else pattern.days_on + pattern.days_off
            )
            if not all(0 <= day < length for day in line._get_days()):
                raise ValidationError(
                    self.env._(
                        "“%(line)s” lies outside of the cycle of “%(pattern)s”. "
                        "Correct its week or day, or make the cycle longer.",
                        line=line.display_name,
                        pattern=pattern.name,
                    )
                )
            for shift in line._to_engine()[:1]:
                if not all(
                    shift.start <= first < last <= shift.stop
                    for first, last in shift.breaks
                ):
                    raise ValidationError(
                        self.env._(
                            "The break of “%(line)s” is not inside of its hours. "
                            "Correct the break, or leave both ends at 0:00.",
                            line=line.display_name,
                        )
                    )
