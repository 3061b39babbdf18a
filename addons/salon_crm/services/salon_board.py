from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import birthdays


class SalonBoard(models.AbstractModel):
    _inherit = "salon.board"

    @api.model
    def _icons(self, visits):
        """Birthdays, and health notes for those who may know of them."""
        icons = super()._icons(visits)
        for visit_id, visit in visits.items():
            birthday = visit["birthday"]
            signs = {
                "birthday": birthday
                and birthdays.days_until(birthday, visit["day"]) == 0,
                "allergy": visit["has_health_note"],
            }
            icons[visit_id] = [
                *(name for name, is_shown in signs.items() if is_shown),
                *icons.get(visit_id, []),
            ]
        return icons

    @api.model
    def _marks_of_visit(self, visit, client):
        self.env["res.partner"].flush_model(["salon_birthday_key"])
        return {
            **super()._marks_of_visit(visit, client),
            "birthday": SQL.identifier(client, "salon_birthday_key"),
            "has_health_note": self._has_health_note(client),
        }

    @api.model
    def _has_health_note(self, client):
        """That there is a note is no opening of it: the client card says so, too."""
        if not self.env.user.has_group("salon_booking.group_salon_health"):
            return SQL("FALSE")
        self.env["salon.health.note"].flush_model()
        return SQL(
            """EXISTS (SELECT FROM salon_health_note note
                        WHERE note.client_id = %s AND note.active
                          AND (note.valid_until IS NULL OR note.valid_until >= %s))""",
            SQL.identifier(client, "id"),
            fields.Date.context_today(self),
        )
