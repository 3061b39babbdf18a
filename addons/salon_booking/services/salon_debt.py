from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..engine import debts
from ..engine.tenders import allocate

OVERRIDE = "salon_booking.group_salon_override"


class SalonDebt(models.AbstractModel):
    """What clients owe: open bills of the salon, their limit, and what follows.

    Debts are the host's receivables of the payer; nothing is kept beside them.
    """

    _name = "salon.debt"
    _description = "Client Debts"

    @api.model
    def _to_units(self, amount, currency):
        """Whole smallest units of a currency, such as cents."""
        return round((amount or 0) / currency.rounding)

    @api.model
    def _today(self, branch):
        return fields.Date.context_today(self.with_context(tz=branch.tz or "UTC"))

    @api.model
    def _of(self, owners, company, today):
        """What these payers owe a company: ``{res.partner id: engine Debt}``.

        One query; who owes nothing has no entry.

        :param owners: commercial partners
        """
        if not owners or not company:
            return {}
        self.env["account.move"].flush_model(
            ["is_salon_deposit", "move_type", "payment_state", "salon_branch_id"]
            + ["partner_id", "state"]
        )
        self.env["account.move.line"].flush_model(
            ["amount_residual", "date", "date_maturity", "parent_state", "partner_id"]
            + ["reconciled", "account_id", "company_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.partner_id, SUM(line.amount_residual), MIN(line.date),
                       COALESCE(SUM(line.amount_residual)
                           FILTER (WHERE line.date_maturity < %(today)s), 0),
                       MIN(line.date_maturity)
                           FILTER (WHERE line.date_maturity < %(today)s)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.partner_id = ANY(%(owners)s)
                   AND line.company_id = %(company)s
                   AND account.account_type = 'asset_receivable'
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual > 0
                   AND move.move_type = 'out_invoice'
                   AND move.salon_branch_id IS NOT NULL
                   AND (move.is_salon_deposit IS NOT TRUE
                        OR move.payment_state = 'partial')
              GROUP BY line.partner_id
                """,
                today=today,
                owners=owners.ids,
                company=company.id,
            )
        )
        currency = company.currency_id
        return {
            owner: debts.Debt(
                self._to_units(amount, currency),
                since,
                self._to_units(overdue, currency),
                overdue_since,
            )
            for owner, amount, since, overdue, overdue_since in rows
        }

    @api.model
    def _owners_of(self, clients):
        """Whose debts count for each client: the payer's, and own ones of before.

        :return: ``{client id: res.partner}``
        """
        # sudo: res.partner - only who it is
        clients = clients.sudo()
        return {
            client.id: (client._get_salon_payer() | client).commercial_partner_id
            for client in clients
        }

    @api.model
    def _debts_of(self, clients, branch):
        """``{client id: (engine Debt, limit)}`` of those who owe something."""
        owners = self._owners_of(clients)
        everybody = clients.browse().union(*owners.values())
        found = self._of(everybody, branch.company_id, self._today(branch))
        result = {}
        for client_id, own in owners.items():
            owed = [found[owner.id] for owner in own if owner.id in found]
            if owed:
                payer = own.browse(client_id)._get_salon_payer()
                result[client_id] = self._sum(owed), self._limit_of(payer, branch)
        return result

    @api.model
    def _sum(self, owed):
        late = [debt.overdue_since for debt in owed if debt.overdue_since]
        return debts.Debt(
            sum(debt.amount for debt in owed),
            min(debt.since for debt in owed),
            sum(debt.overdue for debt in owed),
            min(late, default=None),
        )

    @api.model
    def _limit_of(self, payer, branch):
        """What this payer may owe, in cents; None is without a limit.

        The client's own limit goes before that of the branch or company, and the
        host's default credit limit comes last.
        """
        # sudo: res.partner, res.company - the limit alone
        payer = payer.sudo().with_company(branch.company_id).commercial_partner_id
        company = branch.sudo().company_id
        if payer.salon_pays_at_once:
            return 0
        own = payer._get_salon_own_limit()
        if own is not None:
            return self._to_units(own, company.currency_id)
        policy = self.env["salon.debt.policy"]._find(branch)
        if policy.limit is not None:
            return policy.limit
        if company.account_use_credit_limit and payer.credit_limit:
            return self._to_units(payer.credit_limit, company.currency_id)
        return None

    # --- booking ---

    @api.model
    def _bars(self, clients, branch):
        """What debts bar clients from in a branch: ``{client id: engine bar}``.

        Without a policy that bars anybody this costs no query.
        """
        policy = branch and self.env["salon.debt.policy"]._find(branch)
        if not policy or policy.bars == debts.NOTHING:
            return {}
        # sudo: salon.branch - clients who book online do not read it
        branch = branch.sudo()
        today = self._today(branch)
        return {
            client_id: debts.bar(policy, debt, limit, today)
            for client_id, (debt, limit) in self._debts_of(clients, branch).items()
        }

    @api.model
    def _warn(self, client, branch):
        """What the desk is told of a client's debts; empty when there are none."""
        found = self._debts_of(client, branch).get(client.id) if client else None
        return self._say(client, branch, *found) if found else ""

    @api.model
    def _say(self, client, branch, debt, limit):
        currency = branch.currency_id
        amount = currency.format(debt.amount * currency.rounding)
        since = format_date(self.env, debt.since)
        payer = client._get_salon_payer()
        if payer == client:
            texts = [
                self.env._("Owes %(amount)s since %(day)s.", amount=amount, day=since)
            ]
        else:
            texts = [
                self.env._(
                    "%(payer)s, who pays, owes %(amount)s since %(day)s.",
                    payer=payer.display_name,
                    amount=amount,
                    day=since,
                )
            ]
        if debt.overdue == debt.amount:
            texts.append(
                self.env._(
                    "All of it is overdue, since %(day)s.",
                    day=format_date(self.env, debt.overdue_since),
                )
            )
        elif debt.overdue:
            texts.append(
                self.env._(
                    "%(amount)s of it is overdue since %(day)s.",
                    amount=currency.format(debt.overdue * currency.rounding),
                    day=format_date(self.env, debt.overdue_since),
                )
            )
        if debts.is_over(debt.amount, limit):
            texts.append(
                self.env._(
                    "The limit is %(limit)s.",
                    limit=currency.format(limit * currency.rounding),
                )
            )
        return " ".join(texts)

    # --- checkout ---

    @api.model
    def _put_rest_on_terms(self, invoice, debts_before, tenders, options):
        """What is not paid now falls due by the host's payment term; in sudo.

        :param invoice: still a draft
        """
        term = self.env["account.payment.term"].browse(options.get("payment_term_id"))
        if not term or invoice.move_type != "out_invoice":
            return
        currency = invoice.currency_id
        tips = options.get("tips", ()) if options.get("on_tab") else ()
        first = [
            *(tip["amount"] for tip in tips),
            *debts_before.mapped("amount_residual"),
            invoice.amount_total,
        ]
        tenders = self.env["salon.till"]._appraise(
            invoice.company_id, tenders, sum(first), invoice.invoice_date
        )
        shares = allocate(
            [self._to_units(tender["value"], currency) for tender in tenders],
            [self._to_units(amount, currency) for amount in first],
        )
        paid = sum(cents for _tender, place, cents in shares if place == len(first) - 1)
        if invoice.invoice_payment_term_id == term:
            # Another value, so that its lines are made anew.
            invoice.invoice_payment_term_id = False
        invoice.write(
            {
                "salon_paid_at_once": currency.round(paid * currency.rounding),
                "invoice_payment_term_id": term.id,
            }
        )

    @api.model
    def _check_tab(self, branch, invoice, options):
        """Refuse to leave more open than the limit, unless somebody may and says why.

        With the rights of who checks out. Two bills of one payer at once meet in the
        payer's row: the later one is repeated by the host and counts the other's.
        """
        # sudo: account.move - what is left open on the bill just posted
        bill = invoice.sudo()
        currency = bill.currency_id
        if bill.move_type != "out_invoice":
            return
        if currency.compare_amounts(bill.amount_residual, 0) <= 0:
            return
        payer = bill.partner_id
        self._check_has_name(branch, bill)
        if self.env.su:
            return
        limit = self._limit_of(payer, branch)
        if limit is None:
            return
        owner = bill.commercial_partner_id
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET salon_debt_revision = "
                "COALESCE(salon_debt_revision, 0) + 1 WHERE id = %s",
                owner.id,
            )
        )
        found = self._of(owner, bill.company_id, self._today(branch))
        owed = found[owner.id].amount
        if not debts.is_over(owed, limit):
            return
        reason = (options.get("tab_reason") or "").strip()
        if reason and self.env.user.has_group(OVERRIDE):
            bill.salon_tab_reason = reason
            return
        raise UserError(self._say_over_limit(payer, currency, owed, limit))

    @api.model
    def _check_has_name(self, branch, bill):
        """Nobody is written to, or asked at the next visit, without a name."""
        # sudo: salon.branch - who stands for clients without a name
        if bill.partner_id != branch.sudo().walk_in_partner_id:
            return
        raise UserError(
            self.env._(
                "Somebody who left no name cannot owe %(rest)s. Take the whole amount, "
                "or choose who pays.",
                rest=bill.currency_id.format(bill.amount_residual),
            )
        )

    @api.model
    def _say_over_limit(self, payer, currency, owed, limit):
        values = {
            "payer": payer.display_name,
            "owed": currency.format(owed * currency.rounding),
            "limit": currency.format(limit * currency.rounding),
        }
        if self.env.user.has_group(OVERRIDE):
            return self.env._(
                "%(payer)s would owe %(owed)s, and the limit is %(limit)s. Take more "
                "now, or say why it may go on the tab.",
                **values,
            )
        return self.env._(
            "%(payer)s would owe %(owed)s, and the limit is %(limit)s. Take more now, "
            "or ask somebody with the right to override booking rules.",
            **values,
        )
