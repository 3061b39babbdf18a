from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SalonLedgerMixin(models.AbstractModel):
    """Rows beside one liability account: what is owed to whom, and by which entry.

    The rows follow the books. Whatever is posted on the account, by whichever screen,
    is written down here in the same transaction, and taken back by an opposite row when
    the entry goes back to draft. So the sum of all rows is the balance of the account,
    always. One row per owner and company (``_totals_model``) keeps the sum and lets
    the database refuse that anybody is paid out more than is owed.
    """

    _name = "salon.ledger.mixin"
    _description = "Ledger of a Liability Account"
    _inherit = ["salon.append.only.mixin"]
    _order = "id desc"
    _rec_name = "reference"
    _totals_model = None
    _owner_field = None
    _account_field = None

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        required=True,
        readonly=True,
        help="Positive: the salon owes it. Negative: it was used or paid out.",
    )
    date = fields.Date(required=True, readonly=True, index=True)
    reference = fields.Char("Document", readonly=True)
    branch_id = fields.Many2one(
        "salon.branch", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_accounts(self, companies):
        """The account that these companies keep the ledger for, where they have one."""
        # sudo: res.company - which account it is, is no secret of the books
        return companies.root_id.sudo()[self._account_field]

    @api.model
    def _settle(self, moves):
        """Bring the ledger to what these entries say; safe to repeat."""
        accounts = self._get_accounts(moves.company_id)
        if accounts:
            touched = moves.line_ids.filtered(lambda line: line.account_id in accounts)
            self._settle_touched(touched.move_id, accounts)

    @api.model
    def _settle_touched(self, moves, accounts):
        if not moves:
            return
        # sudo: the ledger - it is written by the system alone
        self = self.sudo()
        # sudo: account.move - what is posted decides, whoever posts
        moves = moves.sudo()
        changes = defaultdict(float)
        for move, owner, amount in self._read_group(
            [("move_id", "in", moves.ids)],
            ["move_id", self._owner_field],
            ["amount:sum"],
        ):
            changes[move, owner] -= amount
        lines = moves.line_ids.filtered(
            lambda line: line.account_id in accounts and line.parent_state == "posted"
        )
        owners = self._find_owners(lines)
        for line in lines:
            changes[line.move_id, owners[line]] -= line.balance
        rows = [
            {**self._prepare_row(move, amount), self._owner_field: owner.id}
            for (move, owner), amount in changes.items()
            if not move.company_currency_id.is_zero(amount)
        ]
        if rows:
            self.create(rows)
            self._add_to_totals(rows)

    @api.model
    def _find_owners(self, lines):
        """Whose each of these items is: ``{account.move.line: owner}``."""
        raise NotImplementedError

    @api.model
    def _prepare_row(self, move, amount):
        return {
            "company_id": move.company_id.root_id.id,
            "amount": move.company_currency_id.round(amount),
            "date": move.date,
            "reference": move.name,
            "branch_id": move.salon_branch_id.id,
            "move_id": move.id,
        }

    @api.model
    def _add_to_totals(self, rows):
        """Change the kept sums by UPDATE: two clerks at once meet in the database."""
        sums = defaultdict(float)
        for row in rows:
            sums[row[self._owner_field], row["company_id"]] += row["amount"]
        totals = self.env[self._totals_model]
        table = SQL.identifier(totals._table)
        owner = SQL.identifier(self._owner_field)
        keys = SQL(", ").join(SQL("(%s, %s, 0)", *key) for key in sorted(sums))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, company_id, amount) VALUES %s "
                "ON CONFLICT (%s, company_id) DO NOTHING",
                table,
                owner,
                keys,
                owner,
            )
        )
        refused = [
            key
            for key, amount in sorted(sums.items())
            if not self._add_to_total(key, amount)
        ]
        totals.invalidate_model(["amount"])
        for owner_id, company_id in refused:
            company = self.env["res.company"].browse(company_id)
            total = totals.search(
                [(self._owner_field, "=", owner_id), ("company_id", "=", company_id)]
            )
            raise UserError(
                self._message_too_little(
                    self.env[self._fields[self._owner_field].comodel_name].browse(
                        owner_id
                    ),
                    company.currency_id.format(total.amount),
                    company.currency_id.format(-sums[owner_id, company_id]),
                )
            )

    @api.model
    def _add_to_total(self, key, amount):
        owner_id, company_id = key
        currency = self.env["res.company"].browse(company_id).currency_id
        amount = str(currency.round(amount))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET amount = amount + %s::numeric "
                "WHERE %s = %s AND company_id = %s AND amount + %s::numeric >= 0",
                SQL.identifier(self.env[self._totals_model]._table),
                amount,
                SQL.identifier(self._owner_field),
                owner_id,
                company_id,
                amount,
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _message_too_little(self, owner, owed, wanted):
        """Why ``wanted`` cannot be taken from what is ``owed`` to this owner."""
        raise NotImplementedError
