from odoo import api, fields, models

from ..engine import states
from ..services.salon_booking import LATER

#: A change of one of these may bring a booking to a day that has enough.
COUNTED_FIELDS = frozenset({"start", "stop", "staff_id", "product_id"})


class SalonCappedDay(models.Model):
    """A day on which the bookings of a service or a person are limited.

    Whoever books there writes this row: of two transactions that do not see each
    other's booking the later one fails with 40001, is repeated by the host and counts
    anew. Where nothing is limited there are no rows.
    """

    _name = "salon.capped.day"
    _description = "Day with Limited Bookings"
    _log_access = False
    _rec_name = "day"
    _order = "day, id"

    day = fields.Date(
        required=True, help="Of the branch for a service, in UTC for a person."
    )
    branch_id = fields.Many2one("salon.branch", ondelete="cascade")
    product_tmpl_id = fields.Many2one("product.template", "Service", ondelete="cascade")
    staff_id = fields.Many2one("hr.employee", "Staff Member", ondelete="cascade")
    revision = fields.Integer(required=True, default=0, aggregator=None)

    _once = models.UniqueIndex(
        "(day, COALESCE(branch_id, 0), COALESCE(product_tmpl_id, 0), "
        "COALESCE(staff_id, 0))",
        "This day is listed already.",
    )

    @api.autovacuum
    def _gc_past(self):
        yesterday = fields.Date.subtract(fields.Date.today(), days=2)
        self.search([("day", "<", yesterday)]).unlink()


class SalonVisit(models.Model):
    _inherit = "salon.visit"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if "branch_id" not in vals:
            return super().write(vals)
        caps = self.env["salon.caps"]
        before = caps._counted(self.appointment_ids)
        result = super().write(vals)
        caps._assert_room(self.appointment_ids, before)
        return result


class SalonAppointment(models.Model):
    _inherit = "salon.appointment"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        appointments = super().create(vals_list)
        self.env["salon.caps"]._assert_room(appointments)
        return appointments

    def write(self, vals):
        # Of several that change as one, only the end counts.
        is_later = self.env.context.get("salon_take_time") is LATER
        if is_later or not COUNTED_FIELDS & vals.keys():
            return super().write(vals)
        caps = self.env["salon.caps"]
        before = caps._counted(self)
        result = super().write(vals)
        caps._assert_room(self, before)
        return result

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        self.env["salon.caps"]._assert_room(
            self.filtered(lambda a: previous[a.id] in states.LOST)
        )
