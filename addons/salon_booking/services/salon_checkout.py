from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


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
        :param tenders: list of ``{"journal_id", "amount", "reference"}``; less than
            the total leaves a debt of the payer, more is refused unless ``to_balance``
            says so (change is given by the dialog, before it comes here)
        :param extra_lines: list of ``{"product_id", "quantity", "price_unit",
            "discount", "staff_id", "visit_id"}`` for things sold
        :param options: what other addons' steps need, and ``prices``:
            ``{appointment id: {"price_unit", "discount"}}``, ``payer_id``,
            ``tips``: ``[{"staff_id", "amount"}]``, ``to_balance``: an amount,
            ``pays_debts``: earlier bills of the payer first, ``checkout_key``,
            ``give_back_journal_id``: for deposits beyond the bill
        :return: dict of ``order``, ``invoice`` and ``payments``; with a
            ``checkout_key`` that was used before, those of then
        :raises UserError: nothing to bill, or already billed by somebody else
        """
        options = dict(options or {})
        self._check_may_checkout(visits)
        self._lock(visits)
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
        self._check_discounts(visits, appointments, extra_lines, options)
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
        invoice = self._create_invoice(order)
        payments = self.env["salon.till"]._take(
            visits, debts, invoice, tenders, options
        )
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
        order = orders[0]
        headed = orders.order_line.filtered("is_downpayment")
        deposits = headed.filtered(lambda line: not line.display_type)
        (order.order_line - headed).unlink()
        # The host works taxes out anew for another payer; those of a posted down
        # payment have to stay.
        taxes = {line: line.tax_ids for line in deposits}
        deposits.order_id = order
        order.write(values)
        for line in deposits:
            line.tax_ids = taxes[line]
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
        return payer or visits.client_id[:1] or visits.branch_id.walk_in_partner_id

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
    def _create_invoice(self, order):
        """One posted invoice, dated today in the branch."""
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
        invoice.action_post()
        return invoice

    @api.model
    def _get_bill_date(self, order):
        zone = order.salon_branch_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _check_tenders(self, invoice, tenders):
        """Nobody pays more than is due, nor a negative amount."""
        self.env["salon.till"]._check(
            invoice.currency_id,
            tenders,
            [{"amount": invoice.amount_residual, "bill": invoice}],
            [],
        )

    @api.model
    def _register_tender(self, invoice, tender):
        """One posted payment, reconciled with the invoice."""
        branch = tender.get("branch") or invoice.salon_branch_id
        journal = self.env["account.journal"].browse(tender["journal_id"])
        self._check_tender_journal(branch, journal)
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": journal.id,
                    "salon_branch_id": branch.id,
                    "amount": tender["amount"],
                    "currency_id": invoice.currency_id.id,
                    "payment_date": tender.get("date") or invoice.invoice_date,
                    "communication": tender.get("reference") or invoice.name,
                }
            )
        )
        return register._create_payments()

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
    def _take_payment(self, visits, tender):
        """Take money later, for what is still open on the bills; the oldest first.

        :param tender: ``{"journal_id", "amount", "reference"}``
        :return: account.payment
        :raises UserError: more than is open, or nothing
        """
        self._check_may_checkout(visits)
        self._lock(visits)
        # sudo: account.move - the desk holds no accounting rights; what it may do is
        # checked above and limited to the bills of these visits
        self = self.sudo().with_company(visits.company_id)
        invoices = self._get_open_bills(visits)
        currency = visits.company_id.currency_id
        due = sum(invoices.mapped("amount_residual"))
        if currency.compare_amounts(tender["amount"], 0) <= 0:
            raise UserError(self.env._("Enter the amount that was paid."))
        if currency.compare_amounts(tender["amount"], due) > 0:
            raise UserError(
                self.env._(
                    "Only %(due)s is still open for %(visits)s. Lower the amount.",
                    due=currency.format(due),
                    visits=", ".join(visits.mapped("display_name")),
                )
            )
        zone = visits.branch_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=zone))
        left = tender["amount"]
        payments = self.env["account.payment"]
        for invoice in invoices:
            share = min(left, invoice.amount_residual)
            if currency.is_zero(share):
                break
            payments |= self._register_tender(
                invoice, {**tender, "amount": share, "date": today}
            )
            left -= share
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
