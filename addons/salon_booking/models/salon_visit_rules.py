from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine import clock, states

#: A change of one of these may make an appointment one that the rules refuse.
JUDGED_FIELDS = frozenset({"start", "product_id"})


class SalonVisit(models.Model):
    """What the rules say about a visit, and who booked against them."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    override_reason = fields.Char(
        "Booked against the Rules",
        copy=False,
        tracking=True,
        help="Why the visit may be booked though a rule refuses it; needs the right to "
        "override booking rules.",
    )
    override_user_id = fields.Many2one("res.users", "Overridden by", copy=False)
    rule_warnings = fields.Text(
        "Rules",
        compute="_compute_rule_warnings",
        help="What booking rules say about this client and these services.",
    )
    is_against_rules = fields.Boolean(compute="_compute_rule_warnings")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"override_user_id"}

    @api.depends(
        "client_id",
        "branch_id",
        "appointment_ids.product_id",
        "appointment_ids.start",
        "appointment_ids.state",
    )
    def _compute_rule_warnings(self):
        eligibility = self.env["salon.eligibility"]
        for visit in self:
            planned = visit.appointment_ids.filtered(
                lambda a: (
                    a.state in ("booked", "confirmed") and a.product_id and a.start
                )
            )
            if visit.is_history or not planned:
                visit.rule_warnings = visit.is_against_rules = False
                continue
            refusals = eligibility._check(
                visit.client_id._origin,
                planned.product_id.product_tmpl_id._origin,
                clock.to_minutes(min(planned.mapped("start"))),
                branch=visit.branch_id,
                without=visit._origin,
            )
            texts = self.env["salon.refusal"]._texts(refusals, visit.branch_id)
            visit.rule_warnings = "\n".join(texts) or False
            visit.is_against_rules = any(refusal.is_hard for refusal in refusals)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._sign_override(vals) for vals in vals_list]
        visits = super().create(vals_list)
        visits._stamp_override()
        return visits

    def write(self, vals):
        touched = "override_reason" in vals
        if touched:
            vals = self._sign_override(vals)
        if "client_id" not in vals:
            result = super().write(vals)
        else:
            # What was agreed stays when the visit is given to another client.
            agreed = [
                self.env["salon.appointment"]._fields[name]
                for name in ("duration_minutes", "price")
            ]
            changed = self.filtered(
                lambda visit: visit.client_id.id != vals["client_id"]
            )
            with self.env.protecting(agreed, self.appointment_ids):
                result = super().write(vals)
            self.env["salon.eligibility"]._assert_eligible(changed.appointment_ids)
        if touched:
            self._stamp_override()
        return result

    def _sign_override(self, vals):
        """Booking against the rules is a right."""
        reason = (vals.get("override_reason") or "").strip()
        if "override_reason" not in vals:
            return vals
        if self.env.su or self.env.user.has_group("salon_booking.group_salon_override"):
            return {**vals, "override_reason": reason or False}
        if not reason and not any(self.mapped("override_reason")):
            return vals
        raise AccessError(
            self.env._(
                "You may not book %(visit)s against the rules. Choose another time or "
                "service, or ask somebody with the right to override booking rules.",
                visit=self[:1].display_name or self.env._("a visit"),
            )
        )

    def _stamp_override(self):
        for visit in self:
            user = self.env.user if visit.override_reason else self.env["res.users"]
            if visit.override_user_id != user:
                # sudo: salon.visit - kept by the system
                visit.sudo().override_user_id = user


class SalonAppointment(models.Model):
    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    @api.model_create_multi
    def create(self, vals_list):
        appointments = super().create(vals_list)
        self.env["salon.eligibility"]._assert_eligible(appointments)
        return appointments

    def write(self, vals):
        if not JUDGED_FIELDS & vals.keys():
            return super().write(vals)
        eligibility = self.env["salon.eligibility"]
        previous = {
            appointment.id: eligibility._asked(appointment) for appointment in self
        }
        result = super().write(vals)
        eligibility._assert_eligible(
            self.filtered(
                lambda a: eligibility._asked(a) != previous[a.id],
            ),
            previous,
        )
        return result

    def _set_state(self, state, reason=None):
        lost = self.filtered(lambda appointment: appointment.state in states.LOST)
        super()._set_state(state, reason)
        # The rules may have changed meanwhile. Taking back one's own last step
        # (``_take_back_state``) is no booking, so it is not asked.
        self.env["salon.eligibility"]._assert_eligible(lost)

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        self._note_patch_tests(previous)

    def _note_patch_tests(self, previous):
        """A test that was done is noted on the client; one undone is taken back."""
        # sudo: salon.patch.test - kept by the system for whoever marks it as done
        tests = self.env["salon.patch.test"].sudo()
        undone = self.filtered(lambda a: previous[a.id] == "done")
        done = self.filtered(lambda a: a.state == "done" and a.client_id)
        if undone:
            tests.search(
                [("appointment_id", "in", undone.ids), ("result", "=", "none")]
            ).unlink()
        if not done:
            return
        # sudo: product.template - which service is a test is no secret
        needing = self.env["product.template"].sudo()
        services = needing.search(
            [
                (
                    "salon_patch_test_id",
                    "in",
                    done.product_id.product_tmpl_id.ids,
                )
            ]
        ).salon_patch_test_id
        known = tests.search([("appointment_id", "in", done.ids)]).appointment_id
        tests.create(
            [
                {
                    "client_id": appointment.client_id.id,
                    "product_tmpl_id": appointment.product_id.product_tmpl_id.id,
                    "tested_at": appointment.start,
                    "staff_id": appointment.staff_id.id,
                    "appointment_id": appointment.id,
                }
                for appointment in done - known
                if appointment.product_id.product_tmpl_id in services
            ]
        )
