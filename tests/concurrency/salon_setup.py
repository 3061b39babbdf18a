"""The salon of these tests: made once, inside Odoo, in the template database."""

from datetime import timezone

from odoo import Command, fields

PEOPLE = 5
#: A Thursday far ahead, so that no clock of the machine matters.
DAY = "2031-06-12"
BASINS = 3
#: One for each visit that is there before the clerks start; the first few are the
#: clients of all new bookings, so that they meet themselves.
CLIENTS = 40
REGULARS = 3


def make_salon(env):
    """One branch open from 8 to 20 in UTC, five people, four services, two clerks."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
    hours = env["resource.calendar"].create(
        {
            "name": "Every day 8 to 20",
            "tz": "UTC",
            "attendance_ids": [
                Command.create(
                    {
                        "name": str(day),
                        "dayofweek": str(day),
                        "hour_from": 8,
                        "hour_to": 20,
                        "day_period": "full_day",
                    }
                )
                for day in range(7)
            ],
        }
    )
    # The same people work in all; nearly all tests book into the first.
    branches = env["salon.branch"].create(
        [
            {"name": name, "tz": "UTC", "resource_calendar_id": hours.id}
            for name in ("Rush", "Annex of Rush", "Kiosk of Rush")
        ]
    )
    branch = branches[0]
    basin = env["salon.facility.type"].create({"name": "Rush basin"})
    env["salon.facility"].create(
        {
            "name": "Basins",
            "branch_id": branch.id,
            "type_id": basin.id,
            "capacity": BASINS,
        }
    )
    phases = {
        "cut": [("work", 45, False)],
        "dry": [("work", 30, False)],
        "colour": [
            ("work", 30, False),
            ("processing", 30, False),
            ("finish", 15, False),
        ],
        "wash": [("work", 15, basin.id)],
    }
    services = env["product.product"].create(
        [
            {
                "name": f"Rush {name}",
                "default_code": f"rush-{name}",
                "type": "service",
                "is_salon_service": True,
                "list_price": 40,
                "invoice_policy": "order",
                "salon_phase_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            "kind": kind,
                            "minutes": minutes,
                            "facility_type_id": facility_type,
                        }
                    )
                    for place, (kind, minutes, facility_type) in enumerate(parts)
                ],
            }
            for name, parts in phases.items()
        ]
    )
    env["hr.employee"].create(
        [
            {
                "name": f"Rush {number}",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(branches.ids)],
                "resource_calendar_id": hours.id,
                "tz": "UTC",
                "salon_skill_ids": [
                    Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                    for service in services
                ],
            }
            for number in range(PEOPLE)
        ]
    )
    env["res.partner"].create(
        [{"name": f"Rush client {number}"} for number in range(CLIENTS)]
    )
    _make_clerk(env, "rush_desk", "salon_booking.group_salon_receptionist", branches)
    _make_clerk(env, "rush_manager", "salon_booking.group_salon_manager", branches)
    salon = Salon(env)
    for number in range(REGULARS):
        # They have been here: the first visit changes more than the later ones.
        visit = env["salon.visit"].browse(salon.book(env, [("dry", number, -30, 600)]))
        visit._set_state("cancelled")
        visit.unlink()


def _make_clerk(env, login, group, branches):
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": login,
            "login": login,
            "password": login,
            "tz": "UTC",
            "group_ids": [Command.set([env.ref(group).id])],
            "salon_branch_ids": [Command.set(branches.ids)],
        }
    )


class Salon:
    """The records of `make_salon`, as ids that outlive a transaction."""

    def __init__(self, env):
        branches = env["salon.branch"].search([("name", "like", "%Rush")], order="id")
        self.branches = branches.ids
        self.people = (
            env["hr.employee"].search([("name", "like", "Rush %")], order="id").ids
        )
        self.clients = (
            env["res.partner"].search([("name", "like", "Rush client")], order="id").ids
        )
        self.services = {
            product.default_code.removeprefix("rush-"): product.id
            for product in env["product.product"].search(
                [("default_code", "like", "rush-%")]
            )
        }
        self.journal = (
            env["account.journal"]
            .search(
                [("type", "=", "cash"), ("company_id", "=", env.company.id)], limit=1
            )
            .id
        )

    def plan_classes(self, env, count):
        """Classes of twelve without a trainer, one a day; return their ids."""
        if not count:
            return []
        service = env["product.product"].create(
            {
                "name": "Rush class",
                "type": "service",
                "is_salon_service": True,
                "is_salon_group_service": True,
                "salon_group_capacity": 12,
                "salon_duration_minutes": 60,
            }
        )
        midnight = fields.Datetime.to_datetime(DAY)
        events = env["salon.group.event"].create(
            [
                {
                    "product_id": service.id,
                    "branch_id": self.branches[0],
                    "start": fields.Datetime.add(midnight, days=day, hours=10),
                }
                for day in range(count)
            ]
        )
        return events.ids

    def book(self, env, wishes, client=None, branch=0):
        """Book one visit as the desk does.

        :param wishes: tuples of service, person, day offset, minute of the day
        :param client: number of the client; None takes one of the regulars
        :param branch: number of the branch
        :return: id of the visit
        """
        client = wishes[0][1] % REGULARS if client is None else client
        midnight = fields.Datetime.to_datetime(DAY)
        visit = env["salon.booking"]._book(
            env["salon.branch"].browse(self.branches[branch]),
            env["res.partner"].browse(self.clients[client]),
            [
                {
                    "product_id": self.services[service],
                    "staff_id": self.people[person],
                    "start": fields.Datetime.add(midnight, days=day, minutes=minute),
                }
                for service, person, day, minute in wishes
            ],
        )
        return visit.id

    def offer(self, env, mode, number, clients):
        """Offer the same time of the first person to so many waiting clients."""
        branch = env["salon.branch"].browse(self.branches[0])
        # sudo: salon.branch - a test sets up its branch
        branch.sudo().waitlist_mode = mode
        day = fields.Date.add(fields.Date.to_date(DAY), days=number // 10)
        hour = 8 + number % 10
        for client in self.clients[:clients]:
            entry = env["salon.waitlist.entry"].create(
                {
                    "client_id": client,
                    "branch_id": branch.id,
                    "note": f"round {number}",
                    "product_ids": [Command.set([self.services["cut"]])],
                    "wish_ids": [
                        Command.create(
                            {
                                "date_from": day,
                                "date_to": day,
                                "wall_from": hour,
                                "wall_to": hour + 0.75,
                                "staff_ids": [Command.set([self.people[0]])],
                            }
                        )
                    ],
                }
            )
            (free,) = env["salon.waitlist"]._find_free(entry.wish_ids)
            env["salon.waitlist"]._offer(entry, entry.wish_ids, free)

    def accept(self, env, number, client):
        """Accept what was offered to a client; return the visit, or 0 when lost."""
        entry = env["salon.waitlist.entry"].search(
            [
                ("note", "=", f"round {number}"),
                ("client_id", "=", self.clients[client]),
            ]
        )
        visit, _taken = entry.offer_ids._try_accept()
        return visit.id or 0

    @staticmethod
    def minute_of(utc_minute):
        """Minutes since the first midnight, as in the wishes."""
        midnight = fields.Datetime.to_datetime(DAY).replace(tzinfo=timezone.utc)
        return utc_minute - int(midnight.timestamp()) // 60

    def check_out(self, env, visit_id, amount):
        """Bill a visit and take `amount` in cash; return the id of the invoice."""
        tender = {"journal_id": self.journal, "amount": amount}
        visit = env["salon.visit"].browse(visit_id)
        return env["salon.checkout"]._checkout(visit, [tender])["invoice"].id
