"""The salon that the benchmarks measure: made anew in each, and not kept."""

from datetime import datetime, time, timedelta

from odoo import Command, fields

#: Hours are kept so far ahead: 1,000 visits of ten people take a hundred days.
HORIZON_DAYS = 200


class BenchSalon:
    """One branch, people with a calendar each, two services, a receptionist.

    Both services are done at a station, of which there are some more than people.
    """

    def __init__(self, env, people=10):
        self.env = env
        today = fields.Date.today()
        #: A Monday soon, as bookings are.
        self.monday = datetime.combine(
            today + timedelta(days=14 - today.weekday()), time.min
        )
        self.branch = env["salon.branch"].create(
            {
                "name": "Bench",
                "tz": "Europe/Brussels",
                "hours_horizon_days": HORIZON_DAYS,
                "resource_calendar_id": self._calendar("Opening", 8, 20).id,
            }
        )
        self.station = self.env["salon.facility.type"].create({"name": "Bench station"})
        self.env["salon.facility"].create(
            [
                {
                    "name": f"Bench station {number}",
                    "branch_id": self.branch.id,
                    "type_id": self.station.id,
                }
                for number in range(people + 2)
            ]
        )
        self.cut = self._service("Bench haircut", 45)
        self.dry = self._service("Bench blow-dry", 30)
        self.client = env["res.partner"].create({"name": "Bench client"})
        self.journal = env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", env.company.id)], limit=1
        )
        self.people = env["hr.employee"].create(
            [self._person(number) for number in range(people)]
        )
        self.receptionist = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Bench receptionist",
                    "login": "bench_receptionist",
                    "tz": "Europe/Brussels",
                    "group_ids": [
                        Command.set(
                            env.ref("salon_booking.group_salon_receptionist").ids
                        )
                    ],
                    "salon_branch_ids": [Command.set(self.branch.ids)],
                }
            )
        )
        #: As the desk sees it: with its rights, not the superuser's.
        self.desk = env(user=self.receptionist.id, su=False)

    def _calendar(self, name, hour_from, hour_to):
        return self.env["resource.calendar"].create(
            {
                "name": name,
                "tz": "Europe/Brussels",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(7)
                ],
            }
        )

    def _service(self, name, minutes):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "is_salon_service": True,
                "list_price": 50,
                "invoice_policy": "order",
                "salon_phase_ids": [
                    Command.create(
                        {
                            "kind": "work",
                            "minutes": minutes,
                            "facility_type_id": self.station.id,
                        }
                    )
                ],
            }
        )

    def _person(self, number):
        return {
            "name": f"Bench {number}",
            "is_salon_staff": True,
            "salon_branch_ids": [Command.set(self.branch.ids)],
            "resource_calendar_id": self._calendar(f"Bench {number}", 9, 18).id,
            "tz": "Europe/Brussels",
            "salon_skill_ids": [
                Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                for service in (self.cut, self.dry)
            ],
        }

    def wish(self, service, person, day, minute):
        return {
            "product_id": service.id,
            "staff_id": self.people[person].id,
            "start": self.monday + timedelta(days=day, minutes=minute),
        }

    def book(self, *wishes, env=None):
        env = env or self.desk
        return env["salon.booking"]._book(
            self.branch.with_env(env), self.client.with_env(env), list(wishes)
        )
