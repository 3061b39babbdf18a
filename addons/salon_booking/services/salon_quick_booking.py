from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine import clock, states
from ..exceptions import NotEligible, SlotTaken

#: The nearest times named when a wished one cannot be had.
NEAREST = 4


class SalonQuickBooking(models.AbstractModel):
    """What the desk's quick booking asks: whom, what, by whom, when, and book it.

    The wish comes as ``{"branch", "client", "services": [[product, staff or False]],
    "addons": [product], "start": UTC minute or False, "date": day, "override":
    reason}``.
    It is searched and booked by the booking dialog (``salon.booking.wizard``), so that
    both follow the same rules.
    """

    _name = "salon.quick.booking"
    _description = "Salon Quick Booking"

    # rpc: only whoever may search for free times; reads with the rights of the user
    @api.model
    def prepare(self, branch_id=False, visit_id=False):
        """What can be chosen from, in one request."""
        self._check_right()
        visit = self.env["salon.visit"].browse(visit_id or ())
        visit.check_access("read")
        branches = self.env["salon.branch"].search_fetch([], ["name", "tz"])
        branch = visit.branch_id or self._branch(branch_id)
        return {
            "branch": branch.id,
            "branches": [
                {"id": each.id, "name": each.name, "tz": each.tz} for each in branches
            ],
            "today": fields.Date.to_string(self.env["salon.clients"]._today(branch)),
            "client": self.env["salon.clients"]._prepare(visit.client_id)[:1],
            "may_override": self.env.user.has_group(
                "salon_booking.group_salon_override"
            ),
            **self._prepare_choices(branch),
        }

    # rpc: only whoever may search for free times; reads with the rights of the user
    @api.model
    def find_clients(self, typed):
        """Clients found while typing a name or a phone number."""
        self._check_right()
        service = self.env["salon.clients"]
        found, is_more = service._find(typed)
        return {"clients": service._prepare(found), "is_more": is_more}

    # rpc: only whoever may search for free times; reads with the rights of the user
    @api.model
    def recall(self, branch_id, client_id):
        """What the client had last time in the branches of the user, to book it again.

        :return: list of ``{"label", "services": [[product, staff]], "addons"}``, what
            was booked last first, each different choice once
        """
        self._check_right()
        visits = self.env["salon.visit"].search(
            [
                ("client_id", "=", client_id),
                ("state", "not in", tuple(states.LOST)),
                ("start", "<=", fields.Datetime.now()),
            ],
            order="start desc",
            limit=10,
        )
        offered = {each["id"]: each for each in self._prepare_services(branch_id)}
        recalled = {}
        for visit in visits:
            booked = visit.appointment_ids.filtered(
                lambda a: a.state not in states.LOST and a.product_id.id in offered
            ).sorted("start")
            services = [
                [row.product_id.id, self._staff_again(row, offered)]
                for row in booked
                if not offered[row.product_id.id]["is_addon"]
            ]
            if not services:
                continue
            addons = booked.product_id.filtered(
                lambda product: offered[product.id]["is_addon"]
            )
            key = frozenset(product for product, _staff in services)
            recalled.setdefault(
                key,
                {
                    "services": services,
                    "addons": addons.ids,
                    "names": ", ".join(booked.product_id.mapped("name")),
                    "staff": ", ".join(booked.staff_id.mapped("name")),
                    "day": format_date(
                        self.env, visit.business_date, date_format="d MMM"
                    ),
                },
            )
        return list(recalled.values())[:3]

    # rpc: only whoever may search for free times; salon.availability has the rules
    @api.model
    def answer(self, wish):
        """Whether the wish can be had, why not, and what can be had instead."""
        dialog = self._dialog(wish)
        if not dialog.product_id:
            return {"offer": False, "times": [], "texts": [], "warnings": []}
        offer, offers, refusals = None, [], []
        availability, wanted = self.env["salon.availability"], dialog._get_wish()
        start = wish.get("start")
        if start:
            offer = availability._offer_at(wanted, start)
            if not offer:
                refusals = availability._explain(wanted, start)
                offers = availability._nearest_offers(wanted, start, NEAREST)
        else:
            day = dialog.date_from
            offers = availability._find_offers(wanted, day, day)
            if not offers:
                noon = clock.day_bounds(day, dialog.branch_id.tz)[0] + clock.DAY // 2
                offers = availability._nearest_offers(wanted, noon, NEAREST)
            if not offers:
                refusals = availability._explain(wanted, noon)
        texts = self.env["salon.refusal"]._texts(refusals, dialog.branch_id)
        warnings = (dialog.rule_warnings or "").splitlines()
        return {
            "offer": self._prepare_offers(dialog, [offer])[0] if offer else False,
            "times": self._prepare_offers(dialog, offers),
            "texts": texts,
            "warnings": [text for text in warnings if text not in texts],
            "can_override": dialog.can_override,
        }

    # rpc: salon.booking and the models check rights; the time is searched again
    @api.model
    def book(self, wish, parts, key, client=None, visit_id=False):
        """Book what was shown, or say why it cannot be had any more.

        :param parts: of the offer: ``[[product, staff, start, stop]]``
        :param key: the same for each try of one booking, which then happens once
        :param client: name and phone of somebody new
        :param visit_id: visit to which the services are added
        :return: ``{"visit": id}`` or ``{"texts", "times"}``
        """
        self.env["salon.once"]._begin(key)
        self._check_right()
        if booked := self._booked_before(wish, key, client):
            return {"visit": booked.id}
        visit = self.env["salon.visit"].browse(visit_id or ())
        if visit:
            self._check_can_grow(visit)
            wish = {
                **wish,
                "client": visit.client_id.id,
                "branch": visit.branch_id.id,
            }
        dialog = self._dialog(wish)
        dialog._check_service_chosen()
        offer = self._offer_again(dialog, parts)
        if not offer:
            start = min(part[2] for part in parts)
            texts = [self.env._("This time is not free any more.")]
            return self._refused(dialog, start, texts)
        try:
            with self.env.cr.savepoint():
                booked = self._book(dialog, offer, key, client, visit)
        except (SlotTaken, NotEligible) as refusal:
            return self._refused(dialog, offer.start, [str(refusal)])
        return {"visit": booked.id}

    # rpc: salon.waitlist.entry checks rights
    @api.model
    def wait(self, wish):
        """Put the client on the waitlist for the day that was searched."""
        dialog = self._dialog(wish)
        return dialog.action_waitlist()

    # The question

    @api.model
    def _check_right(self):
        self.env["salon.booking.wizard"].check_access("create")

    @api.model
    def _branch(self, branch_id):
        if branch_id:
            branch = self.env["salon.branch"].browse(branch_id)
            branch.check_access("read")
            return branch
        return self.env["salon.visit"]._default_branch_id()

    @api.model
    def _dialog(self, wish):
        """The booking dialog, filled in but not saved."""
        self._check_right()
        branch = self._branch(wish["branch"])
        start, services = wish.get("start"), wish.get("services") or []
        self.env["salon.reach"]._check_minutes(start)
        if start:
            day = clock.local(start, branch.tz).date()
        else:
            day = fields.Date.to_date(wish["date"])
        self.env["salon.reach"]._check_days(day)
        first, *more = services or [(False, False)]
        client = self.env["res.partner"].browse(wish.get("client") or ())
        client.check_access("read")
        return self.env["salon.booking.wizard"].new(
            {
                "branch_id": branch.id,
                "client_id": client.id,
                "product_id": first[0],
                "staff_id": first[1],
                "line_ids": [
                    Command.create(
                        {"sequence": index, "product_id": product, "staff_id": staff}
                    )
                    for index, (product, staff) in enumerate(more)
                ],
                "addon_ids": [Command.set(wish.get("addons") or [])],
                "date_from": day,
                "days": 1,
                "override_reason": wish.get("override") or False,
            }
        )

    # What is shown

    @api.model
    def _prepare_offers(self, dialog, offers):
        return [
            {**shown, "minutes": offer.stop - offer.start, "stop": offer.stop}
            for shown, offer in zip(dialog._prepare_offers(offers), offers, strict=True)
        ]

    @api.model
    def _prepare_choices(self, branch):
        services = self._prepare_services(branch.id)
        # sudo: hr.employee - names of colleagues who take clients, as in the search
        staff = (
            self.env["hr.employee"]
            .sudo()
            .browse({person for service in services for person in service["staff"]})
        )
        return {
            "services": services,
            "staff": [
                {"id": person.id, "name": person.name} for person in staff.sorted()
            ],
        }

    @api.model
    def _prepare_services(self, branch_id):
        """What can be booked in a branch: everything that somebody there does."""
        # sudo: salon.skill, hr.employee - who does what is said to every client
        skills = (
            self.env["salon.skill"]
            .sudo()
            .search_fetch(
                [
                    ("staff_id.salon_branch_ids", "in", [branch_id]),
                    ("staff_id.is_salon_staff", "=", True),
                    ("staff_id.active", "=", True),
                    ("product_tmpl_id.is_salon_group_service", "=", False),
                ],
                ["staff_id", "product_tmpl_id"],
            )
        )
        people = {
            template.id: group.staff_id.ids
            for template, group in skills.grouped("product_tmpl_id").items()
        }
        products = self.env["product.product"].search_fetch(
            [
                ("product_tmpl_id", "in", list(people)),
                ("is_salon_service", "=", True),
            ],
            ["name", "categ_id", "lst_price", "product_tmpl_id"],
        )
        variants = {product.product_tmpl_id.id: product.id for product in products}
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "category": product.categ_id._get_salon_name(),
                "minutes": product.salon_duration_minutes,
                "price": product.currency_id.format(product.lst_price),
                "is_addon": product.is_salon_addon,
                "addons": [
                    variants[addon.id]
                    for addon in product.salon_addon_ids
                    if addon.id in variants
                ],
                "staff": people[product.product_tmpl_id.id],
            }
            for product in products
        ]

    @api.model
    def _staff_again(self, appointment, offered):
        """Who did it, if the client asked for her and she still does it."""
        able = offered[appointment.product_id.id]["staff"]
        staff = appointment.staff_id
        return staff.id if appointment.is_requested and staff.id in able else False

    # What is done

    @api.model
    def _check_can_grow(self, visit):
        """Whoever has cancelled, or paid, comes another time."""
        visit.check_access("write")
        if visit.state in states.LOST or visit.payment_state != "no_bill":
            raise UserError(
                self.env._(
                    "%(visit)s is cancelled or billed already. Book a new visit "
                    "instead.",
                    visit=visit.display_name,
                )
            )

    @api.model
    def _offer_again(self, dialog, parts):
        """What was shown, found again with the very people shown, or None."""
        wish = dialog._get_wish()
        # The same service may be there twice, by two people.
        waiting, services = list(parts), []
        for service in wish.services:
            shown = next(
                (
                    part
                    for part in waiting
                    if part[0] == service.product
                    and (service.staff is None or part[1] in service.staff)
                ),
                None,
            )
            if shown is None:
                return None
            waiting.remove(shown)
            services.append(replace(service, staff=(shown[1],)))
        if waiting:
            return None
        exact = replace(wish, services=tuple(services))
        start = min(part[2] for part in parts)
        return self.env["salon.availability"]._offer_at(exact, start)

    @api.model
    def _booked_before(self, wish, key, client):
        """What an earlier try of the same booking has made, or nothing."""
        booking, branch = self.env["salon.booking"], self._branch(wish["branch"])
        known = self.env["res.partner"].browse(wish.get("client") or ())
        if client and key:
            # The first try added the client, too.
            visit = self.env["salon.visit"].search(
                [("branch_id", "=", branch.id), ("booking_key", "=", key)]
            )
            if visit.client_id.name == self._client_name(client):
                known = visit.client_id
        return booking._find_booked(branch, known, key)

    @api.model
    def _book(self, dialog, offer, key, client, visit):
        wish = dialog._get_wish()
        if client and not wish.client:
            wish = replace(wish, client=self._add_client(client, dialog.branch_id).id)
        booking = self.env["salon.booking"]
        if visit:
            return booking._add_offer(visit, wish, offer)
        return booking._book_offer(
            wish,
            offer,
            key=key,
            override_reason=dialog._get_override_reason() or None,
        )

    @api.model
    def _add_client(self, values, branch):
        """Somebody new: a name and a phone are enough."""
        name = self._client_name(values)
        if not name:
            raise UserError(self.env._("Enter the name of the new client."))
        typed = (values.get("phone") or "").strip()
        phones = self.env["salon.phone"]
        number = phones._read_number(typed, [phones._home_country(branch)])
        return self.env["res.partner"].create(
            {"name": name, "phone": number or typed or False}
        )

    @api.model
    def _client_name(self, values):
        return " ".join((values.get("name") or "").split())

    @api.model
    def _refused(self, dialog, start, texts):
        nearest = self.env["salon.availability"]._nearest_offers(
            dialog._get_wish(), start, NEAREST
        )
        return {"texts": texts, "times": self._prepare_offers(dialog, nearest)}
