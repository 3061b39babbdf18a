from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _prepare_base_line_tax_repartition_grouping_key(
        self, base_line, base_line_grouping_key, tax_data, tax_rep_data
    ):
        """A tax without an account of its own is no part of what clients are owed.

        The host books it on the account of the line: for anything sold that is income,
        and so it is for what is paid in advance.
        """
        key = super()._prepare_base_line_tax_repartition_grouping_key(
            base_line, base_line_grouping_key, tax_data, tax_rep_data
        )
        account = base_line["account_id"]
        is_own = tax_rep_data["account"] != account
        if is_own or account.account_type != "liability_current":
            return key
        move = base_line["record"].move_id
        if account in self.env["salon.accounts"]._get_taxed(move.company_id):
            # sudo: product.category - where its sales are booked, whoever bills
            category = base_line["product_id"].categ_id.sudo()
            income = (
                category.with_company(move.company_id).property_account_income_categ_id
                or move.company_id.income_account_id
                or move.journal_id.default_account_id
            )
            key["account_id"] = move.fiscal_position_id.map_account(income).id
        return key
