from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import birthdays
from .res_partner import STAFF

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class ResPartner(models.Model):
    # One file for each side of the card.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    salon_birth_day = fields.Integer("Day of Birth", groups=STAFF)
    salon_birth_month = fields.Selection(MONTHS, "Month of Birth", groups=STAFF)
    salon_birth_year = fields.Integer(
        "Year of Birth", groups=STAFF, help="0 when the client does not say."
    )
    salon_birthday_key = fields.Integer(
        compute="_compute_salon_birthday_key",
        store=True,
        precompute=True,
        groups=STAFF,
        help="Month and day as one number, by which birthdays are found.",
    )
    salon_birthday = fields.Char(
        "Birthday", compute="_compute_salon_birthday", groups=STAFF
    )
    salon_birthday_days = fields.Integer(
        "Days to Birthday",
        compute="_compute_salon_birthday_days",
        search="_search_salon_birthday_days",
        groups=STAFF,
        help="0 today. Who was born on 29 February celebrates on the 28th in years "
        "without one. -1 when the birthday is not known.",
    )

    _salon_birthday_key_idx = models.Index(
        "(salon_birthday_key) WHERE salon_birthday_key > 0"
    )

    @api.depends("salon_birth_day", "salon_birth_month")
    def _compute_salon_birthday_key(self):
        for partner in self:
            partner.salon_birthday_key = birthdays.key(
                partner.salon_birth_day, int(partner.salon_birth_month or 0)
            )

    @api.depends("salon_birth_day", "salon_birth_month", "salon_birth_year")
    @api.depends_context("lang")
    def _compute_salon_birthday(self):
        months = dict(
            self._fields["salon_birth_month"]._description_selection(self.env)
        )
        for partner in self:
            parts = [
                partner.salon_birth_day,
                months.get(partner.salon_birth_month),
                partner.salon_birth_year,
            ]
            partner.salon_birthday = " ".join(str(part) for part in parts if part)

    @api.depends("salon_birthday_key")
    def _compute_salon_birthday_days(self):
        today = fields.Date.context_today(self)
        for partner in self:
            key = partner.salon_birthday_key
            partner.salon_birthday_days = (
                birthdays.days_until(key, today) if key else -1
            )

    def _search_salon_birthday_days(self, operator, value):
        spans = {
            "<": lambda days: (0, days - 1),
            "<=": lambda days: (0, days),
            ">": lambda days: (days + 1, birthdays.YEAR_DAYS),
            ">=": lambda days: (days, birthdays.YEAR_DAYS),
        }
        today = fields.Date.context_today(self)
        if operator == "in":
            keys = set()
            for days in value:
                keys |= birthdays.keys_between(today, int(days), int(days))
        elif operator in spans:
            first, last = spans[operator](int(value))
            keys = birthdays.keys_between(today, first, last)
        else:
            return NotImplemented
        return [("salon_birthday_key", "in", list(keys))]

    def _get_salon_birth_date(self):
        day, year = self.salon_birth_day, self.salon_birth_year
        if not day or not year:
            return super()._get_salon_birth_date()
        return date(year, int(self.salon_birth_month), day)

    @api.constrains("salon_birth_day", "salon_birth_month", "salon_birth_year")
    def _check_salon_birthday(self):
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        for partner in self:
            day, month = partner.salon_birth_day, int(partner.salon_birth_month or 0)
            year = partner.salon_birth_year
            longest = birthdays.days_in_month(month or 1, year or None)
            if bool(day) != bool(month) or not 0 <= day <= longest:
                raise ValidationError(
                    self.env._(
                        "The birthday of %(client)s is no day of the calendar. Give "
                        "day and month, or leave both empty.",
                        client=partner.display_name,
                    )
                )
            if year and not 1900 <= year <= tomorrow.year:
                raise ValidationError(
                    self.env._(
                        "%(client)s cannot be born in %(year)s. Correct the year, or "
                        "leave it at 0 if it is not known.",
                        client=partner.display_name,
                        year=year,
                    )
                )
