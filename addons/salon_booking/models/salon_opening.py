from odoo import fields, models


class SalonOpening(models.Model):
    """When a person or a place can be booked, before anything is taken.

    Worked out of shifts, calendars, time off and opening hours by the service
    ``salon.hours``, its only writer, so that a search for free times reads rows instead
    of asking the host's calendars one by one. Past rows stay as what has been open.
    """

    _name = "salon.opening"
    _description = "Time That Can Be Booked"
    _order = "start_minute, id"
    _log_access = False
    _rec_name = "resource_id"

    resource_id = fields.Many2one(
        "resource.resource", "Person or Place", required=True, ondelete="cascade"
    )
    branch_id = fields.Many2one("salon.branch", required=True, ondelete="cascade")
    business_date = fields.Date(
        required=True, help="The day of the shift, also past midnight."
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    start_minute = fields.Integer(
        required=True, aggregator=None, help="The start in minutes since 1970, UTC."
    )
    stop_minute = fields.Integer(required=True, aggregator=None)

    _once = models.UniqueIndex(
        "(resource_id, branch_id, start_minute) INCLUDE (stop_minute)",
        "This time is listed already.",
    )
    _branch_date = models.Index("(branch_id, business_date)")
    _stop_after_start = models.Constraint(
        "CHECK (start_minute < stop_minute AND stop_minute <= start_minute + 1560)",
        "A time that can be booked lasts between a minute and 26 hours.",
    )
    _same_moments = models.Constraint(
        """CHECK (start = timestamp '1970-01-01' + start_minute * interval '1 minute'
              AND stop = timestamp '1970-01-01' + stop_minute * interval '1 minute')""",
        "Moments and minutes must say the same.",
    )


class SalonOpeningCoverage(models.Model):
    """Which days of a person or place in a branch are worked out as rows.

    It is the lock as well: whoever refreshes rows UPDATEs this one first. Under
    REPEATABLE READ one transaction may take an absence back while another adds one on
    the same day: the second sees no window that it could cut, and the first opens the
    whole day. The second UPDATE of this row fails with 40001 instead, and the host
    repeats the request on a new snapshot. A mere lock would go on with the old one.
    """

    _name = "salon.opening.coverage"
    _description = "Days Worked Out"
    _log_access = False
    _rec_name = "resource_id"

    resource_id = fields.Many2one(
        "resource.resource", "Person or Place", required=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(
        "salon.branch", required=True, index=True, ondelete="cascade"
    )
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    checked_on = fields.Date(required=True, help="When all days were last looked at.")
    revision = fields.Integer(required=True, default=0, aggregator=None)

    _once = models.UniqueIndex(
        "(resource_id, branch_id)", "This person or place is listed already."
    )
