from odoo import fields, models
from odoo.tools import SQL


class SalonBetweenReport(models.Model):
    """What one company owes another, as each of both books says: to be settled, once
    they agree."""

    _name = "salon.between.report"
    _description = "Owed between Companies"
    _auto = False
    _rec_name = "company_id"
    _order = "difference desc, company_id, other_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    other_id = fields.Many2one("res.company", "Other Company", readonly=True)
    owed = fields.Monetary(
        "Owes", readonly=True, help="To the other company, as its own books say."
    )
    claimed = fields.Monetary(
        "Is Asked For", readonly=True, help="As the books of the other company say."
    )
    difference = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Both directions of each pair; below zero the other one owes."""
        return SQL(
            """
            WITH item AS (
                SELECT line.company_id, other.id AS other_id, line.balance
                  FROM account_move_line line
                  JOIN res_company company ON company.id = line.company_id
                  JOIN res_company root
                    ON root.id = split_part(company.parent_path, '/', 1)::int
                   AND root.salon_between_account_id = line.account_id
                  JOIN res_company other ON other.partner_id = line.partner_id
                 WHERE line.parent_state = 'posted'
            ), side AS (
                SELECT company_id, other_id, -balance AS owed, 0 AS claimed FROM item
                 UNION ALL
                SELECT other_id, company_id, 0, balance FROM item
            )
            SELECT company_id::bigint * 1000000 + other_id AS id,
                   company_id, other_id, company.currency_id,
                   sum(owed) AS owed, sum(claimed) AS claimed,
                   abs(sum(owed) - sum(claimed)) AS difference
              FROM side JOIN res_company company ON company.id = company_id
             GROUP BY company_id, other_id, company.currency_id
            """
        )

    # rpc: opens journal items, which their own rights protect
    def action_open_items(self):
        """The items of both books, for who may read them."""
        self.ensure_one()
        self.check_access("read")
        pair = self.company_id | self.other_id
        # sudo: res.company - which account it is
        account = self.company_id.sudo().root_id.salon_between_account_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_moves_all"
        )
        domain = [
            ("account_id", "=", account.id),
            ("company_id", "in", pair.ids),
            ("partner_id", "in", pair.partner_id.ids),
            ("parent_state", "=", "posted"),
        ]
        name = self.env._(
            "%(company)s and %(other)s",
            company=self.company_id.name,
            other=self.other_id.name,
        )
        context = {"group_by": ["company_id"]}
        return {**action, "name": name, "domain": domain, "context": context}
