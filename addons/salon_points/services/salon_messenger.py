from datetime import datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Told in the first days of a month, should the clock stand still on the first.
LAST_DAY = 7
#: When, on the clock of the branch.
HOUR = time(10)


class SalonMessenger(models.AbstractModel):
    _inherit = "salon.messenger"

    @api.model
    def _tell_points(self):
        """Tell whose points changed last month how many they are; return the number.

        Once a month by one statement, in the branch where the client was last.
        """
        event = self.env["salon.message.event"]._find("points")
        today = fields.Date.today()
        if not event or today.day > LAST_DAY:
            return 0
        month = today.replace(day=1)
        # sudo: salon.branch - the clock has no rights
        branches = (
            self.env["salon.branch"]
            .sudo()
            .search([("id", "not in", event.off_branch_ids.ids)])
        )
        leaves = [self._get_points_moment(branch, today) for branch in branches]
        return self._insert(
            event,
            SQL(
                """SELECT card.id AS res_id, card.partner_id, NULL::int AS visit_id,
                          due.branch_id, %s AS occasion, due.leaves AS not_before,
                          0 AS cadence, NULL::int AS mail_template_id,
                          NULL::int AS origin_id, '{}'::varchar[] AS tried
                     FROM loyalty_card card
                     JOIN LATERAL (
                          SELECT visit.branch_id FROM salon_visit visit
                           WHERE visit.client_id = card.partner_id
                             AND visit.state = 'done'
                        ORDER BY visit.start DESC LIMIT 1) last ON TRUE
                     JOIN unnest(%s::int[], %s::timestamp[])
                          AS due(branch_id, leaves) ON due.branch_id = last.branch_id
                    WHERE card.salon_kind = 'points' AND card.active
                      AND card.points > 0
                      AND EXISTS (
                          SELECT FROM salon_loyalty_entry entry
                           WHERE entry.card_id = card.id
                             AND entry.date >= %s AND entry.date < %s)""",
                month.strftime("%Y-%m"),
                branches.ids,
                leaves,
                month - relativedelta(months=1),
                month,
            ),
        )

    @api.model
    def _get_points_moment(self, branch, day):
        """10 o'clock of the branch, or the end of quiet hours; never in the past."""
        zone = ZoneInfo(branch.tz or "UTC")
        wall = datetime.combine(day, HOUR, zone)
        moment = wall.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        return self._after_quiet(branch, max(moment, fields.Datetime.now()))
