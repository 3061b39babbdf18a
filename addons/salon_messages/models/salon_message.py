from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .salon_message_event import CHANNELS

STATES = [
    ("queued", "Queued"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("skipped", "Left out"),
]
REASONS = [
    ("no_address", "No address"),
    ("unwanted", "Not wanted by the client"),
    ("limit", "Too many messages that day"),
    ("example", "Not sent: nobody has this address"),
    ("outdated", "Not true any more"),
    ("by_hand", "Cancelled by hand"),
    ("gateway", "Refused by the gateway"),
    ("blocked", "Blocked by the client"),
    ("interrupted", "Interrupted, may have been sent"),
    ("template", "The template does not work"),
]


class SalonMessage(models.Model):
    """The outbox: one row for each thing that somebody is told by one channel.

    Written by the system only, in the transaction of what is told; the service
    ``salon.message.sender`` sends after it.
    """

    _name = "salon.message"
    _description = "Message"
    _order = "not_before desc, id desc"
    _rec_name = "partner_id"

    # An addon that goes takes its events along, and what was told of them.
    event_id = fields.Many2one(
        "salon.message.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    audience = fields.Selection(related="event_id.audience", store=True)
    topic = fields.Selection(related="event_id.topic", store=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    visit_id = fields.Many2one(
        "salon.visit", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    branch_id = fields.Many2one("salon.branch", readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Recipient",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    cadence = fields.Integer(
        readonly=True, required=True, default=0, help="Minutes before; 0: no reminder."
    )
    occasion = fields.Char(
        readonly=True,
        required=True,
        default="",
        help="What tells the same event of a visit apart: the time it was moved to.",
    )
    state = fields.Selection(
        STATES, readonly=True, required=True, default="queued", index=True
    )
    reason = fields.Selection(REASONS, readonly=True)
    failure = fields.Char("What the Gateway Said", readonly=True)
    not_before = fields.Datetime("Leaves", readonly=True, required=True)
    sent_at = fields.Datetime(readonly=True)
    tries = fields.Integer(readonly=True, default=0)
    cost = fields.Monetary(readonly=True)
    lang = fields.Char("Language", readonly=True)
    address = fields.Char(readonly=True, help="To which it was sent.")
    subject = fields.Char(readonly=True)
    body = fields.Text("Text", readonly=True)
    provider_reference = fields.Char(readonly=True, index="btree_not_null")
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        readonly=True,
        ondelete="set null",
        help="In place of the template of the event.",
    )
    origin_id = fields.Many2one(
        "salon.message",
        "Instead of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The message that did not arrive by another channel.",
    )
    color = fields.Integer(compute="_compute_color")

    # What was cancelled was never sent, so it does not count.
    _key_unique = models.UniqueIndex(
        "(res_model, res_id, event_id, channel, cadence, occasion, partner_id) "
        "WHERE state != 'cancelled'",
        "This message is in the outbox already.",
    )
    _first_unique = models.UniqueIndex(
        "(res_model, res_id, event_id, cadence, occasion, partner_id) "
        "WHERE state != 'cancelled' AND origin_id IS NULL",
        "This message is in the outbox already.",
    )
    _due = models.Index("(channel, not_before, id) WHERE state = 'queued'")
    _under_way = models.Index("(id) WHERE state = 'sending'")
    _partner_sent = models.Index("(partner_id, sent_at) WHERE sent_at IS NOT NULL")

    @api.depends("state")
    def _compute_color(self):
        colors = {"failed": 1, "queued": 4, "sending": 4, "sent": 10, "delivered": 10}
        for message in self:
            message.color = colors.get(message.state, 0)

    @api.depends("event_id", "partner_id")
    def _compute_display_name(self):
        for message in self:
            message.display_name = (
                f"{message.event_id.name} · {message.partner_id.name or ''}"
            )

    # rpc: the right to read the message, and the desk's group
    def action_resend(self):
        """Send again what failed, was left out or cancelled, if it is still true."""
        self._check_desk()
        for message in self:
            if message.state not in ("failed", "skipped", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(message)s is on its way or was sent, so it is not sent "
                        "again.",
                        message=message.display_name,
                    )
                )
        # sudo: salon.message - written by the system only; the desk's right is checked
        self.env["salon.messenger"]._requeue(self.sudo())

    # rpc: the right to read the message, and the desk's group
    def action_cancel(self):
        """Keep back what has not left yet."""
        self._check_desk()
        # sudo: salon.message - written by the system only; the desk's right is checked
        waiting = self.sudo().filtered(lambda message: message.state == "queued")
        waiting.write({"state": "cancelled", "reason": "by_hand"})

    # rpc: leads to a record that is read with the rights of the user
    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _check_desk(self):
        self.check_access("read")
        if not self.env.user.has_group("salon_booking.group_salon_receptionist"):
            raise AccessError(
                self.env._("Only the desk keeps the outbox. Ask your receptionist.")
            )

    def _get_record(self):
        """What the message is about, or an empty record when it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    @api.model
    def _note_outcome(self, domain, state, reason=False, failure=False):
        """What a gateway of the host says of messages that it was given."""
        # sudo: salon.message - told by the host's queues
        messages = self.sudo().search(
            [*domain, ("state", "in", ("sending", "sent", "failed"))]
        )
        if state == "sent":
            messages = messages.filtered(lambda message: message.state != "delivered")
        changed = messages.filtered(lambda message: message.state != state)
        if state == "failed":
            changed._fail(reason, failure)
        elif changed:
            changed.write(
                {
                    "state": state,
                    "reason": False,
                    "failure": False,
                }
            )
            for message in changed.filtered(lambda one: not one.sent_at):
                message.sent_at = fields.Datetime.now()

    def _fail(self, reason, failure=False):
        """Give up on a channel: the next one is tried, or managers are told.

        What may have arrived is not said again by another channel: the desk decides.
        """
        if not self:
            return
        self.write({"state": "failed", "reason": reason, "failure": failure})
        messenger = self.env["salon.messenger"]
        if reason == "interrupted":
            messenger._tell_of_failures(self)
        else:
            messenger._fall_back(self)
