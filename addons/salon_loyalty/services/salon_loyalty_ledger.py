from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..engine.balance import move_balance

HUNDRED = 100
#: In the context of what the ledger writes itself; an object, because nobody can send
#: it over RPC.
LEDGER = object()


@dataclass(frozen=True, slots=True)
class Cause:
    """What the host is doing while it changes points; in the context as
    ``salon_cause``, of a class of its own, because nobody can send that over RPC.

    ``plus`` and ``minus`` are the kinds of entries for more and for fewer points.
    """

    plus: str = "adjusted"
    minus: str = "adjusted"
    order_ids: tuple = ()


def to_hundredths(points):
    return round((points or 0) * HUNDRED)


def to_decimal(amount):
    """The amount as the host shows it, without the noise of the float."""
    return Decimal(f"{amount or 0:.6f}")


class SalonLoyaltyLedger(models.AbstractModel):
    """The only writer of ``salon.loyalty.entry`` and of the balance of salon cards.

    The host keeps changing ``loyalty.card.points`` as ever; the card passes each such
    change on to here. Points are whole hundredths in all arguments.
    """

    _name = "salon.loyalty.ledger"
    _description = "Points Ledger Service"

    @api.model
    def _post(self, changes, with_history=True):
        """Add these changes to the ledger and to the cards, in one transaction.

        A points card that cannot give what is taken back keeps a debt. A certificate
        that cannot give it refuses: it is money.

        :param list changes: dicts of ``card``, ``kind``, ``points`` and, as far as
            known, fields of the entry by name; ``key`` makes the change happen once
        :param bool with_history: also show it on the host's own screens
        :return: the new entries
        :raises UserError: a certificate would fall below zero
        """
        changes = [change for change in changes if change["points"]]
        if not changes:
            return self.env["salon.loyalty.entry"]
        # sudo: salon.loyalty.entry, loyalty.card - nobody has the right to write the
        # ledger by hand; whoever may cause a change causes the entry
        self = self.sudo()
        states = {}
        rows = []
        for change in changes:
            card = change["card"].sudo()
            points, owed = states.get(card) or (
                to_hundredths(card.points),
                to_hundredths(card.salon_points_owed),
            )
            new_points, new_owed = move_balance(points, owed, change["points"])
            if new_owed and card.salon_kind == "certificate":
                raise UserError(self._message_too_little(card, change, points))
            running = points + change["points"]
            rows.append(self._prepare_entry(change, card, running))
            if new_owed != owed:
                debt = {**change, "kind": "owed", "points": new_owed - owed}
                debt["worth"] = 0
                rows.append(self._prepare_entry(debt, card, new_points))
            states[card] = new_points, new_owed
        entries = self._create_entries(rows)
        for card, (points, owed) in states.items():
            card.with_context(salon_ledger=LEDGER, tracking_disable=True).write(
                {
                    "points": points / HUNDRED,
                    "salon_points_owed": owed / HUNDRED,
                }
            )
        if with_history:
            self._write_history(entries)
        return entries

    @api.model
    def _message_too_little(self, card, change, points):
        return self.env._(
            "%(certificate)s holds %(balance)s, so %(wanted)s cannot be taken from it: "
            "the rest was already used. Refund at most what is left.",
            certificate=card.display_name,
            balance=card.currency_id.format(points / HUNDRED),
            wanted=card.currency_id.format(-change["points"] / HUNDRED),
        )

    @api.model
    def _prepare_entry(self, change, card, balance):
        """The values of an entry; records in the change become their ids."""
        values = {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name, value in change.items()
            if name != "card"
        }
        move = change.get("move_id") or self.env["account.move"]
        order = change.get("order_id") or self.env["sale.order"]
        document = move or order
        values.setdefault("date", fields.Date.context_today(self))
        values.setdefault("reference", document.name)
        values.setdefault("branch_id", document.salon_branch_id.id)
        return {
            **values,
            "card_id": card.id,
            "points": change["points"] / HUNDRED,
            "balance": balance / HUNDRED,
            "company_id": (document.company_id or card.company_id).id,
        }

    @api.model
    def _create_entries(self, rows):
        """Number the entries of one card and key; the index refuses a doubled one."""
        Entry = self.env["salon.loyalty.entry"]
        keys = {row["key"] for row in rows if row.get("key")}
        before = defaultdict(int)
        if keys:
            for card, key, count in Entry._read_group(
                [
                    ("card_id", "in", [row["card_id"] for row in rows]),
                    ("key", "in", list(keys)),
                ],
                ["card_id", "key"],
                ["__count"],
            ):
                before[card.id, key] = count
        for row in rows:
            if row.get("key"):
                slot = row["card_id"], row["key"]
                row["occurrence"] = before[slot]
                before[slot] += 1
        return Entry.create(rows)

    @api.model
    def _write_history(self, entries):
        """One row per card and document on the host's screens and in the portal."""
        totals = defaultdict(int)
        for entry in entries:
            document = entry.move_id or entry.order_id
            totals[entry.card_id, document, entry.reference] += to_hundredths(
                entry.points
            )
        # sudo: loyalty.history - the host's log follows the ledger
        self.env["loyalty.history"].sudo().create(
            [
                {
                    "card_id": card.id,
                    "description": reference or self.env._("Correction"),
                    "order_model": document._name if document else False,
                    "order_id": document.id if document else False,
                    "issued": max(points, 0) / HUNDRED,
                    "used": max(-points, 0) / HUNDRED,
                }
                for (card, document, reference), points in totals.items()
                if points
            ]
        )

    @api.model
    def _record_new_cards(self, cards):
        """The ledger of a card begins with what it was created with."""
        rows = [
            self._prepare_entry(
                {"kind": "issued", "points": points, **self._get_origin()}, card, points
            )
            for card in cards.filtered("salon_kind")
            if (points := to_hundredths(card.points))
        ]
        if rows:
            # sudo: salon.loyalty.entry - only this service writes the ledger
            self.sudo()._create_entries(rows)

    @api.model
    def _open_cards(self, programs):
        """Bring the ledger of cards that were there before it to their balance."""
        cards = (
            self.env["loyalty.card"]
            .with_context(active_test=False)
            .search([("program_id", "in", programs.ids)])
        )
        cards.flush_recordset()
        sums = dict(
            self.env["salon.loyalty.entry"]._read_group(
                [("card_id", "in", cards.ids)], ["card_id"], ["points:sum"]
            )
        )
        rows = []
        for card in cards:
            missing = to_hundredths(card.points) - to_hundredths(sums.get(card))
            if missing:
                opening = {
                    "kind": "adjusted",
                    "points": missing,
                    "note": self.env._("Balance when the ledger began"),
                }
                rows.append(
                    self._prepare_entry(opening, card, to_hundredths(card.points))
                )
        self._create_entries(rows)

    @api.model
    def _change_by_host(self, cards, points):
        """The host (or a person) sets the points of these cards."""
        changes = []
        for card in cards:
            difference = to_hundredths(points) - to_hundredths(card.points)
            for kind, part in self._kinds_of(card, difference):
                changes.append(
                    {"card": card, "kind": kind, "points": part}
                    | self._get_origin(card, kind)
                )
        self._post(changes, with_history=False)

    @api.model
    def _kinds_of(self, card, difference):
        """Name a change of the host's by what it is doing at the moment."""
        cause = self._get_cause()
        return [(cause.plus if difference > 0 else cause.minus, difference)]

    @api.model
    def _get_cause(self):
        cause = self.env.context.get("salon_cause")
        return cause if isinstance(cause, Cause) else Cause()

    @api.model
    def _get_origin(self, card=None, kind=None):
        """What the host's change belongs to."""
        orders = self.env["sale.order"].browse(self._get_cause().order_ids)
        if card and len(orders) > 1:
            orders = orders.filtered(
                lambda order: (
                    card
                    in order.order_line.coupon_id | order.coupon_point_ids.coupon_id
                )
            )
        order = orders[:1]
        origin = {"note": self.env.context.get("salon_note")}
        if order:
            origin |= {
                "order_id": order,
                "visit_id": order.salon_visit_ids[:1],
                "key": f"order/{order.id}/{kind}",
            }
        return origin

    @api.model
    def _get_current_card(self, card):
        """The card that took over when two clients were merged, or the card itself."""
        if card.active or card.salon_kind != "points":
            return card
        heir = card.search(
            [
                ("partner_id", "=", card.partner_id.id),
                ("program_id", "=", card.program_id.id),
            ],
            limit=1,
        )
        return heir or card

    @api.model
    def _get_cards(self, owners):
        """Find or make the points card of each (client, program).

        :param owners: set of pairs
        :return: dict from the pair to its card
        :raises ConcurrencyError: somebody else is making one of them; the host then
            starts the whole request anew, which finds it
        """
        Card = self.env["loyalty.card"]
        cards = {}
        if owners:
            for card in Card.search(
                [
                    ("partner_id", "in", [client.id for client, __ in owners]),
                    ("program_id", "in", [program.id for __, program in owners]),
                ]
            ):
                cards.setdefault((card.partner_id, card.program_id), card)
        missing = sorted(owners - cards.keys(), key=lambda pair: pair[0].id)
        if missing:
            try:
                with self.env.cr.savepoint():
                    made = Card.with_context(tracking_disable=True).create(
                        [
                            {"partner_id": client.id, "program_id": program.id}
                            for client, program in missing
                        ]
                    )
                    made.flush_recordset()
            except UniqueViolation as error:
                raise ConcurrencyError(str(error)) from error
            cards |= dict(zip(missing, made.with_env(self.env), strict=True))
        return cards
