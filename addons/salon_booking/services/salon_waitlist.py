import logging
from datetime import date, timedelta

from psycopg2 import OperationalError

from odoo import Command, api, fields, models
from odoo.tools import SQL

from ..engine import clock, waitlist
from ..exceptions import SlotTaken

_logger = logging.getLogger(__name__)

#: Entries that are matched between two commits of the clock.
BATCH = 20
#: A hold may be refused by what was booked meanwhile; then others are tried.
ROUNDS = 3
#: How many of the free times of one wish are looked at.
LIMIT = 500
#: So many days are searched at once; later ones when these are not enough.
STRETCH = 28


class SalonWaitlist(models.AbstractModel):
    """Offers what becomes free to who waits for it.

    Whoever frees time only records the days (``_record``); the clock matches them with
    the entries (``_run``), so that booking and cancelling never wait for it.
    """

    _name = "salon.waitlist"
    _description = "Waitlist Service"

    # --- what became free ---

    @api.model
    def _record(self, spans):
        """Note that something may be free on these days; costs one or two queries.

        :param spans: (branch id, first local day, last local day), both included
        """
        spans = sorted(set(spans))
        if not spans:
            return
        self.env["salon.waitlist.entry"].flush_model(
            ["branch_id", "state", "first_day", "last_day"]
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO salon_waitlist_signal (branch_id, date_from, date_to)
                   SELECT branch_id, date_from, date_to
                     FROM (VALUES %s) AS freed (branch_id, date_from, date_to)
                    WHERE EXISTS (
                          SELECT 1 FROM salon_waitlist_entry entry
                           WHERE entry.branch_id = freed.branch_id
                             AND entry.state = 'waiting'
                             AND entry.first_day <= freed.date_to
                             AND entry.last_day >= freed.date_from)""",
                SQL(", ").join(
                    SQL("(%s, %s::date, %s::date)", *span) for span in spans
                ),
            )
        )
        if self.env.cr.rowcount:
            self._wake()

    @api.model
    def _record_days(self, days):
        """The same for the (branch id, ordinal of the local day) that are locked."""
        dates = [(branch, date.fromordinal(day)) for branch, day in days]
        self._record((branch, day, day) for branch, day in dates)

    @api.model
    def _wake(self, at=None):
        cron = self.env.ref(
            "salon_booking.salon_waitlist_cron", raise_if_not_found=False
        )
        if cron:
            # sudo: ir.cron - whoever frees a time lets the clock look at it
            cron.sudo()._trigger(at)

    @api.model
    def _lock(self, records):
        """Lock rows in order; a second transaction waits and is started anew."""
        if not records:
            return
        records.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )

    # --- the clock ---

    @api.model
    def _run(self):
        """End what was not answered, then offer what is free, branch by branch."""
        cron = self.env["ir.cron"]
        self._attempt(self._expire)
        # sudo: salon.waitlist.signal - read and taken by the clock alone
        signals = self.env["salon.waitlist.signal"].sudo()
        signals = signals.search([("branch_id.active", "=", True)])
        branches = signals.grouped("branch_id")
        if not cron._commit_progress(remaining=len(branches)):
            return
        for branch, members in branches.items():
            self._attempt(self._run_branch, branch, members)
            if not cron._commit_progress(1):
                break

    @api.model
    def _attempt(self, work, *arguments):
        """Do a piece of work; what the desk is just changing is looked at later."""
        try:
            work(*arguments)
            self.env.flush_all()
        except OperationalError as error:
            self.env.cr.rollback()
            _logger.info("The waitlist is looked through again: %s", error)
            self._wake()

    @api.model
    def _run_branch(self, branch, signals):
        now = clock.to_minutes(fields.Datetime.now())
        if branch.waitlist_is_automatic:
            ready = waitlist.sending_time(now, branch._get_waitlist_terms())
            if ready > now:
                self._wake(clock.to_utc(ready))
                return
            spans = [(signal.date_from, signal.date_to) for signal in signals]
            entries = self._find_waiting(branch, spans)
            for first in range(0, len(entries), BATCH):
                self._match(branch, entries[first : first + BATCH], spans)
                self.env["ir.cron"]._commit_progress()
        signals.unlink()

    @api.model
    def _run_daily(self):
        """Forget who waits in vain, and look at all days once without being told."""
        entries = self.env["salon.waitlist.entry"].search([("state", "=", "waiting")])
        late = entries.filtered(lambda entry: entry._is_too_late())
        late._set_state("expired")
        (entries - late)._look_again()

    @api.model
    def _expire(self):
        """End the offers whose time to answer is over."""
        offers = self.env["salon.waitlist.offer"].search(
            [("state", "=", "offered"), ("expires_at", "<=", fields.Datetime.now())]
        )
        # Whoever is just answering is not disturbed; the next run looks again.
        free = offers.try_lock_for_update(allow_referencing=True)
        free._close("expired")
        if offers - free:
            self._wake(fields.Datetime.now() + timedelta(minutes=1))

    # --- matching ---

    @api.model
    def _find_waiting(self, branch, spans):
        """The queue of a branch: who would come on one of these days."""
        entries = self.env["salon.waitlist.entry"].search(
            [
                ("branch_id", "=", branch.id),
                ("state", "=", "waiting"),
                ("first_day", "<=", max(last for _first, last in spans)),
                ("last_day", ">=", min(first for first, _last in spans)),
            ]
        )
        return entries.filtered(lambda entry: not entry._is_too_late())

    @api.model
    def _match(self, branch, entries, spans=None):
        """Make the offers that the rules of the branch allow.

        :param spans: pairs of local days that are looked at; None for all
        :return: salon.waitlist.offer
        """
        made = self.env["salon.waitlist.offer"]
        for own_branch, waiting in entries.grouped("branch_id").items():
            waiting = waiting.try_lock_for_update(allow_referencing=True)
            waiting = waiting.filtered(lambda entry: entry.state == "waiting")
            for _round in range(ROUNDS):
                offers, refused = self._match_once(own_branch, waiting, spans)
                made |= offers
                waiting = refused
                if not refused:
                    break
        return made

    @api.model
    def _match_once(self, branch, entries, spans):
        """Match with what is free now; return the offers and who was refused a hold."""
        terms = branch._get_waitlist_terms()
        now = clock.to_minutes(fields.Datetime.now())
        wishes = {wish.id: wish for wish in entries.wish_ids}
        free = {key: self._find_free(wish, spans) for key, wish in wishes.items()}
        matches = waitlist.match(
            entries._to_waiting().values(),
            free,
            terms,
            now,
            self._count_sent(entries, waitlist.sending_time(now, terms)),
            self._count_places(branch, free),
        )
        offers = self.env["salon.waitlist.offer"]
        refused = self.env["salon.waitlist.entry"]
        for match in matches:
            entry = refused.browse(match.entry)
            offer = self._offer(entry, wishes[match.wanted], match.offer)
            if offer:
                offers |= offer
            else:
                refused |= entry
        return offers, refused

    @api.model
    def _find_free(self, wish, spans=None):
        """Free times for a wish as ``engine.wishes.Offer``, the earliest first."""
        today = clock.local(
            clock.to_minutes(fields.Datetime.now()), wish.branch_id.tz
        ).date()
        wanted = wish._to_wanted()
        spans = [
            (max(first, wanted.first, today), min(last, wanted.last))
            for first, last in spans or [(wanted.first, wanted.last)]
        ]
        spans = [(first, last) for first, last in spans if first <= last]
        if not spans:
            return []
        found = []
        for offer in self._find_earliest(
            wish._to_visit_wish(),
            min(first for first, _last in spans),
            max(last for _first, last in spans),
        ):
            day = clock.local(offer.start, wish.branch_id.tz).date()
            if any(first <= day <= last for first, last in spans) and waitlist.fits(
                wanted, offer, wish.branch_id.tz
            ):
                found.append(offer)
                if len(found) == LIMIT:
                    break
        return found

    @api.model
    def _find_earliest(self, wish, first, last):
        """Offers one after the other; later days are searched only when asked for."""
        while first <= last:
            until = min(first + timedelta(days=STRETCH - 1), last)
            yield from self.env["salon.availability"]._find_offers(wish, first, until)
            first = until + timedelta(days=1)

    @api.model
    def _count_places(self, branch, free):
        """How many clients may be offered each class now: ``{part: count}``."""
        parts = {
            part for offers in free.values() for offer in offers for part in offer.parts
        }
        places = self.env["salon.party.booking"]._class_seats(branch, parts)
        if places:
            # Nothing holds a place in a class for who is thinking about it.
            offers = self.env["salon.waitlist.offer"].search(
                [("branch_id", "=", branch.id), ("state", "=", "offered")]
            )
            for offer in offers:
                for part in offer._to_offer().parts:
                    if part in places:
                        places[part] -= 1
        return places

    @api.model
    def _count_sent(self, entries, now):
        """How many offers each client has had on the local day of ``now``."""
        (branch,) = entries.branch_id
        first, last = clock.day_bounds(clock.local(now, branch.tz).date(), branch.tz)
        return {
            client.id: count
            for client, count in self.env["salon.waitlist.offer"]._read_group(
                [
                    ("client_id", "in", entries.client_id.ids),
                    ("send_at", ">=", clock.to_utc(first)),
                    ("send_at", "<", clock.to_utc(last)),
                ],
                ["client_id"],
                ["__count"],
            )
        }

    @api.model
    def _offer(self, entry, wish, offer, minutes=None, is_told=True):
        """Offer a time to who waits; nobody else can take it until the answer is due.

        :param offer: ``engine.wishes.Offer``
        :param minutes: time to answer, unless it is that of the branch
        :param is_told: off when no message shall leave
        :return: salon.waitlist.offer, empty when somebody was faster
        """
        branch = entry.branch_id
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        terms = branch._get_waitlist_terms()
        send_at = clock.to_utc(waitlist.sending_time(clock.to_minutes(now), terms))
        expires_at = max(
            min(
                send_at + timedelta(minutes=minutes or branch.waitlist_hold_minutes),
                clock.to_utc(offer.start),
            ),
            fields.Datetime.now() + timedelta(minutes=1),
        )
        hold = self.env["salon.hold"]
        if terms.mode == waitlist.IN_TURN:
            held = -((now - expires_at) // timedelta(minutes=1))
            try:
                with self.env.cr.savepoint():
                    hold = self.env["salon.booking"]._hold(
                        branch,
                        offer.parts,
                        held,
                        client=entry.client_id,
                        origin="waitlist",
                    )
            except SlotTaken:
                return self.env["salon.waitlist.offer"]
        # sudo: salon.waitlist.offer - written by the system only
        made = (
            self.env["salon.waitlist.offer"]
            .sudo()
            .create(
                {
                    "entry_id": entry.id,
                    "wish_id": wish.id,
                    "parts": [
                        {
                            "product": part.product,
                            "staff": part.staff,
                            "start": part.start,
                            "stop": part.stop,
                        }
                        for part in offer.parts
                    ],
                    "start": clock.to_utc(offer.start),
                    "stop": clock.to_utc(offer.stop),
                    "staff_ids": [
                        Command.set(list({part.staff for part in offer.parts}))
                    ],
                    "hold_id": hold.id,
                    "send_at": send_at,
                    "expires_at": expires_at,
                }
            )
        )
        entry._set_state("offered")
        if is_told:
            made._notify()
        self._wake(expires_at)
        return made.sudo(False)

    @api.model
    def _tell(self, message, is_good=True):
        """A notice in the corner, after which the view is read again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if is_good else "warning",
                "sticky": not is_good,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
