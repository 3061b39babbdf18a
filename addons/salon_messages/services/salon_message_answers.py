import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..engine import answers

#: An answer is to the newest message of these.
ASKING = ("visit_reminder", "visit_booked", "visit_changed", "deposit_missing")
#: Of two visits reminded of within this time nobody knows which one is meant.
DOUBT = timedelta(days=1)
#: Longer texts are nobody's answer to a reminder.
LONGEST = 4000


class SalonMessageAnswers(models.AbstractModel):
    """What clients write back, by whatever channel.

    "1" and "yes" confirm, "2" and "no" cancel as far as that is free of charge;
    anything else is for a person, with the client's words in the chatter.
    """

    _name = "salon.message.answers"
    _description = "Answers to Messages"

    @api.model
    def _receive(self, client, text, channel, visit=None):
        """Do what a client answered; return what to say back, if anything.

        :param client: res.partner, known by the address it came from
        :param channel: code of the channel
        :param visit: salon.visit that is answered about, if the channel tells
        """
        # sudo: res.partner, salon.visit - the client answers by the own address
        client = client.sudo()
        is_doubtful = False
        if visit:
            visit = visit.sudo()
            if not self._is_answerable(visit):
                visit = visit.browse()
        else:
            visit = self._find_visit(client)
            is_doubtful = self._is_doubtful(client, visit)
        client = client.with_context(lang=client.lang or "en_US")
        visit = visit.with_context(lang=client.env.context["lang"])
        meaning = answers.parse(text)
        if visit and meaning == answers.CONFIRM:
            return self._confirm(visit)
        is_no = visit and meaning == answers.CANCEL and not is_doubtful
        if is_no and self._may_cancel(visit):
            return self._cancel(visit, channel)
        self._pass_on(client, visit, text, channel)
        return None

    @api.model
    def _find_visit(self, client):
        """The visit of which the client was told last, if it is still to come.

        Never an earlier one: a "no" that a gateway hands in a second time would cancel
        the next visit, too.
        """
        visit = self._find_asked(client, limit=1).visit_id
        return visit if visit and self._is_answerable(visit) else visit.browse()

    @api.model
    def _is_doubtful(self, client, visit):
        """Whether the client was just reminded of another coming visit as well."""
        reminders = self._find_asked(
            client,
            ("event_id.code", "=", "visit_reminder"),
            ("not_before", ">", fields.Datetime.now() - DOUBT),
        )
        others = reminders.visit_id - visit
        return bool(visit and others.filtered(self._is_answerable))

    @api.model
    def _find_asked(self, client, *domain, limit=None):
        """What the client may be answering to, the newest first."""
        # sudo: salon.message - what was said to whom
        return (
            self.env["salon.message"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", client.id),
                    ("event_id.code", "in", ASKING),
                    ("state", "in", ("sending", "sent", "delivered")),
                    ("visit_id", "!=", False),
                    *domain,
                ],
                order="not_before desc, id desc",
                limit=limit,
            )
        )

    @api.model
    def _is_answerable(self, visit):
        return (
            visit.state in ("booked", "confirmed")
            and visit.start > fields.Datetime.now()
        )

    @api.model
    def _confirm(self, visit):
        if visit.state == "booked":
            visit._set_state("confirmed")
        return visit.env._(
            "Thank you, we expect you on %(moment)s.",
            moment=visit._get_moment_label(visit.start),
        )

    @api.model
    def _may_cancel(self, visit):
        """Hook: whether an answer alone cancels; what costs a fee is for a person."""
        live = visit._get_live_appointments()
        fee = self.env["salon.deposit"]._fee_of(visit, live, "cancelled")
        # What is forgiven once is not given away by a short answer either.
        is_free = not fee.amount and not fee.is_forgiven
        return bool(live) and is_free and not visit.deposit_held

    @api.model
    def _cancel(self, visit, channel):
        said = visit.env._(
            "Your visit on %(moment)s is cancelled.",
            moment=visit._get_moment_label(visit.start),
        )
        visit._set_state("cancelled", visit.env._("Cancelled by the client's answer"))
        if channel != "mail":
            # The answer says so already; a mail is not answered.
            self.env["salon.messenger"]._cancel(visit, ["visit_cancelled"])
        return said

    @api.model
    def _pass_on(self, client, visit, text, channel):
        """Put the words into the chatter and wake whoever looks after the visit."""
        text = (text or "")[:LONGEST]
        record = visit or client
        # A mail stands in the chatter already.
        if channel != "mail":
            record.message_post(
                body=plaintext2html(text),
                author_id=client.id,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        user = self._find_keeper(client, visit)
        if user:
            record._wake_keeper(user, text)

    @api.model
    def _find_keeper(self, client, visit):
        """Whoever booked the visit at the desk, else a manager of the branch."""
        branch = visit.branch_id or self._find_last_branch(client)
        booked_by = visit.create_uid
        if (
            booked_by.active
            and not booked_by.share
            and booked_by.has_group("salon_booking.group_salon_receptionist")
            and booked_by.id != self.env.ref("base.user_root").id
        ):
            return booked_by
        managers = self.env["salon.messenger"]._find_managers(branch)
        return managers[branch].user_ids.filtered(lambda user: not user.share)[:1]

    @api.model
    def _find_last_branch(self, client):
        """Where the client was last; else the first branch there is."""
        # sudo: salon.visit, salon.branch - the client answers by the own address
        visits = self.env["salon.visit"].sudo()
        last = visits.search([("client_id", "=", client.id)], limit=1).branch_id
        return last or self.env["salon.branch"].sudo().search([], limit=1)

    @api.model
    def _to_twiml(self, said):
        """What a gateway that speaks Twilio's language sends back to the client."""
        answer = Markup("<Message>%s</Message>") % said if said else ""
        return Markup(
            "<?xml version='1.0' encoding='UTF-8'?><Response>%s</Response>"
        ) % (answer)

    # --- who writes ---

    @api.model
    def _find_client_by_phone(self, number):
        """The client with this number: the one who was written to last; or none."""
        # sudo: res.partner, salon.message - the gateway says from where it came
        partners = self.env["res.partner"].sudo()
        number = partners._phone_format(number=number, force_format="E164") or number
        found = partners.search([("phone_sanitized", "=", number)])
        asked = (
            self.env["salon.message"]
            .sudo()
            .search(
                [("partner_id", "in", found.ids), ("channel", "=", "sms")],
                order="id desc",
                limit=1,
            )
        )
        return asked.partner_id or found[:1]

    # --- Telegram ---

    @api.model
    def _receive_telegram(self, company, update):
        """An update to the bot; return what to say back, if anything."""
        # sudo: res.partner - known by the chat or by the secret of the link
        partners = self.env["res.partner"].sudo()
        if update.start:
            partner = partners.search([("salon_telegram_token", "=", update.start)])
            if not partner:
                return self.env._("This link is not valid any more. Ask for a new one.")
            partners.search([("salon_telegram_chat", "=", update.chat)]).write(
                {"salon_telegram_chat": False}
            )
            partner.write(
                {"salon_telegram_chat": update.chat, "salon_telegram_token": False}
            )
            partner = partner.with_context(lang=partner.lang)
            return partner.env._(
                "Thank you! %(salon)s writes to you here from now on.",
                salon=company.name,
            )
        partner = partners.search([("salon_telegram_chat", "=", update.chat)], limit=1)
        if update.has_blocked:
            partner.salon_telegram_chat = False
            return None
        if not partner:
            return self.env._("Open the link that the salon has sent you first.")
        return self._receive(partner, update.text, "telegram")

    @api.model
    def _make_telegram_link(self, partner):
        """The link by which a client opens the bot, once; empty without a bot."""
        bot = self.env.company.salon_telegram_bot
        if not bot:
            return ""
        # sudo: res.partner - a secret that the client gets
        partner = partner.sudo()
        if not partner.salon_telegram_token:
            partner.salon_telegram_token = secrets.token_urlsafe(24)
        return f"https://t.me/{bot}?start={partner.salon_telegram_token}"
