from odoo import api, models
from odoo.tools import SQL

#: What a fact may name, and how much of what it is. In the company's currency.
DIMENSIONS = ("date company_id branch_id product_id staff_id client_id move_id").split()
MEASURES = "revenue discount materials pay fees".split()
NO_DATE, NOBODY, NOTHING = SQL("NULL::date"), SQL("NULL::integer"), SQL("0")


class SalonIncome(models.AbstractModel):
    """What the salon earned and what that cost, as facts by plain SQL.

    One definition for every report. Each addon adds what it knows in ``_get_facts``.
    """

    _name = "salon.income"
    _description = "Income of the Salon"

    @api.model
    def _get_facts(self):
        """Sources of income and cost.

        :return: list of SQL; each gives ``id``, the dimensions and the measures, made
            by ``_fact``
        """
        return [self._get_sales(), self._get_goods()]

    @api.model
    def _fact(self, record, source, **values):
        """One source; what it does not name is unknown or zero.

        :param record: SQL of what tells its rows apart, below a billion
        :param source: SQL of the rest of the query, from FROM on
        :param values: SQL by dimension or measure
        """
        defaults = {"date": NO_DATE, **dict.fromkeys(MEASURES, NOTHING)}
        columns = [
            SQL("%s AS %s", values.get(name) or defaults.get(name, NOBODY), SQL(name))
            for name in (*DIMENSIONS, *MEASURES)
        ]
        return SQL("SELECT %s AS id, %s %s", record, SQL(", ").join(columns), source)

    @api.model
    def _get_sales(self):
        """Lines of posted bills on income accounts, net of tax.

        What was paid in advance (deposits, certificates) is no income before its use.
        """
        return self._fact(
            SQL("line.id"),
            SQL(
                "%s AND line.display_type = 'product' "
                "AND account.account_type IN ('income', 'income_other')",
                self._get_bill_lines(),
            ),
            **self._get_bill_values(),
            revenue=SQL("-line.balance"),
            discount=SQL(
                "CASE WHEN line.discount > 0 AND line.discount < 100 "
                "THEN -line.balance * line.discount / (100 - line.discount) "
                "WHEN line.discount >= 100 THEN line.price_unit * line.quantity "
                "* CASE WHEN bill.move_type = 'out_refund' THEN -1 ELSE 1 END "
                "/ (1 + %s) ELSE 0 END",
                self._get_included_tax(),
            ),
        )

    @api.model
    def _get_included_tax(self):
        """The share of taxes that are in the price of a bill line."""
        return SQL(
            """
            COALESCE((SELECT SUM(tax.amount) / 100
                        FROM account_move_line_account_tax_rel own
                        JOIN account_tax tax ON tax.id = own.account_tax_id
                        JOIN res_company taxed ON taxed.id = tax.company_id
                       WHERE own.account_move_line_id = line.id
                         AND tax.amount_type = 'percent'
                         AND COALESCE(tax.price_include_override,
                                      taxed.account_price_include) = 'tax_included'
                     ), 0)
            """
        )

    @api.model
    def _get_goods(self):
        """Cost of what was sold, where the host books it with the bill."""
        return self._fact(
            SQL("line.id"),
            SQL(
                "%s AND line.display_type = 'cogs' "
                "AND account.account_type IN ('expense', 'expense_direct_cost')",
                self._get_bill_lines(),
            ),
            **self._get_bill_values(),
            materials=SQL("line.balance"),
        )

    @api.model
    def _get_bill_lines(self):
        return SQL(
            """
            FROM account_move_line line
            JOIN account_move bill ON bill.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
           WHERE bill.salon_branch_id IS NOT NULL
             AND bill.state = 'posted'
             AND bill.move_type IN ('out_invoice', 'out_refund')
            """
        )

    @api.model
    def _get_bill_values(self):
        return {
            "date": SQL("bill.date"),
            "company_id": SQL("bill.company_id"),
            "branch_id": SQL("bill.salon_branch_id"),
            "product_id": SQL("line.product_id"),
            "staff_id": SQL("line.salon_staff_id"),
            "client_id": SQL("bill.partner_id"),
            "move_id": SQL("bill.id"),
        }
