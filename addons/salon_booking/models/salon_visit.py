from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq, format_time

from ..engine import states
from .salon_appointment import STATES

#: What whoever serves writes on a visit; the rest is the desk's.
TEAM_FIELDS = frozenset(
    "appointment_ids checkout_note note photo_ids private_note state".split()
)
#: So many days after the visit the link in a message still opens it.
LINK_DAYS = 90


class SalonVisit(models.Model):
    """One coming-in of one client: appointments, bill and history hang here."""

    _name = "salon.visit"
    _description = "Salon Visit"
    _inherit = [
        "salon.team.mixin",
        "salon.guarded.mixin",
        "portal.mixin",
        "mail.thread",
    ]
    _order = "start desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"is_history", "order_id"})
    _guarded_defaults = frozenset({"state", "override_reason"})

    name = fields.Char(
        "Number", required=True, copy=False, readonly=True, default="/", index=True
    )
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, index=True, precompute=True
    )
    # Stored: amounts of many are rounded without a look at each company.
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    client_id = fields.Many2one(
        "res.partner",
        index=True,
        check_company=True,
        tracking=True,
        help="Empty for somebody who walked in and left no name.",
    )
    client_phone = fields.Char(
        compute="_compute_client_phone",
        groups="salon_booking.group_salon_stylist",
        help="Stylists are told as much of it as the branch allows.",
    )
    source = fields.Selection(
        [
            ("desk", "Desk"),
            ("phone", "Phone"),
            ("web", "Web"),
            ("api", "Other software"),
            ("walk_in", "Walk-in"),
            ("import", "Import"),
        ],
        default="desk",
        required=True,
        help="How the visit came to be booked.",
    )
    booking_key = fields.Char(
        copy=False,
        readonly=True,
        help="Chosen by whoever books, once per booking: sent again, after a lost "
        "answer, it gives the visit that is already booked instead of a second one.",
    )
    is_history = fields.Boolean(
        "From Old Software",
        readonly=True,
        copy=False,
        help="Brought in from other software: it holds nobody's time.",
    )
    appointment_ids = fields.One2many("salon.appointment", "visit_id", copy=True)
    start = fields.Datetime(
        compute="_compute_start_stop", store=True, readonly=False, index=True
    )
    stop = fields.Datetime(compute="_compute_start_stop", store=True, readonly=False)
    hours = fields.Char(
        compute="_compute_hours", help="From when to when, on the clock of the branch."
    )
    business_date = fields.Date(
        compute="_compute_business_date",
        store=True,
        index=True,
        help="The day on the calendar of the branch; in a shift past midnight the day "
        "on which that began.",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        copy=False,
        group_expand="_group_expand_states",
    )
    note = fields.Text(help="Seen by the whole team, never by the client.")
    service_names = fields.Char("Services", compute="_compute_names")
    staff_names = fields.Char("With", compute="_compute_names")
    event_ids = fields.One2many("salon.state.event", "visit_id", "History")

    order_id = fields.Many2one(
        "sale.order", "Bill", copy=False, readonly=True, index="btree_not_null"
    )
    invoice_line_ids = fields.One2many("account.move.line", "salon_visit_id")
    invoice_ids = fields.Many2many("account.move", compute="_compute_invoice_ids")
    invoice_count = fields.Integer(compute="_compute_invoice_ids")
    amount_planned = fields.Monetary(
        compute="_compute_amount_planned",
        store=True,
        help="Prices of the services that are not cancelled.",
    )
    amount_total = fields.Monetary(
        "Billed",
        compute="_compute_payment",
        store=True,
        help="With tax, this visit's lines on posted invoices less credit notes.",
    )
    payment_state = fields.Selection(
        [
            ("no_bill", "Not billed"),
            ("not_paid", "Not paid"),
            ("partial", "Partly paid"),
            ("paid", "Paid"),
            ("refunded", "Refunded"),
        ],
        "Payment",
        compute="_compute_payment",
        store=True,
        default="no_bill",
        copy=False,
    )

    _name_company_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "The visit number is already used."
    )
    _booking_key_branch_unique = models.UniqueIndex(
        "(branch_id, booking_key) WHERE booking_key IS NOT NULL",
        "This booking was already made.",
    )
    _branch_date = models.Index("(branch_id, business_date)")

    @api.model
    def _default_branch_id(self):
        own = self.env.user.salon_branch_ids[:1]
        return own or self.env["salon.branch"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    def _get_kept_appointments(self):
        """Those that are not cancelled or missed; all of them when nothing else is."""
        own = self.appointment_ids
        return own.filtered(lambda one: one.state not in states.LOST) or own

    @api.depends(
        "appointment_ids.start", "appointment_ids.stop", "appointment_ids.state"
    )
    def _compute_start_stop(self):
        for visit in self:
            appointments = visit._get_kept_appointments().filtered("start")
            if appointments:
                visit._assign_changed(
                    start=min(appointments.mapped("start")),
                    stop=max(appointments.mapped("stop")),
                )
            else:
                visit.start = visit.start
                visit.stop = visit.stop or visit.start

    @api.depends("start", "stop", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_hours(self):
        for visit in self:
            # sudo: salon.branch - whose client it is reads what was in other branches
            zone = visit.branch_id.sudo().tz or "UTC"
            # Somebody who only bought something was not here for a stretch of time.
            moments = dict.fromkeys(filter(None, (visit.start, visit.stop)))
            visit.hours = " – ".join(
                format_time(self.env, moment, tz=zone, time_format="short")
                for moment in moments
            )

    @api.depends(
        "start", "branch_id.tz", "appointment_ids.start", "appointment_ids.staff_id"
    )
    def _compute_business_date(self):
        visits = self.filtered("start")
        (self - visits).business_date = False
        moments = []
        for visit in visits:
            first = visit.appointment_ids.filtered("start").sorted("start")[:1]
            # What an old software kept knows nothing of our shifts.
            staff = first.staff_id.browse() if visit.is_history else first.staff_id
            moments.append((visit.branch_id, staff, visit.start))
        dates = self.env["salon.hours"]._business_dates(moments)
        for visit, business_date in zip(visits, dates, strict=True):
            visit._assign_changed(business_date=business_date)

    @api.model
    def _redate(self, staff, start, stop):
        """Work out again the business day of what is booked with staff in that time.

        What has happened already keeps its day: its figures have been read.
        """
        # sudo: salon.visit - the day follows the plan, whoever may change that
        appointments = (
            self.env["salon.appointment"]
            .sudo()
            .search(
                [
                    ("staff_id", "in", staff.ids),
                    ("start", ">=", start),
                    ("start", "<", stop),
                    ("visit_id.state", "in", ("booked", "confirmed", "arrived")),
                ]
            )
        )
        visits = appointments.visit_id
        self.env.add_to_compute(visits._fields["business_date"], visits)

    @api.depends("appointment_ids.state")
    def _compute_state(self):
        for visit in self:
            reached = visit.appointment_ids.mapped("state")
            visit.state = (
                states.state_of_visit(reached) if reached else visit.state or "booked"
            )

    @api.model
    def _group_expand_states(self, reached, _domain):
        """Columns of the front desk: the way of a visit, then what was lost."""
        return [
            state
            for state, _label in STATES
            if state in reached or state not in states.LOST
        ]

    @api.depends(
        "appointment_ids.product_id",
        "appointment_ids.staff_id",
        "appointment_ids.state",
    )
    def _compute_names(self):
        for visit in self:
            appointments = visit._get_kept_appointments()
            visit.service_names = ", ".join(appointments.product_id.mapped("name"))
            visit.staff_names = ", ".join(appointments.staff_id.mapped("name"))

    @api.depends("appointment_ids.price", "appointment_ids.state")
    def _compute_amount_planned(self):
        for visit in self:
            visit._assign_changed(
                amount_planned=sum(
                    appointment.price
                    for appointment in visit.appointment_ids
                    if appointment.state not in states.LOST
                )
            )

    @api.depends("invoice_line_ids.move_id")
    def _compute_invoice_ids(self):
        for visit in self:
            # sudo: account.move - the desk sees that there are invoices, not the books
            moves = visit.sudo().invoice_line_ids.move_id
            visit.invoice_ids = moves
            visit.invoice_count = len(moves)

    @api.depends(
        "invoice_line_ids.price_total",
        "invoice_line_ids.parent_state",
        "invoice_line_ids.move_id.amount_total",
        "invoice_line_ids.move_id.payment_state",
        "invoice_line_ids.move_id.reversal_move_ids.state",
    )
    def _compute_payment(self):
        parts = {}
        for visit in self:
            # sudo: account.move.line - the desk sees what was paid, not the books
            lines = visit.sudo().invoice_line_ids.filtered(
                lambda line: line.parent_state == "posted" and not line.is_downpayment
            )
            total = 0
            for move, own in lines.grouped("move_id").items():
                if move not in parts:
                    parts[move] = visit._parts_of(move)
                total += sum(parts[move].get(line, 0) for line in own)
            visit._assign_changed(amount_total=visit.currency_id.round(total))
            visit._assign_changed(payment_state=visit._payment_state_of(lines))

    def _parts_of(self, move):
        """What each line of a bill came to, less what credit notes gave back of it.

        A credit note without a bill counts by itself.
        """
        if move.move_type == "out_invoice":
            return self.env["salon.refund"]._get_left(move)
        if move.reversed_entry_id.state == "posted":
            return {}
        return {line: -amount for line, amount in move._get_salon_line_totals().items()}

    def _payment_state_of(self, lines):
        """One word for the posted bill lines of a visit."""
        invoices = lines.move_id.filtered(lambda move: move.move_type == "out_invoice")
        if not invoices:
            return "no_bill"
        refunds = lines.move_id - invoices
        if refunds and self.currency_id.is_zero(self.amount_total):
            return "refunded"
        reached = set(invoices.mapped("payment_state"))
        if reached <= {"paid", "in_payment", "reversed"}:
            return "paid"
        if reached == {"not_paid"}:
            return "not_paid"
        return "partial"

    @api.depends("client_id.phone", "branch_id.stylist_client_phone")
    @api.depends_context("uid")
    def _compute_client_phone(self):
        for visit in self:
            visit.client_phone = visit.client_id._get_salon_phone(visit.branch_id)

    @api.depends("name", "client_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for visit in self:
            client = visit.client_id._get_salon_name() or self.env._("Walk-in")
            visit.display_name = f"{visit.name} · {client}"

    def _compute_access_url(self):
        super()._compute_access_url()
        for visit in self:
            visit.access_url = f"/my/visits/{visit.id}"

    @api.model_create_multi
    def create(self, vals_list):
        numberless = [vals for vals in vals_list if vals.get("name", "/") == "/"]
        for vals, name in zip(
            numberless, self._next_numbers(len(numberless)), strict=True
        ):
            vals["name"] = name
        # The history of states says who booked; a note in the chatter would repeat it,
        # and no clerk wants to follow every visit that he books.
        visits = super(
            SalonVisit,
            self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True),
        ).create(vals_list)
        return visits.with_env(self.env)

    @api.model
    def _next_numbers(self, count):
        """Visit numbers, all in one query where the sequence allows that."""
        if not count:
            return []
        sequences = self.env["ir.sequence"]
        sequences.flush_model(
            [
                "active",
                "code",
                "company_id",
                "implementation",
                "padding",
                "prefix",
                "suffix",
                "use_date_range",
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """WITH sequence AS (
                    SELECT id, prefix, suffix, padding,
                           implementation = 'standard'
                           AND use_date_range IS NOT TRUE AS is_plain
                      FROM ir_sequence
                     WHERE code = 'salon.visit' AND active
                       AND (company_id = %s OR company_id IS NULL)
                  ORDER BY company_id NULLS LAST LIMIT 1)
                SELECT id, prefix, suffix, padding,
                       CASE WHEN is_plain THEN nextval(
                           'ir_sequence_'
                           || lpad(id::text, GREATEST(length(id::text), 3), '0')
                       ) END
                  FROM sequence, generate_series(1, %s)""",
                self.env.company.id,
                count,
            )
        )
        if not rows:
            return ["/"] * count
        sequence_id, prefix, suffix, padding, number = rows[0]
        if number is None:
            # sudo: ir.sequence - whoever may book may number the visit
            sequence = sequences.sudo().browse(sequence_id)
            return [sequence.next_by_id() for _number in range(count)]
        prefix, suffix = prefix or "", suffix or ""
        if "%" in prefix + suffix:
            # A part of the date.
            sequence = sequences.new({"prefix": prefix, "suffix": suffix})
            prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{padding}d}{suffix}" for *_facts, number in rows]

    def write(self, vals):
        vals = dict(vals)
        state = vals.pop("state", None)
        if {"branch_id", "client_id"} & vals.keys():
            self._check_not_billed(vals)
        booking = self.env["salon.booking"]
        days_before = freed = frozenset()
        if "branch_id" in vals:
            days_before = booking._days(self.appointment_ids)
            freed = self.appointment_ids._freed_days()
        self.env["salon.board"]._tell_appointments(self.appointment_ids)
        result = super().write(vals) if vals else True
        if "branch_id" in vals:
            # The rules were asked before the change only.
            self.check_access("write")
            booking._reoccupy(self.appointment_ids, days_before)
            self.appointment_ids._tell_freed(freed)
        if state:
            self._set_state(state)
        return result

    @api.model
    def _get_team_fields(self):
        chatter = {name for name in self._fields if name.startswith("message_")}
        return TEAM_FIELDS | chatter

    def _check_not_billed(self, vals):
        """A bill names client and branch, so a billed visit keeps both."""
        for visit in self:
            # sudo: account.move.line - the desk has no accounting rights
            if not visit.sudo().invoice_line_ids and not visit.order_id:
                continue
            for name in ("branch_id", "client_id"):
                if name in vals and vals[name] != visit[name].id:
                    raise UserError(
                        self.env._(
                            "%(visit)s has a bill, so its client and branch stay. "
                            "Refund the bill and book a new visit instead.",
                            visit=visit.display_name,
                        )
                    )

    def unlink(self):
        # The database deletes the appointments.
        freed = self.appointment_ids._free_before_unlink()
        result = super().unlink()
        self.env["salon.appointment"]._tell_freed(freed)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_through_appointments(self):
        self.appointment_ids._unlink_except_happened()
        # sudo: sale.order, account.move.line - the desk has no rights on bills
        billed = self.filtered(
            lambda visit: visit.sudo().order_id or visit.sudo().invoice_line_ids
        )
        if billed:
            raise UserError(
                self.env._(
                    "%(visit)s has a bill and cannot be deleted. Refund the bill and "
                    "cancel the visit instead.",
                    visit=billed[0].display_name,
                )
            )

    def _set_state(self, state, reason=None):
        """Move every live appointment; appointments already lost stay lost.

        A visit without appointments (somebody only bought a product) just moves.
        """
        for visit in self:
            live = visit.appointment_ids.filtered(lambda a: a.state not in states.LOST)
            (live or visit.appointment_ids)._set_state(state, reason)
        super(SalonVisit, self.filtered(lambda v: not v.appointment_ids)).write(
            {"state": state}
        )

    def _get_billable_appointments(self):
        """Appointments that a checkout would put on the bill."""
        return self.appointment_ids.filtered(
            lambda a: a.state not in states.LOST and not a.is_billed
        )

    def action_confirm(self):
        self._set_state("confirmed")

    def action_arrive(self):
        self._set_state("arrived")

    def action_start(self):
        self._set_state("in_service")

    def action_done(self):
        self._set_state("done")

    def action_no_show(self):
        self._set_state("no_show")

    def action_cancel(self):
        return self.env["salon.cancel.wizard"]._open(self.appointment_ids)

    def action_reopen(self):
        self.appointment_ids.action_reopen()

    def action_checkout(self):
        """Open the checkout dialog for these visits together."""
        return self.env["salon.checkout.wizard"]._open(self)

    def action_take_payment(self):
        """Open the dialog for what is still to be paid."""
        return self.env["salon.payment.wizard"]._open(self)

    # rpc: _open checks who asks
    def action_refund(self):
        """Open the dialog in which money is given back."""
        return self.env["salon.refund.wizard"]._open(self)

    def action_print_visit_card(self):
        return self.env.ref("salon_booking.salon_visit_card_action").report_action(self)

    def action_view_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {**action, "domain": [("id", "in", self.invoice_ids.ids)]}

    @api.model
    def _portal_domain(self):
        """What the signed-in client may see: own visits, nobody else's."""
        return [("client_id", "=", self.env.user.partner_id.id)]

    @api.model
    def _portal_count(self):
        # sudo: salon.visit - clients have no access to the model, only to these pages
        return self.sudo().search_count(self._portal_domain())

    @api.model
    def _portal_page(self, limit, offset):
        # sudo: salon.visit - clients have no access to the model, only to these pages
        return self.sudo().search(self._portal_domain(), limit=limit, offset=offset)

    @api.model
    def _portal_find(self, visit_id, access_token=None):
        """The visit in sudo when it is the client's own or the token fits, else empty.

        "Not yours" and "does not exist" give the same answer.
        """
        # sudo: salon.visit - clients have no access to the model, only to these pages
        visit = self.sudo().browse(visit_id).exists()
        if not isinstance(access_token, str):
            access_token = ""
        token = visit.access_token
        if token and access_token and consteq(token, access_token):
            return visit if visit._is_link_alive() else self.browse()
        if self.env.user._is_public():
            return self.browse()
        return visit.filtered_domain(self._portal_domain())

    def _is_link_alive(self):
        """A link in an old message must not open a visit for ever."""
        self.ensure_one()
        last = self.stop or self.create_date
        return last > fields.Datetime.subtract(fields.Datetime.now(), days=LINK_DAYS)
