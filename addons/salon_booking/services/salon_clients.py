from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import clock, names, phones, states

#: Among more than this many who fit, some are left out of the comparison: more has to
#: be typed anyway.
COMPARED = 2000
#: One letter fits everybody.
SHORTEST = 2


class SalonClients(models.AbstractModel):
    """Finds clients by what is being typed, among a million, on any PostgreSQL.

    Names are found by the beginnings of their words, in any order, without regard to
    case and accents; phones by either end. Both are answered by indexes on res.partner
    that need no extension.
    """

    _name = "salon.clients"
    _description = "Search for Clients"

    @api.model
    def _find(self, typed, limit=8):
        """Clients that fit what was typed, those who came lately first.

        With the rights of the user: contacts and visits hidden from him do not count.

        :return: res.partner in order, and whether there are more of them
        """
        condition = self._condition(typed)
        if condition is None:
            return self.env["res.partner"], False
        rows = self.env.execute_query(self._sql_ranked(*condition, limit + 1))
        found = self.env["res.partner"].browse(row[0] for row in rows[:limit])
        return found, len(rows) > limit

    @api.model
    def _domain(self):
        """Whom the desk means by a client: a person, not one of the team."""
        return Domain("active", "=", True) & Domain("partner_share", "=", True)

    @api.model
    def _condition(self, typed):
        """What was typed as (condition on res_partner, its exact words), or None."""
        typed = (typed or "").replace("\0", "").strip()
        if (patterns := self._patterns(typed)) is not None:
            phone = self.env["salon.phone"]._sql_matches(patterns, "res_partner")
            return phone, []
        name, number = phones.split_name_and_phone(typed)
        words = names.words(name)
        if not words or max(map(len, words)) < SHORTEST:
            return None
        condition = SQL(
            "%s @@ %s::tsquery", self._sql_words(), names.prefix_query(words)
        )
        if number and (patterns := self._patterns(number)) is not None:
            phone = self.env["salon.phone"]._sql_matches(patterns, "res_partner")
            condition = SQL("(%s AND %s)", condition, phone)
        return condition, words

    @api.model
    def _patterns(self, typed):
        if phones.typed_digits(typed) is None:
            return None
        return phones.search_patterns(typed, self.env["salon.phone"]._dial_plans())

    @api.model
    def _sql_words(self):
        """In the words of the index on res.partner."""
        return SQL(names.sql_words("res_partner.name"))

    @api.model
    def _sql_ranked(self, condition, words, limit):
        """Who fits, by whole words typed, by the last visit, by name.

        The index is asked apart from the rest: with an order and a limit PostgreSQL
        would rather walk through all names, for seconds.
        """
        partners = self.env["res.partner"]
        partners.flush_model(["name", "phone", "phone_sanitized"])
        self.env["salon.visit"].flush_model(["client_id", "start"])
        visits = self.env["salon.visit"]._search(
            [("client_id", "!=", False), ("state", "not in", tuple(states.LOST))]
        )
        visits.add_where(SQL("salon_visit.client_id IN (SELECT id FROM compared)"))
        whole = SQL("FALSE")
        if words:
            # The index knows who has them whole, too; reading each name is slow.
            whole = SQL(
                "%s @@ %s::tsquery", self._sql_words(), names.exact_query(words)
            )
        return SQL(
            """WITH whole AS MATERIALIZED (%(whole)s),
                    found AS MATERIALIZED (%(found)s),
                    compared AS MATERIALIZED (
                        SELECT id, name, bool_or(is_whole) AS is_whole
                          FROM ((SELECT *, TRUE AS is_whole FROM whole
                                  LIMIT %(compared)s)
                                 UNION ALL
                                (SELECT *, FALSE FROM found LIMIT %(compared)s)) fits
                      GROUP BY id, name),
                    seen AS (
                        SELECT client_id, max(start) AS start FROM (%(visits)s) visit
                         GROUP BY client_id)
             SELECT compared.id
               FROM compared
          LEFT JOIN seen ON seen.client_id = compared.id
           ORDER BY compared.is_whole DESC, seen.start DESC NULLS LAST,
                    compared.name, compared.id
              LIMIT %(limit)s""",
            whole=self._sql_clients(SQL("%s AND %s", condition, whole)),
            found=self._sql_clients(condition),
            compared=COMPARED,
            visits=visits.select(
                SQL("salon_visit.client_id"), SQL("salon_visit.start")
            ),
            limit=limit,
        )

    @api.model
    def _sql_clients(self, condition):
        """Id and name of those whom the user may read and who fit."""
        clients = self.env["res.partner"]._search(self._domain())
        clients.add_where(condition)
        return clients.select(SQL("res_partner.id"), SQL("res_partner.name"))

    # What is shown

    @api.model
    def _prepare(self, clients):
        """What the desk sees of clients in a list, in a fixed number of queries."""
        seen = self._last_and_next(clients)
        clients.fetch(["name", "phone"])
        return [
            {
                "id": client.id,
                "name": client.display_name,
                "phone": self._phone_end(client),
                **seen.get(client.id, {"last": False, "next": False}),
                "warnings": self._warnings(client),
            }
            for client in clients
        ]

    @api.model
    def _phone_end(self, client):
        """The last digits, by which namesakes are told apart; the rest is not shown."""
        if not self.env.user.has_group("salon_booking.group_salon_receptionist"):
            return False
        digits = "".join(filter(str.isdigit, client.phone or ""))
        return f"··{digits[-4:]}" if digits else False

    @api.model
    def _warnings(self, client):
        """What the desk should know before it books, in short sentences."""
        warnings = []
        if reason := client._get_salon_block_reason():
            warnings.append(self.env._("Blocked: %(reason)s", reason=reason))
        if client.salon_needs_approval:
            warnings.append(self.env._("Ask before booking"))
        return warnings

    @api.model
    def _last_and_next(self, clients):
        """The last visit and the next one of each, as local days of their branch."""
        now = fields.Datetime.now()
        visits = self.env["salon.visit"]
        domain = [
            ("client_id", "in", clients.ids),
            ("state", "not in", tuple(states.LOST)),
        ]
        last = visits._read_group(
            [*domain, ("start", "<", now)], ["client_id"], ["business_date:max"]
        )
        coming = visits._read_group(
            [*domain, ("start", ">=", now)], ["client_id"], ["business_date:min"]
        )
        seen = {client.id: {"last": False, "next": False} for client in clients}
        for client, day in last:
            seen[client.id]["last"] = fields.Date.to_string(day)
        for client, day in coming:
            seen[client.id]["next"] = fields.Date.to_string(day)
        return seen

    @api.model
    def _today(self, branch):
        now = clock.to_minutes(fields.Datetime.now())
        return clock.local(now, branch.tz).date()
