from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonAppointment(models.Model):
    """A place in a group event.

    The numbers of the places are unique, and no number is above the limit of its
    event: a foreign key over the limit sees what no snapshot of a transaction would,
    so that nobody joins while the event is made smaller, moved or cancelled.
    """

    _inherit = "salon.appointment"  # pylint: disable=consider-merging-classes-inherited

    group_event_id = fields.Many2one(
        "salon.group.event",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The class or workshop in which this appointment takes a place.",
    )
    seat = fields.Integer(
        copy=False, help="Number of the place in the event; 0 is none."
    )
    seat_limit = fields.Integer(
        compute="_compute_seat_limit",
        store=True,
        compute_sudo=True,
        precompute=True,
        copy=False,
        help="Kept equal to that of the event by the database.",
    )

    _seat_unique = models.UniqueIndex(
        "(group_event_id, seat) WHERE seat > 0", "This place was just taken."
    )
    _seat_within_limit = models.Constraint(
        "CHECK (group_event_id IS NULL OR seat <= seat_limit)",
        "The event has no place of this number.",
    )
    _seat_limit_of_event = models.Constraint(
        # The limit comes first: the host takes the id for the key of its own field.
        "FOREIGN KEY (seat_limit, group_event_id) "
        "REFERENCES salon_group_event (seat_limit, id) ON UPDATE CASCADE",
        "The event was changed meanwhile. Please try again.",
    )

    # Only at first: from then on the foreign key brings every change of the event.
    @api.depends("group_event_id")
    def _compute_seat_limit(self):
        for appointment in self:
            appointment.seat_limit = appointment.group_event_id.seat_limit

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"seat"}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_group_events(vals_list))

    @api.model
    def _with_group_events(self, vals_list):
        """Fill in what the event says; find it by service and start when not named."""
        events = self.env["salon.group.event"]
        # sudo: product.product - whether it is booked in groups
        products = (
            self.env["product.product"]
            .sudo()
            .browse(vals["product_id"] for vals in vals_list if vals.get("product_id"))
        )
        grouped = {
            product.id
            for product in products
            if product.product_tmpl_id.is_salon_group_service
        }
        filled = []
        for vals in vals_list:
            visit = self.env["salon.visit"].browse(vals.get("visit_id"))
            is_group = vals.get("group_event_id") or vals.get("product_id") in grouped
            if not is_group or visit.is_history:
                filled.append(vals)
                continue
            event = events.browse(vals.get("group_event_id")) or events._find(
                visit.branch_id,
                self.env["product.product"].browse(vals["product_id"]),
                fields.Datetime.to_datetime(vals.get("start")),
                vals.get("staff_id"),
            )
            filled.append({**vals, **event._prepare_place_values()})
        return filled

    def write(self, vals):
        if "group_event_id" in vals and not self.env.su:
            for appointment in self:
                if appointment.group_event_id.id != vals["group_event_id"]:
                    raise UserError(
                        self.env._(
                            "%(appointment)s keeps its event. Cancel it and take a "
                            "place in the other one.",
                            appointment=appointment.display_name,
                        )
                    )
        return super().write(vals)

    def _check_event_open(self):
        for appointment in self:
            event = appointment.group_event_id
            if event.state != "planned":
                raise UserError(
                    self.env._(
                        "%(event)s is %(state)s and takes nobody any more. Choose "
                        "another date.",
                        event=event.display_name,
                        state=event._state_label(),
                    )
                )
