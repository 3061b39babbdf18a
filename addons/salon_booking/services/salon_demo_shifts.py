from datetime import timedelta

from odoo import api, models

from ..engine import clock

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
        today = self._today()
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
        self._bring_mia(today)

    @api.model
    def _bring_mia(self, today):
        """Mia is the stylist who can sign in: she is here today, whatever the day."""
        mia, branch = self._ref("staff_mia"), self._ref("branch_center")
        bounds = clock.day_bounds(today, branch.tz)
        windows = self.env["salon.hours"]._windows(branch, mia.resource_id, *bounds)
        if windows.get(mia.resource_id.id):
            return
        self.env["salon.shift"]._plan(
            [
                {
                    "staff_id": mia.id,
                    "branch_id": branch.id,
                    "business_date": today,
                    "time_from": 10,
                    "time_to": 18,
                    "is_published": True,
                    "note": self.env._("Instead of Monday"),
                }
            ]
        )

    @api.model
    def _make_rosters(self):
        """Shifts by the patterns of those who have one, for five weeks.

        The last week is a draft that waits for the manager.
        """
        rosters, today = self.env["salon.roster"], self._today()
        assignments = self.env["salon.roster.assignment"].search(
            [
                ("branch_id", "in", self._branches().ids),
                ("date_from", "<=", today),
                ("generated_until", "=", False),
            ]
        )
        monday = today - timedelta(days=today.weekday())
        for first, weeks, is_published in ((-2, 5, True), (3, 1, False)):
            start = monday + timedelta(weeks=first)
            stop = start + timedelta(weeks=weeks, days=-1)
            rosters._generate(assignments, start, stop, is_published=is_published)
        self._plan_time_off(today)

    @api.model
    def _plan_time_off(self, today):
        """A holiday next week, and somebody who was at a training."""
        branch = self._ref("branch_center")
        for name, first, last, reason in (
            ("noah", 6, 10, self.env._("Holiday")),
            ("camille", -6, -6, self.env._("Training")),
            ("petra", 3, 4, self.env._("Moving house")),
        ):
            person = self._ref(f"staff_{name}")
            self.env["resource.calendar.leaves"].create(
                {
                    "name": reason,
                    "resource_id": person.resource_id.id,
                    "calendar_id": person.resource_calendar_id.id,
                    "date_from": self._wall(today + timedelta(first), 0, branch),
                    "date_to": self._wall(today + timedelta(last + 1), 0, branch),
                }
            )
