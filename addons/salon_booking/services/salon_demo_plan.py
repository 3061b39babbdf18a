from datetime import timedelta
from random import Random

from odoo import api, models

from ..engine import clock

#: Four weeks around the day of installation.
DAYS = 14
#: How full the days are: (days from today, share of the time that is tried).
FILL = ((-7, 0.1), (0, 0.14), (1, 0.8), (2, 0.5), (6, 0.3), (10, 0.16), (99, 0.08))
#: What one person often does for one client in the same visit, and how often.
COMBINED = {
    "haircut_men": ("beard", 0.35),
    "haircut_women": ("fringe", 0.2),
    "blowdry": ("scalp", 0.4),
    "colour": ("gloss", 0.35),
    "balayage": ("gloss", 0.35),
    "gel_manicure": ("nail_art", 0.35),
    "manicure": ("paraffin", 0.4),
    "pedicure": ("manicure", 0.3),
    "roots": ("haircut_women", 0.35),
    "brows": ("brow_lamination", 0.25),
    "hammam": ("massage", 0.4),
}
FOR_MEN = frozenset({"haircut_men", "beard", "shave", "cut_beard"})
NOTES = (
    "Likes to sit at the window.",
    "Tea without sugar.",
    "Comes with her dog.",
    "Only half an hour for parking.",
    "Show last year's pictures first.",
)
SOURCES = ("desk", "desk", "phone", "phone", "web")


class SalonDemo(models.AbstractModel):
    """Who comes when. The same day and zone give the same wishes."""

    _inherit = "salon.demo"

    @api.model
    def _plan(self, branch, today, seen):
        """Wishes of clients for four weeks, person by person and day by day.

        :param seen: (day, client) and (day, person) already planned anywhere: nobody
            comes twice a day, or works in two branches on one
        """
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", branch.id), ("is_salon_staff", "=", True)],
            order="id",
        )
        first, _stop = clock.day_bounds(today - timedelta(days=DAYS), branch.tz)
        _start, last = clock.day_bounds(today + timedelta(days=DAYS), branch.tz)
        windows = self.env["salon.hours"]._windows(
            branch, staff.resource_id, first, last
        )
        names = staff.salon_skill_ids.product_tmpl_id.get_external_id()
        pools = self._pools()
        wishes, elsewhere = [], set(seen)
        for person in staff:
            random = Random(f"{branch.name} {person.name}")
            services = [
                (
                    skill._get_minutes(skill.product_tmpl_id),
                    skill.product_tmpl_id,
                    names[skill.product_tmpl_id.id].partition("service_")[2],
                )
                for skill in person.salon_skill_ids.sorted("id")
                if skill.product_tmpl_id.list_price
            ]
            for start, stop in (
                windows.get(person.resource_id.id, ()) if services else ()
            ):
                offset = (clock.local(start, branch.tz).date() - today).days
                if (offset, person.id) in elsewhere:
                    continue
                seen.add((offset, person.id))
                wishes += self._plan_day(
                    person, services, start, stop, offset, random, pools, seen
                )
        return sorted(wishes, key=lambda wish: wish["start"])

    @api.model
    def _pools(self):
        """Keys of the demo clients: ``{gender: [name]}``."""
        clients = self.env["ir.model.data"].search(
            [("module", "=", "salon_booking"), ("name", "=like", "client\\_%")],
            order="name",
        )
        partners = self.env["res.partner"].browse(clients.mapped("res_id"))
        partners.fetch(["salon_gender"])
        pools = {"female": [], "male": []}
        for name, partner in zip(clients.mapped("name"), partners, strict=True):
            pools[partner.salon_gender or "female"].append((name, partner))
        return pools

    @api.model
    def _plan_day(self, person, services, start, stop, offset, random, pools, seen):
        """Walk through one person's day, now and then booking somebody."""
        fill = next(share for until, share in FILL if offset < until)
        alone = [one for one in services if not one[1].is_salon_addon]
        wishes = []
        cursor = start + random.choice((0, 0, 15, 30))
        while cursor < stop:
            minutes, service, key = random.choice(alone)
            if random.random() > fill or cursor + minutes > stop:
                cursor += 30
                continue
            visit = [(cursor, service)]
            end = cursor + minutes
            more, often = COMBINED.get(key, (None, 0))
            for extra_minutes, extra, extra_key in services:
                if (
                    extra_key == more
                    and end + extra_minutes <= stop
                    and random.random() < often
                ):
                    visit.append((end, extra))
                    end += extra_minutes
            wishes.append(self._wish(person, visit, key, offset, random, pools, seen))
            gap = self._processing(service)
            for short_minutes, short, short_key in alone:
                if gap and short_minutes <= gap[1] and random.random() < 0.7:
                    inside = [(cursor + gap[0], short)]
                    wishes.append(
                        self._wish(
                            person, inside, short_key, offset, random, pools, seen
                        )
                    )
                    break
            cursor = start - (start - end) // 15 * 15
        return wishes

    @api.model
    def _processing(self, service):
        """Offset and minutes in which the stylist is free for somebody else."""
        return next(
            (
                (segment.offset, segment.phase.minutes)
                for segment in service._get_salon_segments()
                if not segment.phase.is_staff_busy
            ),
            None,
        )

    @api.model
    def _wish(self, person, visit, key, offset, random, pools, seen):
        pool = pools["male" if key in FOR_MEN else "female"]
        free = [client for name, client in pool if (offset, name) not in seen]
        names = {client: name for name, client in pool}
        client = random.choice(free) if free and random.random() < 0.93 else None
        if client:
            seen.add((offset, names[client]))
        return {
            "start": visit[0][0],
            "client": client,
            "source": random.choice(SOURCES) if client else "walk_in",
            "note": random.choice(NOTES) if random.random() < 0.1 else False,
            "is_requested": bool(client) and random.random() < 0.3,
            "appointments": [(start, person, template) for start, template in visit],
            "fate": random.random(),
            "random": random.random(),
        }
