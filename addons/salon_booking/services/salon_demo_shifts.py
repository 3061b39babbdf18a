from datetime import timedelta

from odoo import api, fields, models

#: Hours of one week, Monday first, with the break of long days; None is a day off.
DENIZ = ((9, 15), (9, 18), None, (11, 20), (11, 20), (10, 19), None)
LEYLA = (None, (12, 20), (12, 20), (9, 17), (11, 20), (10, 19), None)
TOM = ((12, 20), None, None, (11, 20), (11, 20), (10, 20), (11, 17))
LONG = 7


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _make_shifts(self):
        """Two weeks of dated shifts for a part of the team, this one and the next.

        The next week of the harbour is still a draft.
        """
        if self.env["salon.shift"].search_count(
            [("staff_id", "=", self._ref("staff_deniz").id)]
        ):
            return
        today = fields.Date.context_today(self)
        monday = today - timedelta(days=today.weekday())
        plans = []
        for staff, branch, hours in (
            ("staff_deniz", "branch_center", DENIZ),
            ("staff_leyla", "branch_center", LEYLA),
            ("staff_tom", "branch_harbour", TOM),
        ):
            for day in range(14):
                plan = {
                    "staff_id": self._ref(staff).id,
                    "branch_id": self._ref(branch).id,
                    "business_date": monday + timedelta(days=day),
                    "is_published": day < 7 or branch == "branch_center",
                }
                if worked := hours[day % 7]:
                    start, stop = worked
                    plan.update(time_from=start, time_to=stop)
                    if stop - start > LONG:
                        plan["breaks"] = [(start + 4, start + 4.5)]
                else:
                    plan["kind"] = "off"
                plans.append(plan)
        self.env["salon.shift"]._plan(plans)
