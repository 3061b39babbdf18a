from odoo import Command, api, models


class SalonAccounts(models.AbstractModel):
    """Accounts for what is owed to clients and staff, whatever chart a company has."""

    _name = "salon.accounts"
    _description = "Accounts of What Is Owed"

    @api.model
    def _ensure(self, company, field_name, name, kind="liability_current"):
        """The account that a field of the company names; made when there is none.

        :param name: of a new account
        :param kind: its type
        """
        # sudo: res.company, account.account - part of keeping the company's books
        company = company.root_id.sudo()
        if not company[field_name]:
            self._begin(company)
            company[field_name] = self.sudo()._create_account(company, name, kind)
        return company[field_name]

    @api.model
    def _get_taxed(self, company):
        """Hook: where a company owes what was sold in advance, perhaps with a tax."""
        # sudo: res.company - part of keeping the company's books
        return company.root_id.sudo().salon_deposit_account_id

    @api.model
    def _begin(self, company):
        """Let one at a time add to the books of a company.

        Whoever waited is repeated by the host and finds what the other one has made.
        """
        self.env.cr.execute(
            "SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE", [company.id]
        )

    @api.model
    def _create_account(self, company, name, kind):
        """A new account beside those of its type that the chart has."""
        accounts = self.env["account.account"].with_company(company)
        beside = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("account_type", "=", kind),
            ],
            order="code",
            limit=1,
        )
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(beside.code or "230000"),
                "account_type": kind,
                "company_ids": [Command.set(company.ids)],
            }
        )
