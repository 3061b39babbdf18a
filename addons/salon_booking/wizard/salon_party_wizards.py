from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_time

from ..engine import clock, states
from ..engine.wishes import Offer, Part, PartyOffer, ServiceWish, VisitWish
from ..exceptions import SlotTaken

#: So many times are shown at once.
SHOWN = 40


class SalonPartyWizard(models.TransientModel):
    """Find a time for guests who come together, and book all of them."""

    _name = "salon.party.wizard"
    _description = "Book a Party"

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    client_id = fields.Many2one(
        "res.partner", "Host", help="Who invites and usually pays for all."
    )
    name = fields.Char("Occasion")
    mode = fields.Selection(
        [("together", "At the same time"), ("in_turn", "One after the other")],
        default="together",
        required=True,
    )
    max_wait = fields.Integer(
        default=15, help="Minutes at most between one guest and the next."
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    days = fields.Integer(default=7, required=True)
    guest_ids = fields.One2many("salon.party.wizard.guest", "wizard_id", "Guests")
    offer_ids = fields.One2many("salon.party.wizard.offer", "wizard_id", "Free Times")
    is_searched = fields.Boolean()

    _days_sensible = models.Constraint(
        "CHECK (days BETWEEN 1 AND 60)", "Search between 1 and 60 days at once."
    )

    def _get_wishes(self):
        """One wish per guest, in the order of the list."""
        self.ensure_one()
        if not self.guest_ids:
            raise UserError(self.env._("Add the guests and what each would like."))
        return [
            VisitWish(
                self.branch_id.id,
                tuple(
                    ServiceWish(
                        product.id,
                        staff=(guest.staff_id.id,) if guest.staff_id else None,
                        is_requested=bool(guest.staff_id),
                    )
                    for product in guest.product_ids
                ),
                client=guest.client_id.id or None,
            )
            for guest in self.guest_ids
        ]

    # rpc: salon.party.booking reads with the rights of the user
    def action_search(self):
        self.ensure_one()
        offers = self.env["salon.party.booking"]._find_party_offers(
            self._get_wishes(),
            self.date_from,
            self.date_from + timedelta(days=max(1, min(self.days, 60)) - 1),
            in_turn=self.mode == "in_turn",
            max_wait=self.max_wait,
            limit=SHOWN,
        )
        self.offer_ids = [
            Command.clear(),
            *(Command.create(self._prepare_offer_values(offer)) for offer in offers),
        ]
        self.is_searched = True
        return self._reopen()

    def _prepare_offer_values(self, party_offer):
        return {
            "start": clock.to_utc(party_offer.start),
            "stop": clock.to_utc(party_offer.stop),
            "summary": self._summary(party_offer),
            "parts": [
                [
                    [part.product, part.staff, part.start, part.stop]
                    for part in own.parts
                ]
                for own in party_offer.offers
            ],
        }

    def _summary(self, party_offer):
        """Who serves whom and when, e.g. "Anna 10:00 Mia, Bella 10:00 Oleg"."""
        zone = self.branch_id.tz
        texts = []
        for guest, offer in zip(self.guest_ids, party_offer.offers, strict=True):
            wall = clock.local(offer.start, zone).time()
            # sudo: hr.employee - names are said to clients
            staff = self.env["hr.employee"].sudo()
            people = staff.browse(
                dict.fromkeys(part.staff for part in offer.parts if part.staff)
            )
            texts.append(
                " ".join(
                    [
                        guest.client_id.name or self.env._("Guest"),
                        format_time(self.env, wall, time_format="short"),
                        "+".join(people.mapped("name")),
                    ]
                )
            )
        return ", ".join(texts)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a Party"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class SalonPartyWizardGuest(models.TransientModel):
    _name = "salon.party.wizard.guest"
    _description = "Guest of a Party to Book"
    _order = "sequence, id"

    wizard_id = fields.Many2one("salon.party.wizard", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    client_id = fields.Many2one(
        "res.partner", help="Empty for a guest whose name is not known yet."
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Services",
        required=True,
        domain="[('is_salon_service', '=', True)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        domain="[('is_salon_staff', '=', True)]",
        help="Empty: anybody who can do it.",
    )


class SalonPartyWizardOffer(models.TransientModel):
    _name = "salon.party.wizard.offer"
    _description = "Free Time for a Party"
    _order = "start, id"

    wizard_id = fields.Many2one("salon.party.wizard", ondelete="cascade")
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    summary = fields.Char("Who with Whom", readonly=True)
    parts = fields.Json(readonly=True)

    def _get_offer(self):
        offers = []
        for own in self.parts:
            parts = tuple(Part(*part) for part in own)
            offers.append(
                Offer(
                    min(part.start for part in parts),
                    max(part.stop for part in parts),
                    parts,
                )
            )
        return PartyOffer(
            clock.to_minutes(self.start), clock.to_minutes(self.stop), tuple(offers)
        )

    # rpc: salon.booking checks rights and that every time can still be had
    def action_book(self):
        self.ensure_one()
        self.check_access("write")
        wizard = self.wizard_id
        wishes, offer = wizard._get_wishes(), self._get_offer()
        service = self.env["salon.party.booking"]
        if len(wishes) != len(offer.offers):
            raise UserError(
                self.env._("The guests were changed. Search for free times again.")
            )
        options = {"in_turn": wizard.mode == "in_turn", "max_wait": wizard.max_wait}
        try:
            with self.env.cr.savepoint():
                party = service._book_party(wishes, offer, host=wizard.client_id)
                party.name = wizard.name
        except SlotTaken as error:
            raise service._party_taken(wishes, offer, error, **options) from None
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.party",
            "res_id": party.id,
            "views": [(False, "form")],
        }


class SalonPartyMoveWizard(models.TransientModel):
    _name = "salon.party.move.wizard"
    _description = "Move a Party"

    party_id = fields.Many2one("salon.party", required=True, readonly=True)
    visit_ids = fields.Many2many(
        "salon.visit",
        string="Guests to Move",
        required=True,
        domain="[('party_id', '=', party_id), "
        "('state', 'in', ('booked', 'confirmed'))]",
        help="Take out who keeps the time; he stays in the party.",
    )
    start = fields.Datetime(
        "New Start",
        required=True,
        help="When the first of them begins; the others keep their distance.",
    )

    # rpc: salon.appointment checks rights and that every time can be had
    def action_move(self):
        self.ensure_one()
        if self.visit_ids - self.party_id.visit_ids:
            raise UserError(
                self.env._("Only guests of %(party)s move.", party=self.party_id.number)
            )
        visits = self.visit_ids
        if not visits:
            raise UserError(self.env._("Choose who is to be moved."))
        minutes = clock.to_minutes(self.start) - clock.to_minutes(
            min(visits.mapped("start"))
        )
        self.env["salon.party.booking"]._move(visits, minutes)
        # Whom nobody serves then is listed at once, not only at night.
        moved = visits.appointment_ids.filtered(
            lambda a: a.state in (states.BOOKED, states.CONFIRMED)
        )
        self.env["salon.displacement"]._check(moved)._announce()
        return {"type": "ir.actions.act_window_close"}


class SalonCancelWizard(models.TransientModel):
    """Whoever cancels one guest is asked about the others."""

    _inherit = "salon.cancel.wizard"

    party_id = fields.Many2one("salon.party", compute="_compute_party_id")
    is_whole_party = fields.Boolean(
        help="Cancel every guest of the party who has not come yet."
    )

    @api.depends("appointment_ids")
    def _compute_party_id(self):
        for wizard in self:
            visits = wizard.appointment_ids.visit_id
            # sudo: salon.party - the stylist of one guest does not see the party
            party = visits.party_id.sudo()
            others = party._get_live_visits() - visits
            wizard.party_id = len(party) == 1 and others and party

    def action_cancel(self):
        self.ensure_one()
        if self.is_whole_party and self.party_id:
            self.appointment_ids |= self.party_id.visit_ids.appointment_ids.filtered(
                lambda a: a.state in (states.BOOKED, states.CONFIRMED, states.ARRIVED)
            )
        return super().action_cancel()
