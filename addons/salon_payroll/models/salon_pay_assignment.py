from odoo import api, fields, models


class SalonPayAssignment(models.Model):
    """From which day on a person is paid by which scheme.

    Not on ``hr.version``: its pay fields are for HR managers, and who runs a salon
    agrees pay with the team without being one.
    """

    _name = "salon.pay.assignment"
    _description = "Salon Pay Scheme of a Staff Member"
    _inherit = ["salon.own.mixin"]
    _order = "staff_id, date_from desc, id desc"
    _rec_name = "scheme_id"
    _check_company_auto = True

    staff_id = fields.Many2one(
        "hr.employee",
        "Staff Member",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_salon_staff', '=', True)]",
    )
    company_id = fields.Many2one(related="staff_id.company_id", store=True)
    scheme_id = fields.Many2one(
        "salon.pay.scheme",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=fields.Date.context_today,
        help="Bills dated on this day or later, until the next scheme begins.",
    )

    _staff_date_unique = models.UniqueIndex(
        "(staff_id, date_from)",
        "This person already has a pay scheme from this day on; change that one.",
    )

    @api.depends("staff_id", "scheme_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = self.env._(
                "%(staff)s: %(scheme)s",
                staff=assignment.staff_id.name or "",
                scheme=assignment.scheme_id.name or "",
            )

    @api.model
    def _find(self, staff):
        """Schemes as ``{staff id: [(from, scheme), …]}``, the latest first."""
        found = {}
        for assignment in self.search(
            [("staff_id", "in", staff.ids)], order="date_from desc"
        ):
            found.setdefault(assignment.staff_id.id, []).append(
                (assignment.date_from, assignment.scheme_id)
            )
        return found
