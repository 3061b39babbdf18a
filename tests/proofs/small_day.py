"""A small salon for the proofs: two people, three services, one short day."""

from ledger import SERVICES, Ledger, span

from odoo import Command
from odoo.tools import SQL

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.engine.wishes import ServiceWish, VisitWish
from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase

OPEN, CLOSE = 9 * 60, 13 * 60
CAPACITY = {"chair": 2, "basin": 1}
#: Pairs of rows that take the same place of the same thing at the same time.
OVERLAPS = """
    SELECT count(*)
      FROM salon_occupancy a JOIN salon_occupancy b
        ON a.id < b.id AND a.resource_id = b.resource_id AND a.unit = b.unit
       AND a.start < b.stop AND b.start < a.stop
     WHERE a.is_blocking AND b.is_blocking"""


class SmallDayCase(SalonCase):
    """`SalonCase` with a branch that is open from nine to one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = cls.calendar.copy({"name": "Every day 9 to 13"})
        hours.attendance_ids.hour_to = CLOSE / 60
        cls.branch.write({"resource_calendar_id": hours.id, "slot_minutes": 15})
        cls.people = {"mia": cls.mia, "oleg": cls.oleg}
        cls.facilities = {
            kind: cls.env["salon.facility"].create(
                {
                    "name": kind,
                    "branch_id": cls.branch.id,
                    "capacity": capacity,
                    "type_id": cls.env["salon.facility.type"]
                    .create({"name": f"{kind} (proof)"})
                    .id,
                }
            )
            for kind, capacity in CAPACITY.items()
        }
        phases = {
            "cut": ([("work", 30)], None),
            "colour": ([("work", 15), ("processing", 30), ("finish", 15)], "chair"),
            "wash": ([("work", 15)], "basin"),
        }
        cls.products = {
            name: cls._service(
                f"{name} (proof)", 40, parts, kind and cls.facilities[kind].type_id
            )
            for name, (parts, kind) in phases.items()
        }
        for person in cls.people.values():
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": product.product_tmpl_id.id})
                for product in cls.products.values()
            ]
        cls.midnight = clock.day_bounds(THURSDAY, cls.branch.tz)[0]

    @classmethod
    def new_ledger(cls):
        return Ledger(span(OPEN, CLOSE), tuple(cls.people), dict(CAPACITY))

    @classmethod
    def moment(cls, minute):
        """The UTC datetime of a minute of the day."""
        return clock.to_utc(cls.midnight + minute)

    @classmethod
    def minute(cls, moment):
        return clock.to_minutes(moment) - cls.midnight

    def wish(self, *lines):
        """Appointment values of `ledger.Line`s."""
        return [
            {
                "product_id": self.products[line.service.name].id,
                "staff_id": self.people[line.person].id,
                "start": self.moment(line.start),
                "duration_minutes": line.service.minutes,
            }
            for line in lines
        ]

    def find(self, service, person=None, channel="desk"):
        """What the listing offers of one service, by person: `{minute}`."""
        staff = (self.people[person].id,) if person else None
        offers = self.env["salon.availability"]._find_offers(
            VisitWish(
                self.branch.id,
                (ServiceWish(self.products[service.name].id, staff=staff),),
                channel=channel,
            ),
            THURSDAY,
            THURSDAY,
        )
        return {offer.start - self.midnight: offer for offer in offers}

    def find_all(self):
        """The whole answer: every service with every person."""
        return {
            (service.name, person): frozenset(self.find(service, person))
            for service in SERVICES.values()
            for person in self.people
        }

    def overlaps(self):
        self.env.flush_all()
        self.env.cr.execute(OVERLAPS)
        return self.env.cr.fetchone()[0]

    def taken(self, column, record_id):
        """Rows of an appointment or a hold: `{(resource id, unit): minutes}`."""
        self.env.cr.execute(
            SQL(
                "SELECT resource_id, unit, start, stop FROM salon_occupancy"
                " WHERE %s = %s AND is_blocking",
                SQL.identifier(column),
                record_id,
            )
        )
        found = {}
        for resource, unit, start, stop in self.env.cr.fetchall():
            minutes = span(self.minute(start), self.minute(stop))
            assert not found.get((resource, unit), frozenset()) & minutes
            found[resource, unit] = found.get((resource, unit), frozenset()) | minutes
        return found
