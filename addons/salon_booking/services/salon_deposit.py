from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import clock, deposits, fees, states, tips

#: Which rules hold for a visit that came this way; others are asked for nothing.
CHANNEL_OF = {"desk": "desk", "phone": "desk", "web": "web", "api": "api"}


class SalonDeposit(models.AbstractModel):
    """Money in advance, and what becomes of it when the client does not come.

    A deposit is the host's down payment on the order that becomes the bill: a liability
    until then. Fees and deposits that are kept are bills of their own, from which the
    down payment is taken off.
    """

    _name = "salon.deposit"
    _description = "Deposits and Cancellation Fees"

    @api.model
    def _to_units(self, amount, currency):
        """Whole smallest units of a currency, such as cents."""
        return round(amount / currency.rounding)

    @api.model
    def _to_amount(self, units, currency):
        return currency.round(units * currency.rounding)

    # --- what is asked ---

    @api.model
    def _ask(self, visits):
        """What rules ask for visits: ``{visit id: engine Deposit}``.

        Without a rule for the branch and channel this costs no query; otherwise at most
        one for all clients, if a rule looks at their past.
        """
        asked = {}
        for (branch, source), own in visits.grouped(
            lambda visit: (visit.branch_id, not visit.is_history and visit.source)
        ).items():
            channel = CHANNEL_OF.get(source)
            rules = channel and self.env["salon.deposit.rule"]._find(branch, channel)
            if not rules:
                continue
            # sudo: product.template, res.partner - who books reads neither categories
            # nor what the salon knows of the client
            own = own.sudo()
            known = {}
            if any(rule.looks_back for rule in rules):
                known = self._known_of(own.client_id, branch.company_id)
            exempt = deposits.Client(is_exempt=True)
            for visit in own:
                client = known.get(visit.client_id.id, deposits.Client())
                if visit.client_id.salon_is_deposit_exempt:
                    client = exempt
                if not visit._is_client_proven():
                    client = deposits.Client()
                asked[visit.id] = deposits.ask(
                    self._lines_of(visit), client, channel, rules
                )
        return asked

    @api.model
    def _lines_of(self, visit):
        policies = self.env["salon.booking.policy"]
        appointments = visit.appointment_ids.filtered(
            lambda appointment: appointment.state not in states.LOST
        )
        prices = self.env["salon.price"]._with_tax(appointments)
        return [
            deposits.Line(
                service=appointment.product_id.product_tmpl_id.id,
                categories=policies._lineage(appointment.product_id.product_tmpl_id),
                price=prices[appointment.id],
                minutes=appointment.duration_minutes,
            )
            for appointment in appointments
        ]

    @api.model
    def _known_of(self, clients, company):
        """What clients did in the whole chain within the last twelve months.

        :return: ``{id: engine Client}``
        """
        if not clients:
            return {}
        self.env["salon.visit"].flush_model(
            ["client_id", "company_id", "state", "start", "is_late_cancellation"]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT visit.client_id,
                          count(*) FILTER (WHERE visit.state = 'done'),
                          count(*) FILTER (WHERE visit.state = 'no_show'),
                          count(*) FILTER (WHERE visit.is_late_cancellation),
                          (array_agg(
                              visit.state = 'no_show'
                              OR visit.is_late_cancellation IS TRUE
                              ORDER BY visit.start DESC))[1]
                     FROM salon_visit visit
                     JOIN res_company company ON company.id = visit.company_id
                    WHERE visit.client_id = ANY(%s)
                      AND split_part(company.parent_path, '/', 1)::int = %s
                      AND visit.start >= %s
                      AND (visit.state IN ('done', 'no_show')
                           OR visit.is_late_cancellation)
                 GROUP BY visit.client_id""",
                clients.ids,
                # sudo: res.company - who books need not know of which chain it is
                company.sudo().root_id.id,
                fields.Datetime.subtract(fields.Datetime.now(), months=12),
            )
        )
        return {
            client: deposits.Client(visits, no_shows, late, missed_last)
            for client, visits, no_shows, late, missed_last in rows
        }

    @api.model
    def _fee_of(self, visit, appointments, state):
        """The engine Fee for a client who does not come to these appointments.

        :param state: cancelled (now) or no_show
        """
        # sudo: salon.visit - clients who cancel online do not read earlier ones
        visit = visit.sudo()
        now = clock.to_minutes(fields.Datetime.now())
        start = min(appointments.mapped("start"))
        notice = (
            fees.NO_SHOW if state == states.NO_SHOW else clock.to_minutes(start) - now
        )
        ladder = self.env["salon.fee.ladder"]._find(visit.branch_id)
        price = sum(self.env["salon.price"]._with_tax(appointments).values())
        today = fields.Date.context_today(self.with_context(tz=visit.branch_id.tz))
        earlier = self._missed_days(visit) if ladder.forgiven else ()
        return fees.fee(ladder, price, notice, today, earlier)

    @api.model
    def _missed_days(self, visit):
        """Days on which the client of a visit missed another one."""
        if not visit.client_id:
            return []
        earlier = self.env["salon.visit"].search_fetch(
            [
                ("client_id", "=", visit.client_id.id),
                ("company_id", "=", visit.company_id.id),
                ("id", "!=", visit.id),
                "|",
                ("state", "=", "no_show"),
                ("is_late_cancellation", "=", True),
            ],
            ["business_date"],
        )
        return [date for date in earlier.mapped("business_date") if date]

    # --- documents ---

    @api.model
    def _take(self, visit, tenders):
        """Take a deposit: a posted and paid down payment invoice.

        :param tenders: as for a checkout
        :return: account.move
        :raises UserError: nothing is given, more than the price, or the visit is over
        """
        checkout = self.env["salon.checkout"]
        checkout._check_may_checkout(visit)
        visit.ensure_one()
        checkout._begin(visit)
        missing = max(visit.deposit_asked - visit.deposit_held, 0)
        tenders = self.env["salon.till"]._appraise(
            visit.company_id, tenders, missing, fields.Date.context_today(self)
        )
        amount = sum(tender["value"] for tender in tenders)
        self._check_amount(visit, amount)
        # sudo: sale.order, account.move - the desk holds no accounting rights; what it
        # may do is checked above and limited to this deposit
        self, visit = self.sudo().with_company(visit.company_id), visit.sudo()
        checkout = self.env["salon.checkout"]
        invoice = self._make_down_payment(visit, amount)
        for tender in tenders:
            money = {"amount": tender["value"], "amount_currency": tender["amount"]}
            checkout._register_tender(invoice, {**tender, **money})
        return invoice

    @api.model
    def _request(self, visit, amount):
        """Ask for a deposit that the client pays by link.

        :return: the posted down payment invoice; until it is paid nothing is held
        """
        checkout = self.env["salon.checkout"]
        checkout._check_may_checkout(visit)
        visit.ensure_one()
        checkout._lock(visit)
        self._check_amount(visit, amount)
        # sudo: account.move - as for a deposit taken at the desk
        self, visit = self.sudo().with_company(visit.company_id), visit.sudo()
        return self._make_down_payment(visit, amount)

    @api.model
    def _withdraw(self, visits):
        """Take back what was asked for in advance and nobody has paid."""
        # sudo: account.move - follows what the caller does with the visits
        visits = visits.sudo().filtered("deposit_order_id")
        asked = visits.invoice_ids._get_unpaid_deposits().filtered(
            lambda bill: bill.payment_state == "not_paid"
        )
        if asked:
            today = fields.Date.context_today(self)
            values = [{"date": today, "invoice_date": today} for _bill in asked]
            asked._reverse_moves(values, cancel=True)

    @api.model
    def _use(self, visits):
        """What a bill has taken off is asked for no longer: should its payment turn out
        not to have come, it is owed."""
        # sudo: account.move - follows what the caller does with the visits
        visits = visits.sudo().filtered("deposit_order_id")
        used = visits.invoice_ids.filtered("is_salon_deposit")
        (used - used._get_unpaid_deposits()).is_salon_deposit = False

    @api.model
    def _get_account(self, company):
        return self.env["salon.accounts"]._ensure(
            company, "salon_deposit_account_id", self.env._("Client deposits")
        )

    @api.model
    def _check_amount(self, visit, amount):
        currency = visit.currency_id
        if not visit._is_awaited():
            raise UserError(
                self.env._(
                    "%(visit)s is over, so no deposit can be taken for it.",
                    visit=visit.display_name,
                )
            )
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter the amount of the deposit."))
        most = visit._get_amount_payable() - visit.deposit_held
        if currency.compare_amounts(amount, most) > 0:
            raise UserError(
                self.env._(
                    "A deposit for %(visit)s can be %(most)s at most, the price that "
                    "is not paid yet. Lower the amount.",
                    visit=visit.display_name,
                    most=currency.format(most),
                )
            )

    @api.model
    def _make_down_payment(self, visit, amount):
        """The posted invoice of a deposit, instead of one that was not paid."""
        self._withdraw(visit)
        if not visit.deposit_order_id:
            visit.deposit_order_id = self.env["sale.order"].create(
                self.env["salon.checkout"]._prepare_order_values(
                    visit, visit._get_billable_appointments(), (), {}
                )
            )
        order = visit.deposit_order_id
        # The host writes notes on order and invoice as the user, who may not.
        dialogs = self.env["sale.advance.payment.inv"].with_user(SUPERUSER_ID)
        dialog = dialogs.create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        invoice = dialog._create_invoices(order.with_env(dialog.env))
        invoice = invoice.with_env(self.env)
        lines = invoice.invoice_line_ids
        lines.sale_line_ids.salon_visit_id = visit
        lines.salon_visit_id = visit
        invoice.is_salon_deposit = True
        invoice.invoice_date = self.env["salon.checkout"]._get_bill_date(order)
        invoice.action_post()
        return invoice

    @api.model
    def _charge(self, visit, amount, tenders=(), give_back_journal=None, payer=None):
        """Bill a fee, less the deposit; give back what of that is left.

        :param amount: of the fee, with tax; 0 gives the whole deposit back
        :param tenders: what the client pays now of the rest; the remainder is a debt
        :param give_back_journal: the tender by which the rest of the deposit goes back
        :param payer: who pays it, if not the client
        :return: the posted bill or credit note
        :raises UserError: the fee is asked already, or money is left without a tender
        """
        checkout = self.env["salon.checkout"]
        checkout._check_may_checkout(visit)
        visit.ensure_one()
        checkout._lock(visit)
        # sudo: sale.order, account.move - the desk holds no accounting rights; what it
        # may do is checked above and limited to this fee
        self, visit = self.sudo().with_company(visit.company_id), visit.sudo()
        checkout = self.env["salon.checkout"]
        options = {"payer_id": payer.id} if payer else {}
        order = checkout._make_order(
            visit, self._prepare_fee_order(visit, amount, options)
        )
        visit.fee_order_id = order
        order.action_confirm()
        checkout._deliver(order)
        move = checkout._create_invoice(order)
        self._use(visit)
        if move.move_type == "out_refund":
            self._pay_out(visit, move, give_back_journal)
        else:
            for tender in checkout._check_tenders(move, tenders):
                checkout._register_tender(move, tender)
        return move

    @api.model
    def _charge_with_bill(self, visit, payer):
        """Charge the fee that is due for a missed visit, paid with another bill.

        In sudo, called by the checkout alone. What is more of a deposit than the fee
        goes onto the balance of the client.

        :return: the posted bill, nothing where the deposit was enough
        """
        self.env["salon.checkout"]._lock(visit)
        if visit.fee_state != "due":
            raise UserError(
                self.env._(
                    "The fee of %(visit)s is not due any more. Open the checkout "
                    "again.",
                    visit=visit.display_name,
                )
            )
        back = visit.company_id._get_salon_balance_journal()
        move = self._charge(visit, visit.fee_asked, give_back_journal=back, payer=payer)
        visit.write({"fee_state": "charged", "fee_reason": False})
        return move.filtered(lambda bill: bill.move_type == "out_invoice")

    @api.model
    def _prepare_fee_order(self, visit, amount, options):
        checkout = self.env["salon.checkout"]
        values = checkout._prepare_order_values(
            visit, visit.appointment_ids[:0], (), options
        )
        if visit.currency_id.is_zero(amount):
            return values
        product = self._get_fee_product(visit.company_id)
        payer = self.env["res.partner"].browse(values["partner_id"])
        line = {
            "product_id": product.id,
            "product_uom_qty": 1,
            "price_unit": self._net_price(product, payer, visit.company_id, amount),
            "salon_visit_id": visit.id,
        }
        return {**values, "order_line": [Command.create(line)]}

    @api.model
    def _get_fee_product(self, company):
        product = self.env.ref("salon_booking.product_cancellation_fee", False)
        if not product:
            raise UserError(
                self.env._(
                    "The product of cancellation fees was deleted. Upgrade Salon "
                    "Booking to get it back."
                )
            )
        return product.with_company(company)

    @api.model
    def _net_price(self, product, payer, company, total):
        """The unit price with which the host's taxes come to this total."""
        position = self.env["account.fiscal.position"]._get_fiscal_position(payer)
        taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
        if all(taxes.mapped("price_include")):
            return total
        details = taxes._get_tax_details(
            total,
            1,
            precision_rounding=company.currency_id.rounding,
            product=product,
            special_mode="total_included",
        )
        return details["total_excluded"]

    @api.model
    def _pay_out(self, visit, move, journal):
        """Give back what is left of a deposit, by one of the branch's tenders."""
        if visit.currency_id.is_zero(move.amount_residual):
            return
        if not journal:
            raise UserError(
                self.env._(
                    "%(rest)s of the deposit of %(visit)s is to be given back. Choose "
                    "how.",
                    rest=visit.currency_id.format(move.amount_residual),
                    visit=visit.display_name,
                )
            )
        self.env["salon.checkout"]._register_tender(
            move, {"journal_id": journal.id, "amount": move.amount_residual}
        )

    # --- when somebody does not come ---

    @api.model
    def _missed(self, appointments, state):
        """Note what a client owes who does not come to these appointments.

        For cancelled ones only when the client is the reason, and before that is done.
        """
        for visit, missed in appointments.grouped("visit_id").items():
            if visit.is_history:
                continue
            fee = self._fee_of(visit, missed, state)
            amount = self._to_amount(fee.amount, visit.currency_id)
            is_late = state == states.CANCELLED and bool(fee.step)
            whole = not (
                visit.appointment_ids.filtered(lambda a: a.state not in states.LOST)
                - missed
            )
            kept = visit._deposit_to_keep(state) if whole else 0
            due = visit.fee_asked if visit.fee_state == "due" else 0
            asked = max(due + amount, kept)
            if not (asked or fee.is_forgiven or is_late):
                continue
            self._share_fee(missed, fee)
            # sudo: salon.visit - what a client owes is worked out by the system
            visit.sudo().write(
                {
                    "is_late_cancellation": is_late,
                    "fee_asked": asked,
                    "fee_state": "due"
                    if asked
                    else "forgiven"
                    if fee.is_forgiven
                    else False,
                }
            )

    @api.model
    def _share_fee(self, appointments, fee):
        """Note on each service its share of the fee, by price to the last cent."""
        currency = appointments.currency_id[:1]
        shares = tips.split(
            fee.amount, [self._to_units(one.price, currency) for one in appointments]
        )
        for appointment, share in zip(appointments, shares, strict=True):
            if share:
                # sudo: salon.appointment - what is owed is worked out by the system
                appointment.sudo().fee_asked = self._to_amount(share, currency)

    @api.model
    def _forget_missed(self, appointments):
        """Who comes after all owes nothing for these; of other services it stays owed.

        :raises UserError: the fee was charged already, and has to be refunded first
        """
        for visit, back in appointments.grouped("visit_id").items():
            if visit.fee_state == "charged":
                raise UserError(
                    self.env._(
                        "The fee of %(visit)s is on a bill. Refund that first, or book "
                        "a new visit.",
                        visit=visit.display_name,
                    )
                )
            if not visit.fee_state and not visit.is_late_cancellation:
                continue
            # sudo: salon.appointment, salon.visit - what is owed is worked out by the
            # system
            visit, back = visit.sudo(), back.sudo()
            back.fee_asked = 0
            lost = visit.appointment_ids.filtered(lambda one: one.state in states.LOST)
            asked = visit.currency_id.round(sum(lost.mapped("fee_asked")))
            values = {"fee_asked": asked}
            if visit.fee_state == "due" or not lost:
                values["fee_state"] = "due" if asked else False
            if states.CANCELLED not in lost.mapped("state"):
                values["is_late_cancellation"] = False
            visit.write(values)

    @api.model
    def _settle(
        self, visit, fee, reason=None, journal=None, paid=0, reference=None, held=None
    ):
        """Charge a fee or waive it; keep or give back the deposit.

        :param fee: what is charged, with tax
        :param reason: why less than asked
        :param journal: the tender of what is paid now or given back
        :param paid: what the client pays now beside the deposit
        :param held: the deposit from which the clerk worked out what changes hands
        """
        visit.check_access("write")
        self.env["salon.checkout"]._begin(visit)
        self._check_held(visit, held)
        self._withdraw(visit)
        self._check_fee(visit, fee, reason)
        currency = visit.currency_id
        if not currency.is_zero(fee) or not currency.is_zero(visit.deposit_held):
            tender = {
                "journal_id": journal.id if journal else False,
                "amount": paid,
                "reference": reference,
            }
            tenders = [] if currency.is_zero(paid) else [tender]
            self._charge(visit, fee, tenders, journal)
        if visit.fee_state:
            # sudo: salon.visit - what became of the fee is kept by the system
            visit.sudo().write(
                {
                    "fee_state": "waived" if currency.is_zero(fee) else "charged",
                    "fee_reason": reason,
                }
            )

    @api.model
    def _check_held(self, visit, held):
        """Nothing else leaves the till than what the clerk was shown."""
        currency = visit.currency_id
        if held is None or not currency.compare_amounts(held, visit.deposit_held):
            return
        raise UserError(
            self.env._(
                "The deposit of %(visit)s was %(before)s and is %(now)s now. Open this "
                "dialog again to see what is to be given back.",
                visit=visit.display_name,
                before=currency.format(held),
                now=currency.format(visit.deposit_held),
            )
        )

    @api.model
    def _check_fee(self, visit, fee, reason):
        currency = visit.currency_id
        if visit.state not in states.LOST:
            raise UserError(
                self.env._(
                    "%(visit)s was not missed. Cancel it first, or mark that nobody "
                    "came.",
                    visit=visit.display_name,
                )
            )
        if visit.fee_state == "charged":
            raise UserError(
                self.env._(
                    "The fee of %(visit)s was charged already.",
                    visit=visit.display_name,
                )
            )
        asked = visit.fee_asked if visit.fee_state == "due" else 0
        if currency.compare_amounts(fee, 0) < 0 or (
            currency.compare_amounts(fee, asked) > 0
        ):
            raise UserError(
                self.env._(
                    "The fee of %(visit)s is %(most)s at most. Lower the amount.",
                    visit=visit.display_name,
                    most=currency.format(asked),
                )
            )
        if currency.compare_amounts(fee, asked) >= 0:
            return
        if not reason:
            raise UserError(self.env._("Say why less than the fee is charged."))
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_override"
        ):
            raise AccessError(
                self.env._(
                    "Waiving a fee needs the right to override booking rules. Ask the "
                    "manager."
                )
            )
