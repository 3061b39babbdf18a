from contextlib import contextmanager
from dataclasses import replace

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, format_time

from ..engine import clock, states
from ..engine.wishes import GIVEN, TOGETHER, ServiceWish, VisitWish
from ..services.salon_series import NOTED

#: A change of one of these is told in the chatter of the visit.
TOLD_FIELDS = frozenset(
    {"start", "stop", "duration_minutes", "staff_id", "product_id", "overlap_reason"}
)


class SalonVisit(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    standing_id = fields.Many2one(
        "salon.standing",
        "Standing Appointment",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    standing_date = fields.Date(
        copy=False, help="The date of the series that this visit stands for."
    )

    _standing_date_unique = models.UniqueIndex(
        "(standing_id, standing_date) WHERE standing_id IS NOT NULL",
        "This date of the standing appointment is booked already.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"standing_id", "standing_date"}

    def _get_live_appointments(self):
        """Appointments that can still be moved, in the order of the visit."""
        return self.appointment_ids.filtered(
            lambda appointment: appointment.state in (states.BOOKED, states.CONFIRMED)
        ).sorted(lambda appointment: (appointment.start, appointment.id))

    def _get_wish(self, appointments=None, staff=None):
        """The visit as it stands, as a wish that offers can be found for.

        :param appointments: the services to be moved; all that still can be by default
        :param staff: ``{appointment id: tuple of hr.employee ids or None}`` instead of
            the person who does it now; None is anybody
        """
        self.ensure_one()
        appointments = appointments or self._get_live_appointments()
        starts = appointments.mapped("start")
        return VisitWish(
            branch=self.branch_id.id,
            client=self.client_id.id or None,
            services=self._get_service_wishes(appointments, staff or {}),
            order=TOGETHER
            if len(appointments) > 1 and len(set(starts)) == 1
            else GIVEN,
        )

    @api.model
    def _get_service_wishes(self, appointments, staff):
        """One for each appointment; an add-on stays behind its service, with whom."""
        wishes, base = [], None
        for appointment in appointments:
            product = appointment.product_id
            wish = ServiceWish(
                product=product.id,
                staff=staff.get(
                    appointment.id, tuple(appointment.staff_id.ids) or None
                ),
                minutes=appointment.duration_minutes,
                is_requested=appointment.is_requested,
            )
            if base and self._is_addon_of(appointment, wish, *base):
                wish = replace(wish, after=base[1].product)
            else:
                base = appointment, wish
            wishes.append(wish)
        return tuple(wishes)

    @api.model
    def _is_addon_of(self, appointment, wish, base, its_wish):
        """Given to somebody else by the desk, an add-on is a service of its own."""
        template = appointment.product_id.product_tmpl_id
        return (
            template.is_salon_addon
            and template in base.product_id.product_tmpl_id.salon_addon_ids
            and appointment.staff_id == base.staff_id
            and wish.staff == its_wish.staff
        )

    def _get_moment_label(self, moment, zone=None):
        """Day and time on the clock of the branch: "Thu 12 Jun 2031, 10:00"."""
        wall = clock.local(clock.to_minutes(moment), zone or self.branch_id.tz or "UTC")
        return (
            f"{format_date(self.env, wall, date_format='EEE d MMM y')}, "
            f"{format_time(self.env, wall.time(), time_format='short')}"
        )

    def _get_plan_lines(self):
        """One line of text per live service: what, when, how long, with whom."""
        self.ensure_one()
        return [
            self.env._(
                "%(service)s: %(moment)s, %(minutes)s min, %(who)s",
                service=appointment.product_id.name,
                moment=self._get_moment_label(appointment.start),
                minutes=appointment.duration_minutes,
                who=appointment.staff_id.name or self.env._("nobody yet"),
            )
            for appointment in self._get_live_appointments()
            if appointment.start
        ]

    @contextmanager
    def _changes_noted(self):
        """Write into each chatter what was planned before, if it is not any more.

        Affected bookings that are fine now leave their list. Inside of one that is
        open already (``salon_changes_noted`` in the context), nothing more happens.
        """
        if self.env.context.get("salon_changes_noted") is NOTED or not self:
            yield
            return
        before = {visit.id: visit._get_plan_lines() for visit in self}
        starts = {visit.id: visit.start for visit in self}
        people = {visit.id: visit._get_live_appointments().staff_id for visit in self}
        yield
        bodies = {}
        for visit in self:
            after = visit._get_plan_lines()
            if before[visit.id] and after != before[visit.id]:
                bodies[visit.id] = visit._get_change_note(before[visit.id], after)
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)
            self.browse(bodies)._after_plan_change(starts, people)
        self.env["salon.displacement"]._on_moved(self.appointment_ids)

    def _after_plan_change(self, previous, people):
        """Hook: these visits were planned otherwise; same transaction.

        :param previous: ``{visit id: start before}``
        :param people: ``{visit id: hr.employee before}``
        """

    def _get_change_note(self, before, after):
        def as_list(lines):
            return Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % line for line in lines
            )

        note = Markup("<p>%s</p>%s") % (self.env._("Changed. Before:"), as_list(before))
        if after:
            note += Markup("<p>%s</p>%s") % (self.env._("Now:"), as_list(after))
        return note

    # rpc: the dialog checks the right to the visit
    def action_move(self):
        """Search another time for the whole visit."""
        return self.env["salon.move.wizard"]._open(self)

    # rpc: the dialog checks the right to the visit
    def action_rearrange(self):
        """Lengthen, shorten, give to another person."""
        return self.env["salon.rearrange.wizard"]._open(self)

    # rpc: only opens a dialog; what it does checks rights
    def action_change_series(self):
        self.ensure_one()
        return self.env["salon.standing.change"]._open(self.standing_id, self)

    def _notify_client(self, template_name):
        """Send the client a mail by the host's queue, after commit.

        :param template_name: name of a mail.template of this addon
        :return: the visits whose client has no address to write to
        """
        # sudo: mail.template - the desk sends what the owner has worded
        template = self.env.ref(f"salon_booking.{template_name}").sudo()
        reachable = self.filtered(
            lambda visit: visit.client_id.email and not visit.is_history
        )
        if reachable:
            template.send_mail_batch(reachable.ids, force_send=False)
        return self - reachable

    def _spare_client(self):
        """Hook: the desk has said that the client need not be told of the change."""


class SalonAppointment(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    def write(self, vals):
        if not TOLD_FIELDS & vals.keys():
            return super().write(vals)
        visits = self.visit_id.filtered(lambda visit: not visit.is_history)
        with visits._changes_noted():
            return super().write(vals)

    # rpc: the dialog checks the right to the appointments
    def action_swap(self):
        """Exchange time and person of the two selected."""
        return self.env["salon.swap.wizard"]._open(self)

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        displacements = self.env["salon.displacement"]
        displacements._on_state_change(self)
        back = self.filtered(
            lambda one: (
                previous[one.id] in states.LOST
                and one.state in (states.BOOKED, states.CONFIRMED)
                and one.start > fields.Datetime.now()
            )
        )
        if back:
            # Its time may have been closed while nobody was booked in it.
            displacements._check(back)._announce()
