from datetime import timedelta

from odoo import Command, api, fields, models

from ..exceptions import SlotTaken


class SalonDemoChanges(models.AbstractModel):
    """Regular clients of the demo salon, and somebody who falls ill.

    Nothing here runs unless the demo data call it.
    """

    _name = "salon.demo.changes"
    _description = "Salon Demo Data: Series and Affected Bookings"

    @api.model
    def _fill(self):
        """Two booked series, one that waits for decisions, and a sick colleague."""
        if self.env["salon.standing"].search_count([], limit=1):
            return
        today = self.env["salon.demo"]._today()
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1)
        desk = self.env["salon.demo"].with_user(
            self.env["salon.demo"]._ref("user_receptionist")
        )
        for client, service, staff, weekday, values in (
            ("anna", "blowdry", "mia", 3, {"hour": 10, "every": 2, "count": 6}),
            (
                "viktor",
                "beard",
                "oleg",
                4,
                {"hour": 17, "every": 1, "end_kind": "never", "ahead_weeks": 6},
            ),
            ("julia", "gel_manicure", "nina", 2, {"hour": 11.25, "count": 12}),
        ):
            series = self._make(desk, client, service, staff, monday, weekday, values)
            if client != "julia":
                self._settle(series)
        self._fall_ill(today)

    @api.model
    def _make(self, desk, client, service, staff, monday, weekday, values):
        product = desk._ref(f"service_{service}")
        series = desk.env["salon.standing"].create(
            {
                "branch_id": desk._ref("branch_center").id,
                "client_id": desk._ref(f"client_{client}").id,
                "date_start": monday + timedelta(days=weekday),
                "every": 1,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.product_variant_id.id
                            if product._name == "product.template"
                            else product.id,
                            "staff_id": desk._ref(f"staff_{staff}").id,
                        }
                    )
                ],
                **values,
            }
        )
        series.action_plan()
        return series

    @api.model
    def _settle(self, series):
        """As a desk in a hurry does: the first other time, else leave it out."""
        for day in series.date_ids.filtered(lambda day: day.state == "conflict"):
            if day.proposals:
                first = day.proposals[0]
                day.action_take(first["start"], first["staff"])
            else:
                day.action_skip()
        try:
            with self.env.cr.savepoint():
                series.action_book()
        except SlotTaken:
            # It stays as a draft for whoever looks at the demo.
            return

    @api.model
    def _fall_ill(self, today):
        """Leyla is ill for two days; those who are booked with her must be moved."""
        person = self.env["salon.demo"]._ref("staff_leyla")
        booked = self.env["salon.appointment"].search(
            [
                ("staff_id", "=", person.id),
                ("start", ">", fields.Datetime.now() + timedelta(days=1)),
                ("state", "in", ("booked", "confirmed")),
            ],
            order="start",
            limit=1,
        )
        if not booked:
            return
        start = booked.start.replace(hour=0, minute=0)
        self.env["resource.calendar.leaves"].create(
            {
                "name": self.env._("Ill"),
                "resource_id": person.resource_id.id,
                "calendar_id": person.resource_calendar_id.id,
                "date_from": start,
                "date_to": start + timedelta(days=2),
            }
        )
        appointments = self.env["salon.appointment"].search(
            [
                ("staff_id", "=", person.id),
                ("start", ">=", start),
                ("start", "<", start + timedelta(days=2)),
            ]
        )
        self.env["salon.displacement"]._check(appointments)
