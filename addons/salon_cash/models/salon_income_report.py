from odoo import fields, models
from odoo.tools import SQL


class SalonIncomeReport(models.Model):
    """Revenue, what it cost and what is left, from the facts of all addons."""

    _name = "salon.income.report"
    _description = "Income Report"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    branch_id = fields.Many2one("salon.branch", readonly=True)
    product_id = fields.Many2one("product.product", "Service or Product", readonly=True)
    category_id = fields.Many2one("product.category", readonly=True)
    staff_id = fields.Many2one("hr.employee", "Done or Sold by", readonly=True)
    client_id = fields.Many2one("res.partner", readonly=True)
    move_id = fields.Many2one("account.move", "Bill", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Net of tax, after discounts.")
    discount = fields.Monetary("Discounts", readonly=True)
    materials = fields.Monetary(readonly=True)
    pay = fields.Monetary(readonly=True)
    fees = fields.Monetary(readonly=True)
    margin = fields.Monetary(
        readonly=True, help="Revenue without materials, pay and fees."
    )

    @property
    def _table_query(self):
        facts = self.env["salon.income"]._get_facts()
        # Rows of several tables: each source has every eighth number to itself.
        numbered = [
            SQL(
                "SELECT fact.*, fact.id::bigint * 8 + %s AS number FROM (%s) fact", n, f
            )
            for n, f in enumerate(facts)
        ]
        return SQL(
            """
            SELECT fact.number AS id, fact.date, fact.company_id, company.currency_id,
                   fact.branch_id, fact.product_id, template.categ_id AS category_id,
                   fact.staff_id, fact.client_id, fact.move_id, fact.revenue,
                   fact.discount, fact.materials, fact.pay, fact.fees,
                   fact.revenue - fact.materials - fact.pay - fact.fees AS margin
              FROM (%s) fact
              JOIN res_company company ON company.id = fact.company_id
         LEFT JOIN product_product product ON product.id = fact.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            SQL(" UNION ALL ").join(numbered),
        )

    # rpc: opens the bill, which its own rights protect
    def action_open_bill(self):
        """The bill for who may read the books, its visits for the others."""
        self.ensure_one()
        self.check_access("read")
        if self.move_id and self.move_id.has_access("read"):
            return self.move_id._get_records_action()
        # sudo: account.move - which visits a bill is about, for who sees its figures
        visits = self.sudo().move_id.salon_visit_ids.sudo(False)
        return visits._get_records_action() if visits else False
