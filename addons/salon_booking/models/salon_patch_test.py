from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: What the desk may still add to a test: how it came out, and a note.
OPEN_FIELDS = frozenset({"result", "note"})


class SalonPatchTest(models.Model):
    """A test of the skin before colour, lashes or peeling. Never changed in place."""

    _name = "salon.patch.test"
    _description = "Patch Test"
    _order = "tested_at desc, id desc"
    _rec_name = "product_tmpl_id"

    client_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Test",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_salon_service', '=', True)]",
        help="The service that is the test, as services that need it say.",
    )
    tested_at = fields.Datetime(required=True, default=lambda self: self._now())
    result = fields.Selection(
        [("none", "No reaction"), ("reaction", "Reaction")],
        required=True,
        default="none",
        help="A reaction refuses every service that needs this test, until a later "
        "test shows none.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day the test is good for; empty when it does not grow old. "
        "Services may ask for a newer one.",
    )
    is_valid = fields.Boolean(compute="_compute_is_valid", search="_search_is_valid")
    staff_id = fields.Many2one(
        "hr.employee",
        "Done by",
        domain="[('is_salon_staff', '=', True)]",
        index="btree_not_null",
    )
    appointment_id = fields.Many2one(
        "salon.appointment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    note = fields.Text()

    _appointment_unique = models.UniqueIndex(
        "(appointment_id) WHERE appointment_id IS NOT NULL",
        "This appointment has its patch test already.",
    )

    @api.model
    def _now(self):
        return fields.Datetime.now()

    @api.depends("client_id", "product_tmpl_id", "tested_at")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._(
                "%(client)s: %(test)s",
                client=test.client_id._get_salon_name(),
                test=test.product_tmpl_id.display_name,
            )

    @api.depends("tested_at", "product_tmpl_id")
    def _compute_valid_until(self):
        """As long as the most patient of the services that need the test."""
        # sudo: product.template - rules of services are no secret of the staff
        services = self.env["product.template"].sudo()
        spans = dict(
            services._read_group(
                [("salon_patch_test_id", "in", self.product_tmpl_id.ids)],
                ["salon_patch_test_id"],
                ["salon_patch_valid_days:array_agg"],
            )
        )
        for test in self:
            days = spans.get(test.product_tmpl_id._origin, [0])
            grows_old = test.tested_at and all(days)
            test.valid_until = grows_old and (
                test.tested_at + timedelta(days=max(days))
            )

    @api.depends("result", "valid_until")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for test in self:
            test.is_valid = test.result == "none" and (
                not test.valid_until or test.valid_until >= today
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = fields.Domain("result", "=", "none") & (
            fields.Domain("valid_until", "=", False)
            | fields.Domain("valid_until", ">=", today)
        )
        wanted = [valid if is_valid else ~valid for is_valid in value]
        return fields.Domain.OR(wanted)

    def write(self, vals):
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_manager"
        ):
            self._check_only_result(vals)
        return super().write(vals)

    def _check_only_result(self, vals):
        """A test that was good once must not be good for somebody else later."""
        if vals.keys() - OPEN_FIELDS:
            raise AccessError(
                self.env._(
                    "%(test)s stands as it was done: only its result and the note can "
                    "be changed. Record a new test, or ask your manager.",
                    test=self[:1].display_name,
                )
            )
