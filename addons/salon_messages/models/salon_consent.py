from odoo import api, fields, models
from odoo.exceptions import UserError

from .salon_message_event import CHANNELS, PURPOSES, TOPICS

ORIGINS = [
    ("desk", "Desk"),
    ("web", "Online booking"),
    ("portal", "Portal"),
    ("answer", "Answer to a message"),
    ("import", "Old software"),
]


class SalonConsent(models.Model):
    """What a client agreed to or withdrew, in which words and when; never changed."""

    _name = "salon.consent"
    _description = "Consent"
    _order = "id desc"
    _rec_name = "purpose"

    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, index=True, ondelete="cascade"
    )
    purpose = fields.Selection(PURPOSES, required=True, default="marketing")
    channel = fields.Selection(CHANNELS, help="Empty: by every channel.")
    is_given = fields.Boolean("Agreed", default=True)
    origin = fields.Selection(ORIGINS, required=True, default="desk", readonly=True)
    text = fields.Text("Words", help="What the client read or was told.")
    moment = fields.Datetime(
        "When", required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        "Noted by",
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    _newest = models.Index("(partner_id, purpose, id DESC)")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Who notes it, when and how it came, is not the noter's to choose.
            kept = ("user_id", "moment", "origin")
            vals_list = [
                {name: value for name, value in vals.items() if name not in kept}
                | {
                    "user_id": self.env.uid,
                    "moment": fields.Datetime.now(),
                    "origin": "desk",
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "A consent stays as it was given. Note a new one that withdraws it."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A consent stays as it was given. Note a new one that withdraws it."
            )
        )


class SalonMessagePreference(models.Model):
    """What a client wants to be told of, and by which channel first."""

    _name = "salon.message.preference"
    _description = "Message Preference"
    _order = "partner_id, topic"
    _rec_name = "topic"

    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, index=True, ondelete="cascade"
    )
    topic = fields.Selection(
        [(code, label) for code, label in TOPICS if code != "team"],
        "About",
        required=True,
        default="reminders",
    )
    is_off = fields.Boolean("Nothing")
    channel = fields.Selection(
        [(code, label) for code, label in CHANNELS if code != "inbox"],
        "First By",
        help="Empty: as the salon does.",
    )

    _topic_unique = models.Constraint(
        "UNIQUE (partner_id, topic)", "The client has chosen for this already."
    )
