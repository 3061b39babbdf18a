from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..engine import status
from .res_partner import STAFF

STATUSES = [
    (status.POTENTIAL, "Potential"),
    (status.NEW, "New"),
    (status.REGULAR, "Regular"),
    (status.ACTIVE, "Active"),
    (status.LOST, "Lost"),
]
#: What was: a visit that is only booked changes nothing of it.
PAST_FIGURES = (
    "salon_visit_counted",
    "salon_first_visit",
    "salon_last_visit",
    "salon_branch_id",
    "salon_no_show_count",
    "salon_cancel_count",
    "salon_interval_days",
    "salon_currency_id",
    "salon_amount_spent",
    "salon_amount_average",
)
STANDING = ("salon_status", "salon_is_overdue", "salon_review_on")
FIGURES = (*PAST_FIGURES, *STANDING)
#: Somewhere it is already tomorrow.
EARLIEST_ZONE = timedelta(hours=14)
BATCH = 1000


class ResPartner(models.Model):
    """What visits and bills say about a client, stored so that a list of clients can
    be sorted, filtered and grouped by it."""

    # One file for each side of the card.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    salon_visit_counted = fields.Integer(
        "Visits Counted",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        help="Business days in a branch with a service done or a thing sold.",
    )
    salon_first_visit = fields.Date(
        "First Visit", compute="_compute_salon_figures", store=True, groups=STAFF
    )
    salon_last_visit = fields.Date(
        "Last Visit",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        index="btree_not_null",
    )
    salon_next_visit = fields.Datetime(
        "Next Visit",
        compute="_compute_salon_next_visit",
        search="_search_salon_next_visit",
        groups=STAFF,
        help="Start of the next visit that is booked or confirmed.",
    )
    salon_branch_id = fields.Many2one(
        "salon.branch",
        "Home Branch",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        index="btree_not_null",
        help="The preferred branch, otherwise that of the last visit.",
    )
    salon_no_show_count = fields.Integer(
        "No-shows",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        help="Visits to which the client did not come.",
    )
    salon_cancel_count = fields.Integer(
        "Cancellations", compute="_compute_salon_figures", store=True, groups=STAFF
    )
    salon_interval_days = fields.Float(
        "Personal Interval (days)",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        digits=(16, 1),
        aggregator="avg",
        help="Median of days between the last five visits; 0 below two visits.",
    )
    salon_currency_id = fields.Many2one(
        "res.currency",
        "Currency of Spending",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
    )
    salon_amount_spent = fields.Monetary(
        "Spending",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        currency_field="salon_currency_id",
        help="Net of tax, revenue on posted bills of the client's visits less credit "
        "notes, whoever paid.",
    )
    salon_amount_average = fields.Monetary(
        "Average Ticket",
        compute="_compute_salon_figures",
        store=True,
        groups=STAFF,
        currency_field="salon_currency_id",
        aggregator="avg",
        help="Spending per visit counted.",
    )
    salon_status = fields.Selection(
        STATUSES,
        "Client Status",
        compute="_compute_salon_standing",
        store=True,
        groups=STAFF,
        index="btree_not_null",
        help="Potential: never came. New: first visit not long ago. Regular: several "
        "visits and not overdue. Lost: away for long and nothing booked. Active: the "
        "rest. The limits are in the settings.",
    )
    salon_is_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_salon_standing",
        store=True,
        groups=STAFF,
        help="Nothing is booked, and the last visit is longer ago than the personal "
        "interval and some days of grace.",
    )
    salon_review_on = fields.Date(
        "Status Holds Before",
        compute="_compute_salon_standing",
        store=True,
        groups=STAFF,
        index="btree_not_null",
        help="From this day on the status may be another one although nothing happens.",
    )

    @api.depends(
        "company_id",
        "salon_preferred_branch_id",
        "salon_visit_ids.branch_id",
        "salon_visit_ids.business_date",
        "salon_visit_ids.state",
        "salon_visit_ids.appointment_ids.state",
        "salon_visit_ids.invoice_line_ids.account_id",
        "salon_visit_ids.invoice_line_ids.balance",
        "salon_visit_ids.invoice_line_ids.parent_state",
        "salon_visit_ids.invoice_line_ids.quantity",
        "salon_visit_ids.invoice_line_ids.salon_appointment_id",
    )
    def _compute_salon_figures(self):
        # What is stored is read first, so that only what differs is written: most
        # events in a visit's life leave the row of the client alone.
        self._origin.fetch(PAST_FIGURES)
        figures = self.env["salon.client.figures"]._load(self._origin.ids)
        currencies = {}
        for partner in self:
            found = figures[partner._origin.id]
            partner.salon_branch_id = (
                partner.salon_preferred_branch_id or found.last_branch_id
            )
            partner.salon_currency_id = partner._salon_company().currency_id
            if partner._origin:
                currencies[partner._origin.id] = partner.salon_currency_id
        self.env["salon.client.figures"]._load_spending(figures, currencies)
        for partner in self:
            found = figures[partner._origin.id]
            average = found.visit_count and found.amount_spent / found.visit_count
            partner.salon_visit_counted = found.visit_count
            partner.salon_first_visit = found.first_visit
            partner.salon_last_visit = found.last_visit
            partner.salon_no_show_count = found.no_show_count
            partner.salon_cancel_count = found.cancel_count
            partner.salon_interval_days = found.interval_days or 0
            partner.salon_amount_spent = found.amount_spent
            partner.salon_amount_average = partner.salon_currency_id.round(average)

    @api.depends(
        "is_salon_client",
        "company_id",
        "salon_branch_id",
        "salon_visit_counted",
        "salon_first_visit",
        "salon_last_visit",
        "salon_interval_days",
        "salon_visit_ids.business_date",
        "salon_visit_ids.start",
        "salon_visit_ids.state",
    )
    def _compute_salon_standing(self):
        self._origin.fetch(STANDING)
        clients = self.filtered("is_salon_client")
        for partner in self - clients:
            partner.salon_status = False
            partner.salon_is_overdue = partner.salon_review_on = False
        now = datetime.now(timezone.utc)
        ahead = self.env["salon.client.figures"]._next_visits(clients._origin.ids)
        for partner in clients:
            partner._set_salon_standing(ahead.get(partner._origin.id), now)

    def _set_salon_standing(self, next_visit, now):
        """Set what depends on the day in the branch: status, overdue, review."""
        standing = status.standing(
            status.History(
                self.salon_visit_counted,
                self.salon_first_visit or None,
                self.salon_last_visit or None,
                self.salon_interval_days or None,
                next_visit,
            ),
            now.astimezone(ZoneInfo(self.salon_branch_id.tz or "UTC")).date(),
            self._salon_company()._get_salon_client_policy(),
        )
        self.salon_status = standing.status
        self.salon_is_overdue = standing.is_overdue
        self.salon_review_on = standing.review_on

    def _salon_company(self):
        """The company whose limits and currency hold for a client."""
        return (
            self.company_id
            or self.salon_branch_id.company_id
            or self.env["res.company"].browse(
                # Known without a query; it is never deleted.
                self.env["ir.model.data"]._xmlid_to_res_id("base.main_company") or ()
            )
            or self.env.company
        )

    @api.depends("salon_visit_ids.start", "salon_visit_ids.state")
    def _compute_salon_next_visit(self):
        # sudo: salon.visit - when, not what: the same for all, as the status is
        visits = self.env["salon.visit"].sudo()
        starts = dict(
            visits._read_group(
                [("client_id", "in", self.ids), *self._domain_salon_ahead()],
                ["client_id"],
                ["start:min"],
            )
        )
        for partner in self:
            partner.salon_next_visit = starts.get(partner._origin.sudo())

    def _search_salon_next_visit(self, operator, value):
        ahead = fields.Domain([*self._domain_salon_ahead(), ("client_id", "!=", False)])
        if operator == "in" and set(value) == {False}:
            return [("id", "not in", self._salon_clients_with(ahead))]
        if operator in ("<", "<="):
            within = ahead & fields.Domain("start", operator, value)
            return [("id", "in", self._salon_clients_with(within))]
        if operator in (">", ">="):
            # The first one is meant: nothing may be booked before.
            sooner = "<=" if operator == ">" else "<"
            before = ahead & fields.Domain("start", sooner, value)
            return [
                ("id", "in", self._salon_clients_with(ahead)),
                ("id", "not in", self._salon_clients_with(before)),
            ]
        return NotImplemented

    def _salon_clients_with(self, domain):
        # sudo: salon.visit - when, not what: the same for all, as the status is
        return self.env["salon.visit"].sudo()._search(domain).subselect("client_id")

    @api.model
    def _domain_salon_ahead(self):
        return [
            ("state", "in", ("booked", "confirmed")),
            ("start", ">=", fields.Datetime.now()),
        ]

    def _refresh_salon_figures(self):
        """Compute the figures anew, as after a change behind the ORM's back."""
        for name in FIGURES:
            self.env.add_to_compute(self._fields[name], self)
        self._recompute_recordset(FIGURES)
        self.flush_recordset(FIGURES)

    @api.model
    def _cron_refresh_salon_status(self):
        """Move on the status of clients for whom only time has passed."""
        today = (fields.Datetime.now() + EARLIEST_ZONE).date()
        due = self.with_context(active_test=False).search(
            [("salon_review_on", "<=", today)]
        )
        cron = self.env["ir.cron"]
        remaining = len(due)
        for start in range(0, len(due), BATCH):
            clients = due[start : start + BATCH]
            clients._refresh_salon_figures()
            remaining -= len(clients)
            if not cron._commit_progress(len(clients), remaining=remaining):
                break
