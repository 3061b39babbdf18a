import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models

from odoo.addons.salon_booking.engine import deposits, states

_logger = logging.getLogger(__name__)

#: Minutes that somebody on the payment page may need, and after which it is looked at
#: again whether the money is there.
PAYING = 15
#: Of a payment that may still succeed.
UNDECIDED = ("draft", "pending", "authorized")


class SalonOnlineDeposits(models.AbstractModel):
    """Deposits of what is booked online: paid in time, or the time is given back."""

    _name = "salon.online.deposits"
    _description = "Deposits of Online Bookings"

    @api.model
    def _foresee(self, branch, services, time, client=None):
        """How much may be asked for a time, said before it is booked.

        Of who is not signed in as of somebody new: the page tells nobody what the salon
        knows of a phone.

        :param services: as from ``salon.online.menu``
        :param time: ``salon_online_times.Time``
        :param client: res.partner in sudo
        """
        rules = self.env["salon.deposit.rule"]._find(branch, "web")
        if not rules or (client and client.salon_is_deposit_exempt):
            return 0
        # sudo: salon.deposit, product.template - what everybody is asked
        asking = self.env["salon.deposit"].sudo()
        policies = self.env["salon.booking.policy"].sudo()
        templates = self.env["product.template"].sudo()
        currency = branch.currency_id
        known = deposits.Client()
        if client and any(rule.looks_back for rule in rules):
            known = asking._known_of(client, branch.company_id).get(client.id, known)
        asked = 0
        for offer in time.offers:
            lines = [
                deposits.Line(
                    service=services[part.product]["template_id"],
                    categories=policies._lineage(
                        templates.browse(services[part.product]["template_id"])
                    ),
                    price=asking._to_units(
                        services[part.product]["prices"].get(
                            part.staff, services[part.product]["price"]
                        ),
                        currency,
                    ),
                    minutes=part.stop - part.start,
                )
                for part in offer.parts
            ]
            asked += deposits.ask(lines, known, "web", rules).amount
        return asking._to_amount(asked, currency)

    @api.model
    def _ask(self, visits):
        """Make the invoices of deposits that can be paid online at once.

        :param visits: just booked, in sudo
        """
        due = visits.filtered(lambda visit: visit.deposit_state == "missing")
        if not due or not self.env["salon.own.visit"]._can_pay(due[0]):
            return
        # sudo: salon.deposit - the deposit that the rules ask of this visit
        asking = self.env["salon.deposit"].sudo()
        for visit in due:
            asking._request(visit, min(visit.deposit_asked, visit.amount_planned))
        self._set_due(due)

    @api.model
    def _set_due(self, visits):
        """Say until when to pay: the shortest time of the rules that ask."""
        asked = self.env["salon.deposit"]._ask(visits)
        # sudo: salon.deposit.rule - rules that clients are asked by, not read
        rules = self.env["salon.deposit.rule"].sudo()
        now = fields.Datetime.now()
        for visit in visits:
            known = rules.browse(asked[visit.id].rules if visit.id in asked else ())
            minutes = min(filter(None, known.mapped("online_minutes")), default=0)
            if minutes:
                visit.deposit_due_at = min(
                    now + timedelta(minutes=minutes), max(visit.start, now)
                )
        for moment in set(filter(None, visits.mapped("deposit_due_at"))):
            self._wake(moment)

    @api.model
    def _wake(self, moment):
        cron = self.env.ref("salon_online.salon_unpaid_cron", raise_if_not_found=False)
        if cron:
            # sudo: ir.cron - a visit that waits for its deposit sets the clock
            cron.sudo()._trigger(moment)

    # --- the clock ---

    @api.model
    def _give_back_unpaid(self):
        """Cancel what was not paid in time, each visit for itself."""
        cron, visits = self.env["ir.cron"], self._find_unpaid()
        cron._commit_progress(remaining=len(visits))
        for visit in visits:
            try:
                self._give_back(visit)
                self.env.flush_all()
            except OperationalError as error:
                # Somebody is just paying or changing it.
                self.env.cr.rollback()
                _logger.info("An unpaid visit is looked at again: %s", error)
                self._wake(fields.Datetime.now() + timedelta(minutes=1))
            if not cron._commit_progress(1):
                break

    @api.model
    def _find_unpaid(self):
        now = fields.Datetime.now()
        return self.env["salon.visit"].search(
            [
                ("deposit_due_at", "<=", now),
                ("start", ">", now),
                ("deposit_state", "=", "missing"),
                ("state", "in", (states.BOOKED, states.CONFIRMED)),
            ]
        )

    @api.model
    def _give_back(self, visit):
        visit.appointment_ids._lock_visits()
        visit.invalidate_recordset()
        if visit not in self._find_unpaid():
            return
        if self._is_paying(visit):
            visit.deposit_due_at = fields.Datetime.now() + timedelta(minutes=PAYING)
            self._wake(visit.deposit_due_at)
            return
        live = visit.appointment_ids.filtered(lambda one: one.state not in states.LOST)
        live._set_state(
            states.CANCELLED, self.env._("The deposit was not paid in time")
        )

    @api.model
    def _is_paying(self, visit):
        """Whether a payment is under way: begun just now, or not decided yet."""
        since = fields.Datetime.now() - timedelta(minutes=PAYING)
        payments = visit.invoice_ids._get_unpaid_deposits().transaction_ids
        return any(
            payment.state in UNDECIDED
            and (payment.state != "draft" or payment.create_date > since)
            for payment in payments
        )
