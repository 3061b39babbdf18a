from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import format_date

from ..engine import clock
from ..engine.recurrence import WEEK, Rule, occurrences

#: Two years of weeks are planned at once.
MOST_DATES = 104


class SalonGroupJoinWizard(models.TransientModel):
    _name = "salon.group.join.wizard"
    _description = "Add a Participant"

    event_id = fields.Many2one("salon.group.event", required=True, readonly=True)
    seats_left = fields.Integer(related="event_id.seats_left")
    client_id = fields.Many2one(
        "res.partner", help="Empty for somebody who leaves no name."
    )
    note = fields.Text()

    def _join(self):
        self.ensure_one()
        return self.env["salon.booking"]._join(
            self.event_id, self.client_id, note=self.note
        )

    # rpc: salon.booking checks the rights on visits
    def action_join(self):
        self._join()
        return {"type": "ir.actions.act_window_close"}

    # rpc: salon.booking checks the rights on visits
    def action_join_next(self):
        self._join()
        return self.event_id.action_join()


class SalonGroupCancelWizard(models.TransientModel):
    _name = "salon.group.cancel.wizard"
    _description = "Cancel Group Events"

    event_ids = fields.Many2many("salon.group.event", required=True, readonly=True)
    participant_ids = fields.Many2many(
        "salon.appointment", compute="_compute_participant_ids"
    )
    reason = fields.Char(required=True)
    notify_clients = fields.Boolean(
        "Tell Participants",
        default=True,
        help="Send everybody who took part an e-mail in the own language.",
    )

    @api.model
    def _open(self, events):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_event_ids": [
                    Command.set(
                        events.filtered(lambda event: event.state == "planned").ids
                    )
                ]
            },
        }

    @api.depends("event_ids")
    def _compute_participant_ids(self):
        for wizard in self:
            wizard.participant_ids = wizard.event_ids._get_participants()

    # rpc: salon.group.event checks the rights
    def action_cancel(self):
        self.ensure_one()
        participants = self.event_ids._cancel(self.reason)
        closed = {"type": "ir.actions.act_window_close"}
        if not self.notify_clients:
            return closed
        missing = self.event_ids._tell_participants(participants)
        if not missing:
            return closed
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%(clients)s: no e-mail address. Please call.",
                    clients=", ".join(
                        visit.client_id.name or visit.name for visit in missing
                    ),
                ),
                "next": closed,
            },
        }


class SalonGroupRepeatWizard(models.TransientModel):
    _name = "salon.group.repeat.wizard"
    _description = "Repeat a Group Event"

    event_id = fields.Many2one("salon.group.event", required=True, readonly=True)
    every = fields.Integer("Every … Weeks", default=1, required=True)
    until = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(weeks=8),
        help="The last day on which it may take place.",
    )
    dates = fields.Char(compute="_compute_dates")

    _every_sensible = models.Constraint(
        "CHECK (every BETWEEN 1 AND 52)", "Repeat every 1 to 52 weeks."
    )

    def _get_starts(self):
        """UTC minutes of the further dates, at the same time on the wall clock."""
        self.ensure_one()
        event = self.event_id
        if not (event and self.until and self.every > 0):
            return []
        zone = event.branch_id.tz
        wall = clock.local(clock.to_minutes(event.start), zone)
        rule = Rule(WEEK, every=self.every, until=self.until)
        found = occurrences(
            rule, wall.date(), wall.hour * 60 + wall.minute, zone, MOST_DATES + 1
        )
        return [
            date.start for date in found if date.start > clock.to_minutes(event.start)
        ][:MOST_DATES]

    @api.depends("event_id", "every", "until")
    @api.depends_context("lang")
    def _compute_dates(self):
        for wizard in self:
            zone = wizard.event_id.branch_id.tz
            wizard.dates = ", ".join(
                format_date(self.env, clock.local(start, zone))
                for start in wizard._get_starts()
            )

    # rpc: salon.group.event checks the rights
    def action_repeat(self):
        self.ensure_one()
        zone = self.event_id.branch_id.tz
        planned, clashing = self.event_id._repeat(self._get_starts())
        message = self.env._("%(count)s more dates are planned.", count=len(planned))
        if clashing:
            message += " " + self.env._(
                "Somebody or the place is taken on: %(days)s.",
                days=", ".join(
                    format_date(self.env, clock.local(start, zone))
                    for start in clashing
                ),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if clashing else "success",
                "sticky": bool(clashing),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
