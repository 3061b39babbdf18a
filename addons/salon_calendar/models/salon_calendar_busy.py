from odoo import fields, models


class SalonCalendarBusy(models.Model):
    """A person's time that an event of the own calendar takes.

    Kept by the service ``salon.calendar.sync``; it holds no word of the event itself.
    """

    _name = "salon.calendar.busy"
    _description = "Time Taken by an Own Calendar"
    _order = "start, id"
    _rec_name = "staff_id"

    event_id = fields.Many2one(
        "calendar.event", required=True, index=True, ondelete="cascade"
    )
    staff_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one("salon.branch", required=True, ondelete="cascade")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    is_partial = fields.Boolean(
        help="Bookings were in the way; their time is taken once they are moved."
    )

    _once = models.UniqueIndex(
        "(event_id, staff_id)", "The event already takes this person's time."
    )
    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "An event that takes time ends after it begins."
    )
