from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import birthdays


class SalonBoard(models.AbstractModel):
    _inherit = "salon.board"

    @api.model
    def _icons(self, visits):
        """Birthdays, and health notes for those who may know of them; one query."""
        icons = super()._icons(visits)
        clients = {visit["client_id"] for visit in visits.values()} - {None}
        if not clients:
            return icons
        known = self._clients_to_mark(clients)
        for visit_id, visit in visits.items():
            birthday, is_allergic = known.get(visit["client_id"], (0, False))
            signs = {
                "birthday": birthday
                and birthdays.days_until(birthday, visit["day"]) == 0,
                "allergy": is_allergic,
            }
            icons[visit_id] = [
                *(name for name, is_shown in signs.items() if is_shown),
                *icons.get(visit_id, []),
            ]
        return icons

    @api.model
    def _clients_to_mark(self, clients):
        """``{client id: (key of the birthday, is there a note that holds)}``."""
        self.env["res.partner"].flush_model(["salon_birthday_key"])
        noted = SQL("FALSE")
        if self.env.user.has_group("salon_booking.group_salon_health"):
            # That there is a note is no opening of it: the client card says so, too.
            self.env["salon.health.note"].flush_model()
            noted = SQL(
                """EXISTS (SELECT FROM salon_health_note note
                            WHERE note.client_id = client.id AND note.active
                              AND (note.valid_until IS NULL OR note.valid_until >= %s))
                """,
                fields.Date.context_today(self),
            )
        rows = self.env.execute_query(
            SQL(
                """SELECT client.id, COALESCE(client.salon_birthday_key, 0), %s
                     FROM res_partner client WHERE client.id = ANY(%s)""",
                noted,
                list(clients),
            )
        )
        return {client: marks for client, *marks in rows}
