from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import clock, rebooking, states
from ..engine.wishes import ServiceWish

#: So many times are offered for the next visit.
OFFERED = 3


class SalonRebooking(models.AbstractModel):
    """The next visit, offered while the client is still at the desk."""

    _name = "salon.rebooking"
    _description = "Salon Rebooking"

    @api.model
    def _usual_days(self, client, company):
        """Days after which this client usually comes again."""
        # sudo: salon.visit - only when, in whichever branch
        visits = (
            self.env["salon.visit"]
            .sudo()
            .search_fetch(
                [
                    ("client_id", "=", client.id),
                    ("company_id", "=", company.id),
                    ("state", "not in", tuple(states.LOST)),
                    ("start", "<=", fields.Datetime.now() + timedelta(days=1)),
                ],
                ["business_date"],
                order="start desc",
                limit=rebooking.LATEST,
            )
        )
        return rebooking.usual_days(filter(None, visits.mapped("business_date")))

    @api.model
    def _get_next(self, visits):
        """What is booked already: ``{res.partner: salon.visit}``."""
        after = max(filter(None, visits.mapped("stop")), default=fields.Datetime.now())
        later = self.env["salon.visit"].search(
            [
                ("client_id", "in", visits.client_id.ids),
                ("company_id", "in", visits.company_id.ids),
                ("start", ">", after),
                ("state", "in", (states.BOOKED, states.CONFIRMED)),
                ("id", "not in", visits.ids),
            ],
            order="start desc",
        )
        return {visit.client_id: visit for visit in later}

    @api.model
    def _find_offers(self, visit):
        """The same services by the same people, nearest to the usual time.

        :return: list of ``engine.wishes.Offer``, the nearest first
        """
        appointments = visit.appointment_ids.filtered(
            lambda appointment: (
                appointment.state not in states.LOST and not appointment.group_event_id
            )
        ).sorted(lambda appointment: (appointment.start, appointment.id))
        if not visit.client_id or not appointments:
            return []
        days = self._usual_days(visit.client_id, visit.company_id)
        wanted = self._later(visit, days)
        if wanted <= clock.to_minutes(fields.Datetime.now()):
            return []
        try:
            return self.env["salon.availability"]._nearest_offers(
                visit._get_wish(appointments), wanted, limit=OFFERED
            )
        except UserError:
            # What a rule refuses today is booked by hand, with its reason.
            return []

    @api.model
    def _later(self, visit, days):
        """The same time of the clock so many days later."""
        zone = visit.branch_id.tz or "UTC"
        wall = clock.local(clock.to_minutes(visit.start), zone)
        return clock.wall_to_minutes(
            wall.date() + timedelta(days=days), wall.time(), zone
        )

    @api.model
    def _book(self, visit, parts, key):
        """Book what was offered, by the very people shown.

        :param parts: list of (product id, hr.employee id, start, stop), UTC minutes
        :raises UserError: it is taken meanwhile
        """
        visit.check_access("write")
        requested = visit.appointment_ids.filtered("is_requested").product_id
        wish = replace(
            visit._get_wish(visit.appointment_ids),
            services=tuple(
                ServiceWish(
                    product=product,
                    staff=(staff,),
                    minutes=stop - start,
                    is_requested=product in requested.ids,
                )
                for product, staff, start, stop in parts
            ),
        )
        start = min(part[2] for part in parts)
        offer = self.env["salon.availability"]._offer_at(wish, start)
        if not offer:
            raise UserError(
                self.env._(
                    "This time was taken meanwhile. Choose another one, or book from "
                    "the board."
                )
            )
        return self.env["salon.booking"]._book_offer(wish, offer, key=key)
