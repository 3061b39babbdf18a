import logging
import os
from datetime import time, timedelta
from random import Random

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

from ..engine import clock
from ..engine.intervals import intersect, merge
from ..exceptions import SlotTaken

_logger = logging.getLogger(__name__)

#: Four weeks around the day of installation.
DAYS = 14
#: How full the days are: (days from today, share of the time that is tried).
FILL = ((0, 0.065), (1, 0.6), (4, 0.22), (8, 0.12), (DAYS + 1, 0.06))
#: So late (or early) it is in the demo salon at most, that its first day is lively
#: whenever the database was made.
EARLIEST, LATEST = time(12, 40), time(16, 40)
#: What one person often does for one client in the same visit.
COMBINED = {
    "haircut_men": "beard",
    "haircut_women": "fringe",
    "gel_manicure": "nail_art",
    "colour": "gloss",
    "balayage": "gloss",
    "manicure": "brows",
    "roots": "haircut_women",
}
SOLD_WITH = {
    "category_hair": ("shampoo", "styling_spray", "beard_balm"),
    "category_colour": ("shampoo", "conditioner", "hair_oil"),
    "category_nails": ("cuticle_oil",),
    "category_face": ("face_cream",),
}
FOR_MEN = frozenset({"haircut_men", "beard", "shave"})
MEN = "kamran lucas omer quentin rashad timur viktor yusuf".split()
WOMEN = (
    "anna bella chloe daria emma fatma gunel hannah irina julia maria nigar paula "
    "selin uma wendy xenia zoe"
).split()
#: Clients spoken to in their own language, where the database has it.
LANGUAGES = {
    "tr_TR": ("fatma", "omer", "selin", "yusuf"),
    "az_AZ": ("gunel", "kamran", "nigar", "rashad"),
    "ru_RU": ("daria", "irina", "timur", "xenia"),
}
REASONS = ("Ill", "Stuck at work", "Changed her mind", "Moved to next month")
NOTES = ("Likes to sit at the window.", "Tea without sugar.", "Comes with her dog.")
#: Minutes around start and stop at which a state is usually reached.
HABITS = {
    "confirmed_at": -24 * 60,
    "arrived_at": -6,
    "started_at": 1,
    "no_show_at": 20,
}


class SalonDemo(models.AbstractModel):
    """The life of the demo salon around the day of installation.

    Nothing here runs unless the demo data call it. The same day gives the same
    visits; a time that is taken is left out.
    """

    _name = "salon.demo"
    _description = "Salon Demo Data"

    @api.model
    def _ref(self, name):
        return self.env.ref(f"salon_booking.{name}")

    @api.model
    def _prepare_company(self):
        """What the demo needs of the books: a chart, a tax, tills and a terminal."""
        company = self.env.company
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company)
        self._name_record("tax_included", self._make_tax(company))
        journals = self.env["account.journal"].create(
            [
                {"name": "Till Center", "type": "cash", "code": "TILLC"},
                {"name": "Till Harbour", "type": "cash", "code": "TILLH"},
                {"name": "Card terminal", "type": "bank", "code": "CARD"},
            ]
        )
        for journal in journals.filtered(lambda journal: journal.type == "cash"):
            # Cash is in the till at once; nothing is outstanding.
            lines = (
                journal.inbound_payment_method_line_ids
                | journal.outbound_payment_method_line_ids
            )
            lines.payment_account_id = journal.default_account_id
        names = ("journal_cash_center", "journal_cash_harbour", "journal_card")
        for name, journal in zip(names, journals, strict=True):
            self._name_record(name, journal)

    @api.model
    def _make_tax(self, company):
        values = {
            "name": "20% incl.",
            "invoice_label": "VAT 20%",
            "description": False,
            "amount": 20,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "price_include_override": "tax_included",
        }
        usual = company.account_sale_tax_id
        if not usual:
            return self.env["account.tax"].create(values)
        values["tax_group_id"] = usual.tax_group_id.copy({"name": "VAT 20%"}).id
        return usual.copy(values)

    @api.model
    def _name_record(self, name, record):
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"salon_booking.{name}",
                    "record": record,
                    "noupdate": True,
                }
            ]
        )

    @api.model
    def _move_to_zone(self):
        """Put the demo salon where this machine is, as its browsers show that time."""
        zone = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
        zone = zone.removeprefix("Etc/")
        if zone not in dict(_tz_get(self)):
            return
        self = self.with_context(tracking_disable=True)
        branches = self._ref("branch_center") | self._ref("branch_harbour")
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", branches.ids)]
        )
        branches.tz = zone
        branches.facility_ids.tz = zone
        branches.resource_calendar_id.tz = zone
        staff.tz = zone
        staff.resource_calendar_id.tz = zone
        for role in ("owner", "manager", "receptionist", "stylist", "accountant"):
            self._ref(f"user_{role}").tz = zone
        self._ref("user_anna").tz = zone

    @api.model
    def _generate(self):
        """Fill four weeks with visits, unless the demo salon already has some."""
        branches = self._ref("branch_center") | self._ref("branch_harbour")
        if self.env["salon.visit"].search_count([("branch_id", "in", branches.ids)]):
            return
        self._move_to_zone()
        self._speak_to_clients()
        now = clock.local(clock.to_minutes(fields.Datetime.now()), branches[0].tz)
        moment = max(EARLIEST, min(now.time(), LATEST))
        pivot = clock.wall_to_minutes(now.date(), moment, branches[0].tz)
        clerks = {
            self._ref("branch_center"): self._ref("user_receptionist"),
            self._ref("branch_harbour"): self._ref("user_owner"),
        }
        seen = set()
        for branch, clerk in clerks.items():
            desk = self.with_user(clerk).with_context(tracking_disable=True)
            for wish in self._plan(branch, now.date(), seen):
                try:
                    with self.env.cr.savepoint():
                        desk._live_through(branch.with_env(desk.env), wish, pivot)
                except SlotTaken:
                    continue
                except UserError as error:
                    # Lock dates and the like of a database that is not ours.
                    _logger.warning("A demo visit was left out: %s", error)

    @api.model
    def _speak_to_clients(self):
        installed = dict(self.env["res.lang"].get_installed())
        for lang, clients in LANGUAGES.items():
            if lang in installed:
                for client in clients:
                    self._ref(f"client_{client}").lang = lang

    # --- who comes when ---

    @api.model
    def _plan(self, branch, today, seen):
        """Wishes of clients for four weeks, person by person and day by day.

        :param seen: (day, client) already planned anywhere; nobody comes twice a day
        """
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", branch.id), ("is_salon_staff", "=", True)],
            order="id",
        )
        first, _stop = clock.day_bounds(today - timedelta(days=DAYS), branch.tz)
        _start, last = clock.day_bounds(today + timedelta(days=DAYS), branch.tz)
        hours = self.env["salon.hours"]
        windows = hours._windows(branch, staff.resource_id, first, last)
        # Mia is the stylist who can sign in: she has clients today, whatever the day.
        mia = self._ref("staff_mia").resource_id.id
        today_first, today_last = clock.day_bounds(today, branch.tz)
        if mia in windows and not intersect(windows[mia], [(today_first, today_last)]):
            windows[mia] = merge(
                windows[mia] + hours._branch_windows(branch, today_first, today_last)
            )
        wishes = []
        for person in staff:
            random = Random(f"{branch.name} {person.name}")
            houses = person.salon_branch_ids.sorted("id")
            for start, stop in windows[person.resource_id.id]:
                day = clock.local(start, branch.tz).date()
                # Somebody of two branches is here one day and there the next.
                if branch != houses[day.toordinal() % len(houses)]:
                    continue
                wishes += self._plan_day(
                    person, start, stop, (day - today).days, random, seen
                )
        return sorted(wishes, key=lambda wish: wish["start"])

    @api.model
    def _plan_day(self, person, start, stop, offset, random, seen):
        """Walk through one person's day, now and then booking somebody."""
        fill = next(share for until, share in FILL if offset < until)
        services = [
            (skill._get_minutes(skill.product_tmpl_id), skill.product_tmpl_id)
            for skill in person.salon_skill_ids.sorted("id")
        ]
        alone = [one for one in services if not one[1].is_salon_addon]
        wishes = []
        cursor = start
        while cursor < stop:
            minutes, service = random.choice(alone)
            if random.random() > fill or cursor + minutes > stop:
                cursor += 45
                continue
            visit = [(cursor, service)]
            end = cursor + minutes
            more = COMBINED.get(self._key(service))
            for extra_minutes, extra in services:
                if (
                    self._key(extra) == more
                    and end + extra_minutes <= stop
                    and random.random() < 0.35
                ):
                    visit.append((end, extra))
                    end += extra_minutes
            wishes.append(self._wish(person, visit, offset, random, seen))
            gap = self._processing(service)
            for short_minutes, short in alone:
                if gap and short_minutes <= gap[1] and random.random() < 0.7:
                    inside = [(cursor + gap[0], short)]
                    wishes.append(self._wish(person, inside, offset, random, seen))
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
    def _wish(self, person, visit, offset, random, seen):
        service = visit[0][1]
        pool = MEN if self._key(service) in FOR_MEN else WOMEN
        free = [name for name in pool if (offset, name) not in seen]
        client = random.choice(free) if free and random.random() < 0.94 else None
        seen.add((offset, client))
        return {
            "start": visit[0][0],
            "client": client,
            "source": random.choice(("desk", "desk", "phone", "phone", "web"))
            if client
            else "walk_in",
            "note": random.choice(NOTES) if random.random() < 0.08 else False,
            "is_requested": random.random() < 0.3,
            "appointments": [(start, person, template) for start, template in visit],
            "fate": random.random(),
            "random": random.random(),
        }

    @api.model
    def _key(self, template):
        """The short name of a demo service or category."""
        return template.get_external_id()[template.id].partition("service_")[2]

    # --- what becomes of it ---

    @api.model
    def _live_through(self, branch, wish, pivot):
        """Book one visit and bring it to where it is at the ``pivot`` minute."""
        client = wish["client"] and self._ref(f"client_{wish['client']}")
        visit = self.env["salon.booking"]._book(
            branch,
            client,
            [
                {
                    "product_id": template.product_variant_id.id,
                    "staff_id": person.id,
                    "start": clock.to_utc(start),
                    "is_requested": wish["is_requested"],
                }
                for start, person, template in wish["appointments"]
            ],
            source=wish["source"],
            note=wish["note"],
        )
        self._move(visit, wish, pivot)
        # sudo: salon.appointment, salon.state.event - stamps and history are kept by
        # the system; those of the demo have to be made up
        self._backdate(visit.sudo(), clock.to_utc(pivot))

    @api.model
    def _move(self, visit, wish, pivot):
        start, stop = clock.to_minutes(visit.start), clock.to_minutes(visit.stop)
        fate = wish["fate"]
        if fate < 0.07:
            reason = REASONS[int(fate * 100) % len(REASONS)]
            visit._set_state("cancelled", reason)
        elif stop <= pivot and fate < 0.12 and visit.client_id:
            visit._set_state("no_show")
        elif stop <= pivot:
            visit._set_state("arrived")
            visit._set_state("done")
            # The last clients are just paying.
            if stop <= pivot - 45:
                self._check_out(visit, wish["random"])
        elif start <= pivot:
            visit._set_state("arrived")
            visit._set_state("in_service")
        elif start <= pivot + 20:
            visit._set_state("arrived")
        elif fate > (0.55 if start < pivot + 2 * 24 * 60 else 0.75):
            visit._set_state("confirmed")

    @api.model
    def _check_out(self, visit, chance):
        """Bill the visit on its own day: cash, card, both, or (rarely) on the tab."""
        extra_lines = []
        appointment = visit.appointment_ids[-1]
        category = appointment.category_id.get_external_id()[appointment.category_id.id]
        sold = SOLD_WITH.get(category.partition(".")[2])
        if sold and chance * 100 % 10 < 3:
            product = self._ref(f"product_{sold[int(chance * 1000) % len(sold)]}")
            extra_lines.append(
                {
                    "product_id": product.product_variant_id.id,
                    "staff_id": appointment.staff_id.id,
                }
            )
        # sudo: account.payment - the desk of the demo takes money like the dialog does
        service = self.env["salon.demo.checkout"].sudo()
        result = service._checkout(visit, extra_lines=extra_lines)
        invoice = result["invoice"]
        cash, card = (
            result["order"].salon_branch_id._get_tender_journals().sorted("type")[::-1]
        )
        total = invoice.amount_residual
        if chance < 0.48:
            tenders = [(card, total)]
        elif chance < 0.88:
            tenders = [(cash, total)]
        elif chance < 0.95:
            tenders = [(cash, 10), (card, total - 10)]
        elif chance < 0.98:
            tenders = [(card, 10)]
        else:
            tenders = []
        for journal, amount in tenders:
            service._register_tender(
                invoice, {"journal_id": journal.id, "amount": amount}
            )

    @api.model
    def _backdate(self, visit, now):
        """Let the states have been reached when they usually are, not all just now."""
        for appointment in visit.appointment_ids:
            moments = {
                field: min(now, appointment.start + timedelta(minutes=minutes))
                for field, minutes in HABITS.items()
                if appointment[field]
            }
            if appointment.done_at:
                moments["done_at"] = appointment.stop
            if appointment.cancelled_at:
                notice = timedelta(hours=3 + appointment.id % 60)
                moments["cancelled_at"] = min(now, appointment.start - notice)
            appointment.write(moments)
        self._backdate_history(visit, now)

    @api.model
    def _backdate_history(self, visit, now):
        for event in visit.event_ids:
            appointment = event.appointment_id
            reached = {
                "booked": appointment.start - timedelta(days=4 + appointment.id % 9),
                "confirmed": appointment.confirmed_at,
                "arrived": appointment.arrived_at
                or appointment.start - timedelta(minutes=5),
                "in_service": appointment.started_at,
                "done": appointment.done_at,
                "cancelled": appointment.cancelled_at,
                "no_show": appointment.no_show_at,
            }
            # The model itself refuses every change of its history.
            models.Model.write(event, {"at": min(now, reached[event.state] or now)})


class SalonDemoCheckout(models.AbstractModel):
    """The real checkout, but on the day of the visit instead of today."""

    _name = "salon.demo.checkout"
    _inherit = "salon.checkout"
    _description = "Salon Demo Checkout"

    @api.model
    def _get_bill_date(self, order):
        return max(order.salon_visit_ids.mapped("business_date"))

    @api.model
    def _confirm_order(self, order):
        result = super()._confirm_order(order)
        order.date_order = max(order.salon_visit_ids.mapped("stop"))
        return result
