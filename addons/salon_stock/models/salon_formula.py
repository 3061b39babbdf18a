from odoo import api, fields, models

from odoo.addons.salon_booking.engine import states

STAFF = "salon_booking.group_salon_stylist"


class SalonAppointment(models.Model):
    """The client's formula: what was mixed, and how it worked out."""

    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    formula = fields.Text(
        copy=False,
        groups=STAFF,
        help="What was mixed for this client and how, in the words of whoever did it.",
    )
    last_formula = fields.Text(
        "Last Time",
        compute="_compute_last_formula",
        groups=STAFF,
        help="Formula and materials of the last time that the client had this service, "
        "or else one of its category; whoever did it.",
    )

    @api.depends("client_id", "product_id", "start")
    def _compute_last_formula(self):
        last = self._find_last_formulas()
        for appointment in self:
            appointment.last_formula = (
                last[appointment]._say_formula() if appointment in last else False
            )

    def _find_last_formulas(self):
        """``{appointment: the one in sudo whose formula it goes on from}``.

        One query for all of them, and those for what is said of the found ones.
        """
        # sudo: salon.appointment - what was mixed for a client is for whoever serves
        # that client next, not only for who mixed it
        earlier = self.sudo().search(
            [
                ("client_id", "in", self.client_id.ids),
                ("state", "=", states.DONE),
                "|",
                ("formula", "!=", False),
                ("consumption_ids.quantity", ">", 0),
            ],
            order="start desc, id desc",
        )
        by_client = earlier.grouped("client_id")
        found = {}
        for appointment in self:
            before = by_client.get(appointment.client_id.sudo(), earlier.browse())
            before = before.filtered(
                lambda other, this=appointment: (
                    other.id != this._origin.id
                    and this.start
                    and other.start < this.start
                )
            )
            same = before.filtered(
                lambda other, this=appointment: other.product_id == this.product_id
            )
            alike = before.filtered(
                lambda other, this=appointment: other.category_id == this.category_id
            )
            if last := (same or alike)[:1]:
                found[appointment] = last
        return found

    def _say_formula(self):
        """Words and materials, one below the other; empty when there are none."""
        used = self.consumption_ids.filtered("quantity")
        materials = " + ".join(
            f"{row.quantity:g} {row.uom_id.name} {row.product_id.name}" for row in used
        )
        return "\n".join(filter(None, [self.formula, materials]))

    # rpc: writes with the rights of the user
    def action_same_as_last_time(self):
        """Put down what was used the last time; everything can still be corrected."""
        self.check_access("write")
        self.env["salon.material"]._prepare(
            self.filtered(lambda appointment: not appointment.consumption_ids)
        )
        for appointment, last in self._find_last_formulas().items():
            if not appointment.formula:
                appointment.formula = last.formula
            appointment._use_like(last)

    def _use_like(self, last):
        used = {
            row.product_id.id: row for row in last.consumption_ids if row.quantity > 0
        }
        if not used:
            return
        for row in self.consumption_ids:
            like = used.pop(row.product_id.id, None)
            row.write(
                {"quantity": like.quantity, "uom_id": like.uom_id.id}
                if like
                else {"quantity": 0}
            )
        self.env["salon.consumption"].create(
            [
                {
                    "appointment_id": self.id,
                    "product_id": product_id,
                    "quantity": row.quantity,
                    "uom_id": row.uom_id.id,
                }
                for product_id, row in used.items()
                if row.product_id.active
            ]
        )


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    formulas = fields.Text(
        compute="_compute_formulas",
        groups=STAFF,
        help="What was mixed and used in each service of the visit.",
    )

    @api.depends("appointment_ids.formula", "appointment_ids.consumption_ids.quantity")
    def _compute_formulas(self):
        for visit in self:
            said = [
                f"{appointment.product_id.name}: {formula}"
                for appointment in visit.appointment_ids
                if (formula := appointment._say_formula())
            ]
            visit.formulas = "\n".join(said) or False
