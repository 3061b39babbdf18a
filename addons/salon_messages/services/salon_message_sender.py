import logging
from datetime import timedelta

from psycopg2.errors import OperationalError

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..engine import backoff
from .salon_channel import Rendered, Result

_logger = logging.getLogger(__name__)

#: By so much the clock may be late for what leaves right before the quiet hours.
LATE = timedelta(minutes=15)
#: So often in a row another worker may have been faster before the next run goes on.
PATIENCE = 10


class SalonMessageSender(models.AbstractModel):
    """Sends what is due in the outbox; several workers may do so at once.

    Channels of the host's queues are handed over in the transaction that notes it: both
    happen or neither. A direct channel notes first that it sends, commits, and only
    then speaks to the world: what is interrupted in between is not sent again by
    itself, for it may have arrived; it fails visibly and the desk decides.
    """

    _name = "salon.message.sender"
    _description = "Sender of Messages"

    @api.model
    def _run(self):
        """Cron: recover, then send batch after batch."""
        progress = self.env["ir.cron"]
        self._recover()
        progress._commit_progress(0)
        unlucky = 0
        for code, channel in self.env["salon.messenger"]._adapters().items():
            while unlucky < PATIENCE:
                try:
                    count = self._send_due(code, channel)
                except OperationalError as error:
                    if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                        raise
                    self.env.cr.rollback()
                    self.env.transaction.reset()
                    unlucky += 1
                    continue
                if not progress._commit_progress(count):
                    return
                if not count:
                    break

    @api.model
    def _run_reminders(self):
        """Cron: queue the reminders that leave soon."""
        messenger = self.env["salon.messenger"]
        for remind in (messenger._remind, messenger._remind_team):
            self.env["ir.cron"]._commit_progress(remind())

    @api.model
    def _send_due(self, code, channel):
        """Send one batch of a channel; return how many were dealt with."""
        due = self._take(code, channel._batch)
        messages = self._drop_untrue(due)
        messages = self._drop_in_quiet_hours(messages)
        messages = self._drop_unwanted(messages)
        messages = self._drop_beyond_limit(messages)
        if messages and channel._is_direct:
            messages.write({"state": "sending"})
            self.env["ir.cron"]._commit_progress(0)
            # The lock says that somebody is about it, for as long as he lives.
            messages = self._lock(messages.ids, "sending")
        if messages:
            self._hand_over(channel, messages)
        return len(due)

    @api.model
    def _take(self, code, limit):
        """Lock what is due and nobody else is sending, oldest first."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM salon_message
                    WHERE state = 'queued' AND channel = %s AND not_before <= %s
                 ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED""",
                code,
                fields.Datetime.now(),
                limit,
            )
        )
        # sudo: salon.message - written by the system only
        return self.env["salon.message"].sudo().browse(row[0] for row in rows)

    @api.model
    def _lock(self, ids, state):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM salon_message WHERE id = ANY(%s) AND state = %s
                      FOR UPDATE SKIP LOCKED""",
                list(ids),
                state,
            )
        )
        # sudo: salon.message - written by the system only
        return self.env["salon.message"].sudo().browse(row[0] for row in rows)

    @api.model
    def _recover(self):
        """Fail what a direct channel was sending when its worker died."""
        direct = [
            code
            for code, channel in self.env["salon.messenger"]._adapters().items()
            if channel._is_direct
        ]
        # sudo: salon.message - written by the system only
        sending = (
            self.env["salon.message"]
            .sudo()
            .search(
                [
                    ("state", "=", "sending"),
                    ("channel", "in", direct),
                    # Between the note and its lock lies a moment.
                    ("write_date", "<", fields.Datetime.now() - timedelta(seconds=30)),
                ]
            )
        )
        stale = self._lock(sending.ids, "sending")
        stale._fail("interrupted")

    @api.model
    def _drop_untrue(self, messages):
        untrue = messages.browse()
        for model, own in messages.grouped("res_model").items():
            ids = list(dict.fromkeys(own.mapped("res_id")))
            # sudo: whatever it is about - the system looks whether it is still so
            records = self.env[model].sudo().browse(ids).exists().grouped("id")
            for message in own:
                record = records.get(message.res_id)
                if (
                    not record
                    or not message.partner_id.active
                    or not record.with_company(message.company_id)._is_message_true(
                        message.event_id.code, message.occasion
                    )
                ):
                    untrue |= message
        untrue.write({"state": "cancelled", "reason": "outdated"})
        return messages - untrue

    @api.model
    def _drop_in_quiet_hours(self, messages):
        """Keep what is late until the quiet hours are over.

        It was refused elsewhere, is tried again, or the clock stood still.
        """
        now = fields.Datetime.now()
        kept = messages.browse()
        for message in messages.filtered(
            lambda one: one.branch_id and not one.event_id.is_urgent
        ):
            quiet, due = message.branch_id._get_quiet(), message.not_before
            if quiet.has(now) and (quiet.has(due) or now - due > LATE):
                message.not_before = quiet.end_after(now)
                kept |= message
        return messages - kept

    @api.model
    def _drop_unwanted(self, messages):
        """Whoever has objected since, is told by another channel or not at all."""
        unwanted = self.env["salon.messenger"]._find_unwanted(messages)
        unwanted.write({"reason": "unwanted"})
        self.env["salon.messenger"]._requeue(unwanted)
        return messages - unwanted

    @api.model
    def _drop_beyond_limit(self, messages):
        """Leave out what a client need not have on a day with so many messages."""
        limited = messages.filtered(
            lambda one: one.event_id.is_limited and one.branch_id.message_daily_limit
        )
        if not limited:
            return messages
        now = fields.Datetime.now()
        # sudo: salon.message - counted by the system
        counts = dict(
            self.env["salon.message"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", limited.partner_id.ids),
                    ("sent_at", ">", now - timedelta(days=1)),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        beyond = messages.browse()
        for message in limited:
            had = counts.get(message.partner_id, 0)
            if had >= message.branch_id.message_daily_limit:
                beyond |= message
            counts[message.partner_id] = had + 1
        beyond.write({"state": "skipped", "reason": "limit"})
        return messages - beyond

    # --- what is said ---

    @api.model
    def _hand_over(self, channel, messages):
        contents, broken = self._render(messages, channel._is_page)
        for message, failure in broken.items():
            message._fail("template", failure)
        messages = messages.filtered(lambda message: message.id in contents)
        messages = self._drop_examples(channel, messages, contents)
        if not messages:
            return
        try:
            with self.env.cr.savepoint():
                results = channel._send(messages, contents)
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("Channel %s does not work", channel._name)
            # What has spoken to the world may have been heard before it broke.
            result = (
                Result("failed", "interrupted", str(error))
                if channel._is_direct
                else Result("queued", failure=str(error))
            )
            results = dict.fromkeys(messages.ids, result)
        self._note(messages, contents, results)

    @api.model
    def _drop_examples(self, channel, messages, contents):
        """Keep what would be said to somebody who does not exist: the demo salon's.

        Whoever was only given such an address to fill a field is told otherwise.
        """
        examples = messages.filtered(
            lambda message: channel._is_example(message.partner_id)
        )
        for message in examples:
            content = contents[message.id]
            message.write({"subject": content.subject, "body": content.text})
        real = self._find_real(examples.partner_id)
        known = examples.filtered(lambda message: message.partner_id in real)
        known._fail("example")
        (examples - known).write({"state": "skipped", "reason": "example"})
        return messages - examples

    @api.model
    def _find_real(self, partners):
        """Those of these contacts that some channel reaches at an address of theirs."""
        real = partners.browse()
        for adapter in self.env["salon.messenger"]._adapters().values():
            real |= adapter._reach(partners).filtered(
                lambda partner, adapter=adapter: not adapter._is_example(partner)
            )
        return real

    @api.model
    def _note(self, messages, contents, results):
        now = fields.Datetime.now()
        for message in messages:
            content, result = contents[message.id], results[message.id]
            tries = message.tries + 1
            values = {
                "tries": tries,
                "subject": content.subject,
                "body": content.text,
                "failure": result.failure or False,
                "reason": False,
                **dict(result.values),
            }
            if result.state == "queued":
                wait = backoff.wait(tries, result.retry_after)
                if wait is None:
                    message.write(values)
                    message._fail(result.reason or "gateway", result.failure)
                    continue
                values |= {
                    "state": "queued",
                    "not_before": now + timedelta(seconds=wait),
                }
            elif result.state == "failed":
                message.write(values)
                message._fail(result.reason or "gateway", result.failure)
                continue
            else:
                values["state"] = result.state
                if result.state != "sending":
                    values["sent_at"] = now
            message.write(values)

    @api.model
    def _render(self, messages, is_page):
        """Put into words, each in the language of who is told.

        :return: ``{message id: Rendered}``, and ``{message: why it cannot be said}``
        """
        contents, broken = {}, {}
        for message in messages:
            lang = message.partner_id.lang or "en_US"
            if message.lang != lang:
                message.lang = lang
        groups = messages.grouped(
            lambda one: (one.event_id, one.company_id, one.lang, one.mail_template_id)
        )
        for (event, company, lang, template), own in groups.items():
            system = self.with_company(company)
            try:
                with self.env.cr.savepoint():
                    contents |= system._render_event(
                        event, lang, own, is_page, template
                    )
            except OperationalError:
                raise
            except Exception as error:
                if len(own) == 1:
                    broken[own] = str(error)
                    continue
                # One that cannot be said does not silence the others.
                for message in own:
                    found, failed = self._render(message, is_page)
                    contents |= found
                    broken |= failed
        return contents, broken

    @api.model
    def _render_event(self, event, lang, messages, is_page, template=None):
        # sudo: mail.template, sms.template - worded by managers, sent by the system
        event = event.with_env(self.env).sudo()
        template = (template or event.mail_template_id).with_env(event.env)
        ids = list(dict.fromkeys(messages.mapped("res_id")))
        records = self.env[event.res_model].browse(ids).with_context(lang=lang)
        links = records._get_message_links()
        texts = event.text_template_id.with_context(salon_links=links)
        page = template.with_context(salon_links=links)
        said = {name: {} for name in ("text", "subject", "html", "email_from")}
        if texts:
            said["text"] = texts._render_field("body", ids, set_lang=lang)
        if is_page and page:
            said["subject"] = page._render_field("subject", ids, set_lang=lang)
            said["html"] = page._render_field(
                "body_html", ids, set_lang=lang, options={"post_process": True}
            )
            said["email_from"] = page._render_field("email_from", ids, set_lang=lang)
        name = event.with_context(lang=lang).name
        return {
            message.id: Rendered(
                text=said["text"].get(message.res_id) or name,
                subject=said["subject"].get(message.res_id) or name,
                html=said["html"].get(message.res_id) or "",
                email_from=said["email_from"].get(message.res_id) or "",
            )
            for message in messages
        }
