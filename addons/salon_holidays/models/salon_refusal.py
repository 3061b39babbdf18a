from odoo import api, models

from odoo.addons.salon_booking.engine import clock


class SalonRefusal(models.AbstractModel):
    """Those who may know it read the kind of time off beside the refusal."""

    _inherit = "salon.refusal"

    @api.model
    def _say_on_leave(self, values, refusal, branch):
        sentence = super()._say_on_leave(values, refusal, branch)
        kind = self._kind_of_leave(values.get("staff"), refusal)
        if not kind:
            return sentence
        return self.env._("%(sentence)s (%(kind)s)", sentence=sentence, kind=kind)

    @api.model
    def _kind_of_leave(self, staff_id, refusal):
        """The time off type that ends when the refusal does; empty without the right.

        Why somebody is away belongs to the personnel file: only who may read the
        requests of the person is told.
        """
        leaves = self.env["hr.leave"]
        if not staff_id or not refusal.until or not leaves.has_access("read"):
            return ""
        if not self.env.user.has_group("hr_holidays.group_hr_holidays_responsible"):
            return ""
        moment = clock.to_utc(refusal.until - 1)
        found = leaves.search(
            [
                ("employee_id", "=", staff_id),
                ("state", "=", "validate"),
                ("date_from", "<=", moment),
                ("date_to", ">=", moment),
            ],
            limit=1,
        )
        return found.holiday_status_id.name or ""
