from odoo import api, fields, models

from ..engine import clock, states

#: Minutes of notice of a deposit that is never given back.
NEVER = -1


class SalonVisit(models.Model):
    """What is paid in advance, and what is owed by whoever does not come."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    deposit_asked = fields.Monetary(
        readonly=True,
        copy=False,
        help="By the deposit rules, when the visit was booked.",
    )
    deposit_refund_minutes = fields.Integer(
        readonly=True,
        copy=False,
        help="Minutes before the start until which the deposit is given back.",
    )
    deposit_refund_until = fields.Datetime(
        "Given Back Until",
        compute="_compute_deposit_refund_until",
        store=True,
        copy=False,
        help="Follows a visit that is moved in time. Once it has passed, a paid "
        "deposit stays with the salon, wherever the visit is moved.",
    )
    deposit_order_id = fields.Many2one(
        "sale.order",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="salon_booking.group_salon_receptionist",
    )
    deposit_held = fields.Monetary(
        compute="_compute_deposit",
        store=True,
        copy=False,
        help="What the salon has been paid in advance and not billed or given back.",
    )
    deposit_state = fields.Selection(
        [
            ("missing", "Deposit missing"),
            ("paid", "Deposit paid"),
            ("open", "To be kept or given back"),
            ("settled", "Settled"),
        ],
        compute="_compute_deposit",
        store=True,
        copy=False,
    )
    is_late_cancellation = fields.Boolean("Cancelled Late", readonly=True, copy=False)
    fee_asked = fields.Monetary("Fee", readonly=True, copy=False)
    fee_state = fields.Selection(
        [
            ("due", "Fee due"),
            ("charged", "Charged"),
            ("waived", "Waived"),
            ("forgiven", "Forgiven"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    fee_reason = fields.Char("Why It Was Waived", readonly=True, copy=False)
    fee_order_id = fields.Many2one(
        "sale.order",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="salon_booking.group_salon_receptionist",
    )

    @api.depends("start", "deposit_asked", "deposit_held", "deposit_refund_minutes")
    def _compute_deposit_refund_until(self):
        now = fields.Datetime.now()
        for visit in self:
            before = visit.deposit_refund_until
            if before and before < now and visit.deposit_held:
                visit.deposit_refund_until = before
                continue
            minutes = visit.deposit_refund_minutes
            has_deposit = visit.deposit_asked or visit.deposit_held
            visit._assign_changed(
                deposit_refund_until=clock.to_utc(
                    clock.to_minutes(visit.start) - minutes
                )
                if has_deposit and visit.start and minutes != NEVER
                else False
            )

    @api.depends(
        "deposit_asked",
        "state",
        "invoice_line_ids.is_downpayment",
        "invoice_line_ids.price_total",
        "invoice_line_ids.parent_state",
        "invoice_line_ids.move_id.payment_state",
    )
    def _compute_deposit(self):
        for visit in self:
            # sudo: account.move.line - the desk sees what was paid, not the books
            lines = visit.sudo().invoice_line_ids.filtered(
                lambda line: line.is_downpayment and line.parent_state == "posted"
            )
            lines -= lines.move_id._get_unpaid_deposits().invoice_line_ids
            held = sum(
                -line.price_total
                if line.move_id.move_type == "out_refund"
                else line.price_total
                for line in lines
            )
            state = False
            if lines and visit.currency_id.is_zero(held):
                state = "settled"
            elif lines:
                state = "paid" if visit.state not in states.LOST else "open"
            elif visit.deposit_asked and visit._is_awaited():
                state = "missing"
            visit._assign_changed(deposit_held=held)
            visit._assign_changed(deposit_state=state)

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._ask_deposits()
        return visits

    def _ask_deposits(self):
        """Keep what the rules ask for visits that are just booked."""
        asked = self.env["salon.deposit"]._ask(self)
        for visit in self:
            deposit = asked.get(visit.id)
            if deposit and deposit.amount:
                # sudo: salon.visit - what is asked is worked out by the system
                visit.sudo().write(visit._prepare_deposit_values(deposit))
            elif visit.deposit_asked:
                # sudo: salon.visit - as above
                visit.sudo().write({"deposit_asked": 0, "deposit_refund_minutes": 0})

    def _is_client_proven(self):
        """Whether what the salon knows of the client may decide what is asked."""
        return True

    def _prepare_deposit_values(self, deposit):
        notice = deposit.refund_notice
        return {
            "deposit_asked": self.env["salon.deposit"]._to_amount(
                deposit.amount, self.currency_id
            ),
            "deposit_refund_minutes": NEVER if notice is None else notice,
        }

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "deposit_asked",
            "deposit_refund_minutes",
            "deposit_order_id",
            "is_late_cancellation",
            "fee_asked",
            "fee_state",
            "fee_reason",
            "fee_order_id",
        }

    def _get_amount_payable(self):
        """What the services will cost with tax that the client still may come to."""
        self.ensure_one()
        coming = self.appointment_ids.filtered(
            lambda appointment: appointment.state not in states.LOST
        )
        cents = sum(self.env["salon.price"]._with_tax(coming).values())
        return self.env["salon.deposit"]._to_amount(cents, self.currency_id)

    def _is_awaited(self):
        """Whether the client may still come, or is here and not billed."""
        self.ensure_one()
        return self.state not in states.FINAL

    def _deposit_to_keep(self, state):
        """How much of the deposit stays with the salon if the client does not come."""
        self.ensure_one()
        until = self.deposit_refund_until
        in_time = state == states.CANCELLED and until and fields.Datetime.now() <= until
        return 0 if in_time else self.deposit_held

    def action_take_deposit(self):
        """Open the dialog in which a deposit is taken."""
        return self.env["salon.deposit.wizard"]._open(self)

    # rpc: the dialog checks who asks
    def action_payment_link(self):
        """Open the dialog with the links by which clients pay what is open."""
        return self.env["salon.payment.link"]._open(self)

    def action_settle_missed(self):
        """Open the dialog in which a fee is charged or waived, a deposit given back."""
        return self.env["salon.missed.wizard"]._open(self)


class SalonAppointment(models.Model):
    _inherit = "salon.appointment"

    fee_asked = fields.Monetary(
        "Fee",
        readonly=True,
        copy=False,
        help="Of the fee of the visit, for missing this service.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"fee_asked"}

    def _after_state_change(self, previous):
        """However somebody is marked as missing, or that is taken back."""
        super()._after_state_change(previous)
        deposits = self.env["salon.deposit"]
        deposits._withdraw(
            self.visit_id.filtered(lambda visit: visit.state in states.LOST)
        )
        deposits._missed(
            self.filtered(lambda appointment: appointment.state == states.NO_SHOW),
            states.NO_SHOW,
        )
        deposits._forget_missed(
            self.filtered(
                lambda appointment: (
                    previous[appointment.id] in states.LOST
                    and appointment.state not in states.LOST
                )
            )
        )
