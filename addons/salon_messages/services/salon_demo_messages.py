from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ..engine import answers

#: Days before and after the installation of which messages are told.
PAST, COMING = timedelta(days=3), timedelta(days=2)
DAY = 24 * 60
SMS_COST = 0.04
REFUSED = "550 5.1.1 No such mailbox"
ANSWERS = ("1", "Yes", "Can I come ten minutes later?")


class SalonDemoMessages(models.AbstractModel):
    """What the demo salon has told its clients; nothing is sent to anybody."""

    _name = "salon.demo.messages"
    _inherit = ["salon.demo"]
    _description = "Messages of the Demo Salon"

    @api.model
    def _fill(self):
        """Write an outbox as it is after some days of work."""
        if not self.env.ref("salon_booking.branch_garden", raise_if_not_found=False):
            return
        branches = self._branches()
        messages = self.env["salon.message"]
        if messages.search_count([("branch_id", "in", branches.ids)], limit=1):
            return
        now = fields.Datetime.now()
        visits = self.env["salon.visit"].search(
            [
                ("branch_id", "in", branches.ids),
                ("client_id", "!=", False),
                ("source", "!=", "walk_in"),
                ("is_history", "=", False),
                ("start", ">", now - PAST),
                ("start", "<", now + COMING),
            ],
            order="start, id",
        )
        if not visits:
            return
        company = branches.company_id[:1]
        company.salon_sms_cost = company.salon_sms_cost or SMS_COST
        self._agree(visits.client_id)
        told = self._tell(visits, now)
        left = told.filtered(
            lambda message: message.state == "queued" and message.not_before <= now
        )
        self._say(left)
        # The first mail of each of the last days was refused.
        mails = left.filtered(
            lambda message: (
                message.channel == "mail" and message.not_before > now - PAST
            )
        )
        refused = mails.browse(
            own[0].id
            for own in mails.grouped(lambda mail: mail.not_before.date()).values()
        )
        self._arrive(left - refused)
        self._refuse(refused)
        self._answer(
            visits.filtered(lambda one: one.state == "booked" and one.start > now)
        )

    @api.model
    def _agree(self, clients):
        """Some agree to offers, one wants no thanks, one is reminded by SMS."""
        for client in clients[:12:3]:
            client._record_consent("marketing", False, True, "desk")
        clients[1:2]._set_message_preferences({"thanks": {"is_off": True}}, "desk")
        clients[2:3]._set_message_preferences({"reminders": {"channel": "sms"}}, "desk")

    @api.model
    def _tell(self, visits, now):
        """Queue what has happened and will, each at its time."""
        plan = defaultdict(dict)
        for visit in visits:
            booked_at = min(visit.event_ids.mapped("at"), default=visit.create_date)
            before = visit.start - timedelta(days=1)
            plan["visit_booked"][visit] = booked_at
            if visit.state == "cancelled":
                cancelled_at = visit.appointment_ids[:1].cancelled_at
                plan["visit_cancelled"][visit] = cancelled_at or now
            elif visit.state == "booked" or before < now:
                plan["visit_reminder"][visit] = max(before, booked_at)
            if visit.state == "done":
                plan["visit_thanks"][visit] = visit.stop + timedelta(hours=2)
            if visit.state == "no_show":
                missed_at = visit.start + timedelta(minutes=20)
                plan["manager_no_show"][visit] = missed_at
        # sudo: salon.message - written by the system only
        messages = told = self.env["salon.message"].sudo()
        for code, moments in plan.items():
            about = visits.browse(visit.id for visit in moments)
            is_reminder = code == "visit_reminder"
            occasions = {v.id: str(v.start) if is_reminder else "" for v in about}
            self.env["salon.messenger"]._queue(code, about, occasions)
            own = messages.search(
                [("visit_id", "in", about.ids), ("event_id.code", "=", code)]
            )
            for message in own:
                message.not_before = moments[message.visit_id]
                message.cadence = DAY if is_reminder else 0
            told |= own
        return told

    @api.model
    def _say(self, messages):
        contents, _broken = self.env["salon.message.sender"]._render(messages, False)
        for message in messages:
            if content := contents.get(message.id):
                message.write({"subject": content.subject, "body": content.text})

    @api.model
    def _arrive(self, messages):
        """As the gateways report it: e-mails are taken, texts arrive."""
        sms = self.env["salon.channel.sms"]
        for message in messages:
            is_mail = message.channel == "mail"
            partner = message.partner_id
            message.write(
                {
                    "state": "sent" if is_mail else "delivered",
                    "sent_at": message.not_before,
                    "tries": 1,
                    "address": partner.email if is_mail else partner.phone_sanitized,
                    "cost": sms._count_parts(message.body)
                    * message.company_id.salon_sms_cost
                    if message.channel == "sms"
                    else 0,
                }
            )

    @api.model
    def _refuse(self, mails):
        """The gateway refuses; a text follows, but nobody reaches the last one."""
        for mail in mails:
            mail.write({"tries": 1, "address": mail.partner_id.email})
        mails[-1:].write({"state": "failed", "reason": "gateway", "failure": REFUSED})
        mails[:-1]._fail("gateway", REFUSED)
        texts = mails.search([("origin_id", "in", mails.ids)])
        for text in texts:
            text.not_before = text.origin_id.not_before + timedelta(minutes=3)
            text.body = text.origin_id.body
        self._arrive(texts.filtered(lambda text: text.state == "queued"))

    @api.model
    def _answer(self, visits):
        """Clients write back: two confirm, one asks."""
        for visit, text in zip(visits, ANSWERS, strict=False):
            visit.message_post(
                body=text,
                author_id=visit.client_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
            if answers.parse(text) == answers.CONFIRM:
                visit._set_state("confirmed")
