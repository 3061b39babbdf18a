from datetime import time, timedelta

from odoo import api, models

from ..engine import clock
from ..engine.wishes import ServiceWish, VisitWish
from ..exceptions import SlotTaken

#: Participants of the next workshops, from the fullest on.
GROUPS = (
    "anna bella chloe daria emma fatma".split(),
    "gunel hannah irina".split(),
    ["julia"],
    [],
)
HOURS = (time(17), time(9), time(13), time(19))
BRIDAL = {"maria": "blowdry", "nigar": "manicure", "paula": "brows"}


class SalonDemoGroups(models.AbstractModel):
    """Workshops and a party for the demo salon."""

    _name = "salon.demo.groups"
    _inherit = "salon.demo"
    _description = "Salon Demo Data: Groups"

    @api.model
    def _make_groups(self):
        """A weekly workshop in the next four weeks, and a bride with her friends."""
        if self.env["salon.group.event"].search_count([]):
            return
        desk = self.with_user(self._ref("user_receptionist")).with_context(
            tracking_disable=True
        )
        branch = self._ref("branch_center").with_env(desk.env)
        desk._plan_workshops(branch)
        desk._book_bridal_party(branch)

    @api.model
    def _plan_workshops(self, branch):
        today = self._today()
        first = today + timedelta(days=2)
        template = self._ref("service_brow_workshop")
        for week, clients in enumerate(GROUPS):
            event = self._plan_workshop(
                branch,
                template.product_variant_id,
                first + timedelta(weeks=week),
            )
            for client in clients if event else ():
                self.env["salon.booking"]._join(
                    event, self._ref(f"client_{client}"), source="phone"
                )

    @api.model
    def _plan_workshop(self, branch, product, day):
        """At the first hour that is free for trainer and room."""
        for hour in HOURS:
            start = clock.wall_to_minutes(day, hour, branch.tz)
            try:
                with self.env.cr.savepoint():
                    return self.env["salon.group.event"].create(
                        {
                            "product_id": product.id,
                            "branch_id": branch.id,
                            "start": clock.to_utc(start),
                            "staff_ids": self._ref("staff_nina").ids,
                            "facility_id": self._ref("facility_center_room").id,
                        }
                    )
            except SlotTaken:
                continue
        return self.env["salon.group.event"]

    @api.model
    def _book_bridal_party(self, branch):
        clients = [self._ref(f"client_{name}") for name in BRIDAL]
        wishes = [
            VisitWish(
                branch.id,
                (ServiceWish(self._ref(f"service_{key}").product_variant_id.id),),
                client=client.id,
            )
            for client, key in zip(clients, BRIDAL.values(), strict=True)
        ]
        day = self._today() + timedelta(days=4)
        service = self.env["salon.party.booking"]
        offers = service._find_party_offers(
            wishes, day, day + timedelta(days=6), limit=1
        )
        if not offers:
            return
        party = service._book_party(wishes, offers[0], host=clients[0], source="phone")
        party.name = self.env._("Bridal morning")
