from collections import defaultdict

from odoo import Command, api, models


class SalonIntercompany(models.AbstractModel):
    """What one company of a chain owes to another, because it was used there.

    Companies under one parent share what they owe to clients. A certificate that A sold
    and B took is A's debt to B: an entry in each moves the liability to where it was
    used, against an account between companies. The entries follow the bill.
    """

    _name = "salon.intercompany"
    _description = "Entries between Companies"

    @api.model
    def _follow(self, move, account, wanted):
        """Bring the entries that belong to a bill to what is wanted; safe to repeat.

        :param move: account.move of the company in which something was used
        :param account: account.account of the liability
        :param wanted: ``{company that owes: amount}``, in the company's currency
        """
        # sudo: account.move - entries of two companies, one of them not the user's
        move = move.sudo()
        own = move.company_id
        missing = defaultdict(float, wanted)
        missing.pop(own, None)
        for owner, amount in self._get_posted(move, account).items():
            missing[owner] -= amount
        for owner, amount in missing.items():
            if own.currency_id.is_zero(amount):
                continue
            amount = own.currency_id.round(amount)
            self._post(move, own, owner, account, -amount)
            self._post(move, owner, own, account, amount)

    @api.model
    def _get_posted(self, move, account):
        """What was posted for this bill and liability so far: ``{company that owes:
        amount}``."""
        entries = move.salon_between_ids.filtered(
            lambda entry: account in entry.line_ids.account_id
        )
        lines = entries.line_ids.filtered(
            lambda line: (
                line.company_id == move.company_id
                and line.parent_state == "posted"
                and line.salon_between_company_id
            )
        )
        return {
            owner: sum(own.mapped("balance"))
            for owner, own in lines.grouped("salon_between_company_id").items()
        }

    @api.model
    def _post(self, move, company, other, liability, amount):
        """Book ``amount`` on the liability of a company against the other one."""
        between = self._get_account(company)
        label = self.env._("%(bill)s, %(other)s", bill=move.name, other=other.name)
        entry = (
            # sudo: account.move - as in _follow
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": self._get_journal(company).id,
                    "date": move.date,
                    "ref": label,
                    "salon_between_id": move.id,
                    "line_ids": [
                        Command.create(
                            {
                                "name": label,
                                "account_id": liability.id,
                                "partner_id": move.commercial_partner_id.id,
                                "balance": amount,
                            }
                        ),
                        Command.create(
                            {
                                "name": label,
                                "account_id": between.id,
                                "partner_id": other.partner_id.id,
                                "salon_between_company_id": other.id,
                                "balance": -amount,
                            }
                        ),
                    ],
                }
            )
        )
        entry._post(soft=False)

    @api.model
    def _get_account(self, company):
        account = self.env["salon.accounts"]._ensure(
            company, "salon_between_account_id", self.env._("Between companies")
        )
        if not account.reconcile:
            account.reconcile = True
        return account

    @api.model
    def _get_journal(self, company):
        # sudo: account.journal - as in _follow
        journals = self.env["account.journal"].sudo()
        return journals.search(
            [*journals._check_company_domain(company), ("type", "=", "general")],
            limit=1,
        )
