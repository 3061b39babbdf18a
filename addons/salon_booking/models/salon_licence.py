from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import licences

#: Nobody is warned longer ahead; the limit of a type's own notice.
MOST_DAYS_AHEAD = 730


class SalonLicence(models.Model):
    """A permit or licence of a person; without a needed one she is not offered."""

    _name = "salon.licence"
    _description = "Salon Permit or Licence"
    _inherit = ["mail.thread", "mail.activity.mixin", "salon.guarded.mixin"]
    _order = "valid_until, staff_id, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"warned_until"})

    staff_id = fields.Many2one(
        "hr.employee",
        "Staff Member",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain="[('is_salon_staff', '=', True)]",
    )
    staff_user_id = fields.Many2one(related="staff_id.user_id", related_sudo=True)
    company_id = fields.Many2one(related="staff_id.company_id", store=True)
    type_id = fields.Many2one(
        "salon.licence.type", required=True, index=True, tracking=True
    )
    number = fields.Char(tracking=True)
    active = fields.Boolean(default=True)
    valid_from = fields.Date(tracking=True, help="Empty: always has been.")
    valid_until = fields.Date(
        tracking=True, help="The last day on which it is good. Empty: for ever."
    )
    days_left = fields.Integer(
        compute="_compute_days_left", help="Negative once it has expired."
    )
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    note = fields.Text()
    warned_until = fields.Date(
        "Warned for", copy=False, help="The expiry that was warned of already."
    )

    _until_after_from = models.Constraint(
        "CHECK (valid_from <= valid_until)",
        "A licence is not valid until a day before the first one.",
    )

    @api.depends("valid_until")
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for licence in self:
            licence.days_left = (
                (licence.valid_until - today).days if licence.valid_until else 0
            )

    @api.depends("type_id", "staff_id", "number")
    def _compute_display_name(self):
        for licence in self:
            licence.display_name = " · ".join(
                filter(
                    None, [licence.staff_id.name, licence.type_id.name, licence.number]
                )
            )

    @api.model
    def _blocked(self, staff, templates, first_day, last_day):
        """Days on which people may not do services for want of a permit or licence.

        How availability uses it (one SQL query, whatever the number of people,
        services and days)::

            blocked = self.env["salon.licence"]._blocked(
                skills.staff_id, skills.product_tmpl_id, date_from, date_to
            )
            for skill in skills:
                days = blocked.get((skill.staff_id.id, skill.product_tmpl_id.id), ())
                taken = [
                    (clock.day_bounds(first, zone)[0], clock.day_bounds(last, zone)[1])
                    for first, last in days
                ]
                windows = subtract(windows_of_staff, taken)

        A service is done on the local day of the branch on which it starts; whoever
        loads windows that begin on the day before (shifts past midnight) asks from
        that day on. The host's work permit counts as needed for all services.

        :param staff: hr.employee
        :param templates: product.template
        :param first_day, last_day: dates, both included
        :return: ``{(employee id, template id): [(from_day, to_day), …]}``, sorted, both
            included; who may always is not in it
        """
        if not staff or not templates:
            return {}
        needed = {template_id: set() for template_id in templates.ids}
        held, permits, employer, owner = defaultdict(list), {}, {}, {}
        for what, key, subject, company, since, until in self._load_needs(
            staff, templates, first_day, last_day
        ):
            if what == "need":
                owner[key] = company
                for template_id in [subject] if subject else needed:
                    needed[template_id].add(key)
            elif what == "held":
                held[subject, key].append((since, until))
            else:
                employer[subject] = company
                if until:
                    permits[subject] = until
        for kind, company in owner.items():
            for person, own_company in employer.items():
                if company and company != own_company:
                    # What another company asks for counts as had.
                    held[person, kind] = [(None, None)]
        return licences.blocked_days(
            needed, held, permits, staff.ids, first_day, last_day
        )

    @api.model
    def _load_needs(self, staff, templates, first_day, last_day):
        """Rows of (what, type id, service or person id, company id, since, until).

        By SQL: whether somebody may work is asked by every channel, and neither
        licences nor the work permit of the personnel file are readable there; only
        days leave this model.
        """
        self.flush_model()
        self.env["salon.licence.type"].flush_model()
        self.env["hr.employee"].flush_model(
            ["company_id", "work_permit_expiration_date"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT 'need', type.id, service.product_tmpl_id, type.company_id,
                       NULL::date, NULL::date
                  FROM salon_licence_type type
             LEFT JOIN salon_licence_type_product_rel service
                    ON service.type_id = type.id AND type.needed_for = 'services'
                 WHERE type.active
                   AND (type.needed_for = 'all'
                        OR service.product_tmpl_id = ANY(%(templates)s))
             UNION ALL
                SELECT 'held', type_id, staff_id, NULL, valid_from, valid_until
                  FROM salon_licence
                 WHERE active AND staff_id = ANY(%(staff)s)
                   AND COALESCE(valid_until >= %(first)s, TRUE)
                   AND COALESCE(valid_from <= %(last)s, TRUE)
             UNION ALL
                SELECT 'person', NULL, id, company_id, NULL,
                       work_permit_expiration_date
                  FROM hr_employee
                 WHERE id = ANY(%(staff)s)
                """,
                templates=templates.ids,
                staff=staff.ids,
                first=first_day,
                last=last_day,
            )
        )

    @api.model
    def _cron_warn(self):
        """Give the branch manager a to-do for each licence about to expire."""
        today = fields.Date.context_today(self)
        licences_due = self.search(
            [
                ("valid_until", ">=", today),
                ("valid_until", "<=", today + timedelta(days=MOST_DAYS_AHEAD)),
                ("staff_id.active", "=", True),
            ]
        ).filtered(
            lambda licence: (
                licence.days_left <= licence.type_id.notice_days
                and licence.warned_until != licence.valid_until
            )
        )
        renewed = licences_due._find_renewed()
        for licence in licences_due - renewed:
            licence.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=licence.valid_until,
                summary=self.env._(
                    "%(type)s of %(staff)s expires",
                    type=licence.type_id.name,
                    staff=licence.staff_id.name,
                ),
                user_id=licence._get_responsible().id or self.env.uid,
            )
            licence.warned_until = licence.valid_until

    def _find_renewed(self):
        """Those of ``self`` that another licence of the same kind outlives."""
        others = self.search(
            [
                ("staff_id", "in", self.staff_id.ids),
                ("type_id", "in", self.type_id.ids),
            ]
        )
        latest = defaultdict(lambda: date.min)
        for other in others:
            key = other.staff_id, other.type_id
            latest[key] = max(latest[key], other.valid_until or date.max)
        return self.filtered(
            lambda licence: (
                latest[licence.staff_id, licence.type_id] > licence.valid_until
            )
        )

    def _get_responsible(self):
        """The manager of a branch in which the person works, else an owner."""
        self.ensure_one()
        company = self.company_id
        managers, owners = (
            self.env.ref(f"salon_booking.group_salon_{role}")
            .all_user_ids.filtered(
                lambda user: (
                    user.active and not user.share and company in user.company_ids
                )
            )
            .sorted("id")
            for role in ("manager", "owner")
        )
        branches = self.staff_id.salon_branch_ids
        return (
            (managers - owners).filtered(lambda user: user.salon_branch_ids & branches)
            or owners.filtered(lambda user: user.salon_branch_ids & branches)
            or owners
            or managers
        )[:1]
