from uuid import uuid4

from odoo import api, models
from odoo.tools import SQL

from ..engine import examples, texts
from .salon_channel import Result


class SalonChannelSms(models.AbstractModel):
    """SMS by the host's queue and whatever gateway the company has chosen there."""

    _name = "salon.channel.sms"
    _description = "SMS"
    _inherit = ["salon.channel"]

    @api.model
    def _reach_sql(self):
        return SQL(
            """COALESCE(partner.phone_sanitized, '') != '' AND NOT EXISTS (
                SELECT FROM phone_blacklist blacklist
                 WHERE blacklist.active
                   AND blacklist.number = partner.phone_sanitized)"""
        )

    @api.model
    def _is_example(self, partner):
        return examples.is_number(partner.phone_sanitized or "")

    @api.model
    def _send(self, messages, contents):
        uuids = {message.id: uuid4().hex for message in messages}
        # sudo: sms.sms, sms.tracker - the system sends, the tracker hears of delivery
        env = self.env(su=True)
        env["sms.sms"].create(
            [
                {
                    "uuid": uuids[message.id],
                    "number": message.partner_id.phone_sanitized,
                    "partner_id": message.partner_id.id,
                    "body": contents[message.id].text,
                }
                for message in messages
            ]
        )
        env["sms.tracker"].create([{"sms_uuid": uuid} for uuid in uuids.values()])
        return {
            message.id: Result(
                "sending",
                values=(
                    ("provider_reference", uuids[message.id]),
                    ("address", message.partner_id.phone_sanitized),
                    (
                        "cost",
                        texts.parts(contents[message.id].text)
                        * message.company_id.salon_sms_cost,
                    ),
                ),
            )
            for message in messages
        }

    @api.model
    def _count_parts(self, text):
        return texts.parts(text or "")
