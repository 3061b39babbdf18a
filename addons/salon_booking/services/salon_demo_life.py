import logging
from collections import defaultdict
from datetime import timedelta
from random import Random

from odoo import api, models
from odoo.exceptions import UserError

from ..engine import clock

_logger = logging.getLogger(__name__)

REASONS = ("Ill", "Stuck at work", "Changed her mind", "Moved to next month")
SOLD_WITH = {
    "category_hair": ("shampoo", "styling_spray", "conditioner"),
    "category_barber": ("beard_balm", "styling_spray"),
    "category_colour": ("shampoo", "conditioner", "hair_oil"),
    "category_nails": ("cuticle_oil",),
    "category_face": ("face_cream",),
    "category_spa": ("face_cream", "hair_oil"),
}
#: What regular clients come for, and with whom.
REGULARS = {
    "female": (
        "mia_haircut_women",
        "leyla_roots",
        "camille_blowdry",
        "nina_gel_manicure",
        "aylin_facial",
        "amina_brows",
    ),
    "male": ("oleg_haircut_men", "jonas_beard", "deniz_haircut_men"),
}
#: Minutes around start and stop at which a state is usually reached.
HABITS = {
    "confirmed_at": -24 * 60,
    "arrived_at": -6,
    "started_at": 1,
    "no_show_at": 20,
}


class SalonDemo(models.AbstractModel):
    """What becomes of the wishes: booked, served and paid by the real services."""

    _inherit = "salon.demo"

    @api.model
    def _book_wishes(self, branch, wishes, now):
        """Book many visits at once; a time that cannot be had is left out.

        :return: list of (visit, wish)
        """
        if not wishes:
            return []
        values = [self._prepare_visit(branch, wish, now) for wish in wishes]
        try:
            with self.env.cr.savepoint():
                visits = self.env["salon.visit"].create(values)
            return list(zip(visits, wishes, strict=True))
        except UserError as error:
            # A place that is taken, or a rule; also those of a database not ours.
            if len(wishes) == 1:
                _logger.info("A demo visit was left out: %s", error)
                return []
        half = len(wishes) // 2
        return self._book_wishes(branch, wishes[:half], now) + self._book_wishes(
            branch, wishes[half:], now
        )

    @api.model
    def _prepare_visit(self, branch, wish, now):
        # Somebody still has to be found for a few of the next days.
        soon = clock.to_minutes(now) + 90
        is_open = wish["random"] < 0.04 and wish["start"] > soon
        return {
            "branch_id": branch.id,
            "client_id": wish["client"] and wish["client"].id,
            "source": wish["source"],
            "note": wish["note"],
            "appointment_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": template.product_variant_id.id,
                        "staff_id": not is_open and person.id,
                        "start": clock.to_utc(start),
                        "is_requested": wish["is_requested"] and not is_open,
                    },
                )
                for start, person, template in wish["appointments"]
            ],
        }

    @api.model
    def _live(self, booked, now):
        """Bring visits to where they are ``now``, and bill those that are over."""
        ways = defaultdict(self.env["salon.visit"].browse)
        for visit, wish in booked:
            ways[self._way(visit, wish, now)] += visit
        for way, visits in ways.items():
            for state, reason in way:
                visits.appointment_ids._set_state(state, reason)
        for visit, wish in booked:
            # sudo: salon.appointment, salon.state.event - stamps and history are kept
            # by the system; those of the demo have to be made up
            self._backdate(visit.sudo(), now, wish["random"])
        # sudo: account.payment, salon.visit - the desk of the demo takes money like the
        # dialog does
        self.env["salon.demo.checkout"].sudo()._settle(
            [
                (visit.sudo(), wish["random"])
                for visit, wish in booked
                # The last clients are just paying.
                if visit.state == "done" and visit.stop <= now - timedelta(minutes=30)
            ]
        )

    @api.model
    def _remember(self, today):
        """Regular clients have been here before: visits of the old software."""
        branch, pools = self._ref("branch_center"), self._pools()
        skills = {
            gender: [self._ref(f"skill_{name}") for name in names]
            for gender, names in REGULARS.items()
        }
        values = []
        for gender in sorted(pools):
            for number, (name, client) in enumerate(pools[gender]):
                random = Random(name)
                # Every third client is a new one.
                if number % 3 == 2:
                    continue
                skill = random.choice(skills[gender])
                day = today - timedelta(days=random.randint(18, 50))
                for _visit in range(random.randint(1, 5)):
                    start = self._wall(day, random.randint(10, 17), branch)
                    values.append(self._prepare_history(branch, client, skill, start))
                    day -= timedelta(days=random.randint(24, 48))
        self.env["salon.visit"].create(values)

    @api.model
    def _prepare_history(self, branch, client, skill, start):
        return {
            "branch_id": branch.id,
            "client_id": client.id,
            "source": "import",
            "is_history": True,
            "state": "done",
            "appointment_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": skill.product_tmpl_id.product_variant_id.id,
                        "staff_id": skill.staff_id.id,
                        "start": start,
                        "state": "done",
                    },
                )
            ],
        }

    @api.model
    def _way(self, visit, wish, now):
        """The states that the visit has gone through: ``((state, reason), …)``."""
        fate, is_known = wish["fate"], bool(visit.client_id)
        late = timedelta(minutes=12)
        if fate < 0.06 and is_known:
            return (("cancelled", REASONS[int(fate * 100) % len(REASONS)]),)
        if visit.stop <= now:
            if fate < 0.1 and is_known:
                return (("no_show", None),)
            if fate > 0.6 and visit.stop > now - late:
                return (("arrived", None), ("in_service", None))
            return (("arrived", None), ("done", None))
        if visit.start <= now:
            if visit.start > now - late and fate > 0.5:
                # Still waiting, or not even there yet.
                return (("arrived", None),) if fate > 0.7 else (("confirmed", None),)
            return (("arrived", None), ("in_service", None))
        if visit.start <= now + 2 * late and fate > 0.3:
            return (("arrived", None),)
        if fate > (0.45 if visit.start < now + timedelta(days=2) else 0.75):
            return (("confirmed", None),)
        return ()

    @api.model
    def _backdate(self, visit, now, chance):
        """Let the states have been reached when they usually are, not all just now."""
        for appointment in visit.appointment_ids:
            moments = {
                field: appointment.start + timedelta(minutes=minutes)
                for field, minutes in HABITS.items()
                if appointment[field]
            }
            if appointment.done_at:
                moments["done_at"] = appointment.stop
            if appointment.cancelled_at:
                notice = timedelta(hours=3 + int(chance * 60))
                moments["cancelled_at"] = appointment.start - notice
            just = now - timedelta(minutes=2 + int(chance * 8))
            appointment.write(
                {field: min(just, moment) for field, moment in moments.items()}
            )
        self._backdate_history(visit, now, chance)

    @api.model
    def _backdate_history(self, visit, now, chance):
        for event in visit.event_ids:
            appointment = event.appointment_id
            ahead = timedelta(days=3 + int(chance * 9), minutes=int(chance * 500))
            reached = {
                "booked": appointment.start - ahead,
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
    """The real checkout, but of many visits and on their own days."""

    _name = "salon.demo.checkout"
    _inherit = "salon.checkout"
    _description = "Salon Demo Checkout"

    @api.model
    def _settle(self, visits_and_chances):
        """Bill each visit on its own day: cash, card, both, or (rarely) on the tab.

        The steps are those of the checkout, each for all visits at once.
        """
        if not visits_and_chances:
            return
        orders = self.env["sale.order"].create(
            [
                self._prepare_order_values(
                    visit,
                    visit._get_billable_appointments(),
                    self._sell(visit, chance),
                    {},
                )
                for visit, chance in visits_and_chances
            ]
        )
        for (visit, _chance), order in zip(visits_and_chances, orders, strict=True):
            visit.order_id = order
        orders.action_confirm()
        self._deliver(orders)
        invoices = orders._create_invoices(grouped=True, final=True)
        chances = {}
        for (visit, chance), order in zip(visits_and_chances, orders, strict=True):
            order.date_order = visit.stop
            order.invoice_ids.invoice_date = visit.business_date
            chances[order.invoice_ids] = chance
        invoices.action_post()
        self._pay(chances)

    @api.model
    def _sell(self, visit, chance):
        appointment = visit.appointment_ids[-1]
        category = appointment.category_id.get_external_id()[appointment.category_id.id]
        sold = SOLD_WITH.get(category.partition(".")[2])
        if not sold or chance * 100 % 10 >= 3:
            return []
        name = sold[int(chance * 1000) % len(sold)]
        product = self.env.ref(f"salon_booking.product_{name}")
        return [
            {
                "product_id": product.product_variant_id.id,
                "staff_id": appointment.staff_id.id,
            }
        ]

    @api.model
    def _pay(self, chances):
        """All payments of a journal go through the dialog together, each on its day."""
        tenders = defaultdict(list)
        for invoice, chance in chances.items():
            journals = invoice.salon_branch_id._get_tender_journals()
            cash, card = journals.sorted("type")[::-1]
            total = invoice.amount_residual
            if chance < 0.5:
                tenders[card].append((invoice, total))
            elif chance < 0.9:
                tenders[cash].append((invoice, total))
            elif chance < 0.95:
                tenders[cash].append((invoice, 10))
                tenders[card].append((invoice, total - 10))
            elif chance < 0.98:
                tenders[card].append((invoice, 10))
        for journal, due in tenders.items():
            self._register_together(journal, due)

    @api.model
    def _register_together(self, journal, due):
        wizard = (
            self.env["account.payment.register"]
            .with_context(
                active_model="account.move",
                active_ids=[invoice.id for invoice, _amount in due],
            )
            .create({"journal_id": journal.id, "group_payment": False})
        )
        payments = []
        for invoice, amount in due:
            lines = invoice.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            values = {
                "date": invoice.invoice_date,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.commercial_partner_id.id,
                "journal_id": journal.id,
                "company_id": invoice.company_id.id,
                "currency_id": invoice.currency_id.id,
                "payment_method_line_id": wizard.payment_method_line_id.id,
                "destination_account_id": lines.account_id.id,
                "memo": invoice.name,
            }
            payments.append({"create_vals": values, "to_reconcile": lines})
        wizard._init_payments(payments)
        wizard._post_payments(payments)
        wizard._reconcile_payments(payments)
