from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..engine import debts

GROUPS = (
    "salon_booking.group_salon_receptionist",
    "account.group_account_readonly",
    "account.group_account_invoice",
)


class SalonAccount(models.AbstractModel):
    """A client's account: what was billed, paid, given back, and kept for later.

    It is read from the books alone: the receivables of the client and the liability of
    the client's balance. Tips are neither, and so are not on it.
    """

    _name = "salon.account"
    _description = "Client Account"

    @api.model
    def _get(self, owner, company, date_from, date_to):
        """The account of a payer for some days.

        :param owner: commercial partner
        :return: dict of ``opening_debt``, ``opening_balance``, ``lines`` (dicts of
            ``move``, ``date``, ``kind``, ``change``, ``debt``, ``balance_change``,
            ``balance``, ``text``, ``clients``), ``closing_debt`` and
            ``closing_balance``
        """
        self._check_right(owner, company)
        self.env.flush_all()
        company = company.root_id
        currency = company.currency_id
        [opening] = self._query(owner, company, SQL("line.date < %s", date_from), False)
        rows = self._query(
            owner,
            company,
            SQL("line.date BETWEEN %s AND %s", date_from, date_to),
            True,
        )
        to_units = self.env["salon.debt"]._to_units
        totals = {}
        for name in ("debt", "balance"):
            start = to_units(opening[name], currency)
            changes = [to_units(row[name], currency) for row in rows]
            totals[name] = [start, *debts.running(start, changes)]
        lines = [
            {
                **line,
                "debt": currency.round(debt * currency.rounding),
                "balance": currency.round(balance * currency.rounding),
            }
            for line, debt, balance in zip(
                self._prepare_lines(rows),
                totals["debt"][1:],
                totals["balance"][1:],
                strict=True,
            )
        ]
        return {
            "lines": lines,
            **{
                f"{when}_{name}": currency.round(units[place] * currency.rounding)
                for name, units in totals.items()
                for when, place in (("opening", 0), ("closing", -1))
            },
        }

    @api.model
    def _check_right(self, owner, company):
        owner.check_access("read")
        if self.env.su:
            return
        is_own = company.root_id in self.env.companies.root_id
        if not is_own or not any(map(self.env.user.has_group, GROUPS)):
            raise AccessError(
                self.env._("Account statements are for the front desk and accountants.")
            )

    @api.model
    def _query(self, owner, company, when, by_move):
        """Changes of debt and balance: of each entry, or of all together."""
        # sudo: res.company - which account it is, is no secret of the books
        account = company.sudo().salon_balance_account_id
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT %(what)s
                       COALESCE(SUM(line.balance) FILTER (
                           WHERE account.account_type = 'asset_receivable'), 0) AS debt,
                       COALESCE(-SUM(line.balance) FILTER (
                           WHERE account.id = %(balance)s), 0) AS balance
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_company company ON company.id = line.company_id
                 WHERE partner.commercial_partner_id = %(owner)s
                   AND line.parent_state = 'posted'
                   AND split_part(company.parent_path, '/', 1)::int = %(company)s
                   AND (account.account_type = 'asset_receivable'
                        OR account.id = %(balance)s)
                   AND %(when)s
                   %(group)s
                """,
                what=SQL("line.move_id, MIN(line.date) AS date,") if by_move else SQL(),
                balance=account.id or 0,
                owner=owner.id,
                company=company.id,
                when=when,
                group=SQL("GROUP BY line.move_id ORDER BY MIN(line.date), line.move_id")
                if by_move
                else SQL(),
            )
        )

    @api.model
    def _prepare_lines(self, rows):
        # sudo: account.move - what the bills of this client say, not the books
        moves = self.env["account.move"].sudo().browse(row["move_id"] for row in rows)
        return [
            {
                "move": move,
                "date": row["date"],
                "kind": self._get_kind(move),
                "change": row["debt"],
                "balance_change": row["balance"],
                "text": self._describe(move),
                "clients": ", ".join(
                    client._get_salon_name()
                    for client in move.invoice_line_ids.salon_visit_id.client_id
                    if client.commercial_partner_id != move.commercial_partner_id
                ),
            }
            for move, row in zip(moves, rows, strict=True)
        ]

    @api.model
    def _get_kind(self, move):
        if payment := move.origin_payment_id:
            return "payment" if payment.payment_type == "inbound" else "payout"
        if move.move_type == "out_refund":
            return "refund"
        if move.move_type != "out_invoice":
            return "other"
        lines = move.invoice_line_ids.filtered(lambda one: not one.display_type)
        lines |= move.invoice_line_ids.filtered(
            lambda one: one.display_type == "product"
        )
        is_deposit = lines and all(line.is_downpayment for line in lines)
        return "deposit" if is_deposit else "bill"

    @api.model
    def _describe(self, move):
        if payment := move.origin_payment_id:
            return ", ".join(filter(None, (payment.journal_id.name, payment.memo)))
        lines = move.invoice_line_ids.filtered(
            lambda one: one.display_type == "product" and not one.is_downpayment
        )
        names = dict.fromkeys(line.product_id.name or line.name for line in lines)
        return ", ".join(filter(None, names)) or move.ref or ""
