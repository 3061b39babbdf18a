from datetime import timedelta

from odoo import Command, api, fields, models

#: A visit that says one of these is left to the host.
NOT_FORESEEN = frozenset({"is_history", "start", "state", "stop"})


class SalonVisit(models.Model):
    """What its appointments say of a new visit, known before the row is written.

    A row that is complete needs no second write. All of it is computed again after the
    appointments are made, so what another addon changes in them is seen.
    """

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        open_ids = [
            visit.id
            for visit, vals in zip(visits, vals_list, strict=True)
            if vals.get("appointment_ids") and not {"start", "stop"} & vals.keys()
        ]
        for name in ("start", "stop"):
            self.env.add_to_compute(self._fields[name], self.browse(open_ids))
        return visits

    @api.model
    def _add_precomputed_values(self, vals_list):
        self._foresee([vals for vals in vals_list if self._is_foreseen(vals)])
        return super()._add_precomputed_values(vals_list)

    @api.model
    def _is_foreseen(self, vals):
        """A new booking of named services at named times, and nothing else."""
        commands = vals.get("appointment_ids")
        return (
            commands
            and vals.get("branch_id")
            and not NOT_FORESEEN & {name for name in vals if vals[name]}
            and all(
                command[0] == Command.CREATE
                and command[2].get("product_id")
                and command[2].get("start")
                and not {"state", "stop"} & command[2].keys()
                for command in commands
            )
        )

    @api.model
    def _foresee(self, vals_list):
        """Fill in what appointments say of their visits, for many at once."""
        if not vals_list:
            return
        plans = [
            [dict(command[2]) for command in vals["appointment_ids"]]
            for vals in vals_list
        ]
        self.env["salon.appointment"]._fill_terms(
            [
                (wish, vals.get("client_id"))
                for vals, plan in zip(vals_list, plans, strict=True)
                for wish in plan
            ]
        )
        # sudo: salon.branch - its company and time zone only
        branches = self.env["salon.branch"].sudo()
        moments = []
        for vals, plan in zip(vals_list, plans, strict=True):
            branch = branches.browse(vals["branch_id"])
            for wish in plan:
                wish["start"] = fields.Datetime.to_datetime(wish["start"])
            first = min(plan, key=lambda wish: wish["start"])
            vals.update(
                appointment_ids=[Command.create(wish) for wish in plan],
                company_id=branch.company_id.id,
                currency_id=branch.company_id.currency_id.id,
                state="booked",
                start=first["start"],
                stop=max(
                    wish["start"] + timedelta(minutes=wish["duration_minutes"] or 0)
                    for wish in plan
                ),
                # After its currency, which rounds it.
                amount_planned=sum(wish["price"] or 0 for wish in plan),
            )
            staff = self.env["hr.employee"].browse(first.get("staff_id") or ())
            moments.append((branch, staff, first["start"]))
        dates = self.env["salon.hours"]._business_dates(moments)
        for vals, business_date in zip(vals_list, dates, strict=True):
            vals["business_date"] = business_date


class SalonAppointment(models.Model):
    """What visit, service and person say of new appointments, for many at once."""

    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    @api.model
    def _add_precomputed_values(self, vals_list):
        """The host would work out each field of each record alone."""
        known = [
            vals
            for vals in vals_list
            if vals.get("visit_id") and vals.get("product_id") and vals.get("start")
        ]
        # sudo: salon.visit, product.product, hr.employee, salon.group.event - what the
        # host reads for the same fields
        env = self.env(su=True)
        visits = env["salon.visit"].browse([vals["visit_id"] for vals in known])
        self._fill_terms(
            [
                (vals, visit.client_id.id)
                for vals, visit in zip(known, visits, strict=True)
            ]
        )
        products = env["product.product"].browse([vals["product_id"] for vals in known])
        people = env["hr.employee"]
        events = env["salon.group.event"]
        for vals, visit, product in zip(known, visits, products, strict=True):
            staff = people.browse(vals.get("staff_id") or ())
            event = events.browse(vals.get("group_event_id") or ())
            vals.update(
                branch_id=visit.branch_id.id,
                company_id=visit.company_id.id,
                currency_id=visit.currency_id.id,
                client_id=visit.client_id.id,
                category_id=product.product_tmpl_id.categ_id.id,
                staff_user_id=staff.user_id.id,
                seat_limit=event.seat_limit,
                # After its currency, which rounds it.
                price=vals.pop("price"),
            )
            if "stop" not in vals:
                start = fields.Datetime.to_datetime(vals["start"])
                minutes = timedelta(minutes=vals["duration_minutes"] or 0)
                # The host's word for what nobody gave: its inverse is not called.
                precomputed = {self._fields["stop"]}
                vals.update(stop=start + minutes, __precomputed__=precomputed)
        return super()._add_precomputed_values(vals_list)

    @api.model
    def _fill_terms(self, wanted):
        """Minutes and price, where nobody says others.

        :param wanted: ``(values of an appointment, client id)``
        """
        open_ones = [
            (vals, client_id)
            for vals, client_id in wanted
            if not {"duration_minutes", "price"} <= vals.keys()
        ]
        # sudo: product.product - what a service costs is no secret
        products = (
            self.env["product.product"]
            .sudo()
            .browse([vals["product_id"] for vals, _client_id in open_ones])
        )
        keys = [
            (product.product_tmpl_id.id, vals.get("staff_id") or 0, client_id or 0)
            for (vals, client_id), product in zip(open_ones, products, strict=True)
        ]
        terms = self.env["salon.catalog"]._terms(keys)
        for (vals, _client_id), product, key in zip(
            open_ones, products, keys, strict=True
        ):
            minutes, price, has_variants = terms[key]
            vals.setdefault("duration_minutes", minutes)
            if "price" not in vals:
                vals["price"] = self._price_of(product, price, has_variants)

    @api.model
    def _price_of(self, product, own_price, has_variants):
        """The price agreed with person or client, else the service's."""
        if own_price:
            return own_price
        return product.lst_price if has_variants else product.product_tmpl_id.list_price
