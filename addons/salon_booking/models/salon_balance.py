from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonBalance(models.Model):
    """What a client has paid ahead and can pay with: one row per client and company."""

    _name = "salon.balance"
    _description = "Client Balance"
    _order = "amount desc, id"
    _rec_name = "client_id"
    _log_access = False

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Balance", required=True, readonly=True)

    _one_per_client = models.Constraint(
        "UNIQUE (client_id, company_id)", "A client has one balance in each company."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)",
        "A client cannot spend more than is on the balance.",
    )


class SalonBalanceEntry(models.Model):
    """One change of one client's balance; rows are only ever added."""

    _name = "salon.balance.entry"
    _description = "Client Balance Entry"
    _inherit = ["salon.ledger.mixin"]
    _totals_model = "salon.balance"
    _owner_field = "client_id"
    _account_field = "salon_balance_account_id"

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )

    @api.model
    def _find_owners(self, lines):
        """The client is the one the host's receivables are on, too."""
        for line in lines:
            if not line.partner_id:
                raise UserError(
                    self.env._(
                        "%(entry)s books on “%(account)s” without a client, so nobody "
                        "would know whose balance it is. Enter the client in the item.",
                        entry=line.move_id.display_name,
                        account=line.account_id.name,
                    )
                )
        return {line: line.partner_id.commercial_partner_id for line in lines}

    @api.model
    def _settle_touched(self, moves, accounts):
        super()._settle_touched(moves, accounts)
        # sudo: account.move - what was paid ahead in a company that is not the user's
        for move in moves.sudo():
            if move.company_id.root_id.child_ids and not move.salon_between_id:
                self.sudo()._settle_between(move, accounts)

    @api.model
    def _settle_between(self, move, accounts):
        """What was paid ahead in one company and used in another is owed between them.

        An entry of several clients is one of the accountant, who says what it means.
        """
        lines = move.line_ids.filtered(
            lambda line: line.account_id in accounts and line.parent_state == "posted"
        )
        clients = lines.partner_id.commercial_partner_id
        used = sum(lines.mapped("balance"))
        wanted = {}
        if len(clients) == 1 and used > 0:
            wanted = self._find_receivers(move, clients, lines.account_id, used)
        account = move.company_id.root_id[self._account_field]
        self.env["salon.intercompany"]._follow(move, account, wanted)

    @api.model
    def _find_receivers(self, move, client, account, used):
        """Which other companies owe what is used here beyond what was paid here.

        :return: ``{company: amount}``
        """
        owed = {
            company: -balance
            for company, balance in self.env["account.move.line"]._read_group(
                [
                    ("account_id", "=", account.id),
                    ("partner_id.commercial_partner_id", "=", client.id),
                    ("company_id", "child_of", move.company_id.root_id.id),
                    ("parent_state", "=", "posted"),
                    ("move_id", "not in", (move | move.salon_between_ids).ids),
                ],
                ["company_id"],
                ["balance:sum"],
            )
        }
        missing = used - max(owed.pop(move.company_id, 0), 0)
        wanted = {}
        for company in sorted(owed, key=lambda company: company.id):
            amount = min(missing, owed[company])
            if amount > 0:
                wanted[company] = amount
                missing -= amount
        return wanted

    @api.model
    def _add_to_totals(self, rows):
        super()._add_to_totals(rows)
        self.env["res.partner"].invalidate_model(["salon_balance"])

    @api.model
    def _message_too_little(self, owner, owed, wanted):
        return self.env._(
            "%(client)s has %(owed)s on the balance, and %(wanted)s would be taken "
            "from it. Lower the amount, or take the rest in another way.",
            client=owner.display_name,
            owed=owed,
            wanted=wanted,
        )
