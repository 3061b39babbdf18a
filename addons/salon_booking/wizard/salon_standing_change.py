from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonStandingChange(models.TransientModel):
    """Change or cancel this, this and following, or all dates of a series."""

    _name = "salon.standing.change"
    _description = "Change a Standing Appointment"

    standing_id = fields.Many2one("salon.standing", required=True, readonly=True)
    visit_id = fields.Many2one("salon.visit", readonly=True)
    scope = fields.Selection(
        [
            ("this", "This date"),
            ("following", "This and following dates"),
            ("all", "All dates that are not over"),
        ],
        "What",
        required=True,
        default="following",
    )
    decision = fields.Selection(
        [
            ("change", "Change time, people or services"),
            ("cancel", "Cancel"),
        ],
        "How",
        required=True,
        default="change",
    )
    reason = fields.Char(help="Why the dates are cancelled.")

    @api.model
    def _open(self, standing, visit=None):
        if not standing:
            raise UserError(self.env._("This visit belongs to no series."))
        standing.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Series"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_standing_id": standing.id,
                "default_visit_id": visit.id if visit else False,
                "default_scope": "following" if visit else "all",
            },
        }

    def action_apply(self):
        self.ensure_one()
        standing, visit = self.standing_id, self.visit_id
        standing.check_access("write")
        if self.decision == "cancel" and not self.reason:
            raise UserError(self.env._("Say why the dates are cancelled."))
        if self.scope == "this":
            return self._apply_to_this(visit)
        day = self._get_first_day()
        if self.decision == "cancel":
            self.env["salon.series"]._cancel_from(standing, day, self.reason)
            return {"type": "ir.actions.act_window_close"}
        return self._open_successor(day)

    def _get_first_day(self):
        """The first date of the series that changes."""
        if self.scope == "following" and self.visit_id:
            return self.visit_id.standing_date
        coming = self.standing_id._get_future_visits()
        if coming:
            return coming[0].standing_date
        return fields.Date.context_today(self)

    def _apply_to_this(self, visit):
        if not visit:
            raise UserError(self.env._("Open the visit to change one date only."))
        if self.decision == "cancel":
            visit._set_state("cancelled", self.reason)
            return {"type": "ir.actions.act_window_close"}
        return self.env["salon.move.wizard"]._open(visit)

    def _open_successor(self, day):
        """A draft that takes over from a date on; booking it changes the visits."""
        standing = self.standing_id
        values = {"date_start": day, "user_id": self.env.uid}
        if standing.end_kind == "count":
            left = standing.date_ids.filtered(
                lambda date: date.date >= day and date.state == "booked"
            )
            values["count"] = len(left) or 1
        elif standing.state == "ended":
            # What was cut off behind it does not come back.
            last = standing.planned_until or day
            values |= {"end_kind": "until", "date_until": max(day, last)}
        successor = standing.copy(values)
        # sudo: salon.standing - kept by the system; the right is checked above
        successor.sudo().previous_id = standing
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Series"),
            "res_model": "salon.standing",
            "res_id": successor.id,
            "views": [(False, "form")],
        }
