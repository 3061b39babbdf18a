from random import Random

from odoo import Command, api, models

PREFERENCES = "coffee tea water quiet chatty window no_music".split()
#: What the desk and the stylist have to see on the card of somebody who comes today.
WARNINGS = (
    ("Latex", "allergy", "c_danger", "Vinyl gloves are in the second drawer."),
    ("Sensitive skin", "skin", "b_caution", "Nothing with perfume."),
)


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _know_clients(self):
        """What the demo salon knows of its clients; somebody has a birthday today."""
        today = self._today()
        pools = self._pools()
        clients = [pair for gender in sorted(pools) for pair in pools[gender]]
        for name, client in clients:
            client.write(self._prepare_card(client, Random(name)))
        coming = self._coming_today(today)
        for client, (name, kind, severity, note) in zip(
            coming[1:], WARNINGS, strict=False
        ):
            self.env["salon.health.note"].create(
                {
                    "client_id": client.id,
                    "name": name,
                    "kind": kind,
                    "severity": severity,
                    "note": note,
                }
            )
        coming[:1].write(
            {
                "salon_birth_day": today.day,
                "salon_birth_month": str(today.month),
                # So many that it was a leap year, too, where it is one today.
                "salon_birth_year": today.year - 36,
            }
        )

    @api.model
    def _prepare_card(self, client, random):
        """Values for what is not known yet."""
        values = {"is_salon_client": True}
        if not client.salon_birth_day and random.random() < 0.8:
            values |= {
                "salon_birth_day": random.randint(1, 28),
                "salon_birth_month": str(random.randint(1, 12)),
                "salon_birth_year": random.randint(1958, 2004),
            }
        if not client.salon_preference_ids and random.random() < 0.6:
            names = random.sample(PREFERENCES, random.randint(1, 2))
            values["salon_preference_ids"] = [
                Command.set(
                    [self.env.ref(f"salon_crm.preference_{n}").id for n in names]
                )
            ]
        if not client.salon_source_id and random.random() < 0.5:
            source = random.choice(("instagram", "walk"))
            values["salon_source_id"] = self.env.ref(f"salon_crm.source_{source}").id
        visits = client.salon_visit_ids.filtered(lambda visit: visit.state == "done")
        if visits and not client.salon_preferred_branch_id:
            values["salon_preferred_branch_id"] = visits[0].branch_id.id
        return values

    @api.model
    def _coming_today(self, today):
        """Clients of the first branch who are there or still come, soonest first."""
        visits = self.env["salon.visit"].search(
            [
                ("branch_id", "=", self._ref("branch_center").id),
                ("business_date", "=", today),
                ("state", "in", ("arrived", "in_service", "confirmed", "booked")),
                ("client_id", "!=", False),
            ],
            order="start, id",
        )
        return visits.client_id.filtered(
            lambda client: not client.salon_health_note_ids
        )
