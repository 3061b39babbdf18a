from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is said: a subject, a short text, and for mails the whole page."""

    text: str
    subject: str = ""
    html: str = ""
    email_from: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of handing a message over.

    ``state`` is "sent", "sending" (the gateway tells later), "failed" or "queued": to
    be tried again, after ``retry_after`` seconds where the gateway asks for that.
    ``values`` are further fields of the message.
    """

    state: str
    reason: str = ""
    failure: str = ""
    retry_after: float = 0
    values: tuple[tuple[str, object], ...] = ()


class SalonChannel(models.AbstractModel):
    """A way to reach somebody. Each channel is ``salon.channel.<code>``.

    A new one adds its code to ``channel`` of ``salon.message`` and its relatives and
    implements the three methods below.
    """

    _name = "salon.channel"
    _description = "Message Channel"

    #: Sent in the transaction that notes it: into a queue of the host. A channel that
    #: talks to the world notes first that it sends, so that nothing leaves twice.
    _is_direct = False
    #: So many are handed over between two commits.
    _batch = 100
    #: Mails say more than the short text.
    _is_page = False

    @api.model
    def _reach_sql(self):
        """A condition on ``partner``: is there an address of this channel?"""
        return SQL("FALSE")

    @api.model
    def _reach(self, partners):
        """Those of these contacts that the channel reaches."""
        if not partners:
            return partners
        partners.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner partner WHERE id = ANY(%s) AND %s",
                partners.ids,
                self._reach_sql(),
            )
        )
        return partners.browse(row[0] for row in rows)

    @api.model
    def _is_example(self, partner):
        """Is the address one that nobody has, kept free for demo data and manuals?"""
        return False

    @api.model
    def _send(self, messages, contents):
        """Hand messages over.

        :param contents: ``{message id: Rendered}``
        :return: ``{message id: Result}``
        """
        raise NotImplementedError
