from odoo import api, fields, models, tools

from ..engine.quiet import Quiet

CHANNELS = [
    ("telegram", "Telegram"),
    ("inbox", "In-app"),
    ("mail", "E-mail"),
    ("sms", "SMS"),
]
TOPICS = [
    ("confirmations", "Confirmations"),
    ("reminders", "Reminders"),
    ("changes", "Changes"),
    ("offers", "Free times"),
    ("thanks", "Thanks and receipts"),
    ("marketing", "News and offers"),
    ("team", "Team"),
]
PURPOSES = [
    ("service", "Service"),
    ("reviews", "Reviews"),
    ("marketing", "Marketing"),
]


class SalonMessageEvent(models.Model):
    """Something of which somebody is told: whom, by what, in which words."""

    _name = "salon.message.event"
    _description = "Message Event"
    _order = "audience, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, help="Off: nobody is told, in no branch.")
    audience = fields.Selection(
        [("client", "Clients"), ("staff", "Team"), ("manager", "Managers")],
        required=True,
        default="client",
    )
    topic = fields.Selection(
        TOPICS,
        required=True,
        default="confirmations",
        help="What clients choose channels for, or want nothing of.",
    )
    purpose = fields.Selection(
        PURPOSES,
        required=True,
        default="service",
        help="Marketing needs the client's consent; the others may be objected to.",
    )
    res_model = fields.Char("About", required=True, readonly=True)
    route_ids = fields.One2many("salon.message.route", "event_id", "Channels")
    cadence_ids = fields.One2many("salon.message.cadence", "event_id", "Reminders")
    channels = fields.Char("Order of Channels", compute="_compute_channels")
    mail_template_id = fields.Many2one(
        "mail.template", "E-mail", domain="[('model', '=', res_model)]"
    )
    text_template_id = fields.Many2one(
        "sms.template",
        "Short Text",
        domain="[('model', '=', res_model)]",
        help="For SMS, messengers and in-app.",
    )
    delay_minutes = fields.Integer(
        "Wait", help="Minutes; what changes meanwhile is told once."
    )
    is_urgent = fields.Boolean(
        "In Quiet Hours Too", help="Does not wait for the end of the quiet hours."
    )
    is_limited = fields.Boolean(
        "Within the Daily Limit",
        help="Left out when the client has had as many messages today as the branch "
        "allows.",
    )
    off_branch_ids = fields.Many2many("salon.branch", string="Switched off in")
    message_count = fields.Integer(compute="_compute_message_count")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "There is an event of this code already."
    )
    _delay_sensible = models.Constraint(
        "CHECK (delay_minutes BETWEEN 0 AND 10080)",
        "A message waits for a week at most.",
    )

    @api.depends("route_ids.channel", "route_ids.sequence")
    @api.depends_context("lang")
    def _compute_channels(self):
        labels = dict(
            self.env["salon.message.route"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        for event in self:
            event.channels = " → ".join(
                labels[route.channel] for route in event.route_ids.sorted()
            )

    @api.depends_context("uid")
    def _compute_message_count(self):
        counts = dict(
            self.env["salon.message"]._read_group(
                [("event_id", "in", self.ids)], ["event_id"], ["__count"]
            )
        )
        for event in self:
            event.message_count = counts.get(event, 0)

    @api.model
    @tools.ormcache("code", cache="default")
    def _find_id(self, code):
        # sudo: salon.message.event - whoever does something may not read what is told
        return self.sudo().search([("code", "=", code)], limit=1).id

    @api.model
    def _find(self, code):
        """The event in sudo, or none when it is switched off everywhere."""
        # sudo: salon.message.event - whoever does something may not read what is told
        return self.sudo().browse(self._find_id(code) or ())

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "active" in vals or "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # rpc: leads to records that are read with the rights of the user
    def action_view_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_messages.salon_message_action"
        )
        return {**action, "domain": [("event_id", "=", self.id)], "context": {}}

    # rpc: only opens a dialog, which checks rights
    def action_preview(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "salon.message.preview",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id},
        }


class SalonMessageRoute(models.Model):
    """A channel of an event; the next one is taken where the first does not reach."""

    _name = "salon.message.route"
    _description = "Channel of a Message Event"
    _order = "event_id, sequence, id"

    event_id = fields.Many2one(
        "salon.message.event", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    channel = fields.Selection(CHANNELS, required=True, default="mail")

    _channel_unique = models.Constraint(
        "UNIQUE (event_id, channel)", "Each channel stands once in the order."
    )


class SalonMessageCadence(models.Model):
    """How long before the visit a reminder is sent."""

    _name = "salon.message.cadence"
    _description = "Reminder before a Visit"
    _order = "minutes desc, id"

    event_id = fields.Many2one(
        "salon.message.event", required=True, index=True, ondelete="cascade"
    )
    hours = fields.Float("Before", required=True, default=24)
    minutes = fields.Integer(compute="_compute_minutes", store=True)

    _hours_sensible = models.Constraint(
        "CHECK (hours BETWEEN 0.5 AND 720)",
        "Clients are reminded between half an hour and 30 days before.",
    )
    _minutes_unique = models.UniqueIndex(
        "(event_id, minutes)", "There is a reminder at this time already."
    )

    @api.depends("hours")
    def _compute_minutes(self):
        for cadence in self:
            cadence.minutes = round(cadence.hours * 60)


class SalonBranch(models.Model):
    _inherit = "salon.branch"

    message_daily_limit = fields.Integer(
        "Messages per Client and Day",
        default=4,
        help="Thanks, offers and the like are left out when a client has had so many. "
        "0: as many as there are.",
    )
    message_review_url = fields.Char(
        "Review Page",
        help="Where clients write reviews, such as a map's; empty: the visit's page.",
    )

    _message_limit_positive = models.Constraint(
        "CHECK (message_daily_limit >= 0)", "The limit of messages is 0 or more."
    )

    def _get_quiet(self):
        """The quiet hours as the engine knows them."""
        return Quiet(
            self.tz or "UTC",
            round(self.waitlist_quiet_from * 60) % 1440,
            round(self.waitlist_quiet_to * 60) % 1440,
        )
