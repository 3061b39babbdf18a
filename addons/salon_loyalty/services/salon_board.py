from odoo import api, fields, models
from odoo.tools import SQL


class SalonBoard(models.AbstractModel):
    _inherit = "salon.board"

    @api.model
    def _has_package(self, visit):
        """A package that the client can use today, an own one or the family's."""
        # sudo: salon.package - read by the board's own query
        self.env["salon.package"].sudo().flush_model()
        usable = SQL(
            "package.credits_left > 0 "
            "AND (package.date_end IS NULL OR package.date_end >= %s)",
            fields.Date.context_today(self),
        )
        return SQL(
            """(EXISTS (
                SELECT FROM salon_package package
                 WHERE package.client_id = %(client)s AND %(usable)s)
             OR EXISTS (
                SELECT FROM res_partner client
                  JOIN res_partner kin
                    ON kin.id = COALESCE(client.salon_payer_id, client.id)
                    OR kin.salon_payer_id = COALESCE(client.salon_payer_id, client.id)
                  JOIN salon_package package
                    ON package.client_id = kin.id AND package.is_shared AND %(usable)s
                 WHERE client.id = %(client)s))""",
            client=SQL.identifier(visit, "client_id"),
            usable=usable,
        )
