from odoo import Command, api, models


class SalonAccounts(models.AbstractModel):
    """Accounts for what is owed to clients and staff, whatever chart a company has."""

    _name = "salon.accounts"
    _description = "Accounts of What Is Owed"

    @api.model
    def _ensure(self, company, field_name, name):
        """The account that a field of the company names; made when there is none.

        Two who need it at once write the same company, so one of them is repeated by
        the host and finds the account of the other.

        :param name: of a new account
        """
        # sudo: res.company, account.account - part of keeping the company's books
        company = company.root_id.sudo()
        if not company[field_name]:
            company[field_name] = self.sudo()._create_liability(company, name)
        return company[field_name]

    @api.model
    def _create_liability(self, company, name):
        """A new current liability beside those the chart has."""
        accounts = self.env["account.account"].with_company(company)
        beside = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("account_type", "=", "liability_current"),
            ],
            order="code",
            limit=1,
        )
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(beside.code or "230000"),
                "account_type": "liability_current",
                "company_ids": [Command.set(company.ids)],
            }
        )
