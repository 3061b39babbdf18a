from odoo import api, fields, models

#: A change of one of these takes or frees somebody's time.
TAKING_FIELDS = frozenset(
    "active allday attendee_ids partner_ids show_as start start_date stop stop_date "
    "user_id".split()
)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    salon_appointment_id = fields.Many2one(
        "salon.appointment",
        "Salon Booking",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="This event only shows the booking; it is changed there.",
    )
    salon_group_event_id = fields.Many2one(
        "salon.group.event",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="This event only shows the group event; it is changed there.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env["salon.calendar.sync"]._sync(events)
        return events

    def write(self, vals):
        result = super().write(vals)
        if TAKING_FIELDS & vals.keys():
            self.env["salon.calendar.sync"]._sync(self)
        return result

    def unlink(self):
        self.env["salon.calendar.sync"]._forget(self)
        return super().unlink()
