from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

DESK = "salon_booking.group_salon_receptionist"


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "salon.told.mixin"]

    salon_message_preference_ids = fields.One2many(
        "salon.message.preference", "partner_id", "Message Preferences", groups=DESK
    )
    salon_consent_ids = fields.One2many(
        "salon.consent", "partner_id", "Consents", groups=DESK
    )

    salon_telegram_chat = fields.Char(
        "Telegram Chat",
        copy=False,
        readonly=True,
        groups=DESK,
        help="The client has opened the salon's bot and is reached there.",
    )
    salon_telegram_token = fields.Char(copy=False, groups="base.group_system")

    _salon_telegram_chat_idx = models.Index(
        "(salon_telegram_chat) WHERE salon_telegram_chat IS NOT NULL"
    )
    _salon_telegram_token_unique = models.UniqueIndex(
        "(salon_telegram_token) WHERE salon_telegram_token IS NOT NULL",
        "This link is another client's.",
    )

    def _get_message_client(self):
        return self

    def _is_message_true(self, code, occasion):
        if code == "debt_reminder":
            return bool(self._get_salon_overdue())
        return super()._is_message_true(code, occasion)

    def _get_message_attachments(self, code, occasion):
        papers = super()._get_message_attachments(code, occasion)
        if code == "statement":
            papers = papers.browse(int(occasion.removeprefix("|"))).exists()
        return papers

    # --- the portal ---

    def _get_message_preferences(self):
        """What the client may choose: a list of dicts.

        Each has topic, label, is_off, channel (or False) and channels, a list of
        (code, label) that reach the client.
        """
        self.ensure_one()
        # sudo: salon.message.preference - of the client who asks, by the portal
        preferences = self.env["salon.message.preference"].sudo()
        chosen = preferences.search([("partner_id", "=", self.id)]).grouped("topic")
        labels = preferences._fields["channel"]._description_selection(self.env)
        adapters = self.env["salon.messenger"]._adapters()
        channels = [
            (code, label) for code, label in labels if adapters[code]._reach(self)
        ]
        return [
            {
                "topic": topic,
                "label": label,
                "is_off": chosen.get(topic, preferences).is_off,
                "channel": chosen.get(topic, preferences).channel,
                "channels": channels,
            }
            for topic, label in preferences._fields["topic"]._description_selection(
                self.env
            )
        ]

    @api.private
    def _set_message_preferences(self, values, origin):
        """Keep what the client chose.

        :param values: ``{topic: {"is_off": bool, "channel": code or False}}``
        :param origin: as for ``_record_consent``
        :raises ValidationError: an unknown topic or channel
        """
        self.ensure_one()
        # sudo: salon.message.preference - of the client who asks, by the portal
        preferences = self.env["salon.message.preference"].sudo()
        known = preferences._fields["topic"].get_values(self.env)
        channels = preferences._fields["channel"].get_values(self.env)
        own = preferences.search([("partner_id", "=", self.id)]).grouped("topic")
        for topic, wanted in values.items():
            channel = wanted.get("channel") or False
            if topic not in known or (channel and channel not in channels):
                raise ValidationError(
                    self.env._("There is no such choice. Reload the page.")
                )
            chosen = {"is_off": bool(wanted.get("is_off")), "channel": channel}
            if topic in own:
                own[topic].write(chosen)
            else:
                preferences.create({"partner_id": self.id, "topic": topic, **chosen})
        if "marketing" in values:
            is_given = not values["marketing"].get("is_off")
            if is_given != self._has_consent("marketing"):
                self._record_consent("marketing", False, is_given, origin)

    @api.private
    def _record_consent(self, purpose, channel, given, origin, text=None):
        """Note what clients agreed to or withdrew.

        :param purpose: service, marketing or reviews
        :param channel: code of a channel; False for all
        :param origin: desk, web, portal, import or answer
        :param text: the words they read
        """
        # sudo: salon.consent - noted by the system, by whatever way it came
        return (
            self.env["salon.consent"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "purpose": purpose,
                        "channel": channel or False,
                        "is_given": given,
                        "origin": origin,
                        "text": text,
                        "user_id": self.env.uid,
                    }
                    for partner in self
                ]
            )
        )

    def _has_consent(self, purpose, channel=False):
        """Whether the newest consent of the client is given; False without one."""
        self.ensure_one()
        # sudo: salon.consent - of the client who asks, or for the system
        return (
            self.env["salon.consent"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("purpose", "=", purpose),
                    ("channel", "in", [False, channel] if channel else [False]),
                ],
                order="id desc",
                limit=1,
            )
            .is_given
        )

    # rpc: the right to the client, and the desk's group
    def action_invite_to_telegram(self):
        """Show the client's own link to the salon's bot."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(DESK):
            raise AccessError(
                self.env._("Only the desk invites clients. Ask your receptionist.")
            )
        link = self.env["salon.message.answers"]._make_telegram_link(self)
        if not link:
            raise UserError(
                self.env._(
                    "%(company)s has no bot yet. Enter it under Settings → Salon "
                    "Messages.",
                    company=self.env.company.name,
                )
            )
        # sudo: salon.telegram.invitation - a dialog to look at; the desk is checked
        invitation = (
            self.env["salon.telegram.invitation"]
            .sudo()
            .create({"partner_id": self.id, "link": link})
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write by Telegram"),
            "res_model": invitation._name,
            "res_id": invitation.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # rpc: leads to records that are read with the rights of the user
    def action_view_salon_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_messages.salon_message_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}
