from odoo import api, fields, models


class SalonClientTiming(models.Model):
    """What is remembered of one client: "Mrs K. always needs 15 minutes more"."""

    _name = "salon.client.timing"
    _description = "Own Time and Price of a Client"
    _order = "client_id, product_tmpl_id, staff_id, id"
    _rec_name = "product_tmpl_id"

    client_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Service",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_salon_service', '=', True)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('is_salon_staff', '=', True)]",
        help="Empty: whoever does it.",
    )
    extra_minutes = fields.Integer(
        aggregator=None,
        help="Added to what the service or the person needs; negative when it goes "
        "faster.",
    )
    price = fields.Monetary(
        "Own Price", aggregator=None, help="Empty or zero: the usual price."
    )
    currency_id = fields.Many2one(related="product_tmpl_id.currency_id")
    note = fields.Char(help="Why, for whoever books next.")

    _client_service_staff_unique = models.UniqueIndex(
        "(client_id, product_tmpl_id, COALESCE(staff_id, 0))",
        "This is remembered for the client already; change the existing line.",
    )
    _price_not_negative = models.Constraint(
        "CHECK (price >= 0)", "The client's own price cannot be negative."
    )
    _extra_sensible = models.Constraint(
        "CHECK (extra_minutes BETWEEN -600 AND 600)",
        "At most ten hours more or less.",
    )

    @api.depends("client_id", "product_tmpl_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for timing in self:
            timing.display_name = self.env._(
                "%(client)s: %(service)s",
                client=timing.client_id._get_salon_name(),
                service=timing.product_tmpl_id.display_name,
            )

    @api.model
    def _find(self, clients, templates):
        """``{(client id, template id, staff id or False): timing}`` in one query."""
        if not clients or not templates:
            return {}
        timings = self.search(
            [
                ("client_id", "in", clients.ids),
                ("product_tmpl_id", "in", templates.ids),
            ]
        )
        return {
            (
                timing.client_id.id,
                timing.product_tmpl_id.id,
                timing.staff_id.id,
            ): timing
            for timing in timings
        }

    @api.model
    def _pick(self, found, client_id, template_id, staff_id):
        """Of what ``_find`` gave, the line for this person, else the one for anybody.

        Empty when nothing is remembered.
        """
        return (
            found.get((client_id, template_id, staff_id))
            or found.get((client_id, template_id, False))
            or self.browse()
        )

    def _adjust_minutes(self, minutes):
        """Minutes with this client; ``self`` may be empty."""
        return max(minutes + self.extra_minutes, 1)
