from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.salon_booking.engine.wishes import PartyOffer
from odoo.addons.salon_booking.exceptions import NotEligible, SlotTaken

from .salon_online_times import Time


class SalonOnlineBooking(models.AbstractModel):
    """Holds and books what visitors of the pages choose.

    Nothing that comes from outside is believed: services and people are those shown,
    times are looked for again, and what the salon knows of a phone is never told.
    """

    _name = "salon.online.booking"
    _description = "Booking of the Booking Pages"

    # --- keeping a time while the form is filled ---

    @api.model
    def _hold(self, branch, choice, services, start, token=None):
        """Keep a time, instead of the one kept before.

        :param token: of that one
        :return: salon.hold in sudo, empty when the time cannot be had any more
        """
        self._release(token)
        times = self.env["salon.online.times"]
        wishes = times._get_wishes(branch, choice, services)
        time = times._find_at(branch, wishes, start)
        # sudo: salon.hold - kept for a visitor who has no rights
        holds = self.env["salon.hold"].sudo().browse()
        if not time:
            return holds
        minutes = times._get_policy(branch, choice).hold_minutes
        try:
            with self.env.cr.savepoint():
                hold = self._booking()._hold(
                    branch, time.parts, minutes, guests=time.guests
                )
        except SlotTaken:
            return holds
        hold.online_parts = time.as_json()
        return hold

    @api.model
    def _find_hold(self, token):
        # sudo: salon.hold - the token is the right
        holds = self.env["salon.hold"].sudo().browse()
        if not token or not isinstance(token, str):
            return holds
        return holds.search(
            [
                ("token", "=", token),
                ("expires_at", ">", fields.Datetime.now()),
                ("origin", "=", "web"),
            ]
        )

    @api.model
    def _release(self, token):
        """Give back what a visitor held."""
        if hold := self._find_hold(token):
            hold._release()

    @api.model
    def _booking(self):
        # sudo: salon.visit, salon.hold - visitors have no rights; everything that is
        # booked was looked for by the engine and passes the same rules as at the desk
        return self.env["salon.booking"].sudo()

    # --- booking ---

    @api.model
    def _book(self, branch, choice, services, start, person, key, token=None):
        """Book what was chosen, once for a key.

        :param start: UTC minute
        :param person: what the form said: ``name``, ``number`` as E.164, ``email``,
            ``note``, ``guests`` (names of the others), ``account`` (res.partner of who
            is signed in), ``is_verified``
        :param token: of the hold
        :return: the salon.visit of all guests, in sudo
        :raises SlotTaken: the time is gone
        :raises UserError: a rule refuses it, in words for the client
        """
        self.env["salon.once"]._begin(f"web:{branch.id}:{key}")
        if booked := self._find_booked(branch, key):
            return booked
        times = self.env["salon.online.times"]
        wishes = times._get_wishes(branch, choice, services)
        hold = self._find_hold(token)
        time = self._get_held(hold, wishes, start)
        if hold:
            hold._release()
        time = time or times._find_at(branch, wishes, start)
        if not time:
            raise SlotTaken(self.env._("This time is not free any more."))
        try:
            with self.env.cr.savepoint():
                known = self._find_unproven(branch, person)
                visits = self._create(branch, wishes, time, person, key)
                visits.filtered(lambda visit: visit.client_id & known)._distrust()
                self.env["salon.online.deposits"]._ask(visits)
        except NotEligible as refused:
            raise self._refused(branch, person, refused) from None
        return visits

    @api.model
    def _find_booked(self, branch, key):
        # sudo: salon.visit - whoever has the key has just booked it
        visit = (
            self.env["salon.visit"]
            .sudo()
            .search([("branch_id", "=", branch.id), ("booking_key", "=", key)])
        )
        return visit.party_id.visit_ids or visit

    @api.model
    def _get_held(self, hold, wishes, start):
        """The time that is held, when it is the one wanted."""
        if not hold or not hold.online_parts:
            return None
        time = Time.from_json(hold.online_parts)
        is_wanted = (
            time.start == start
            and len(time.offers) == len(wishes)
            and all(map(self._is_wanted, wishes, time.offers))
        )
        return time if is_wanted else None

    @api.model
    def _is_wanted(self, wish, offer):
        """Whether an offer is of these services, by people whom the wish allows."""
        parts = {part.product: part for part in offer.parts}
        return parts.keys() == {service.product for service in wish.services} and all(
            not service.staff or parts[service.product].staff in service.staff
            for service in wish.services
        )

    @api.model
    def _create(self, branch, wishes, time, person, key):
        client = self._get_client(branch, person)
        note = self._get_note(client, person)
        booking = self._booking()
        wishes = [replace(wishes[0], client=client.id), *wishes[1:]]
        if len(wishes) == 1:
            return booking._book_offer(
                wishes[0], time.offers[0], source="web", note=note, key=key
            )
        names = [*person.get("guests", ()), *("" for _wish in wishes)]
        others = [
            replace(wish, client=self._add_client(branch, {"name": name}).id)
            if name
            else wish
            for wish, name in zip(wishes[1:], names, strict=False)
        ]
        # sudo: salon.party - as for the visits
        party = (
            self.env["salon.party.booking"]
            .sudo()
            ._book_party(
                [wishes[0], *others],
                PartyOffer(time.start, time.stop, time.offers),
                host=client,
                source="web",
                note=note,
            )
        )
        visits = party.visit_ids.sorted("id")
        visits[0].booking_key = key
        return visits

    @api.model
    def _get_client(self, branch, person):
        """Who comes: the signed-in client, who has this phone, or somebody new.

        What the salon knows of a client is not changed by somebody who only knows her
        phone.
        """
        client = person.get("account") or self._find_client(branch, person["number"])
        is_proven = self._is_proven(person) or not client
        client = client or self._add_client(branch, person)
        if is_proven and person.get("email") and not client.email:
            client.email = person["email"]
        if is_proven and person.get("wants_offers"):
            client._record_consent(
                "marketing", False, True, "web", self._get_offers_text()
            )
        return client

    @api.model
    def _get_offers_text(self):
        """What is ticked by whoever wants offers."""
        return self.env._("Send me offers now and then (you can stop this at any time)")

    @api.model
    def _is_proven(self, person):
        """Whether who books has signed in, or has the phone that was typed."""
        return bool(person.get("account") or person.get("is_verified"))

    @api.model
    def _find_unproven(self, branch, person):
        """The client whose phone was typed by somebody who may be anybody."""
        if self._is_proven(person):
            return self.env["res.partner"]
        return self._find_client(branch, person["number"])

    @api.model
    def _find_client(self, branch, number):
        # sudo: res.partner - only to book under the right card; nothing is told of it
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("phone_sanitized", "=", number),
                    ("partner_share", "=", True),
                    ("is_company", "=", False),
                    ("company_id", "in", (False, branch.company_id.id)),
                ],
                order="id",
                limit=1,
            )
        )

    @api.model
    def _add_client(self, branch, person):
        number = person.get("number")
        # sudo: res.partner - somebody who books is a client from now on
        partners = self.env["res.partner"].sudo()
        country = self.env["salon.phone"]._home_country(branch)
        return partners.create(
            {
                "name": person["name"],
                "phone": number
                and (
                    partners._phone_format_number(
                        number, country=country, force_format="INTERNATIONAL"
                    )
                    or number
                ),
                "email": person.get("email") or False,
                "country_id": country.id,
                "lang": self.env.lang or False,
            }
        )

    @api.model
    def _get_note(self, client, person):
        """What the team reads: the client's words, and a name that is not hers."""
        rows = [person.get("note") or ""]
        if person["name"].casefold() != (client.name or "").casefold():
            rows.append(self.env._("Booked online as %(name)s.", name=person["name"]))
        return "\n".join(filter(None, rows)) or False

    @api.model
    def _refused(self, branch, person, refused):
        """The refusal in words: of a client that is not proven nothing is told."""
        if self._is_proven(person):
            return UserError(str(refused))
        # sudo: salon.branch - the phone of the branch
        return UserError(self.env["salon.refusal"]._say_ask_us(branch.sudo()))

    # --- after booking ---

    @api.model
    def _prepare_visit(self, visit):
        """What the page of a booking shows, of a visit in sudo.

        Nothing of the client's card: the link is with whoever has booked.
        """
        appointments = visit.appointment_ids.sorted(lambda one: (one.start, one.id))
        unpaid = visit.invoice_ids._get_unpaid_deposits()[:1]
        return {
            "start": visit.start,
            "stop": visit.stop,
            "state": visit.state,
            "number": visit.name,
            "price": visit.amount_planned,
            "lines": [
                {
                    "start": one.start,
                    "service": one.product_id.name,
                    "who": self.env["salon.own.visit"]._get_staff_name(one.staff_id)
                    if one.staff_id
                    else "",
                    "price": one.price,
                }
                for one in appointments
            ],
            "deposit": visit.deposit_asked,
            "deposit_state": visit.deposit_state,
            "deposit_due_at": visit.deposit_due_at,
            "pay_url": unpaid._get_portal_payment_link() if unpaid else "",
        }

    # --- waiting ---

    @api.model
    def _wait(self, branch, choice, services, person, first, last):
        """Put a visitor on the waitlist for what was searched in vain."""
        wish = self.env["salon.online.times"]._get_wishes(branch, choice, services)[0]
        client = self._get_client(branch, person)
        # sudo: salon.waitlist.entry - visitors have no rights
        entries = self.env["salon.waitlist.entry"].sudo()
        same = entries.search(
            [
                ("client_id", "=", client.id),
                ("branch_id", "=", branch.id),
                ("state", "=", "waiting"),
            ]
        ).filtered(
            lambda entry: (
                set(entry.product_ids.ids) == set(choice.products)
                and entry.first_day == first
                and entry.last_day == last
            )
        )
        return same[:1] or entries._create_from_wish(
            replace(wish, client=client.id),
            first,
            last,
            note=self._get_note(client, person),
            source="web",
        )

    # --- who it is ---

    @api.model
    def _read_number(self, branch, typed):
        """The phone as E.164, False when it is no number."""
        phones = self.env["salon.phone"]
        # sudo: res.country - the country of the branch
        country = phones.sudo()._home_country(branch)
        if not phones._read_number(typed, [country]):
            return False
        return self.env["res.partner"]._phone_format_number(
            typed, country=country, force_format="E164"
        )

    @api.model
    def _read_email(self, typed):
        return email_normalize(typed or "") or False

    @api.model
    def _send_code(self, branch, number, code):
        """Send the code after commit, by the host's gateway."""
        # sudo: sms.sms - to the phone that somebody says is hers
        messages = self.env["sms.sms"].sudo()
        messages.create(
            {
                "number": number,
                "body": self.env._(
                    "%(code)s is your code for %(branch)s.",
                    code=code,
                    branch=branch.name,
                ),
            }
        )
