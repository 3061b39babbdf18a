from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import clock

#: Nobody plans or looks further than this.
YEARS = 20
FAR = timedelta(days=YEARS * 366)


class SalonReach(models.AbstractModel):
    """Refuses days and minutes that no salon can mean, before anything is worked out.

    Hours are worked out day by day: a wrong century would cost minutes of the server.
    """

    _name = "salon.reach"
    _description = "Reach of the Salon's Calendar"

    @api.model
    def _check_days(self, *days):
        """:param days: dates; empty ones do not count"""
        today = fields.Date.today()
        if any(abs(day - today) > FAR for day in days if day):
            raise self._too_far()

    @api.model
    def _check_minutes(self, *minutes):
        """:param minutes: UTC minutes as a client has sent them, ``None`` for none"""
        now, far = clock.to_minutes(fields.Datetime.now()), FAR // clock.MINUTE
        for minute in minutes:
            if minute is None or minute is False:
                continue
            # Whatever is no number, or not a number, is not between two of them.
            is_number = isinstance(minute, int | float)
            if not is_number or not now - far <= minute <= now + far:
                raise self._too_far()

    @api.model
    def _too_far(self):
        return ValidationError(
            self.env._(
                "This is more than %(years)s years away. Check the date.", years=YEARS
            )
        )
