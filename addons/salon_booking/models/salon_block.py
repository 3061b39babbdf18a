from collections import defaultdict
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, format_time

from ..engine import clock
from ..engine.intervals import subtract

#: A change of one of these moves, frees or takes time.
TAKING_FIELDS = frozenset(
    {"branch_id", "staff_ids", "facility_ids", "start", "stop", "overlap_reason"}
)
#: How many bookings in the way are named.
NAMED = 10
#: One row of what is taken lasts a day at most.
LONGEST_ROW = 24 * 60
#: The longest that a block is repeated daily.
MOST_DAYS = 366


class SalonBlock(models.Model):
    """Time of people or facilities that is not for clients.

    Guarded like a booking: what is blocked cannot be booked, and what is booked is
    moved first or, with the right to squeeze in, left as it is.
    """

    _name = "salon.block"
    _description = "Blocked Time"
    _inherit = ["salon.guarded.mixin", "hr.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"overlap_user_id", "series_id"})
    _guarded_defaults = frozenset({"series_id"})

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("business", "Business"),
            ("personal", "Personal"),
            ("maintenance", "Maintenance"),
        ],
        "Reason",
        required=True,
        default=lambda self: self._default_kind(),
    )
    note = fields.Char(help="What is done in this time, e.g. training or a repair.")
    staff_ids = fields.Many2many(
        "hr.employee",
        string="Team",
        check_company=True,
        default=lambda self: self._default_staff_ids(),
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
    )
    user_ids = fields.Many2many(
        "res.users",
        compute="_compute_user_ids",
        store=True,
        compute_sudo=True,
        help="Whose own time it is.",
    )
    facility_ids = fields.Many2many(
        "salon.facility",
        string="Facilities",
        check_company=True,
        domain="[('branch_id', '=', branch_id)]",
        help="All of their places are blocked.",
    )
    start = fields.Datetime(required=True, default=lambda self: self._default_moment(1))
    stop = fields.Datetime(required=True, default=lambda self: self._default_moment(2))
    hours = fields.Char(compute="_compute_hours", help="On the clock of the branch.")
    repeat_until = fields.Date(
        "Daily Until",
        copy=False,
        help="The same hours on each day until then, as blocks of their own.",
    )
    series_id = fields.Many2one(
        "salon.block",
        "First of the Series",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    overlap_reason = fields.Char(
        "Leave Bookings, Because",
        copy=False,
        help="Bookings in the way stay where they are and the rest is blocked; needs "
        "the right to squeeze in.",
    )
    overlap_user_id = fields.Many2one("res.users", "Left by", readonly=True, copy=False)

    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "Blocked time ends after it begins."
    )
    _at_most_a_year = models.Constraint(
        "CHECK (stop <= start + interval '366 days')",
        "Blocked time lasts a year at most. For longer, change the working hours.",
    )
    _branch_start = models.Index("(branch_id, start)")

    @api.model
    def _is_desk(self):
        return self.env.su or self.env.user.has_group(
            "salon_booking.group_salon_receptionist"
        )

    @api.model
    def _default_moment(self, hours):
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        return now + timedelta(hours=hours)

    @api.model
    def _default_kind(self):
        return "business" if self._is_desk() else "personal"

    @api.model
    def _default_staff_ids(self):
        if self._is_desk():
            return self.env["hr.employee"]
        return self._find_own_staff()

    @api.model
    def _find_own_staff(self):
        # sudo: hr.employee - only those who are the user
        own = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", self.env.uid), ("is_salon_staff", "=", True)])
        )
        return own.sudo(False)

    @api.depends("staff_ids.user_id")
    def _compute_user_ids(self):
        for block in self:
            block.user_ids = block.staff_ids.user_id

    @api.depends("start", "stop", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_hours(self):
        for block in self:
            block.hours = " – ".join(
                format_time(
                    self.env,
                    moment,
                    tz=block.branch_id.tz or "UTC",
                    time_format="short",
                )
                for moment in (block.start, block.stop)
                if moment
            )

    @api.depends("kind", "note", "staff_ids", "facility_ids")
    def _compute_display_name(self):
        for block in self:
            who = block.staff_ids.mapped("name") + block.facility_ids.mapped("name")
            what = block.note or block._kind_label()
            block.display_name = " · ".join(filter(None, [", ".join(who), what]))

    def _kind_label(self):
        kinds = self._fields["kind"]._description_selection(self.env)
        return dict(kinds).get(self.kind)

    @api.constrains("staff_ids", "facility_ids")
    def _check_something_is_blocked(self):
        for block in self:
            if not block.staff_ids and not block.facility_ids:
                raise ValidationError(
                    self.env._(
                        "Say whose time is blocked: choose somebody of the team or a "
                        "facility."
                    )
                )

    @api.constrains("start", "stop")
    def _check_within_reach(self):
        self.env["salon.reach"]._check_days(
            *(
                moment.date()
                for block in self
                for moment in (block.start, block.stop)
                if moment
            )
        )

    @api.constrains("facility_ids", "branch_id")
    def _check_facilities_of_branch(self):
        for block in self:
            foreign = block.facility_ids.filtered(
                lambda facility, block=block: facility.branch_id != block.branch_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(facility)s is in another branch than %(branch)s. Block it "
                        "there.",
                        facility=foreign[0].name,
                        branch=block.branch_id.name,
                    )
                )

    @api.constrains("staff_ids", "branch_id")
    def _check_staff_of_branch(self):
        for block in self:
            # sudo: hr.employee - where somebody works
            foreign = block.sudo().staff_ids.filtered(
                lambda person, block=block: (
                    block.branch_id not in person.salon_branch_ids
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(staff)s does not work in %(branch)s.",
                        staff=foreign[0].name,
                        branch=block.branch_id.name,
                    )
                )

    # --- what may be blocked by whom ---

    def _check_own_time(self):
        """A stylist blocks own personal time, where the branch allows it."""
        if self._is_desk():
            return
        own = self._find_own_staff()
        for block in self:
            if not block.branch_id.staff_may_block:
                raise AccessError(
                    self.env._(
                        "At %(branch)s only the desk and managers block time. Ask them "
                        "to do it.",
                        branch=block.branch_id.name,
                    )
                )
            if (
                block.kind != "personal"
                or block.facility_ids
                or not block.staff_ids
                or block.staff_ids - own
            ):
                raise AccessError(
                    self.env._(
                        "You may block personal time of your own only. Ask the desk "
                        "for the rest."
                    )
                )

    def _check_overlap_right(self):
        overlapping = self.filtered("overlap_reason")
        if not overlapping:
            return
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_squeeze_in"
        ):
            raise AccessError(
                self.env._(
                    "You may not block time in which somebody is booked. Move the "
                    "bookings first or ask somebody with the right to squeeze in."
                )
            )
        # sudo: salon.block - kept by the system
        overlapping.sudo().overlap_user_id = self.env.user

    # --- taking and giving back ---

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        # sudo: salon.block - the series is kept by the system
        later = super(SalonBlock, self.sudo()).create(
            [values for block in blocks for values in block._prepare_repeats()]
        )
        blocks.filtered("repeat_until").sudo().repeat_until = False
        later = later.sudo(self.env.su)
        (blocks | later)._check_own_time()
        (blocks | later)._check_overlap_right()
        (blocks | later)._take()
        (blocks | later)._tell_boards()
        return blocks

    def write(self, vals):
        if not TAKING_FIELDS & vals.keys():
            self._check_own_time()
            result = super().write(vals)
            self._check_own_time()
            self._tell_boards()
            return result
        self._check_own_time()
        freed = self._get_days()
        self._tell_boards()
        result = super().write(vals)
        self.check_access("write")
        self._check_own_time()
        if vals.get("overlap_reason"):
            self._check_overlap_right()
        self._take(again=True)
        self._tell_boards()
        self.env["salon.appointment"]._tell_freed(freed)
        return result

    def unlink(self):
        self.check_access("unlink")
        self._check_own_time()
        freed = self._get_days()
        self._tell_boards()
        self.env["salon.booking"]._give_back(self)
        result = super().unlink()
        self.env["salon.appointment"]._tell_freed(freed)
        return result

    def _prepare_repeats(self):
        """Values of the later days, at the same time on the clock of the branch."""
        self.ensure_one()
        if not self.repeat_until:
            return []
        zone = self.branch_id.tz
        first, last = (
            clock.local(clock.to_minutes(moment), zone)
            for moment in (self.start, self.stop)
        )
        days = (self.repeat_until - first.date()).days
        if days < 0:
            raise ValidationError(
                self.env._(
                    "A block cannot be repeated until a day before it begins. Choose a "
                    "later day or leave it empty."
                )
            )
        if days > MOST_DAYS:
            raise ValidationError(
                self.env._(
                    "A block is repeated for a year at most. For longer, change the "
                    "working hours."
                )
            )
        (values,) = self.copy_data({"overlap_reason": self.overlap_reason})
        return [
            {
                **values,
                "series_id": self.id,
                "start": self._same_time(first, day, zone),
                "stop": self._same_time(last, day, zone),
            }
            for day in range(1, days + 1)
        ]

    @api.model
    def _same_time(self, wall, days, zone):
        return clock.to_utc(
            clock.wall_to_minutes(wall.date() + timedelta(days=days), wall.time(), zone)
        )

    def _get_days(self):
        """What ``_lock_days`` locks for them: a set of (branch id, local day)."""
        days = set()
        for block in self:
            zone = block.branch_id.tz
            first, last = (
                clock.local(minutes, zone).date().toordinal()
                for minutes in (
                    clock.to_minutes(block.start),
                    clock.to_minutes_ceil(block.stop) - 1,
                )
            )
            days |= {(block.branch_id.id, day) for day in range(first, last + 1)}
        return frozenset(days)

    def _tell_boards(self):
        """Also those that show a later day of a long block."""
        self.env["salon.board"]._tell(self._get_days(), blocks=True)

    def _get_units(self):
        """Everything that a block takes: pairs of resource id and unit."""
        self.ensure_one()
        # sudo: hr.employee, salon.facility - the resources behind them
        block = self.sudo()
        return [(staff.resource_id.id, 1) for staff in block.staff_ids] + [
            (facility.resource_id.id, number)
            for facility in block.facility_ids
            for number in range(1, facility.capacity + 1)
        ]

    def _take(self, again=False):
        """Take the time of all, or refuse with what is in the way."""
        if not self:
            return
        booking = self.env["salon.booking"]
        if again:
            booking._give_back(self)
        strict = self.filtered(lambda block: not block.overlap_reason)
        strict._check_nothing_in_the_way()
        for blocks in [strict, *(self - strict)._split_by_overlap()]:
            rows = {block.id: block._plan_rows() for block in blocks}
            booking._take_time(blocks, rows)

    def _split_by_overlap(self):
        """As few sets as possible in which no two blocks meet in time.

        Of two that do, the second one takes what the first one leaves.
        """
        sets = []
        for block in self.sorted(lambda block: (block.start, block.id)):
            place = next(
                (index for index, known in enumerate(sets) if known[1] <= block.start),
                None,
            )
            if place is None:
                sets.append((block, block.stop))
            else:
                sets[place] = sets[place][0] | block, block.stop
        return [blocks for blocks, _stop in sets]

    @api.model
    def _fill_up(self, days):
        """Take what bookings that were left have freed meanwhile.

        :param days: (branch id, ordinal of the local day)
        """
        self._find_around(days)._take(again=True)

    @api.model
    @contextmanager
    def _making_room(self, days, since):
        """Let a booking that was left come back to where it has just been.

        :param days: as in ``_fill_up``
        :param since: UTC moment; blocks that came later do not give way
        """
        since = fields.Datetime.to_datetime(since)
        blocks = self._find_around(days).filtered(
            lambda block: block.write_date.replace(microsecond=0) <= since
        )
        if not blocks:
            yield
            return
        booking = self.env["salon.booking"]
        booking._lock_days(blocks._get_days())
        booking._give_back(blocks)
        yield
        blocks._take(again=True)

    @api.model
    def _find_around(self, days):
        """Blocks with bookings left in them, whoever's; in sudo."""
        ordinals = [ordinal for _branch, ordinal in days]
        if not ordinals:
            return self.browse()
        # A local day begins within a day of the UTC one, whatever the zone.
        first, last = (
            datetime.combine(date.fromordinal(ordinal), time.min)
            for ordinal in (min(ordinals) - 1, max(ordinals) + 2)
        )
        # sudo: salon.block - of whoever, by whoever frees the time
        return self.sudo().search(
            [
                ("branch_id", "in", [branch for branch, _ordinal in days]),
                ("overlap_reason", "!=", False),
                ("start", "<", last),
                ("stop", ">", first),
            ]
        )

    def _plan_rows(self):
        """Rows for ``_take_time``; where bookings stay, what is left around them."""
        self.ensure_one()
        first, last = clock.to_minutes(self.start), clock.to_minutes_ceil(self.stop)
        units = self._get_units()
        taken = defaultdict(list)
        if self.overlap_reason:
            for _block, row in self._find_in_the_way():
                taken[row.resource_id.id, row.unit].append(
                    (clock.to_minutes(row.start), clock.to_minutes_ceil(row.stop))
                )
        return [
            (resource, unit, piece, min(piece + LONGEST_ROW, stop), "block")
            for resource, unit in units
            for start, stop in subtract(
                [(first, last)], taken.get((resource, unit), ())
            )
            for piece in range(start, stop, LONGEST_ROW)
        ]

    def _check_nothing_in_the_way(self):
        """Name the bookings that have to move first, of all blocks at once."""
        if not self:
            return
        in_the_way = {}
        for block, row in self._find_in_the_way():
            owner = row.appointment_id or row.block_id or row
            in_the_way.setdefault((owner._name, owner.id), (block, row))
        if not in_the_way:
            return
        found = list(in_the_way.values())
        labels = [self._label_in_the_way(*each) for each in found[:NAMED]]
        if len(found) > NAMED:
            labels.append(self.env._("and %(count)s more", count=len(found) - NAMED))
        way_out = (
            self.env._("Or say under “Leave bookings, because” why they may stay.")
            if self.env.user.has_group("salon_booking.group_salon_squeeze_in")
            else ""
        )
        raise UserError(
            self.env._(
                "Somebody is booked in this time. Move these first:\n%(bookings)s\n"
                "%(way_out)s",
                bookings="\n".join(f"• {label}" for label in labels),
                way_out=way_out,
            )
        )

    def _find_in_the_way(self):
        """What is taken already: pairs of block and occupancy row, by time."""
        # sudo: salon.occupancy - also what the user does not see is in the way
        occupancy = self.env["salon.occupancy"].sudo()
        units = {block: set(block._get_units()) for block in self}
        resources = {resource for taken in units.values() for resource, _unit in taken}
        rows = occupancy.search(
            [
                ("resource_id", "in", list(resources)),
                ("is_blocking", "=", True),
                ("start", "<", max(self.mapped("stop"))),
                ("stop", ">", min(self.mapped("start"))),
            ]
        )
        now = fields.Datetime.now()
        return [
            (block, row)
            for block in self
            for row in rows
            if (row.resource_id.id, row.unit) in units[block]
            and row.start < block.stop
            and block.start < row.stop
            and row.block_id != block
            and not (row.expires_at and row.expires_at <= now)
        ]

    def _label_in_the_way(self, block, row):
        zone = block.branch_id.tz
        when = "{} {}".format(
            format_date(self.env, clock.local(clock.to_minutes(row.start), zone)),
            format_time(self.env, row.start, tz=zone, time_format="short"),
        )
        owner = (row.appointment_id or row.block_id).with_env(self.env)
        what = self.env._("somebody is just booking")
        if owner:
            # Of other branches it says that, not who is booked.
            may_know = owner.has_access("read")
            what = owner.display_name if may_know else self.env._("Booked")
        return f"{when}: {what} ({row.resource_id.name})"

    def action_delete_series(self):
        """Give back the time of this block and of all that were made with it."""
        self.check_access("unlink")
        first = self.series_id | self.filtered(lambda block: not block.series_id)
        series = first | self.search([("series_id", "in", first.ids)])
        series.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_block_action"
        )
