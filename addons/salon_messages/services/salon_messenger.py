from collections import defaultdict
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..engine.quiet import Quiet, reminder_moment

#: What leaves within so many minutes is sent by a cron called at once.
SOON = timedelta(minutes=5)
#: So far ahead of its hours a reminder may leave, because of quiet hours.
LONGEST_QUIET = timedelta(hours=24)
#: Reminders are queued so long before they leave.
LOOK_AHEAD = timedelta(minutes=15)
#: A reminder makes no sense for what was booked shortly before it.
FRESH = timedelta(hours=1)
#: Purposes that a client may be written to for without having agreed.
OPT_OUT = frozenset({"service", "reviews"})


class SalonMessenger(models.AbstractModel):
    """Puts messages into the outbox, in the transaction of what is told.

    Whom, by which channel and when is decided by one ``INSERT … SELECT``, for one visit
    as for a hundred thousand. What is in the outbox already is not put there again.
    """

    _name = "salon.messenger"
    _description = "Messenger"

    @api.model
    def _queue(
        self, code, records, occasion="", moment=None, partners=None, template=None
    ):
        """Tell the people concerned of an event about these records.

        :param code: of a ``salon.message.event``; one that is off tells nothing
        :param records: of one model that has ``salon.told.mixin``
        :param occasion: tells apart what may happen to a record twice; one for all, or
            ``{record id: occasion}``
        :param moment: naive UTC datetime before which nothing leaves; now by default
        :param partners: ``{record id: res.partner}`` instead of whom the event tells
        :param template: mail.template in place of the event's
        :return: the number of messages that were queued
        """
        event = self.env["salon.message.event"]._find(code)
        if not event or not records:
            return 0
        # sudo: whom it concerns - whoever does something need not read all of them
        records = records.sudo()
        if partners is None:
            partners = self._find_recipients(event, records)
        moment = moment or fields.Datetime.now() + timedelta(
            minutes=event.delay_minutes
        )
        rows = []
        for record in records:
            branch = record._get_message_branch()
            leaves = moment if event.is_urgent else self._after_quiet(branch, moment)
            said = occasion.get(record.id) if isinstance(occasion, dict) else occasion
            rows += [
                (
                    record.id,
                    partner.id,
                    record._get_message_visit().id or None,
                    branch.id or None,
                    said or "",
                    leaves,
                )
                for partner in partners.get(record.id, ())
            ]
        if not rows:
            return 0
        columns = [list(column) for column in zip(*rows, strict=True)]
        return self._insert(
            event,
            SQL(
                """SELECT *, 0 AS cadence, %s::int AS mail_template_id,
                          NULL::int AS origin_id, '{}'::varchar[] AS tried
                     FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],
                                 %s::varchar[], %s::timestamp[])
                          AS due(res_id, partner_id, visit_id, branch_id, occasion,
                                 not_before)""",
                template.id if template else None,
                *columns,
            ),
        )

    @api.model
    def _find_recipients(self, event, records):
        """Whom an event tells: ``{record id: res.partner}``; who does it knows it."""
        if event.audience == "client":
            return {record.id: record._get_message_client() for record in records}
        if event.audience == "staff":
            found = {record.id: record._get_message_staff() for record in records}
        else:
            branches = {record: record._get_message_branch() for record in records}
            managers = self._find_managers(
                self.env["salon.branch"].union(*branches.values())
            )
            found = {record.id: managers[branch] for record, branch in branches.items()}
        return {
            record_id: partners - self.env.user.partner_id
            for record_id, partners in found.items()
        }

    @api.model
    def _find_managers(self, branches):
        """``{branch: res.partner}`` of managers who look after the branch.

        Who looks after no branch in particular is told where nobody else is there.
        """
        group = self.env.ref("salon_booking.group_salon_manager")
        # sudo: res.users - whoever does something need not know the managers
        users = group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and user.id != SUPERUSER_ID
        )
        found = defaultdict(self.env["res.partner"].browse)
        for branch in branches:
            near = users.filtered(
                lambda user, branch=branch: (
                    branch.company_id in user.company_ids
                    and (not user.salon_branch_ids or branch in user.salon_branch_ids)
                )
            )
            own = near.filtered("salon_branch_ids")
            found[branch] = (own or near).partner_id
        return found

    @api.model
    def _after_quiet(self, branch, moment):
        # sudo: salon.branch - quiet hours bind whoever does something
        branch = branch.sudo()
        return branch._get_quiet().end_after(moment) if branch else moment

    # --- reminders ---

    @api.model
    def _remind(self):
        """Queue the reminders that leave soon; return their number.

        One statement per cadence, whatever the number of visits: when each leaves is
        worked out once per branch and start.
        """
        return sum(
            self._remind_before(event, cadence, event.cadence_ids)
            for event in self._find_reminders()
            for cadence in event.cadence_ids
        )

    @api.model
    def _find_reminders(self):
        # sudo: salon.message.event, salon.message.cadence - the clock has no rights
        return (
            self.env["salon.message.event"]
            .sudo()
            .search(
                [
                    ("cadence_ids", "!=", False),
                    ("res_model", "=", "salon.visit"),
                    ("audience", "=", "client"),
                ]
            )
        )

    @api.model
    def _remind_before(self, event, cadence, cadences):
        now = fields.Datetime.now()
        span = timedelta(minutes=cadence.minutes)
        shorter = [one.minutes for one in cadences if one.minutes < cadence.minutes]
        # The next reminder is near enough to take the place of one that is late.
        last = now + timedelta(minutes=max(shorter, default=30))
        self.env.flush_all()
        starts = self.env.execute_query(
            SQL(
                """SELECT branch_id, start FROM salon_visit
                    WHERE state = 'booked' AND start > %s AND start <= %s
                      AND client_id IS NOT NULL AND is_history IS NOT TRUE
                 GROUP BY branch_id, start""",
                last,
                now + span + LONGEST_QUIET,
            )
        )
        quiet = self._quiet_by_branch({branch for branch, _start in starts})
        due = [
            (branch, start, moment)
            for branch, start in starts
            for moment in [reminder_moment(start, cadence.minutes, quiet[branch])]
            if moment <= now + LOOK_AHEAD
        ]
        if not due:
            return 0
        branches, moments, leaves = zip(*due, strict=True)
        return self._insert(
            event,
            SQL(
                """SELECT visit.id AS res_id, visit.client_id AS partner_id,
                          visit.id AS visit_id, visit.branch_id,
                          to_char(visit.start, 'YYYY-MM-DD HH24:MI:SS') AS occasion,
                          due.leaves AS not_before, %s AS cadence,
                          NULL::int AS mail_template_id,
                          NULL::int AS origin_id, '{}'::varchar[] AS tried
                     FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[])
                          AS due(branch_id, start, leaves)
                     JOIN salon_visit visit ON visit.branch_id = due.branch_id
                                           AND visit.start = due.start
                    WHERE visit.state = 'booked' AND visit.client_id IS NOT NULL
                      AND visit.is_history IS NOT TRUE
                      AND visit.create_date < due.leaves - %s::interval""",
                cadence.minutes,
                list(branches),
                list(moments),
                list(leaves),
                FRESH,
            ),
        )

    @api.model
    def _remind_team(self):
        """Tell each of the team in the afternoon when the shift begins tomorrow."""
        event = self.env["salon.message.event"]._find("shift_tomorrow")
        if not event:
            return 0
        now = fields.Datetime.now()
        # sudo: salon.shift - the clock has no rights
        shifts = (
            self.env["salon.shift"]
            .sudo()
            .search(
                [
                    ("is_published", "=", True),
                    ("kind", "=", "work"),
                    ("start", ">", now),
                    ("start", "<=", now + timedelta(hours=30)),
                ]
            )
        )
        by_moment = defaultdict(shifts.browse)
        for shift in shifts:
            quiet = shift.branch_id._get_quiet()
            moment = reminder_moment(shift.start, 16 * 60, quiet)
            if moment <= now + LOOK_AHEAD:
                by_moment[moment] |= shift
        return sum(
            self._queue("shift_tomorrow", due, moment=moment)
            for moment, due in by_moment.items()
        )

    @api.model
    def _quiet_by_branch(self, ids):
        # sudo: salon.branch - the clock has no rights
        branches = self.env["salon.branch"].sudo().browse(ids)
        found = {branch.id: branch._get_quiet() for branch in branches}
        return found | {None: Quiet("UTC")}

    # --- the outbox ---

    @api.model
    def _insert(self, event, source):
        """Write rows for what a query finds; return how many are queued.

        :param source: SQL of res_id, partner_id, visit_id, branch_id, occasion,
            not_before, cadence, mail_template_id, origin_id and the channels tried
        """
        self.env.flush_all()
        [(count, first)] = self.env.execute_query(
            SQL(
                """
                WITH made AS (
                    INSERT INTO salon_message (
                        event_id, audience, topic, res_model, res_id, visit_id,
                        branch_id, company_id, partner_id, channel, cadence, occasion,
                        state, reason, not_before, lang, tries, origin_id,
                        mail_template_id, create_uid, write_uid, create_date,
                        write_date)
                    SELECT %(event)s, %(audience)s, %(topic)s, %(model)s, due.res_id,
                           due.visit_id, due.branch_id,
                           COALESCE(branch.company_id, partner.company_id,
                                    %(company)s),
                           partner.id, chosen.channel, due.cadence, due.occasion,
                           CASE WHEN chosen.channel IS NULL
                                THEN 'skipped' ELSE 'queued' END,
                           CASE WHEN chosen.channel IS NOT NULL THEN NULL
                                WHEN preference.is_off OR EXISTS (
                                     SELECT FROM salon_message_route route
                                      WHERE route.event_id = %(event)s AND %(reach)s)
                                THEN 'unwanted'
                                ELSE 'no_address' END,
                           due.not_before, COALESCE(partner.lang, 'en_US'), 0,
                           due.origin_id, due.mail_template_id, %(uid)s, %(uid)s,
                           %(now)s, %(now)s
                      FROM (%(source)s) due
                      JOIN res_partner partner ON partner.id = due.partner_id
                                              AND partner.active
                 LEFT JOIN salon_branch branch ON branch.id = due.branch_id
                 LEFT JOIN salon_message_preference preference
                        ON preference.partner_id = partner.id
                       AND preference.topic = %(topic)s
                 LEFT JOIN LATERAL (
                           SELECT route.channel FROM salon_message_route route
                            WHERE route.event_id = %(event)s
                              AND preference.is_off IS NOT TRUE
                              AND route.channel != ALL(due.tried)
                              AND %(reach)s
                              AND %(permitted)s
                         ORDER BY COALESCE(route.channel = preference.channel, FALSE)
                                  DESC,
                                  route.sequence, route.id
                            LIMIT 1) chosen ON TRUE
                     WHERE NOT EXISTS (
                           SELECT FROM salon_branch_salon_message_event_rel off
                            WHERE off.salon_message_event_id = %(event)s
                              AND off.salon_branch_id = due.branch_id)
                       AND (chosen.channel IS NOT NULL
                            OR %(is_client)s AND due.origin_id IS NULL)
               ON CONFLICT DO NOTHING
                 RETURNING state, not_before)
                SELECT count(*) FILTER (WHERE state = 'queued'),
                       min(not_before) FILTER (WHERE state = 'queued')
                  FROM made""",
                event=event.id,
                audience=event.audience,
                topic=event.topic,
                model=event.res_model,
                company=self.env.company.id,
                is_client=event.audience == "client",
                uid=self.env.uid,
                now=self.env.cr.now(),
                source=source,
                reach=self._reach_sql(),
                permitted=self._permitted_sql(event),
            )
        )
        self.env["salon.message"].invalidate_model()
        if first and first <= fields.Datetime.now() + SOON:
            self._wake(first)
        return count

    @api.model
    def _reach_sql(self):
        """Whether the channel ``route.channel`` reaches ``partner``."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", channel, adapter._reach_sql())
            for channel, adapter in self._adapters().items()
        )
        return SQL("CASE route.channel %s ELSE FALSE END", cases)

    @api.model
    def _permitted_sql(self, event):
        """Whether the newest consent of ``partner`` lets him be written to."""
        return SQL(
            """COALESCE((
                SELECT consent.is_given FROM salon_consent consent
                 WHERE consent.partner_id = partner.id AND consent.purpose = %s
                   AND (consent.channel IS NULL OR consent.channel = route.channel)
              ORDER BY consent.id DESC LIMIT 1), %s)""",
            event.purpose,
            event.audience != "client" or event.purpose in OPT_OUT,
        )

    @api.model
    def _find_unwanted(self, messages):
        """Those of queued messages that may not leave by their channel any more."""
        messages.flush_recordset()
        self.env["salon.consent"].flush_model()
        self.env["salon.message.preference"].flush_model()
        unwanted = messages.browse()
        for event, own in messages.grouped("event_id").items():
            rows = self.env.execute_query(
                SQL(
                    """SELECT route.id
                         FROM salon_message route
                         JOIN res_partner partner ON partner.id = route.partner_id
                    LEFT JOIN salon_message_preference preference
                           ON preference.partner_id = partner.id
                          AND preference.topic = %s
                        WHERE route.id = ANY(%s)
                          AND (preference.is_off IS TRUE OR NOT %s)""",
                    event.topic,
                    own.ids,
                    self._permitted_sql(event),
                )
            )
            unwanted |= messages.browse(row[0] for row in rows)
        return unwanted

    @api.model
    def _adapters(self):
        """The channels: ``{code: salon.channel…}``, in the order of the selection."""
        return {
            code: self.env[f"salon.channel.{code}"]
            for code, _label in self.env["salon.message.route"]
            ._fields["channel"]
            .selection
        }

    @api.model
    def _wake(self, moment=None):
        """Let the cron send, after this transaction."""
        # sudo: ir.cron - whoever does something wakes the sender
        cron = self.env.ref("salon_messages.salon_message_cron").sudo()
        cron._trigger(at=moment if moment and moment > fields.Datetime.now() else None)

    @api.model
    def _cancel(self, records, codes=None, reason="outdated"):
        """Keep back what has not left and is not true any more.

        What is being sent in this moment is left alone: the sender looks by itself
        whether it is still true.
        """
        if not records:
            return self.env["salon.message"]
        # sudo: salon.message - written by the system only
        messages = self.env["salon.message"].sudo()
        domain = [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            ("state", "=", "queued"),
        ]
        if codes:
            domain.append(("event_id.code", "in", list(codes)))
        waiting = messages.search(domain).try_lock_for_update()
        waiting.write({"state": "cancelled", "reason": reason})
        return waiting

    @api.model
    def _requeue(self, messages):
        """Let messages leave again now, by the channel that reaches the client now."""
        if not messages:
            return
        messages.write({"state": "cancelled"})
        messages.flush_recordset()
        for event, own in messages.grouped("event_id").items():
            self._insert(
                event,
                SQL(
                    """SELECT message.res_id, message.partner_id, message.visit_id,
                              message.branch_id, message.occasion, %s AS not_before,
                              message.cadence, message.mail_template_id,
                              NULL::int AS origin_id, '{}'::varchar[] AS tried
                         FROM salon_message message WHERE message.id = ANY(%s)""",
                    fields.Datetime.now(),
                    own.ids,
                ),
            )

    @api.model
    def _fall_back(self, failed):
        """Try the next channel for what did not arrive; else tell the managers."""
        failed.flush_recordset()
        for event, own in failed.grouped("event_id").items():
            self._insert(
                event,
                SQL(
                    """SELECT message.res_id, message.partner_id, message.visit_id,
                              message.branch_id, message.occasion, %s AS not_before,
                              message.cadence, message.mail_template_id,
                              message.id AS origin_id,
                              ARRAY(SELECT other.channel FROM salon_message other
                                     WHERE other.res_model = message.res_model
                                       AND other.res_id = message.res_id
                                       AND other.event_id = message.event_id
                                       AND other.cadence = message.cadence
                                       AND other.occasion = message.occasion
                                       AND other.partner_id = message.partner_id
                                       AND other.state != 'cancelled'
                                       AND other.channel IS NOT NULL) AS tried
                         FROM salon_message message WHERE message.id = ANY(%s)""",
                    fields.Datetime.now(),
                    own.ids,
                ),
            )
        replaced = self.env["salon.message"].search([("origin_id", "in", failed.ids)])
        self._tell_of_failures(failed - replaced.origin_id)

    @api.model
    def _tell_of_failures(self, lost):
        """Tell the managers, once an hour, of clients who may not have been told."""
        lost = lost.filtered(
            lambda message: message.audience == "client" and message.branch_id
        )
        if lost:
            hour = fields.Datetime.now().strftime("%Y-%m-%d %H")
            self._queue("manager_failed", lost.branch_id, occasion=hour)
