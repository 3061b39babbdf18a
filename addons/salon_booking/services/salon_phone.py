import phonenumbers

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import phones

#: More partners than this are searched for in place, not by their ids.
DENSE = 2000


class SalonPhone(models.AbstractModel):
    """Reads phone numbers as they are typed where the salon is, and finds them."""

    _name = "salon.phone"
    _description = "Phone Numbers of Salon Clients"

    @api.model
    def _home_country(self, branch=None):
        """The country in which a number without country code is dialled.

        :param branch: where the client belongs; otherwise the user's branches count if
            they are in one country, then the company
        """
        # sudo: salon.branch - its country is no secret to whoever adds a client
        branches = (branch or self.env.user.sudo().salon_branch_ids).sudo()
        countries = branches.partner_id.country_id
        return countries if len(countries) == 1 else self.env.company.country_id

    @api.model
    def _read_number(self, typed, countries):
        """The international notation of ``typed``, or False if it is no valid number.

        :param countries: tried in turn; the first in which the number is valid counts
        """
        for country in countries:
            if not country:
                continue
            number = self.env["res.partner"]._phone_format_number(
                typed, country=country, force_format="INTERNATIONAL"
            )
            if number:
                return number
        return False

    @api.model
    def _dial_plans(self):
        """How the countries of all branches and companies dial."""
        # sudo: salon.branch, res.company - only their countries are looked at
        branches = (
            self.env["salon.branch"]
            .sudo()
            .search([("partner_id.country_id", "!=", False)])
        )
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("partner_id.country_id", "!=", False)])
        )
        countries = branches.partner_id.country_id | companies.partner_id.country_id
        return [
            phones.DialPlan(str(country.phone_code), self._trunk_prefix(country.code))
            for country in countries
            if country.phone_code
        ]

    @api.model
    def _trunk_prefix(self, country_code):
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(country_code or "ZZ")
        return (metadata and metadata.national_prefix) or ""

    @api.model
    def _search_domain(self, typed):
        """Domain of partners whose number begins or ends as typed, or None.

        It is answered by the two indexes on res.partner, whatever its size. None
        when ``typed`` is no phone number.
        """
        patterns = phones.search_patterns(typed, self._dial_plans())
        if patterns is None:
            return None
        ids = self._find_ids(patterns)
        if len(ids) <= DENSE:
            return Domain("id", "in", ids)
        # So many that walking through them in the order wanted is soon over.
        return Domain.custom(
            to_sql=lambda model, alias, query: self._sql_matches(patterns, alias)
        )

    @api.model
    def _find_ids(self, patterns):
        """Partners with such a number, at most one more than ``DENSE``.

        The indexes are asked apart from the search they are part of: with its order
        and limit PostgreSQL would rather walk through all names, for seconds.
        """
        self.env["res.partner"].flush_model(["phone", "phone_sanitized"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH found AS MATERIALIZED (
                    SELECT id FROM res_partner WHERE %s
                )
                SELECT id FROM found LIMIT %s
                """,
                self._sql_matches(patterns, "res_partner"),
                DENSE + 1,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _sql_matches(self, patterns, alias):
        """The condition, in the words of the indexes on res.partner."""
        phone = SQL.identifier(alias, "phone")
        digits = SQL(
            "regexp_replace(COALESCE(%s, %s), '[^0-9]', '', 'g')",
            SQL.identifier(alias, "phone_sanitized"),
            phone,
        )
        matches = [
            SQL("%s LIKE %s", digits, f"{prefix}%")
            for prefix in sorted(patterns.prefixes)
        ] + [
            SQL("reverse(%s) LIKE %s", digits, f"{suffix[::-1]}%")
            for suffix in sorted(patterns.suffixes)
        ]
        return SQL("(%s IS NOT NULL AND (%s))", phone, SQL(" OR ").join(matches))
