from werkzeug.exceptions import Forbidden

from odoo.http import Controller, request, route
from odoo.tools import consteq

from ..engine import telegram

#: Bytes; updates and texts are far smaller.
LARGEST = 64 * 1024
LARGEST_ID = 2**31 - 1


class SalonGateways(Controller):
    """Where gateways hand in what clients write.

    They cannot know a token against forged forms; each proves itself by a secret that
    the salon has given to it.
    """

    @route(
        "/salon/telegram/<int:company_id>",
        type="http",
        auth="public",
        methods=["POST"],
        # house: csrf-stays-on - a server calls, with a secret of its own
        csrf=False,
        save_session=False,
    )
    def telegram(self, company_id, **_kw):
        header = request.httprequest.headers.get("X-Telegram-Bot-Api-Secret-Token")
        company = self._find_company(company_id, "salon_telegram_secret", header or "")
        try:
            update = telegram.update(request.get_json_data())
        except ValueError:
            update = None
        # sudo: salon.message.answers - the gateway has proved itself
        answers = request.env["salon.message.answers"].sudo().with_company(company)
        said = update and answers._receive_telegram(company, update)
        if not said:
            return request.make_json_response({})
        # The API takes a call as the answer to its update.
        return request.make_json_response(
            {"method": "sendMessage", "chat_id": int(update.chat), "text": said}
        )

    @route(
        "/salon/sms/<int:company_id>/<string:secret>",
        type="http",
        auth="public",
        methods=["POST"],
        # house: csrf-stays-on - a server calls, with a secret of its own
        csrf=False,
        save_session=False,
    )
    def sms(self, company_id, secret, **values):
        company = self._find_company(company_id, "salon_sms_secret", secret)
        # sudo: salon.message.answers - the gateway has proved itself
        answers = request.env["salon.message.answers"].sudo().with_company(company)
        number, text = values.get("From"), values.get("Body")
        said = None
        # A form may hold files, too.
        if isinstance(number, str) and isinstance(text, str):
            client = answers._find_client_by_phone(number[:32].replace("\0", ""))
            text = text[:4000].replace("\0", "")
            said = client and answers._receive(client, text, "sms")
        return request.make_response(
            answers._to_twiml(said), [("Content-Type", "text/xml; charset=utf-8")]
        )

    def _find_company(self, company_id, field, secret):
        """The company in sudo whose secret this is; nobody learns which ones exist."""
        if (request.httprequest.content_length or 0) > LARGEST:
            raise Forbidden
        if company_id > LARGEST_ID:
            raise Forbidden
        # sudo: res.company - the secret of the gateway
        company = request.env["res.company"].sudo().browse(company_id).exists()
        known = company[field] if company else ""
        if not known or not consteq(known.encode(), secret.encode()):
            raise Forbidden
        return company
