import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import telegram
from .salon_channel import Result

#: Seconds to connect, and to wait for an answer.
TIMEOUT = (5, 15)
SERVER = "https://api.telegram.org"
#: What happens before the first word of a request is said.
NO_CONNECTION = (ConnectTimeoutError, NewConnectionError, ProxyError, SSLError)


class SalonChannelTelegram(models.AbstractModel):
    """Telegram by the Bot API: to clients who have opened the bot by a link."""

    _name = "salon.channel.telegram"
    _description = "Telegram"
    _inherit = ["salon.channel"]

    _is_direct = True
    # One at a time: what is interrupted is one message, not a batch.
    _batch = 1

    @api.model
    def _reach_sql(self):
        return SQL("partner.salon_telegram_chat IS NOT NULL")

    @api.model
    def _send(self, messages, contents):
        return {
            message.id: self._send_one(message, contents[message.id].text)
            for message in messages
        }

    @api.model
    def _send_one(self, message, text):
        # sudo: res.company, res.partner - the token of the bot and the address
        company, partner = message.company_id.sudo(), message.partner_id.sudo()
        bot = company.salon_telegram_bot_token
        if not bot:
            return Result("failed", failure=self.env._("No bot is set up."))
        if not partner.salon_telegram_chat:
            return Result("failed", "no_address")
        try:
            answer = self._call(
                bot,
                "sendMessage",
                {
                    "chat_id": int(partner.salon_telegram_chat),
                    "text": text[: telegram.LONGEST],
                    "link_preview_options": {"is_disabled": True},
                },
            )
        except requests.RequestException as error:
            if self._has_not_left(error):
                return Result("queued", failure=type(error).__name__)
            # It may have been taken: trying again could say it twice.
            return Result("failed", "interrupted", type(error).__name__)
        return self._to_result(partner, answer)

    @api.model
    def _has_not_left(self, error):
        """Whether a request failed before there was a connection."""
        cause = error.args[0] if error.args else None
        return isinstance(getattr(cause, "reason", None), NO_CONNECTION)

    @api.model
    def _to_result(self, partner, answer):
        if answer.kind == telegram.SENT:
            return Result(
                "sent",
                values=(
                    ("provider_reference", answer.message),
                    ("address", partner.salon_telegram_chat),
                ),
            )
        if answer.kind == telegram.RETRY:
            return Result(
                "queued", failure=answer.failure, retry_after=answer.retry_after
            )
        if answer.kind == telegram.BLOCKED:
            # Until he opens the bot again, other channels reach him.
            partner.salon_telegram_chat = False
            return Result("failed", "blocked", answer.failure)
        if answer.kind == telegram.UNSURE:
            return Result("failed", "interrupted", answer.failure)
        return Result("failed", "gateway", answer.failure)

    @api.model
    def _call(self, bot, method, values):
        """Call a method of the API; the token never gets into a log."""
        # sudo: ir.config_parameter - the address of the API, another one in tests
        server = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("salon_messages.telegram_server", SERVER)
        )
        response = requests.post(
            f"{server}/bot{bot}/{method}", json=values, timeout=TIMEOUT
        )
        try:
            answer = response.json()
        except ValueError:
            answer = None
        return telegram.outcome(response.status_code, answer)

    @api.model
    def _connect(self, company):
        """Register the webhook, with a secret by which the API proves itself."""
        # sudo: res.company - the token of the bot
        company = company.sudo()
        try:
            answer = self._call(
                company.salon_telegram_bot_token,
                "setWebhook",
                {
                    "url": f"{company.get_base_url()}/salon/telegram/{company.id}",
                    "secret_token": company.salon_telegram_secret,
                    "allowed_updates": ["message", "my_chat_member"],
                },
            )
        except requests.RequestException as error:
            raise UserError(
                self.env._("Telegram cannot be reached now. Try again later.")
            ) from error
        if answer.kind != telegram.SENT:
            raise UserError(
                self.env._(
                    "Telegram refused the bot of %(company)s: %(failure)s. Check its "
                    "token.",
                    company=company.name,
                    failure=answer.failure,
                )
            )
