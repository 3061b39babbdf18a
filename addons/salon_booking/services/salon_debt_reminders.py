import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

_logger = logging.getLogger(__name__)

#: So many clients are written to between two commits.
BATCH = 50


class SalonDebtReminders(models.AbstractModel):
    """Writes to clients whose debts are overdue: each level of each debt once."""

    _name = "salon.debt.reminders"
    _description = "Reminders of Debts"

    @api.model
    def _run(self):
        """Cron: remind in batches; who could not be written to is tried tomorrow."""
        failed = set()
        while due := self._find_due(failed, BATCH):
            for (client, company), rows in due.items():
                try:
                    with self.env.cr.savepoint():
                        self._remind(client, company, rows)
                except Exception:
                    _logger.exception("Client %s could not be reminded", client.id)
                    failed.add(client.id)
            if not self.env["ir.cron"]._commit_progress(len(due)):
                return

    @api.model
    def _find_due(self, without=(), limit=None):
        """Debts that have come to a level of which nobody was told yet.

        The highest level that is reached counts; lower ones are not made up for.

        :param without: ids of clients to leave out
        :param limit: of clients
        :return: ``{(res.partner, res.company): [row]}`` of the columns below
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH due AS (
                    SELECT DISTINCT ON (item.line_id)
                           item.line_id, item.client_id, item.company_id,
                           item.branch_id, item.residual AS amount, level.days,
                           level.id AS level_id, level.template_id
                      FROM (%(items)s) item
                      JOIN LATERAL (
                           SELECT id, is_automatic FROM salon_debt_policy policy
                            WHERE policy.active
                              AND policy.company_id = item.company_id
                              AND COALESCE(policy.branch_id, item.branch_id)
                                  = item.branch_id
                         ORDER BY policy.branch_id NULLS LAST LIMIT 1) policy
                        ON policy.is_automatic
                      JOIN salon_debt_level level ON level.policy_id = policy.id
                                                 AND level.days <= item.days_overdue
                      JOIN res_partner client ON client.id = item.client_id
                     WHERE item.residual > 0
                       AND client.active AND client.email_normalized IS NOT NULL
                       AND client.salon_is_not_reminded IS NOT TRUE
                       AND client.id != ALL(%(without)s)
                  ORDER BY item.line_id, level.days DESC
                )
                SELECT *, DENSE_RANK() OVER (ORDER BY client_id, company_id) AS place
                  FROM due
                 WHERE NOT EXISTS (
                       SELECT FROM salon_debt_reminder reminder
                        WHERE reminder.line_id = due.line_id
                          AND (reminder.level_id = due.level_id
                               OR reminder.days >= due.days))
              ORDER BY place, due.days DESC, due.line_id
                """,
                items=self.env["salon.debt.item"]._get_query(),
                without=list(without),
            )
        )
        found = {}
        for row in rows:
            if limit and row["place"] > limit:
                break
            key = (
                self.env["res.partner"].browse(row["client_id"]),
                self.env["res.company"].browse(row["company_id"]),
            )
            found.setdefault(key, []).append(row)
        return found

    @api.model
    def _remind(self, client, company, rows):
        """Note the reminders, then write; the sharpest level chooses the words."""
        # sudo: salon.debt.reminder, mail.template - written by the system, for whoever
        # may remind
        self = self.sudo().with_company(company)
        today = fields.Date.context_today(self)
        self.env["salon.debt.reminder"].create(
            [
                {
                    "line_id": row["line_id"],
                    "client_id": client.id,
                    "company_id": company.id,
                    "branch_id": row["branch_id"],
                    "level_id": row["level_id"],
                    "days": row["days"],
                    "date": today,
                    "amount": row["amount"],
                }
                for row in rows
            ]
        )
        template = self.env["mail.template"].browse(rows[0]["template_id"] or ())
        self._notify(
            client, template or self.env.ref("salon_booking.mail_template_debt")
        )

    @api.model
    def _notify(self, client, template):
        """Hook: tell the client; the mail stays in the client's chatter.

        Another channel, such as SMS, adds its own with ``super()``.
        """
        self._write_to(client, template)

    @api.model
    def _check_template(self, client, template):
        if template.model != client._name:
            raise UserError(
                self.env._(
                    "“%(template)s” is no mail to a client. Choose a template for "
                    "contacts.",
                    template=template.name,
                )
            )

    @api.model
    def _write_to(self, client, template, attachments=()):
        """Send a template of a client in the client's language, as the system."""
        self._check_template(client, template)
        client = client.with_env(self.env)
        values = template._generate_template(
            client.ids, {"subject", "body_html", "email_from"}
        )[client.id]
        return client.message_post(
            subject=values["subject"],
            body=values["body_html"],
            email_from=values.get("email_from") or None,
            partner_ids=client.ids,
            attachments=list(attachments),
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
        )


class ResPartner(models.Model):
    # What a template says of the client.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    def _get_salon_overdue(self):
        """What is overdue, in words for a mail: ``[{"name", "due", "amount"}]``."""
        self.ensure_one()
        # sudo: salon.debt.item - of the one who is written to
        items = (
            self.env["salon.debt.item"]
            .sudo()
            .search(
                [
                    ("client_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.env.company.id),
                    ("residual", ">", 0),
                    ("days_overdue", ">", 0),
                ]
            )
        )
        return [
            {
                "name": item.name,
                "due": format_date(self.env, item.date_due),
                "amount": item.currency_id.format(item.residual),
            }
            for item in items
        ]
