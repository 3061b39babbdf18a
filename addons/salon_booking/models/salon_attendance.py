from datetime import timedelta

from odoo import api, fields, models

from ..engine import states

OPEN = frozenset({states.BOOKED, states.CONFIRMED})
#: So long before an event people are marked as come.
DOORS_OPEN = timedelta(hours=1)
CAME = frozenset({states.ARRIVED, states.IN_SERVICE, states.DONE})


class SalonAppointment(models.Model):
    """Whether a participant of a group event came, said by the state."""

    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    # rpc: the move of the state checks the right to write
    def action_came(self):
        """Came: arrived while the event goes on, done once it is closed."""
        closed = self.filtered(lambda a: a.group_event_id.state == "done")
        closed._set_state(states.DONE)
        (self - closed)._set_state(states.ARRIVED)

    # rpc: the move of the state checks the right to write
    def action_absent(self):
        """Did not come; somebody marked as arrived by mistake is put right."""
        self.filtered(lambda a: a.state == states.ARRIVED)._set_state(states.BOOKED)
        self._set_state(states.NO_SHOW)


class SalonGroupEvent(models.Model):
    # A side of the event of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.group.event"

    came_count = fields.Integer("Came", compute="_compute_attendance")
    absent_count = fields.Integer("Did Not Come", compute="_compute_attendance")
    unmarked_count = fields.Integer("Not Marked", compute="_compute_attendance")

    is_attendance_open = fields.Boolean(
        compute="_compute_is_attendance_open",
        help="People come some time before it begins.",
    )

    @api.depends("start")
    def _compute_is_attendance_open(self):
        doors = fields.Datetime.now() + DOORS_OPEN
        for event in self:
            event.is_attendance_open = bool(event.start) and event.start <= doors

    @api.depends("appointment_ids.state")
    def _compute_attendance(self):
        # sudo: salon.appointment - numbers only, of all who take part
        counted = (
            self.env["salon.appointment"]
            .sudo()
            ._read_group(
                [("group_event_id", "in", self.ids)],
                ["group_event_id", "state"],
                ["__count"],
            )
        )
        counts = {(event.id, state): count for event, state, count in counted}
        for event in self:

            def total(wanted, event=event):
                return sum(counts.get((event._origin.id, state), 0) for state in wanted)

            event.came_count = total(CAME)
            event.absent_count = total((states.NO_SHOW,))
            event.unmarked_count = total(OPEN)

    # rpc: the move of the state checks the right to write
    def action_all_came(self):
        """Everybody not marked yet came."""
        self.appointment_ids.filtered(lambda a: a.state in OPEN).action_came()
