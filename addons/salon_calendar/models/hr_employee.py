from odoo import api, fields, models

SOURCES = frozenset(
    "salon_blocks_by_calendar is_salon_staff user_id salon_branch_ids active tz".split()
)


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    salon_blocks_by_calendar = fields.Boolean(
        "Own Calendar Takes Time",
        groups="hr.group_hr_user",
        help="Busy events of the person's own calendar cannot be booked by clients.",
    )
    salon_mirrors_to_calendar = fields.Boolean(
        "Bookings in Own Calendar",
        groups="hr.group_hr_user",
        help="Each booking also appears in the person's own calendar, quietly: without "
        "mails and reminders. It is changed in the salon only.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        staff = super().create(vals_list)
        # sudo: hr.employee - whoever may create one need not know the choice
        taking = staff.filtered(lambda person: person.sudo().salon_blocks_by_calendar)
        self.env["salon.calendar.sync"]._sync_staff(taking)
        return staff

    def write(self, vals):
        result = super().write(vals)
        if SOURCES & vals.keys():
            self.env["salon.calendar.sync"]._sync_staff(self)
        if {"salon_mirrors_to_calendar", "user_id"} & vals.keys():
            self.env["salon.calendar.mirror"]._ask()
        return result
