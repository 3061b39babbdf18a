import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, groupby

from odoo.addons.salon_booking.engine import clock, fees, states
from odoo.addons.salon_booking.exceptions import SlotTaken

#: So many days of free times are shown at once, and so far ahead one may leaf.
DAYS_SHOWN, DAYS_AHEAD = 14, 366
SAME, ANYBODY = "same", "any"
#: So long before a visit its client can say to be coming: earlier nobody is asked, and
#: who has answered is not reminded.
ASKED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a client pays who cancels at this moment, in the currency of the visit.

    ``forgiven`` is what it would have cost without the salon's patience; ``back`` is
    what is given back of the deposit.
    """

    amount: float = 0
    forgiven: float = 0
    back: float = 0
    kept: float = 0


class SalonOwnVisit(models.AbstractModel):
    """What clients see of their own visits and do with them.

    Whoever calls has found the visit by the client's login or secret link and hands it
    over in sudo: clients have no access to the models behind. Everything is checked
    here again; what a page showed proves nothing.
    """

    _name = "salon.own.visit"
    _description = "Own Visit of a Client"

    # --- what it costs not to come ---

    @api.model
    def _get_cost(self, visit):
        """What cancelling the whole visit costs now: ``Cost``."""
        live = self._get_live(visit)
        if not live:
            return Cost()
        deposits = visit.env["salon.deposit"]
        currency = visit.currency_id
        fee = deposits._fee_of(visit, live, states.CANCELLED)
        kept = visit._deposit_to_keep(states.CANCELLED)
        amount = max(deposits._to_amount(fee.amount, currency), kept)
        forgiven = 0
        if fee.is_forgiven:
            price = self._get_price_units(visit, live)
            forgiven = deposits._to_amount(fee.step.asks(price), currency)
        return Cost(
            amount=amount,
            forgiven=forgiven,
            back=max(visit.deposit_held - amount, 0),
            kept=min(visit.deposit_held, amount),
        )

    @api.model
    def _get_price_units(self, visit, appointments):
        return sum(visit.env["salon.price"]._with_tax(appointments).values())

    @api.model
    def _get_free_until(self, visit):
        """Until when cancelling costs nothing; None: always, False: never."""
        live = self._get_live(visit)
        if not live:
            return None
        start = min(live.mapped("start"))
        ladder = visit.env["salon.fee.ladder"]._find(visit.branch_id)
        price = self._get_price_units(visit, live)
        limits = [
            start - timedelta(minutes=step.below)
            for step in ladder.steps
            if step.below is not None and step.asks(price)
        ]
        if visit.deposit_held:
            if not visit.deposit_refund_until:
                return False
            limits.append(visit.deposit_refund_until)
        return min(limits, default=None)

    @api.model
    def _get_rules(self, visit):
        """The rules of cancelling in plain words, as a list of sentences."""
        live = self._get_live(visit)
        if not live:
            return []
        env, currency = self.env, visit.currency_id
        to_amount = visit.env["salon.deposit"]._to_amount
        start = min(live.mapped("start"))
        ladder = visit.env["salon.fee.ladder"]._find(visit.branch_id)
        price = self._get_price_units(visit, live)
        until = self._get_free_until(visit)
        said = []
        if until is None:
            said.append(env._("You can cancel at any time without a fee."))
        elif until:
            said.append(
                env._(
                    "You can cancel without a fee until %(moment)s.",
                    moment=visit._get_moment_label(until),
                )
            )
        steps = [one for one in ladder.steps if one.below is not None]
        for step in sorted(steps, key=lambda one: -one.below):
            if asked := step.asks(price):
                said.append(
                    env._(
                        "From %(moment)s on, cancelling costs %(amount)s.",
                        moment=visit._get_moment_label(
                            start - timedelta(minutes=step.below)
                        ),
                        amount=currency.format(to_amount(asked, currency)),
                    )
                )
        missing = ladder.step(fees.NO_SHOW)
        if missing and (asked := missing.asks(price)):
            said.append(
                env._(
                    "Whoever does not come pays %(amount)s.",
                    amount=currency.format(to_amount(asked, currency)),
                )
            )
        return said + self._get_deposit_rules(visit)

    @api.model
    def _get_deposit_rules(self, visit):
        amount = visit.deposit_held or visit.deposit_asked
        if not amount:
            return []
        if not visit.deposit_refund_until:
            return [self.env._("The deposit is not given back.")]
        return [
            self.env._(
                "The deposit is given back if you cancel until %(moment)s.",
                moment=visit._get_moment_label(visit.deposit_refund_until),
            )
        ]

    # --- cancel ---

    @api.model
    def _get_live(self, visit):
        """Services that the client can still change or cancel, all or none."""
        live = visit.appointment_ids.filtered(lambda one: one.state not in states.LOST)
        if (
            visit.is_history
            or not live
            or live - visit._get_live_appointments()
            or min(live.mapped("start")) <= fields.Datetime.now()
        ):
            return live.browse()
        return live

    @api.model
    def _can_cancel(self, visit):
        return bool(visit.branch_id.client_can_cancel and self._get_live(visit))

    @api.model
    def _cancel(self, visit, agreed=0, is_whole_party=False):
        """Cancel for the client, who has agreed to what it costs.

        :param agreed: the cost that was shown, with a fee in whole cents
        :return: whether it was done; not when it costs something else by now
        :raises UserError: it has begun, is over, or is billed
        """
        visits = self._get_party(visit) if is_whole_party else visit
        visits.appointment_ids._lock_visits()
        visits.invalidate_recordset()
        visits = visits.filtered(lambda one: self._get_live(one))
        if not visits:
            if visit.state == states.CANCELLED:
                return True
            raise UserError(self._get_call_text(visit))
        if not all(self._can_cancel(one) for one in visits):
            raise UserError(self._get_call_text(visit))
        to_units = visit.env["salon.deposit"]._to_units
        cost = sum(self._get_cost(one).amount for one in visits)
        if to_units(cost, visit.currency_id) != agreed:
            return False
        live = self.env["salon.appointment"].union(
            *(self._get_live(one) for one in visits)
        )
        live = live.with_env(visit.env)
        visit.env["salon.deposit"]._missed(live, states.CANCELLED)
        live._set_state(states.CANCELLED, self.env._("Cancelled online by the client"))
        return True

    # --- coming ---

    @api.model
    def _can_confirm(self, visit):
        return bool(
            visit.state == states.BOOKED
            and self._get_live(visit)
            and visit.start <= fields.Datetime.now() + ASKED
        )

    @api.model
    def _confirm(self, visit):
        """The client says to be coming; return whether that stands."""
        visit.appointment_ids._lock_visits()
        visit.invalidate_recordset()
        if self._can_confirm(visit):
            visit._set_state(states.CONFIRMED)
        return visit.state == states.CONFIRMED

    # --- party ---

    @api.model
    def _get_party(self, visit):
        """All visits of a party for its host; else the own visit alone."""
        party = visit.party_id
        if party and party.client_id and party.client_id == visit.client_id:
            return party._get_live_visits() | visit
        return visit

    @api.model
    def _get_guests(self, visit):
        """Who comes along, for the host: first names, times and services."""
        return [
            {
                "name": (guest.client_id.name or self.env._("Guest")).split()[0],
                "hours": guest.hours,
                "services": guest.service_names,
            }
            for guest in (self._get_party(visit) - visit).sorted("start")
        ]

    # --- another time ---

    @api.model
    def _can_change(self, visit):
        """Whether the client may choose another time now, without any fee."""
        live = self._get_live(visit)
        if not live or not visit.branch_id.client_can_change:
            return False
        if live.group_event_id or visit.order_id:
            return False
        cost = self._get_cost(visit)
        return not cost.amount and not cost.forgiven

    @api.model
    def _get_call_text(self, visit):
        phone = visit.branch_id.phone
        if phone:
            return self.env._(
                "This visit cannot be changed here any more. Please call us: "
                "%(phone)s.",
                phone=phone,
            )
        return self.env._(
            "This visit cannot be changed here any more. Please contact us."
        )

    @api.model
    def _get_wish(self, visit, appointments, who=SAME):
        """The same services, as anybody may book them online."""
        anybody = dict.fromkeys(appointments.ids)
        wish = visit._get_wish(appointments, anybody if who == ANYBODY else None)
        return replace(wish, channel="web")

    @api.model
    def _get_today(self, visit):
        return fields.Date.context_today(
            self.with_context(tz=visit.branch_id.tz or "UTC")
        )

    @api.model
    def _find_offers(self, visit, appointments, first, last, who, own=None):
        """Offers in these local days, without the time at which the visit is."""
        try:
            found = visit.env["salon.availability"]._find_offers(
                self._get_wish(visit, appointments, who), first, last, without=own
            )
        except SlotTaken:
            raise
        except UserError:
            # What a rule refuses is talked about with the salon, not told here.
            return []
        if not own:
            return found
        now = clock.to_minutes(min(own.mapped("start")))
        people = sorted(own.staff_id.ids)
        return [
            offer
            for offer in found
            if offer.start != now
            or sorted({part.staff for part in offer.parts}) != people
        ]

    @api.model
    def _find_days(self, visit, kind, first=None, day=None, who=SAME):
        """Free times as the page shows them.

        :param kind: "change" or "rebook"
        :param first: the first day shown; later days by leafing
        :param day: of which day the times are listed
        :return: dict of ``days`` (with how many times), ``times`` of the chosen day,
            ``previous`` and ``next`` first days or None
        """
        appointments = self._get_bookable(visit, kind)
        today = self._get_today(visit)
        earliest = first or self._get_first_day(visit, kind, today)
        earliest = min(max(earliest, today), today + timedelta(days=DAYS_AHEAD))
        last = earliest + timedelta(days=DAYS_SHOWN - 1)
        own = appointments if kind == "change" else None
        offers = (
            self._find_offers(visit, appointments, earliest, last, who, own)
            if appointments
            else []
        )
        zone = visit.branch_id.tz or "UTC"
        by_day = dict(
            groupby(offers, key=lambda offer: clock.local(offer.start, zone).date())
        )
        chosen = day if day in by_day else min(by_day, default=None)
        previous = max(earliest - timedelta(days=DAYS_SHOWN), today)
        return {
            "days": [
                {
                    "date": fields.Date.to_string(each),
                    "weekday": format_date(self.env, each, date_format="EEE"),
                    "day": format_date(self.env, each, date_format="d MMM"),
                    "count": len(by_day[each]),
                    "is_chosen": each == chosen,
                }
                for each in sorted(by_day)
            ],
            "title": chosen
            and format_date(self.env, chosen, date_format="EEEE d MMMM"),
            "times": [
                self._present(visit, appointments, offer)
                for offer in by_day.get(chosen, ())
            ],
            "previous": fields.Date.to_string(previous) if earliest > today else None,
            "next": fields.Date.to_string(last + timedelta(days=1))
            if last < today + timedelta(days=DAYS_AHEAD)
            else None,
        }

    @api.model
    def _get_first_day(self, visit, kind, today):
        """Where looking begins: around the visit, or when the client usually comes."""
        if kind == "change":
            zone = visit.branch_id.tz or "UTC"
            start = clock.local(clock.to_minutes(visit.start), zone).date()
            return start - timedelta(days=3)
        if visit.start > fields.Datetime.now() or not visit.client_id:
            return today
        rebooking = visit.env["salon.rebooking"]
        usual = rebooking._usual_days(visit.client_id, visit.company_id)
        return visit.business_date + timedelta(days=max(usual - 7, 0))

    @api.model
    def _get_bookable(self, visit, kind):
        """The services that a change moves, or that are booked once more."""
        if kind == "change":
            live = self._get_live(visit)
            return live.sorted(lambda one: (one.start, one.id))
        return visit.appointment_ids.filtered(
            lambda one: (
                (one.state not in states.LOST or visit.state in states.LOST)
                and not one.group_event_id
                and one.product_id.active
                and not one.product_id.salon_needs_approval
                and (not one.staff_id or one.staff_id.active)
            )
        ).sorted(lambda one: (one.start, one.id))

    @api.model
    def _can_rebook(self, visit):
        return bool(
            not visit.is_history
            and visit.client_id
            and visit.branch_id.active
            and visit.branch_id.client_can_rebook
            and self._get_bookable(visit, "rebook")
        )

    @api.model
    def _present(self, visit, appointments, offer):
        """One offer as a page shows it; nothing in it is believed afterwards."""
        zone = visit.branch_id.tz or "UTC"
        wall = clock.local(offer.start, zone)
        staff = visit.env["hr.employee"].browse(
            dict.fromkeys(part.staff for part in offer.parts if part.staff)
        )
        return {
            "start": offer.start,
            "label": format_time(self.env, wall.time(), time_format="short"),
            "moment": visit._get_moment_label(clock.to_utc(offer.start)),
            "who": ", ".join(map(self._get_staff_name, staff)),
            "tag": self._get_tag(offer),
            "price": visit.currency_id.format(
                self._get_price(visit, appointments, offer)
            ),
            "is_best": offer.is_best,
        }

    @api.model
    def _get_staff_name(self, staff):
        """Hook: what clients call somebody of the team."""
        return staff.name

    @api.model
    def _get_tag(self, offer):
        """Tells whether an offer is still by the people that were shown."""
        people = "-".join(str(part.staff) for part in offer.parts)
        return hashlib.sha256(people.encode()).hexdigest()[:12]

    @api.model
    def _get_price(self, visit, appointments, offer):
        staff = visit.env["hr.employee"].browse(
            {part.staff for part in offer.parts if part.staff}
        )
        skills = visit.env["salon.skill"]._find(
            staff, appointments.product_id.product_tmpl_id
        )
        waiting, total = list(appointments), 0
        for part in offer.parts:
            same = next(one for one in waiting if one.product_id.id == part.product)
            waiting.remove(same)
            if same.staff_id.id == part.staff:
                total += same.price
                continue
            product = same.product_id
            skill = skills.get((part.staff, product.product_tmpl_id.id))
            total += (skill.price if skill else 0) or product.lst_price
        return total

    @api.model
    def _get_offer(self, visit, kind, start, who=SAME, beside=None):
        """The offer at exactly this UTC minute, asked from the engine again.

        :param beside: visits that move as well, so that theirs is free time, too
        """
        appointments = self._get_bookable(visit, kind)
        if not appointments:
            return None
        try:
            day = clock.local(start, visit.branch_id.tz or "UTC").date()
        except (OverflowError, ValueError):
            return None
        today = self._get_today(visit)
        if not today <= day <= today + timedelta(days=DAYS_AHEAD + DAYS_SHOWN):
            return None
        own = appointments if kind == "change" else None
        if own and beside:
            own = own.union(*(self._get_live(one) for one in beside))
        offers = self._find_offers(visit, appointments, day, day, who, own)
        return next((offer for offer in offers if offer.start == start), None)

    @api.model
    def _change(self, visit, start, tag, who=SAME, is_whole_party=False):
        """Move the visit to a time that can be had at this moment.

        :raises UserError: it may not be moved any more; SlotTaken: the time is gone
        """
        visits = self._get_party(visit) if is_whole_party else visit
        visits.appointment_ids._lock_visits()
        visits.invalidate_recordset()
        if not all(self._can_change(one) for one in visits):
            raise UserError(self._get_call_text(visit))
        if len(visits) > 1:
            self._change_party(visit, visits, start)
            return
        offer = self._get_offer(visit, "change", start, who)
        if not offer or self._get_tag(offer) != tag:
            raise SlotTaken(self._get_gone_text())
        visit.env["salon.series"]._move_to(visit, offer, notify_client=None)
        self._note(visit, self.env._("The client changed the time online."))

    @api.model
    def _change_party(self, visit, visits, start):
        """Move all guests as far as the host moves, each by the same people.

        :raises SlotTaken: somebody of them cannot be served then
        """
        live = self._get_live(visit)
        minutes = start - clock.to_minutes(min(live.mapped("start")))
        if not minutes:
            return
        if not self._get_offer(visit, "change", start, beside=visits - visit):
            raise SlotTaken(self._get_gone_text())
        visit.env["salon.party.booking"]._move(visits, minutes)
        # The guard knows what is taken, but not who is at work then.
        moved = live.union(*(self._get_live(one) for one in visits))
        if visit.env["salon.displacement"]._find_affected(moved):
            raise SlotTaken(self._get_gone_text())
        self._note(visits, self.env._("The host changed the time online."))

    @api.model
    def _note(self, visits, text):
        for visit in visits:
            visit._message_log(body=Markup("<p>%s</p>") % text)

    @api.model
    def _rebook(self, visit, start, tag, who=SAME, key=""):
        """Book the same services once more; sent twice, it is booked once.

        :return: salon.visit
        """
        if not self._can_rebook(visit):
            raise UserError(self._get_call_text(visit))
        booking = visit.env["salon.booking"]
        name = f"rebook-{visit.id}-{key}" if key else None
        visit.env["salon.once"]._begin(name)
        if booked := booking._find_booked(visit.branch_id, visit.client_id, name):
            return booked
        offer = self._get_offer(visit, "rebook", start, who)
        if not offer or self._get_tag(offer) != tag:
            raise SlotTaken(self._get_gone_text())
        wish = self._get_wish(visit, self._get_bookable(visit, "rebook"), who)
        booked = booking._book_offer(wish, offer, source="web", key=name)
        is_signed_in = visit.env.user.partner_id == visit.client_id
        if not visit._is_client_proven() and not is_signed_in:
            booked._distrust()
        self.env["salon.online.deposits"]._ask(booked)
        return booked

    @api.model
    def _get_gone_text(self):
        return self.env._("This time is not free any more. Please choose another one.")

    # --- money ---

    @api.model
    def _get_bills(self, visit):
        """Open bills of the visit: number, amount, and whether it is a deposit."""
        bills = visit.env["salon.checkout"]._get_open_bills(visit)
        return [
            {
                "id": bill.id,
                "name": bill.name,
                "amount": bill.amount_residual,
                "currency": bill.currency_id,
                "is_deposit": bill.is_salon_deposit,
            }
            for bill in bills
        ]

    @api.model
    def _can_pay(self, visit):
        """Whether the company takes payments online."""
        providers = visit.env["payment.provider"]
        return bool(
            providers.search_count(
                [
                    *providers._check_company_domain(visit.company_id),
                    ("state", "!=", "disabled"),
                    ("is_published", "=", True),
                ],
                limit=1,
            )
        )

    @api.model
    def _get_deposit_missing(self, visit):
        """What of the deposit has neither been paid nor asked for by a bill."""
        if visit.deposit_state != "missing" or not self._get_live(visit):
            return 0
        return max(visit.deposit_asked - visit.deposit_held, 0)

    @api.model
    def _get_payment_link(self, visit):
        """The host's page on which the oldest open bill, or the deposit, is paid.

        :raises UserError: nothing is open, or nothing can be paid online
        """
        checkout = visit.env["salon.checkout"]
        if not self._can_pay(visit):
            raise UserError(
                self.env._("Nothing can be paid online here. Please pay at the salon.")
            )
        bills = checkout._get_open_bills(visit)
        if not bills:
            checkout._lock(visit)
            if missing := self._get_deposit_missing(visit):
                bills = visit.env["salon.deposit"]._request(visit, missing)
        if not bills:
            raise UserError(self.env._("Everything is paid. Thank you!"))
        return bills[0]._get_portal_payment_link()

    # --- calendar ---

    @api.model
    def _write_calendar(self, visit):
        """The visit as an iCalendar file for the client's phone."""
        return visit.env["salon.calendar"]._write_visit(visit)

    @api.model
    def _get_directions(self, visit):
        """A link to the way there; empty when the branch has no address."""
        address = visit.branch_id.partner_id
        if not (address.street or address.city):
            return ""
        place = " ".join(address._display_address(without_company=True).split())
        query = urlencode({"api": 1, "destination": f"{visit.branch_id.name} {place}"})
        return f"https://www.google.com/maps/dir/?{query}"

    # --- reviews ---

    @api.model
    def _can_review(self, visit):
        return self.env["salon.reviews"]._is_open(visit)

    @api.model
    def _get_review_site(self, visit):
        """The branch's page on a map or review site; only what is a web address."""
        url = visit.branch_id.message_review_url or ""
        return url if url.startswith(("https://", "http://")) else ""
