from psycopg2.errors import SerializationFailure

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import states
from ..engine import tenders as tenders_engine


class SalonCheckout(models.AbstractModel):
    """From visits to the host's documents, in one transaction, all or nothing:
    sale order, posted invoice, reconciled payments.

    Every step is a method of its own, to be extended by ``_inherit``.
    """

    _name = "salon.checkout"
    _description = "Salon Checkout Service"

    @api.model
    def _checkout(self, visits, tenders=(), extra_lines=(), options=None):
        """Bill these visits together and take the money.

        :param visits: salon.visit of one branch, paid by one payer
        :param tenders: list of ``{"journal_id", "amount", "reference"}``, amounts in
            the currency of the journal; less than the total leaves a debt of the payer,
            more is refused unless ``to_balance`` says so (change is given by the
            dialog, before it comes here; for another currency see ``change``)
        :param extra_lines: list of ``{"product_id", "quantity", "price_unit",
            "discount", "staff_id", "visit_id"}`` for things sold
        :param options: what other addons' steps need, and ``prices``:
            ``{appointment id: {"price_unit", "discount"}}``, ``payer_id``,
            ``tips``: ``[{"staff_id", "amount"}]``, ``to_balance``: an amount,
            ``pays_debts``: earlier bills of the payer first, ``checkout_key``,
            ``give_back_journal_id``: for deposits beyond the bill,
            ``payment_term_id``: by which the rest falls due,
            ``tab_reason``: why more than the limit may be left open, ``change``:
            ``{"journal_id", "amount"}`` that goes back for cash of another currency,
            ``on_tab``: tips are paid first, as the bill will not be paid wholly,
            ``rounds_cash``: the bill is rounded as the branch does for cash,
            ``fee_visit_ids``: missed visits whose fee is charged and paid first
        :return: dict of ``order``, ``invoice`` and ``payments``; with a
            ``checkout_key`` that was used before, those of then
        :raises UserError: nothing to bill, or already billed by somebody else
        """
        options = dict(options or {})
        payer = self.env["res.partner"].browse(options.get("payer_id") or ())
        self._begin(visits, payer)
        self._check_may_checkout(visits)
        if done := self._find_checkout(visits, options):
            return done
        appointments = visits._get_billable_appointments()
        if not appointments and not extra_lines:
            raise UserError(
                self.env._(
                    "There is nothing left to bill for %(visits)s. Open the bill to "
                    "take a payment, or add something sold.",
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        self._check_gives_nothing_back(extra_lines, options)
        self._check_discounts(visits, appointments, extra_lines, options)
        tab = self.env["salon.debt"]
        # sudo: sale.order, account.move - the desk holds no accounting rights; what it
        # may do is checked above and limited to this bill
        self = self.sudo().with_company(visits.company_id)
        visits = visits.sudo()
        appointments = appointments.sudo()
        order = self._make_order(
            visits,
            self._prepare_order_values(visits, appointments, extra_lines, options),
        )
        visits.order_id = order
        self._apply_order_options(order, options)
        self._confirm_order(order)
        appointments._set_state("done")
        visits.filtered(lambda visit: not visit.appointment_ids)._set_state("done")
        self._deliver(order)
        debts = self._get_debts(order.partner_id, order.company_id, options)
        debts |= self._charge_fees(visits, order.partner_id, options)
        invoice = self._draft_invoice(order)
        if rounding := self._get_cash_rounding(visits.branch_id, tenders, options):
            invoice.invoice_cash_rounding_id = rounding
        self.env["salon.debt"]._put_rest_on_terms(invoice, debts, tenders, options)
        invoice.action_post()
        self.env["salon.deposit"]._use(visits)
        payments = self.env["salon.till"]._take(
            visits, debts, invoice, tenders, options
        )
        tab._check_tab(visits.branch_id, invoice, options)
        self._after_checkout(visits, order, invoice, payments)
        return {"order": order, "invoice": invoice, "payments": payments}

    @api.model
    def _check_may_checkout(self, visits):
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_receptionist"
        ):
            raise AccessError(self.env._("Checking out is for the front desk."))
        visits.check_access("write")
        if not visits:
            raise UserError(self.env._("Choose a visit to check out."))
        if len(visits.branch_id) > 1:
            raise UserError(
                self.env._(
                    "One bill belongs to one branch, but these visits are in "
                    "%(branches)s. Check them out one after the other.",
                    branches=", ".join(visits.branch_id.mapped("name")),
                )
            )

    @api.model
    def _begin(self, visits, payer=None):
        """Lock these visits and their clients, before anything was read or decided.

        The first clerk writes on the locked rows, so a second one has to begin anew to
        see the bill. The host repeats him after a while; here it is done at once, as
        long as nothing was written. What a client has (balance, points, figures)
        changes with each bill, so two bills of one client come one after the other.

        :param payer: res.partner, if not who pays for these clients anyway
        """
        payer = payer or self.env["res.partner"]
        if self._get_locked() >= self._keys_of(visits, payer):
            return
        self.env.flush_all()
        self.env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        [is_untouched] = self.env.cr.fetchone()
        try:
            self._lock_with_clients(visits, payer)
        except SerializationFailure:
            if not is_untouched:
                raise
            self.env.cr.rollback()
            self.env.transaction.reset()
            self._lock_with_clients(visits, payer)

    @api.model
    def _lock_with_clients(self, visits, payer):
        """In this order everywhere: who changes a state has the visit, too.

        With them what shares a bill with them, and what is open of who pays, as one
        payment may settle it all.
        """
        # sudo: salon.visit, salon.branch - whose visits they are; nobody waits for
        # another client without a name
        clients = visits.sudo().client_id
        payers = payer - visits.sudo().branch_id.walk_in_partner_id
        if clients:
            payers |= clients._get_salon_payer()
        if not visits or not payers:
            self._lock(visits)
            self._get_locked().update(self._keys_of(visits, payer))
            return
        self.env.cr.execute(
            SQL(
                """SELECT id, client_id FROM salon_visit
                    WHERE id IN (
                          SELECT id FROM salon_visit WHERE id IN %(visits)s
                           UNION
                          SELECT other.salon_visit_id
                            FROM account_move_line line
                            JOIN account_move_line other ON other.move_id = line.move_id
                           WHERE line.salon_visit_id IN %(visits)s
                           UNION
                          SELECT line.salon_visit_id
                            FROM account_move bill
                            JOIN account_move_line line ON line.move_id = bill.id
                           WHERE bill.partner_id IN %(payers)s
                             AND bill.state = 'posted'
                             AND bill.payment_state IN ('not_paid', 'partial')
                           UNION
                          SELECT id FROM salon_visit
                           WHERE client_id IN %(payers)s AND fee_state = 'due')
                    ORDER BY id FOR NO KEY UPDATE""",
                visits=tuple(visits.ids),
                payers=tuple((payers | clients).ids),
            ),
            log_exceptions=False,
        )
        locked = self.env.cr.fetchall()
        concerned = {client_id for _visit, client_id in locked if client_id}
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id IN %s ORDER BY id "
                "FOR NO KEY UPDATE",
                tuple(concerned.union((clients | payers).ids)),
            ),
            log_exceptions=False,
        )
        self._get_locked().update(self._keys_of(visits, clients | payers | payer))

    @api.model
    def _get_locked(self):
        """Keys of the visits and clients that this transaction has locked.

        Not asked for again: what it has changed meanwhile would add visits, which have
        to come before the clients.
        """
        # The only place that lasts as long as the locks: flushing clears the others.
        return self.env.cr.postcommit.data.setdefault("salon_locked", set())

    @api.model
    def _keys_of(self, *records):
        return {(own._name, record_id) for own in records for record_id in own.ids}

    @api.model
    def _begin_books(self, moves):
        """Whoever changes on the host's screens what is paid of bills takes the locks
        of the desk first; in another order the two would meet in a deadlock."""
        # sudo: account.move - whose bills they are, whoever works on them
        bills = moves.sudo().filtered(
            lambda move: move.salon_branch_id and move.is_sale_document()
        )
        if bills and not self._get_locked():
            self._begin(bills.invoice_line_ids.salon_visit_id, bills.partner_id)

    @api.model
    def _lock(self, visits):
        """Make a second clerk wait here; his transaction then starts anew.

        The first one writes the bill on the locked rows, so the host retries the second
        one, which finds the visits billed: nothing is ever billed twice.
        """
        if not visits:
            return
        self.env.cr.execute(
            SQL(
                "SELECT id FROM salon_visit WHERE id IN %s ORDER BY id "
                "FOR NO KEY UPDATE",
                tuple(visits.ids),
            ),
            log_exceptions=False,
        )

    @api.model
    def _check_gives_nothing_back(self, extra_lines, options):
        """What is below zero on a bill gives money back, whatever discounts may be."""
        user = self.env.user
        if self.env.su or user.has_group("salon_booking.group_salon_refund"):
            return
        lines = [*extra_lines, *options.get("prices", {}).values()]
        if any(
            (line.get("price_unit") or 0) < 0 or line.get("quantity", 1) < 0
            for line in lines
        ):
            raise AccessError(
                self.env._(
                    "Giving money back needs the right to refund; ask your manager."
                )
            )

    @api.model
    def _check_discounts(self, visits, appointments, extra_lines, options):
        """Nobody takes off more than the own role may, or the client has for good."""
        branch = visits.branch_id
        payer = self._get_payer(visits, options)
        limit = max(branch._get_discount_limit(), payer._get_salon_discount())
        if limit >= 100:
            return
        prices = options.get("prices", {})
        lines = [
            (appointment.product_id, appointment.price, prices.get(appointment.id, {}))
            for appointment in appointments
        ]
        for line in extra_lines:
            product = self.env["product.product"].browse(line["product_id"])
            lines.append((product, product.lst_price, line))
        currency = branch.currency_id
        for product, full, line in lines:
            if not self._has_fixed_price(product):
                continue
            price = line.get("price_unit")
            price = full if price is None else price
            net = price * (1 - (line.get("discount") or 0) / 100)
            least = currency.round(full * (1 - limit / 100))
            if currency.compare_amounts(net, least) < 0:
                raise UserError(
                    self.env._(
                        "%(service)s costs %(full)s, and you may take off %(limit)g "
                        "%%: not less than %(least)s. Ask your manager to check out.",
                        service=product.display_name,
                        full=currency.format(full),
                        limit=limit,
                        least=currency.format(least),
                    )
                )

    @api.model
    def _has_fixed_price(self, product):
        """Hook: whether less than the price of a product is a discount."""
        return True

    @api.model
    def _find_checkout(self, visits, options):
        """What a checkout with the same key has made, whose answer got lost."""
        key = options.get("checkout_key")
        # sudo: sale.order - bills of these visits only
        orders = self.env["sale.order"].sudo()
        order = key and orders.search([("salon_checkout_key", "=", key)])
        if not order or not order.order_line.salon_visit_id <= visits:
            return None
        invoice = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )[:1]
        return {
            "order": order,
            "invoice": invoice,
            "payments": invoice.matched_payment_ids,
        }

    @api.model
    def _get_debts(self, payer, company, options):
        """Earlier bills to be paid first, the oldest first."""
        if not options.get("pays_debts"):
            return self.env["account.move"]
        return payer._get_salon_debts(company)

    @api.model
    def _prepare_order_values(self, visits, appointments, extra_lines, options):
        branch = visits.branch_id
        payer = self._get_payer(visits, options)
        prices = options.get("prices", {})
        lines = [
            self._prepare_appointment_line(appointment, prices.get(appointment.id, {}))
            for appointment in appointments
        ] + [self._prepare_extra_line(line, visits) for line in extra_lines]
        return {
            "partner_id": payer.id,
            "company_id": branch.company_id.id,
            "pricelist_id": self._get_pricelist(payer, branch.company_id).id,
            "salon_branch_id": branch.id,
            "origin": ", ".join(visits.mapped("name")),
            "user_id": self.env.uid,
            "salon_checkout_key": options.get("checkout_key"),
            "order_line": [Command.create(line) for line in lines],
        }

    @api.model
    def _make_order(self, visits, values):
        """A draft order; the one on which a deposit was taken, where there is one.

        Its services may have changed since; deposits of several visits are gathered.
        """
        orders = visits.deposit_order_id.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        if not orders:
            return self.env["sale.order"].create(values)
        self.env["salon.deposit"]._withdraw(visits)
        order = orders[0]
        headed = orders.order_line.filtered("is_downpayment")
        deposits = headed.filtered(lambda line: not line.display_type)
        (order.order_line - headed).unlink()
        # The host works taxes out anew for another payer; those of a posted down
        # payment have to stay, and those of the new lines are what they say.
        taxes = {line: line.tax_ids for line in deposits}
        deposits.order_id = order
        order.write({name: values[name] for name in values if name != "order_line"})
        for line in deposits:
            line.tax_ids = taxes[line]
        order.write({"order_line": values["order_line"]})
        (orders - order)._action_cancel()
        return order

    @api.model
    def _get_pricelist(self, payer, company):
        """The payer's, unless it would put prices of ours into another currency."""
        pricelist = payer.with_company(company).property_product_pricelist
        same = pricelist.currency_id == company.currency_id
        return pricelist if same else pricelist.browse()

    @api.model
    def _get_payer(self, visits, options):
        payer = self.env["res.partner"].browse(options.get("payer_id") or [])
        own = visits.client_id[:1]._get_salon_payer()
        return payer or own or visits.branch_id.walk_in_partner_id

    @api.model
    def _get_family_visits(self, visits, payer):
        """What else of that day and branch the same payer could pay at once."""
        return self.env["salon.visit"].search(
            [
                ("branch_id", "=", visits.branch_id.id),
                ("business_date", "in", list(set(visits.mapped("business_date")))),
                ("payment_state", "=", "no_bill"),
                ("state", "not in", tuple(states.LOST)),
                ("id", "not in", visits.ids),
                ("is_history", "=", False),
                "|",
                ("client_id", "=", payer.id),
                ("client_id.salon_payer_id", "=", payer.id),
            ]
        )

    @api.model
    def _prepare_appointment_line(self, appointment, price):
        return {
            "product_id": appointment.product_id.id,
            "product_uom_qty": 1,
            "price_unit": price.get("price_unit", appointment.price),
            "discount": price.get("discount", 0),
            "salon_visit_id": appointment.visit_id.id,
            "salon_appointment_id": appointment.id,
            "salon_staff_id": appointment.staff_id.id,
        }

    @api.model
    def _prepare_extra_line(self, line, visits):
        if line.get("visit_id") and line["visit_id"] not in visits.ids:
            raise UserError(
                self.env._("What is sold belongs to one of the visits on the bill.")
            )
        values = {
            "product_id": line["product_id"],
            "product_uom_qty": line.get("quantity", 1),
            "discount": line.get("discount", 0),
            "salon_visit_id": line.get("visit_id") or visits[:1].id,
            "salon_staff_id": line.get("staff_id"),
        }
        if line.get("price_unit") is not None:
            values["price_unit"] = line["price_unit"]
        return values

    @api.model
    def _apply_order_options(self, order, options):
        """Hook: change the draft order (certificates, rewards) before it is fixed."""

    @api.model
    def _confirm_order(self, order):
        order.action_confirm()

    @api.model
    def _deliver(self, order):
        """What is billed was done: services count as delivered."""
        for line in order.order_line:
            if line.qty_delivered_method == "manual" and not line.display_type:
                line.qty_delivered = line.product_uom_qty

    @api.model
    def _charge_fees(self, visits, payer, options):
        """Bills of the fees that are asked of the payer for visits that were missed."""
        bills = self.env["account.move"]
        missed = self.env["salon.visit"].browse(options.get("fee_visit_ids") or ())
        if missed and missed - self._get_missed(
            visits.branch_id, payer | visits.client_id
        ):
            raise UserError(
                self.env._(
                    "A fee that is asked with this bill is not due any more. Open the "
                    "checkout again."
                )
            )
        for visit in missed:
            bills |= self.env["salon.deposit"]._charge_with_bill(visit, payer)
        return bills

    @api.model
    def _get_missed(self, branch, clients):
        """Visits of these clients in the branch for which a fee is due, the oldest
        first."""
        return self.env["salon.visit"].search(
            [
                ("fee_state", "=", "due"),
                ("client_id", "in", clients.ids),
                ("branch_id", "=", branch.id),
            ],
            order="start, id",
        )

    @api.model
    def _get_cash_rounding(self, branch, tenders, options):
        """How the branch rounds what is wholly paid in cash, if this bill is."""
        rounding = self.env["account.cash.rounding"]
        if not options.get("rounds_cash"):
            return rounding
        journals = self.env["account.journal"].browse(
            tender["journal_id"] for tender in tenders if tender["amount"]
        )
        is_cash = all(
            journal.type == "cash"
            and not self.env["salon.till"]._get_foreign(branch.company_id, journal)
            for journal in journals
        )
        if not journals or not is_cash:
            raise UserError(
                self.env._("Only what is wholly paid in cash is rounded as cash is.")
            )
        return branch.cash_rounding_id

    @api.model
    def _create_invoice(self, order):
        invoice = self._draft_invoice(order)
        invoice.action_post()
        return invoice

    @api.model
    def _draft_invoice(self, order):
        """One invoice, dated today in the branch, to be posted."""
        invoice = order._create_invoices(final=True)
        if not invoice:
            raise UserError(
                self.env._(
                    "%(order)s gave no invoice: check the invoicing policy of what is "
                    "sold.",
                    order=order.name,
                )
            )
        invoice.invoice_date = self._get_bill_date(order)
        return invoice

    @api.model
    def _get_bill_date(self, order):
        zone = order.salon_branch_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _check_tenders(self, invoice, tenders):
        """Nobody pays more than is due, nor a negative amount.

        :return: the tenders as ``_register_tender`` takes them
        """
        till = self.env["salon.till"]
        due = invoice.amount_residual
        tenders = till._appraise(invoice.company_id, tenders, due, invoice.invoice_date)
        till._check(
            invoice.currency_id, tenders, [{"amount": due, "bill": invoice}], []
        )
        return [
            {
                **tender,
                "amount": tender["value"],
                "amount_currency": tender["foreign"] and tender["amount"],
            }
            for tender in tenders
        ]

    @api.model
    def _register_tender(self, invoice, tender):
        """One posted payment, reconciled with the invoice.

        :param tender: ``journal_id`` and ``amount``, in the currency of the bill; where
            the journal has another one ``amount_currency``, what was handed over, or
            as much as it is at the rate of the day
        """
        branch = tender.get("branch") or invoice.salon_branch_id
        journal = self.env["account.journal"].browse(tender["journal_id"])
        self._check_refund_journal(branch, journal, invoice)
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": journal.id,
                    "salon_branch_id": branch.id,
                    "payment_date": tender.get("date") or invoice.invoice_date,
                    "communication": tender.get("reference") or invoice.name,
                    "salon_reference": tender.get("reference"),
                    **self._prepare_money(invoice, journal, tender),
                }
            )
        )
        return register._create_payments()

    @api.model
    def _prepare_money(self, invoice, journal, tender):
        """Amount and currency of a payment; its value when that is not the bill's."""
        amount = tender["amount"]
        company, own = invoice.company_id, invoice.currency_id
        foreign = self.env["salon.till"]._get_foreign(company, journal)
        if not foreign or own != company.currency_id:
            return {"amount": amount, "currency_id": own.id}
        handed = tender.get("amount_currency")
        if not handed:
            self.env["salon.till"]._check_rate(company, foreign)
            date = tender.get("date") or invoice.invoice_date
            handed = own._convert(amount, foreign, company, date)
        return {"amount": handed, "currency_id": foreign.id, "salon_value": amount}

    @api.model
    def _check_tender_journal(self, branch, journal):
        accepted = branch._get_tender_journals() | branch._get_settlement_journals()
        if journal not in accepted:
            raise UserError(
                self.env._(
                    "%(branch)s does not take payments in %(journal)s. Add it to the "
                    "tenders of the branch.",
                    branch=branch.name,
                    journal=journal.display_name,
                )
            )

    @api.model
    def _check_refund_journal(self, branch, journal, bill):
        """Money may always go back the way it came, such as online.

        :param bill: what is paid, or the credit note of what was
        """
        # sudo: account.payment - in which tenders the bill was paid
        paid_with = bill.sudo().reversed_entry_id.matched_payment_ids.journal_id
        if journal not in paid_with:
            self._check_tender_journal(branch, journal)

    @api.model
    def _take_payment(self, visits, tender):
        """Take money later, for what is still open on the bills; the oldest first.

        :param tender: ``{"journal_id", "amount", "reference"}``, the amount in the
            currency of the journal
        :return: account.payment
        :raises UserError: more than is open, or nothing
        """
        self._begin(visits)
        self._check_may_checkout(visits)
        # sudo: account.move - the desk holds no accounting rights; what it may do is
        # checked above and limited to the bills of these visits
        self = self.sudo().with_company(visits.company_id)
        invoices = self._get_open_bills(visits)
        currency = visits.company_id.currency_id
        due = sum(invoices.mapped("amount_residual"))
        zone = visits.branch_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=zone))
        till = self.env["salon.till"]
        tenders = till._appraise(visits.company_id, [tender], due, today)
        paid = sum(tender["value"] for tender in tenders)
        if currency.compare_amounts(paid, 0) <= 0:
            raise UserError(self.env._("Enter the amount that was paid."))
        if currency.compare_amounts(paid, due) > 0:
            raise UserError(
                self.env._(
                    "Only %(due)s is still open for %(visits)s. Lower the amount.",
                    due=currency.format(due),
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        shares = tenders_engine.allocate(
            [till._to_cents(currency, paid)],
            [till._to_cents(currency, bill.amount_residual) for bill in invoices],
        )
        payments = self.env["account.payment"]
        for _place, bill, part in till._share_out(currency, tenders, shares):
            payments |= self._register_tender(
                invoices[bill], {**tenders[0], **part, "date": today}
            )
        return payments

    @api.model
    def _get_open_bills(self, visits):
        """Posted bills of these visits that are not fully paid, the oldest first."""
        # sudo: account.move - the desk sees what is open, not the books
        return (
            visits.sudo()
            .invoice_ids.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.move_type == "out_invoice"
                    and move.amount_residual
                )
            )
            .sorted(lambda move: (move.invoice_date, move.id))
        )

    @api.model
    def _after_checkout(self, visits, order, invoice, payments):
        """Hook: everything is posted; deliver, thank, print."""
