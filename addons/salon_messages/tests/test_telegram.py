import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import HttpCase, common, tagged
from odoo.tools import mute_logger

from .common import MessagesCase

BOT = "123:token"
#: As it was before the tests of the host let no request out.
SEND = common._super_send
SECRET = "t" * 32
#: Instead of a status: the server takes the message and goes away without a word.
HANGS_UP = 0


class StandIn(ThreadingHTTPServer):
    """Speaks the published HTTP contract of the Bot API, and keeps what it was told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent = []
        #: Answers to give before all is well: status and body.
        self.troubles = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        values = json.loads(self.rfile.read(length))
        status, body = 200, None
        if self.server.troubles:
            status, body = self.server.troubles.pop(0)
            if status == HANGS_UP:
                self.server.sent.append(values)
                self.close_connection = True
                return
        elif self.path == f"/bot{BOT}/sendMessage":
            self.server.sent.append(values)
            message = {"message_id": len(self.server.sent), "text": values["text"]}
            body = {"ok": True, "result": message}
        elif self.path == f"/bot{BOT}/setWebhook":
            self.server.sent.append(values)
            body = {"ok": True, "result": True}
        else:
            status = 401
            body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args):
        pass


def trouble(code, description, **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return code, body | ({"parameters": parameters} if parameters else {})


class TelegramCase(MessagesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "salon_telegram_bot": "salon_bot",
                "salon_telegram_bot_token": BOT,
                "salon_telegram_secret": SECRET,
            }
        )
        cls.server = StandIn()
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(thread.join)
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.env["ir.config_parameter"].set_param(
            "salon_messages.telegram_server", cls.server.address
        )

    def setUp(self):
        super().setUp()
        self.server.sent.clear()
        self.server.troubles.clear()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # The stand-in is no foreign host.
        if r.url.startswith("http://127.0.0.1:") and "/bot" in r.url:
            return SEND(s, r, **kw)
        return super()._request_handler(s, r, **kw)


@tagged("post_install", "-at_install")
class TestTelegram(TelegramCase):
    def setUp(self):
        super().setUp()
        self.anna.salon_telegram_chat = "4711"
        self.visit = self.book(self.haircut)
        self.message = self.messages()

    def test_who_opened_the_bot_is_told_there(self):
        self.assertEqual(self.message.channel, "telegram")
        self.send()
        self.assertEqual((self.message.state, self.message.tries), ("sent", 1))
        (sent,) = self.server.sent
        self.assertEqual(sent["chat_id"], 4711)
        self.assertEqual(sent["text"], self.message.body)
        self.send()
        self.assertEqual(len(self.server.sent), 1)

    def test_who_left_the_bot_meanwhile_is_sent_a_mail(self):
        self.anna.salon_telegram_chat = False
        self.send()
        self.assertFalse(self.server.sent)
        self.assertEqual(self.message.reason, "no_address")
        self.assertEqual((self.messages() - self.message).channel, "mail")

    def test_asked_to_wait_it_waits_as_long(self):
        self.server.troubles.append(trouble(429, "Too Many Requests", retry_after=300))
        self.send()
        self.assertEqual(self.message.state, "queued")
        self.assertEqual(str(self.message.not_before), "2031-06-10 08:05:01")
        self.send("2031-06-10 08:06:00")
        self.assertEqual(self.message.state, "sent")

    def test_a_blocked_bot_is_followed_by_a_mail_and_not_tried_again(self):
        self.server.troubles.append(
            trouble(403, "Forbidden: bot was blocked by the user")
        )
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "blocked")
        )
        self.assertFalse(self.anna.salon_telegram_chat)
        instead = self.messages() - self.message
        self.assertEqual(instead.channel, "mail")

    def test_a_server_that_fails_may_have_sent_it(self):
        self.server.troubles.append((502, None))
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "interrupted")
        )
        self.assertEqual(self.message.failure, "HTTP 502")
        self.assertEqual(self.messages(), self.message, "nor by another channel")

    def test_what_the_server_may_have_taken_is_not_sent_again_by_itself(self):
        self.server.troubles.append((HANGS_UP, None))
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "interrupted")
        )
        self.assertEqual(self.messages(), self.message, "nor by another channel")
        told = self.messages("manager_failed").partner_id
        self.assertIn(self.manager.partner_id, told)
        self.send("2031-06-10 20:00:00")
        self.assertEqual(len(self.server.sent), 1)

    def test_where_nobody_answers_it_is_tried_again_later(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            port = nobody.getsockname()[1]
            self.env["ir.config_parameter"].set_param(
                "salon_messages.telegram_server", f"http://127.0.0.1:{port}"
            )
            self.send()
        self.assertEqual(
            (self.message.state, self.message.tries),
            ("queued", 1),
            self.message.failure,
        )
        self.assertFalse(self.server.sent)

    def test_a_program_error_after_sending_sends_nothing_twice(self):
        channel = type(self.env["salon.channel.telegram"])
        with (
            patch.object(channel, "_to_result", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.salon_messages.services.salon_message_sender"),
        ):
            self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "interrupted")
        )
        self.send("2031-06-10 20:00:00")
        self.assertEqual(len(self.server.sent), 1)

    def test_what_was_interrupted_is_not_sent_again_by_itself(self):
        self.env.cr.execute(
            "UPDATE salon_message SET state = 'sending', write_date = '2031-06-10' "
            "WHERE id = %s",
            [self.message.id],
        )
        self.env.invalidate_all()
        self.send()
        self.assertEqual(
            (self.message.state, self.message.reason), ("failed", "interrupted")
        )
        self.assertFalse(self.server.sent)


@tagged("post_install", "-at_install")
class TestTelegramWebhook(HttpCase, TelegramCase):
    def post(self, payload, secret=SECRET, raw=None):
        return self.url_open(
            f"/salon/telegram/{self.company.id}",
            data=raw if raw is not None else json.dumps(payload),
            headers={
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": secret,
            },
        )

    def say(self, text, chat=4711):
        chat = {"id": chat, "type": "private"}
        return self.post({"update_id": 1, "message": {"chat": chat, "text": text}})

    def test_a_link_connects_the_client_once(self):
        link = self.env["salon.message.answers"]._make_telegram_link(self.anna)
        self.assertTrue(link.startswith("https://t.me/salon_bot?start="))
        token = link.partition("=")[2]
        answer = self.say(f"/start {token}").json()
        self.assertEqual((answer["method"], answer["chat_id"]), ("sendMessage", 4711))
        self.assertEqual(self.anna.salon_telegram_chat, "4711")
        self.assertIn("not valid", self.say(f"/start {token}", 4712).json()["text"])
        self.assertEqual(self.anna.salon_telegram_chat, "4711")

    def test_an_answer_confirms_and_a_block_ends_it(self):
        self.anna.salon_telegram_chat = "4711"
        visit = self.book(self.haircut)
        self.send()
        self.assertIn("expect you", self.say("да").json()["text"])
        self.assertEqual(visit.state, "confirmed")
        member = {
            "chat": {"id": 4711, "type": "private"},
            "new_chat_member": {"status": "kicked"},
        }
        self.assertEqual(self.post({"my_chat_member": member}).json(), {})
        self.assertFalse(self.anna.salon_telegram_chat)

    def test_a_stranger_learns_nothing(self):
        self.assertIn("link", self.say("1", 666).json()["text"])

    def test_only_telegram_itself_hands_in(self):
        self.anna.salon_telegram_chat = "4711"
        self.assertEqual(self.post({}, secret="x" * 32).status_code, 403)
        self.assertEqual(self.post({}, secret="").status_code, 403)

    def test_nonsense_changes_nothing(self):
        chat = {"id": "x", "type": "private"}
        for payload in (
            [],
            None,
            {"message": 1},
            {"message": {"chat": chat, "text": "1"}},
            {"message": {"chat": {"id": 1, "type": "group"}, "text": "1"}},
            {"my_chat_member": {"chat": chat}},
        ):
            self.assertEqual(self.post(payload).json(), {})
        self.assertEqual(self.post(None, raw=b"{").status_code, 200)
        self.assertEqual(self.post(None, raw=b"\xff").status_code, 200)
