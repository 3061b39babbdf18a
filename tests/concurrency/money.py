"""What clerks do with money at random, and everything that must be true afterwards.

Imported inside Odoo. What a clerk puts into a till or takes out of it is noted from
what was typed in, never from what the suite answers: the sum of these notes is a
ledger of its own, to which the books are held.
"""

import os
import signal
import threading
import uuid
from collections import Counter

from odoo import Command, api, fields, sql_db

CARD, CASH = "bank", "cash"
VISITS = 60
CLIENTS = 8
CENT = 0.01


def make_money(env, clients=CLIENTS):
    """What the salon of these tests needs for money: odd prices, fees, pay, points."""
    from salon_setup import Salon

    salon = Salon(env)
    branch = env["salon.branch"].browse(salon.branches[0])
    branch.desk_discount_limit = 20
    products = env["product.product"].browse(salon.services.values())
    for product, price in zip(products, (33.33, 27.5, 80.01, 9.99), strict=False):
        product.list_price = price
    env["product.product"].create(
        {
            "name": "Rush shampoo",
            "default_code": "goods-shampoo",
            "type": "consu",
            "list_price": 12.49,
            "invoice_policy": "order",
        }
    )
    env["product.product"].create(
        {
            "name": "Rush package",
            "default_code": "goods-package",
            "type": "service",
            "list_price": 100,
            "is_salon_package": True,
            "salon_package_is_shared": True,
            "salon_package_content_ids": [
                Command.create(
                    {
                        "credits": 3,
                        "service_ids": [Command.set(products.product_tmpl_id.ids)],
                    }
                )
            ],
        }
    )
    env["salon.fee.ladder"].create(
        {
            "name": "Whoever does not come",
            "branch_id": branch.id,
            "forgiven": 0,
            "step_ids": [
                # Visits are years ahead, and all of them cancelled too late.
                Command.create({"below_hours": 24 * 3650, "percent": 35}),
                Command.create({"is_no_show": True, "percent": 100}),
            ],
        }
    )
    env["salon.pay.scheme"].create(
        {
            "name": "Rush",
            "service_percentage": 37.5,
            "product_percentage": 10,
            "assignment_ids": [
                Command.create({"staff_id": person, "date_from": "2020-01-01"})
                for person in salon.people
            ],
        }
    )
    manager = env["res.users"].search([("login", "=", "rush_manager")])
    rights = ("undo", "refund", "override")
    manager.group_ids += env["res.groups"].union(
        *(env.ref(f"salon_booking.group_salon_{right}") for right in rights)
    )
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "rush_accountant",
            "login": "rush_accountant",
            "group_ids": [Command.set([env.ref("account.group_account_user").id])],
        }
    )
    for number in range(VISITS):
        book(env, salon, number, clients)


def open_books(env):
    """Make the accounts that bills make when they first need them.

    Until then two of the very first bills may meet in a deadlock: one has the number
    and needs an account, the other one the other way round.
    """
    company = env.company
    company._get_salon_balance_journal()
    company._get_salon_tips_account()
    company._get_salon_package_account()
    company._get_salon_package_unpaid_account()


def limit_debts(env, limit):
    """Nobody may owe more; one of each two clients pays for the other."""
    from salon_setup import Salon

    env["salon.debt.policy"].create({"has_limit": True, "limit": limit})
    clients = env["res.partner"].browse(Salon(env).clients)
    for payer, child in zip(clients[::2], clients[1::2], strict=False):
        child.salon_payer_id = payer


def book(env, salon, number, clients=CLIENTS):
    """A visit of one or two services of one of the few clients."""
    day, place = divmod(number, 10)
    minute, person = 480 + 90 * (place % 5), place // 5 * 2
    wishes = [(("cut", "colour")[number % 2], person, 100 + day, minute)]
    if number % 3 == 0:
        wishes.append(("dry", person + 1, 100 + day, minute))
    return salon.book(env, wishes, client=number % clients)


class Till:
    """One clerk at the till: each method is one thing that happens there.

    It returns what the clerk knows to have taken (above zero) or given:
    ``{"journal id": amount}``, and tips as ``{"tips": amount}``.
    """

    def __init__(self, salon, random, weights=None):
        self.salon = salon
        self.random = random
        self.weights = weights or WEIGHTS
        self.last = self.pending = None

    def step(self, env, note):
        """Do something at random; tell ``note`` what.

        :return: what was taken and given, None when there was nothing to do
        """
        names, weights = zip(*self.weights.items(), strict=True)
        name = self.random.choices(names, weights)[0]
        note.clear()
        note["step"] = name
        self.pending = self.last
        noted = getattr(self, name)(env(user=self._user(env, name)), note)
        self.compare(env, note, noted)
        return noted

    def compare(self, env, note, noted):
        """What this transaction moved in the tills is what the clerk knows."""
        env.flush_all()
        # Another transaction sees what this one saw, and nothing that this one did.
        env.cr.execute("SELECT pg_export_snapshot()")
        [snapshot] = env.cr.fetchone()
        with sql_db.db_connect(env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            before = self._count_tills(cr)
        after = self._count_tills(env.cr)
        moved = {key: after[key] - before[key] for key in before.keys() | after.keys()}
        wanted = {key: round(sum_ * 100) for key, sum_ in (noted or {}).items()}
        wanted.pop("tips", None)
        for key in moved.keys() | wanted.keys():
            assert moved.get(key, 0) == wanted.get(key, 0), f"{note}: {moved} moved"

    @staticmethod
    def _count_tills(cr):
        """``Counter({"journal id": cents})``"""
        cr.execute(MONEY_IN_TILLS)
        return Counter({key: round(amount * 100) for key, amount in cr.fetchall()})

    def remember(self, was_done):
        """What was committed is what can be sent again."""
        self.last = self.pending if was_done else self.last

    def _user(self, env, name):
        login = LOGINS.get(name, "rush_desk")
        return env["res.users"].sudo().search([("login", "=", login)]).id

    # --- what is there ---

    def pick(self, env, domain, count=1):
        visits = env["salon.visit"].search(
            [("branch_id", "=", self.salon.branches[0]), *domain], order="id"
        )
        ids = self.random.sample(visits.ids, min(count, len(visits)))
        return visits.browse(ids)

    def open_visit(self, env, count=1):
        return self.pick(
            env, [("state", "in", ("booked", "arrived", "in_service"))], count
        )

    def journal(self, env, kind):
        branch = env["salon.branch"].sudo().browse(self.salon.branches[0])
        return branch._get_tender_journals().filtered(lambda one: one.type == kind)[:1]

    def tender(self, env, amount, kind=None):
        kind = kind or self.random.choice((CASH, CARD))
        return {"journal_id": self.journal(env, kind).id, "amount": round(amount, 2)}

    def balance_journal(self, env):
        company = env["salon.branch"].sudo().browse(self.salon.branches[0]).company_id
        return company._get_salon_balance_journal()

    def split(self, env, amount):
        """An amount in one tender or two."""
        amount = round(amount, 2)
        if amount < 1 or self.random.random() < 0.5:
            return [self.tender(env, amount)] if amount else []
        first = round(amount * self.random.choice((0.25, 0.5, 0.7)), 2)
        return [self.tender(env, first, CASH), self.tender(env, amount - first, CARD)]

    @staticmethod
    def taken(tenders, sign=1):
        sums = {}
        for tender in tenders:
            key = str(tender["journal_id"])
            sums[key] = round(sums.get(key, 0) + sign * tender["amount"], 2)
        return sums

    # --- what happens ---

    def check_out(self, env, note):
        """One visit or a family; all, a part or more is paid; with tips and debts."""
        visits = self.open_visit(env, self.random.choice((1, 1, 1, 2, 3)))
        if not visits:
            return None
        extra = self._choose_sold(env)
        options = {"checkout_key": uuid.uuid4().hex, **self._choose(env, visits)}
        due = self._due(env, visits, extra, options)
        back = max(-due, 0)
        if back:
            options["give_back_journal_id"] = self.journal(env, CASH).id
        tips = self._tip(visits, options) if self.random.random() < 0.4 else 0
        tenders = self._pay(env, visits, max(due, 0), tips, options)
        note.update(visits=visits.ids, tenders=tenders, extra=extra, options=options)
        result = env["salon.checkout"]._checkout(visits, tenders, extra, dict(options))
        note["order"] = result["order"].id
        self.pending = (visits.ids, tenders, extra, options, result["order"].id)
        sums = self.taken(tenders)
        if back:
            key = str(options["give_back_journal_id"])
            sums[key] = round(sums.get(key, 0) - back, 2)
        return {**sums, "tips": tips}

    def _choose_sold(self, env):
        sold = []
        if self.random.random() < 0.4:
            sold.append(self._sell(env, "goods-shampoo", self.random.choice((1, 2))))
        if self.random.random() < 0.15:
            sold.append(self._sell_certificate(env, self.random.choice((20, 50.01))))
        if self.random.random() < 0.2:
            sold.append(self._sell(env, "goods-package", 1))
        return sold

    def _choose(self, env, visits):
        """A discount, earlier debts, a certificate, points: some of the options."""
        random, payer = self.random, visits.client_id[:1]
        options = {"payer_id": payer.id}
        if random.random() < 0.2:
            options["prices"] = {
                appointment.id: {"price_unit": appointment.price, "discount": 12.5}
                for appointment in visits._get_billable_appointments()
            }
        if random.random() < 0.6:
            proposed = env["salon.packages"]._propose(
                visits._get_billable_appointments()
            )
            options["packages"] = {
                one.id: credit.id for one, credit in proposed.items()
            }
        if random.random() < 0.3 and payer.salon_debt:
            options["pays_debts"] = True
        if random.random() < 0.3 and (code := self._certificate(env)):
            options["certificate_codes"] = [code]
        if random.random() < 0.3 and (reward := self._reward(env, payer)):
            options["rewards"] = [reward]
        return options

    def _tip(self, visits, options):
        options["tips"] = [
            {"staff_id": staff.id, "amount": self.random.choice((1, 2.5, 3.33))}
            for staff in visits.appointment_ids.staff_id
        ]
        return sum(tip["amount"] for tip in options["tips"])

    def _pay(self, env, visits, due, tips, options):
        """All at once, a part of it, more than it, or from the balance."""
        dice, payer = self.random.random(), visits.client_id[:1]
        if options.get("pays_debts"):
            due += payer.salon_debt
        if dice < 0.25 and not tips:
            return self.split(env, due * self.random.choice((0, 0.3, 0.75)))
        if dice < 0.45:
            options["to_balance"] = self.random.choice((5, 10.01))
            return self.split(env, due + tips + options["to_balance"])
        used = min(payer.salon_balance, due) if dice < 0.9 else 0
        tenders = self.split(env, due + tips - used)
        if used:
            journal = self.balance_journal(env)
            tenders.append({"journal_id": journal.id, "amount": used})
        return tenders

    def _sell(self, env, code, quantity):
        product = env["product.product"].search([("default_code", "=", code)])
        return {"product_id": product.id, "quantity": quantity}

    def _sell_certificate(self, env, amount):
        product = env.ref("salon_loyalty.product_certificate")
        return {"product_id": product.id, "quantity": 1, "price_unit": amount}

    def _certificate(self, env):
        cards = (
            env["loyalty.card"]
            .sudo()
            .search([("salon_kind", "=", "certificate"), ("points", ">", 0)])
        )
        return self.random.choice(cards).code if cards else None

    def _reward(self, env, client):
        card = (
            env["loyalty.card"]
            .sudo()
            .search(
                [("salon_kind", "=", "points"), ("partner_id", "=", client.id)], limit=1
            )
        )
        reward = card.program_id.reward_ids[:1]
        if reward and card.points >= reward.required_points:
            return (reward.id, card.id)
        return None

    def _due(self, env, visits, extra, options):
        """What the dialog would say is to be paid: tried, and undone."""
        # Nothing of a trial is kept.
        with env.cr.savepoint() as trial:
            service = env["salon.checkout"].sudo()
            order = env["sale.order"].sudo()
            values = service._prepare_order_values(
                visits.sudo(), visits._get_billable_appointments(), extra, options
            )
            order = order.with_company(visits.company_id).create(
                {**values, "salon_checkout_key": False}
            )
            service._apply_order_options(order, dict(options))
            due = order.amount_total - sum(visits.mapped("deposit_held"))
            trial.rollback()
        env.invalidate_all()
        return round(due, 2)

    def check_out_again(self, env, note):
        """The answer got lost: the same is sent once more, and nothing is taken."""
        if not self.last:
            return None
        ids, tenders, extra, options, order = self.last
        visits = env["salon.visit"].browse(ids)
        note.update(visits=ids, options=options)
        result = env["salon.checkout"]._checkout(visits, tenders, extra, dict(options))
        assert result["order"].id == order, "the same key gave another bill"
        return {}

    def pay_later(self, env, note):
        visit = self.pick(env, [("payment_state", "in", ("not_paid", "partial"))])
        bills = env["salon.checkout"]._get_open_bills(visit)
        due = sum(bills.mapped("amount_residual"))
        if not due:
            return None
        tender = self.tender(env, due * self.random.choice((0.4, 1, 1)))
        note.update(visit=visit.id, tender=tender)
        env["salon.checkout"]._take_payment(visit, tender)
        return self.taken([tender])

    def refund(self, env, note):
        """The whole bill, some lines, or an amount; maybe with the tip, reopened."""
        random = self.random
        visit = self.pick(env, [("payment_state", "in", ("paid", "partial"))])
        service = env["salon.refund"]
        left = service._get_bill_lines(visit)
        if not left:
            return None
        amounts = {line.id: amount for line, amount in left.items()}
        dice = random.random()
        if dice < 0.6:
            amounts = dict(random.sample(list(amounts.items()), 1))
        if dice < 0.3:
            part = random.choice((0.31, 0.5))
            amounts = {
                line: round(amount * part, 2) or amount
                for line, amount in amounts.items()
            }
        # What a package paid goes back with its service.
        amounts = service._with_packages(amounts)
        if not amounts:
            return None
        options = {
            "reason": "Not as wished",
            "takes_tips_back": random.random() < 0.4,
            "reopens": dice > 0.6 and random.random() < 0.5,
        }
        tips = service._get_tips(visit) if options["takes_tips_back"] else []
        tips = sum(amount for _staff, _visit, amount in tips)
        due = self._refund_due(env, amounts) + tips
        if due < 0:
            return None
        kind = random.choice((CASH, CARD, "balance"))
        tenders = self.split(env, due)
        if kind == "balance":
            journal = self.balance_journal(env)
            tenders = [{"journal_id": journal.id, "amount": round(due, 2)}]
        note.update(visit=visit.id, amounts=amounts, tenders=tenders, options=options)
        service._refund(visit, amounts, tenders, dict(options))
        return {**self.taken(tenders, -1), "tips": -tips}

    def _refund_due(self, env, amounts):
        """What is paid out: the credit beyond what is still open on each bill."""
        lines = env["account.move.line"].sudo().browse(amounts)
        due = 0
        for bill, own in lines.grouped("move_id").items():
            credit = sum(amounts[line.id] for line in own)
            due += max(credit - bill.amount_residual, 0)
        return round(due, 2)

    def take_deposit(self, env, note):
        visit = self.open_visit(env)
        most = visit.amount_planned - visit.deposit_held if visit else 0
        if most < 1:
            return None
        tenders = self.split(env, most * self.random.choice((0.2, 0.5, 1)))
        note.update(visit=visit.id, tenders=tenders)
        env["salon.deposit"]._take(visit, tenders)
        return self.taken(tenders)

    def miss(self, env, note):
        """Cancelled too late, or nobody came: a fee is due."""
        visit = self.open_visit(env)
        if not visit:
            return None
        state = self.random.choice(("cancelled", "no_show"))
        note.update(visit=visit.id, state=state)
        if state == "no_show":
            visit.appointment_ids._set_state(state)
        else:
            wizard = env["salon.cancel.wizard"].create(
                {"appointment_ids": [Command.set(visit.appointment_ids.ids)]}
                | {"reason": "Ill", "by_whom": self.random.choice(("client", "salon"))}
            )
            wizard.action_cancel()
        return {}

    def settle_fee(self, env, note):
        """Charged or waived; the deposit kept, its rest given back."""
        visit = self.pick(
            env, ["|", ("fee_state", "=", "due"), ("deposit_state", "=", "open")]
        )
        if not visit:
            return None
        asked = visit.fee_asked if visit.fee_state == "due" else 0
        fee = round(asked * self.random.choice((0, 0.5, 1, 1)), 2)
        held = visit.deposit_held
        paid = round(max(fee - held, 0) * self.random.choice((0, 1)), 2)
        journal = self.journal(env, self.random.choice((CASH, CARD)))
        note.update(visit=visit.id, fee=fee, held=held, paid=paid, journal=journal.id)
        env["salon.deposit"]._settle(
            visit, fee, "A good client", journal=journal, paid=paid, held=held
        )
        return {str(journal.id): round(paid - max(held - fee, 0), 2)}

    def take_back_a_payment(self, env, note):
        """The accountant finds that a card payment never came."""
        payments = env["account.payment"].search(
            [
                ("salon_branch_id", "!=", False),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
            ],
            order="id",
        )
        if not payments:
            return None
        payment = self.random.choice(payments)
        env["salon.checkout"]._begin_books(payment.reconciled_invoice_ids)
        if payment.state not in ("in_process", "paid"):
            # Somebody else took it back while this one waited.
            return None
        note.update(payment=payment.id)
        sums = {str(payment.journal_id.id): -payment.amount}
        sums["tips"] = -payment.amount if payment.salon_staff_id else 0
        payment.action_cancel()
        return sums

    def find_debts(self, env):
        return env["account.move"].search(
            [
                ("salon_branch_id", "!=", False),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
            ],
            order="id",
        )

    def pay_debts_together(self, env, note):
        """One transfer for all that a client owes, in the host's dialog."""
        bills = self.find_debts(env)
        if not bills:
            return None
        client = self.random.choice(bills.partner_id.sorted("id"))
        bills = bills.filtered(lambda bill: bill.partner_id == client)
        note.update(bills=bills.ids)
        amount = sum(bills.mapped("amount_residual"))
        journal = self.journal(env, CARD)
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bills.ids
        )
        register.create(
            {"journal_id": journal.id, "group_payment": True}
        ).action_create_payments()
        return {str(journal.id): amount}

    def reconcile_anew(self, env, note):
        """The accountant takes apart what belongs together, and puts it together."""
        bill = self.pick_paid(env)
        if not bill:
            return None
        note.update(bill=bill.id)
        own = bill.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        others = own.matched_credit_ids.credit_move_id
        own.remove_move_reconcile()
        (own | others).filtered(lambda item: not item.reconciled).reconcile()
        return {}

    def post_anew(self, env, note):
        """A bill goes back to draft, is posted again, and what was paid is assigned."""
        bill = self.pick_paid(env)
        if not bill or bill.line_ids.sale_line_ids.filtered("is_downpayment"):
            return None
        note.update(bill=bill.id)
        own = bill.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        others = own.matched_credit_ids.credit_move_id
        bill.button_draft()
        bill.action_post()
        own = bill.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        for item in others.filtered(lambda item: not item.reconciled):
            bill.js_assign_outstanding_line(item.id)
        return {}

    def pick_paid(self, env):
        """A bill on which payments are, and nothing but payments."""
        bills = env["account.move"].search(
            [
                ("salon_branch_id", "!=", False),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("partial", "paid", "in_payment")),
                ("reversal_move_ids", "=", False),
            ],
            order="id",
        )
        bills = bills.filtered(
            lambda bill: (
                bill.line_ids.matched_credit_ids.credit_move_id.payment_id
                and all(
                    bill.line_ids.matched_credit_ids.credit_move_id.mapped("payment_id")
                )
            )
        )
        return self.random.choice(bills) if bills else None

    def pay_a_debt(self, env, note):
        """The accountant finds the money on the bank account."""
        bills = self.find_debts(env)
        if not bills:
            return None
        bill = self.random.choice(bills)
        journal = self.journal(env, CARD)
        note.update(bill=bill.id, amount=bill.amount_residual)
        amount = bill.amount_residual
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        register.create({"journal_id": journal.id})._create_payments()
        return {str(journal.id): amount}

    def come_again(self, env, note):
        """The pool of visits never runs dry."""
        count = env["salon.visit"].search_count([("name", "!=", "/")])
        note["visit"] = book(env, self.salon, count + self.random.randrange(400))
        return {}


WEIGHTS = {
    "check_out": 30,
    "check_out_again": 5,
    "pay_later": 10,
    "refund": 16,
    "take_deposit": 10,
    "miss": 6,
    "settle_fee": 8,
    "take_back_a_payment": 4,
    "pay_a_debt": 3,
    "come_again": 8,
}
#: At the desk while accountants work on the bills of the same few clients.
DESK = {"check_out": 10, "check_out_again": 1, "pay_later": 4, "come_again": 8}
ACCOUNTING = {
    "take_back_a_payment": 4,
    "pay_a_debt": 3,
    "pay_debts_together": 4,
    "reconcile_anew": 4,
    "post_anew": 3,
}
LOGINS = {
    "pay_debts_together": "rush_accountant",
    "reconcile_anew": "rush_accountant",
    "post_anew": "rush_accountant",
    "refund": "rush_manager",
    "settle_fee": "rush_manager",
    "miss": "rush_manager",
    "take_back_a_payment": "rush_accountant",
    "pay_a_debt": "rush_accountant",
}

#: What must find nothing: `{what it means: query}`.
NEVER = {
    "an entry does not balance": """
        SELECT move_id, sum(balance) FROM account_move_line
         WHERE parent_state = 'posted'
         GROUP BY move_id HAVING sum(balance) <> 0""",
    "something was left half done": """
        SELECT id, name FROM account_move
         WHERE state = 'draft' AND salon_branch_id IS NOT NULL
         UNION ALL
        SELECT id, name FROM sale_order
         WHERE state <> 'sale' AND salon_checkout_key IS NOT NULL""",
    "a bill says something else than the payments reconciled with it": """
        SELECT bill.id, bill.name, bill.amount_total, bill.amount_residual,
               sum(part.amount) AS reconciled
          FROM account_move bill
          JOIN account_move_line item ON item.move_id = bill.id
          JOIN account_account account ON account.id = item.account_id
           AND account.account_type = 'asset_receivable'
     LEFT JOIN LATERAL (
               SELECT coalesce(sum(amount), 0) AS amount
                 FROM account_partial_reconcile
                WHERE item.id IN (debit_move_id, credit_move_id)) part ON TRUE
         WHERE bill.state = 'posted' AND bill.salon_branch_id IS NOT NULL
           AND bill.move_type IN ('out_invoice', 'out_refund')
         GROUP BY bill.id
        HAVING bill.amount_total - bill.amount_residual <> sum(part.amount)""",
    "money lies about beside the bills": """
        SELECT move.name, item.amount_residual
          FROM account_move_line item
          JOIN account_move move ON move.id = item.move_id
          JOIN account_account account ON account.id = item.account_id
         WHERE account.account_type = 'asset_receivable'
           AND item.parent_state = 'posted' AND item.amount_residual < 0""",
    "a service is billed twice": """
        SELECT salon_appointment_id, net, once FROM (
            SELECT item.salon_appointment_id,
                   sum(CASE move.move_type WHEN 'out_refund' THEN -item.price_total
                       ELSE item.price_total END) AS net,
                   -- Where the deposit was more than the bill, the bill is a credit
                   -- note with lines below zero.
                   max(CASE move.move_type WHEN 'out_refund' THEN -item.price_total
                       ELSE item.price_total END) AS once,
                   -- Each credit note may be off by the cent that is on its tax.
                   0.01 * (1 + count(*)) AS slack
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
             WHERE item.salon_appointment_id IS NOT NULL AND move.state = 'posted'
             GROUP BY item.salon_appointment_id) billed
         WHERE net > once + slack OR net < -slack""",
    # Lines without a visit are those of certificates and rewards.
    "visits say something else than their bills, together": """
        SELECT visits.amount, bills.amount AS billed, rest.amount AS rest, rest.bills
          FROM (SELECT sum(coalesce(amount_total, 0) + coalesce(deposit_held, 0))
                       AS amount FROM salon_visit) visits,
               (SELECT sum(CASE move_type WHEN 'out_refund' THEN -amount_total
                           ELSE amount_total END) AS amount
                  FROM account_move
                 WHERE state = 'posted' AND salon_branch_id IS NOT NULL
                   AND move_type IN ('out_invoice', 'out_refund')
                   -- A deposit that is not paid is asked for, and not held.
                   AND NOT (is_salon_deposit IS TRUE
                            AND payment_state = 'not_paid')) bills,
               (SELECT coalesce(sum(CASE move.move_type WHEN 'out_refund'
                                THEN -item.price_total ELSE item.price_total END), 0)
                       AS amount, count(DISTINCT move.id) AS bills
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
                 WHERE move.state = 'posted' AND move.salon_branch_id IS NOT NULL
                   AND item.display_type = 'product'
                   AND item.salon_visit_id IS NULL) rest
         WHERE abs(visits.amount + rest.amount - bills.amount) > 0.01 * rest.bills""",
    "more of a bill was given back than was billed": """
        SELECT bill.name, bill.amount_total, deposit.amount AS deposit,
               sum(credit.amount_total) AS credited
          FROM account_move bill
          JOIN account_move credit ON credit.reversed_entry_id = bill.id
           AND credit.state = 'posted'
          JOIN LATERAL (
               SELECT coalesce(-sum(price_total), 0) AS amount
                 FROM account_move_line
                WHERE move_id = bill.id AND is_downpayment AND price_total < 0
               ) deposit ON TRUE
         WHERE bill.salon_branch_id IS NOT NULL
         GROUP BY bill.id, deposit.amount
        HAVING sum(credit.amount_total) > bill.amount_total + deposit.amount""",
    "a deposit was taken off or given back twice": """
        SELECT name, deposit_held FROM salon_visit WHERE deposit_held < 0""",
    "more of a visit was given back than was billed": """
        SELECT name, amount_total FROM salon_visit WHERE amount_total < 0""",
    "a visit is paid though its bill is not, or not though it is": """
        SELECT visit.id, visit.payment_state, open.residual
          FROM salon_visit visit
          JOIN LATERAL (
            SELECT sum(bill.amount_residual) AS residual
              FROM account_move bill
             WHERE bill.move_type = 'out_invoice' AND bill.state = 'posted'
               AND bill.id IN (SELECT line.move_id FROM account_move_line line
                                WHERE line.salon_visit_id = visit.id
                                  AND line.is_downpayment IS NOT TRUE)) open ON TRUE
         WHERE (visit.payment_state = 'paid' AND open.residual > 0)
            OR (visit.payment_state IN ('not_paid', 'partial') AND open.residual = 0)
        """,
    "a ledger and its kept sums differ": """
        SELECT 'balance' AS ledger, client_id AS owner, total.amount, sum(entry.amount)
          FROM salon_balance total
          FULL JOIN salon_balance_entry entry USING (client_id, company_id)
         GROUP BY client_id, total.amount
        HAVING coalesce(total.amount, 0) <> coalesce(sum(entry.amount), 0)
         UNION ALL
        SELECT 'tips', staff_id, total.amount, sum(entry.amount)
          FROM salon_tip_balance total
          FULL JOIN salon_tip entry USING (staff_id, company_id)
         GROUP BY staff_id, total.amount
        HAVING coalesce(total.amount, 0) <> coalesce(sum(entry.amount), 0)""",
    "a client's balance is not what the books owe this client": """
        SELECT owed.client_id, owed.amount, books.amount
          FROM salon_balance owed
          JOIN res_company company ON company.id = owed.company_id
          LEFT JOIN LATERAL (
              SELECT coalesce(-sum(item.balance), 0) AS amount
                FROM account_move_line item
                JOIN res_partner partner ON partner.id = item.partner_id
               WHERE item.account_id = company.salon_balance_account_id
                 AND item.parent_state = 'posted'
                 AND partner.commercial_partner_id = owed.client_id) books ON TRUE
         WHERE owed.amount <> books.amount""",
    "points are not what their ledger says": """
        SELECT card.id, card.points, sum(entry.points)
          FROM loyalty_card card
     LEFT JOIN salon_loyalty_entry entry ON entry.card_id = card.id
         WHERE card.salon_kind IS NOT NULL
         GROUP BY card.id
        HAVING card.points::numeric(16, 2) <> coalesce(sum(entry.points), 0)""",
    "a package is not what its ledger says": """
        SELECT package.id, package.amount_left, package.amount_unpaid,
               sum(entry.amount) AS owed, sum(entry.amount_unpaid) AS unpaid
          FROM salon_package package
          JOIN salon_package_entry entry ON entry.package_id = package.id
         GROUP BY package.id
        HAVING package.amount_left <> sum(entry.amount) + sum(entry.amount_unpaid)
            OR package.amount_unpaid <> sum(entry.amount_unpaid)
            OR package.amount_unpaid > package.amount_left""",
    "credits are not what their ledger says": """
        SELECT credit.id, credit.credits_left, sum(entry.credits)
          FROM salon_package_credit credit
     LEFT JOIN salon_package_entry entry ON entry.credit_id = credit.id
         GROUP BY credit.id
        HAVING credit.credits_left <> coalesce(sum(entry.credits), 0)""",
    "a package is owed that was not paid": """
        SELECT package.id, package.amount_owed, bill.amount_residual
          FROM salon_package package
          JOIN account_move_line item ON item.salon_package_id = package.id
           AND item.product_id = package.product_id
          JOIN account_move bill ON bill.id = item.move_id
           AND bill.move_type = 'out_invoice'
         WHERE bill.state = 'posted' AND bill.payment_state = 'not_paid'
           AND bill.amount_residual = bill.amount_total AND bill.amount_total > 0
           AND package.amount_owed > 0
           -- What was paid before, and left over, pays for what stands beside it.
           AND NOT EXISTS (SELECT FROM account_move_line paid
                             JOIN account_account account
                               ON account.id = paid.account_id
                              AND account.account_type = 'liability_current'
                            WHERE paid.move_id = bill.id AND paid.price_total < 0
                              AND paid.salon_package_id IS NULL)""",
    "two bills have one key": """
        SELECT salon_checkout_key, count(*) FROM sale_order
         WHERE salon_checkout_key IS NOT NULL GROUP BY 1 HAVING count(*) > 1""",
}
MONEY_IN_TILLS = """
    SELECT journal_id::text AS journal,
           sum(CASE payment_type WHEN 'inbound' THEN amount ELSE -amount END) AS amount
      FROM account_payment
     WHERE state IN ('in_process', 'paid') GROUP BY journal_id"""
TIPS = "SELECT coalesce(sum(amount), 0) AS amount FROM salon_tip"


def find_faults(env):
    """Everything that is wrong with the money now: ``[sentence]``."""
    env.flush_all()
    faults = []
    for meaning, query in NEVER.items():
        env.cr.execute(query)
        faults += [f"{meaning}: {row}" for row in env.cr.dictfetchall()]
    faults += [
        f"{total['name']}: ledger {total['ledger']}, books {total['books']}"
        for total in env["salon.instruments"]._totals(
            env.company, fields.Date.add(fields.Date.today(), days=1)
        )
        if total["difference"]
    ]
    return faults + find_forgotten(env)


def find_forgotten(env):
    """What hangs on bills is there: to work it out once more adds nothing."""
    today = fields.Date.today()
    with env.cr.savepoint() as trial:
        week = fields.Date.add(today, days=-7), fields.Date.add(today, days=7)
        added = env["salon.commission.ledger"]._settle_period(env.company, *week)
        faults = [
            f"commission was forgotten or doubled: {row.name} of {row.reference}, "
            f"{row.cause} {row.amount}"
            for row in added
        ]
        entries = env["salon.loyalty.entry"], env["salon.package.entry"]
        before = sum(ledger.search_count([("id", ">", 0)]) for ledger in entries)
        bills = env["account.move"].search(
            [("salon_branch_id", "!=", False), ("state", "=", "posted")]
        )
        env["salon.loyalty.award"]._settle(bills)
        env["salon.loyalty.certificate"]._settle(bills)
        env["salon.packages"]._settle(bills)
        env["salon.packages"]._follow_bills(bills)
        after = sum(ledger.search_count([("id", ">", 0)]) for ledger in entries)
        if after != before:
            faults.append(f"{after - before} entries of points or packages forgotten")
        trial.rollback()
    env.invalidate_all()
    return faults


class Doomed:
    """Checkouts whose process dies, each in a process of its own."""

    #: What a checkout leaves behind.
    TRACES = """
        account_move account_move_line account_partial_reconcile account_payment
        ir_attachment loyalty_card mail_message sale_order sale_order_line
        salon_balance_entry salon_commission salon_loyalty_entry salon_package
        salon_package_entry salon_state_event
        salon_tip stock_move""".split()
    SUMS = {
        "balance": "SELECT sum(amount) FROM salon_balance",
        "tips": "SELECT sum(amount) FROM salon_tip_balance",
        "done": "SELECT count(*) FROM salon_appointment WHERE state = 'done'",
        "billed": "SELECT count(*) FROM salon_visit WHERE order_id IS NOT NULL",
    }

    def __init__(self, clerk):
        self.clerk = clerk
        self.number = 0
        self.ways = {}

    def count_queries(self):
        """Check out twice, whole: the second is what each one leaves and costs."""
        self._leave_whole()
        self.whole = self._leave_whole()
        return self.ways["queries"]

    def _leave_whole(self):
        task, before = self._book(), self._look()
        assert self._in_child(task) == 0
        return self._difference(before)

    def check_out(self, query):
        """Die after this query (0: after the commit), and do it again.

        :return: what the dead and both together left, what a whole checkout leaves
        """
        task, before = self._book(query), self._look()
        assert self._in_child(task) == -signal.SIGKILL, "it lived"
        left = self._difference(before)
        assert self._in_child({**task, "query": None}) == 0
        return {
            "query": query,
            "left": left,
            "both": self._difference(before),
            "whole": self.whole,
        }

    def _book(self, query=None):
        """A visit of two services, paid by two tenders, with tips and a rest."""
        self.number += 1
        day = 300 + self.number
        wishes = [("cut", 0, day, 600), ("dry", 1, day, 645)]
        with self.clerk.registry.cursor() as cr:
            env = api.Environment(cr, self.clerk.uid_by_login["rush_desk"], {})
            visit = self.clerk.salon.book(env, wishes, client=0)
        return {"visit": visit, "key": uuid.uuid4().hex, "query": query}

    def _look(self):
        counts = {name: f"SELECT count(*) FROM {name}" for name in self.TRACES}
        found = {}
        with self.clerk.registry.cursor() as cr:
            for name, query in {**counts, **self.SUMS}.items():
                cr.execute(query)
                found[name] = float(cr.fetchone()[0] or 0)
        return found

    def _difference(self, before):
        after = self._look()
        return {
            name: round(after[name] - amount, 2)
            for name, amount in before.items()
            if round(after[name] - amount, 2)
        }

    def _in_child(self, task):
        """Return how the process ended that did it: 0, or minus the signal."""
        # A child must not talk over the connections of its parent.
        sql_db.close_all()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                os.write(writing, str(self._pay(**task)).encode())
                status = 0
            finally:
                os._exit(status)
        os.close(writing)
        _pid, status = os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            self.ways["queries"] = int(told.read() or 0)
        return os.waitstatus_to_exitcode(status)

    def _pay(self, visit, key, query):
        """Check out as a request does; return how many queries that took."""
        count = 0

        def look(*_query):
            nonlocal count
            count += 1
            if count == query:
                os.kill(os.getpid(), signal.SIGKILL)

        threading.current_thread().query_hooks = (look,)
        till = Till(self.clerk.salon, self.clerk.random)

        def operation(env):
            visits = env["salon.visit"].browse(visit)
            options = {"checkout_key": key, "to_balance": 5}
            options["tips"] = [
                {"staff_id": staff.id, "amount": 2.5}
                for staff in visits.appointment_ids.staff_id
            ]
            sold = [till._sell(env, "goods-shampoo", 1)]
            due = till._due(env, visits, sold, options) + 10
            tenders = [till.tender(env, 20, CASH), till.tender(env, due - 20, CARD)]
            return env["salon.checkout"]._checkout(visits, tenders, sold, options) and 1

        assert self.clerk.attempt(operation), self.clerk.attempts[-1]
        if query == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return count
