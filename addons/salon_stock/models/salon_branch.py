from odoo import api, fields, models


class SalonBranch(models.Model):
    _inherit = "salon.branch"

    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Services use materials, and the desk sells products, off its shelves.",
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        homeless = self.filtered(
            lambda branch: branch.warehouse_id.company_id != branch.company_id
        )
        if not homeless:
            return
        first = {}
        for warehouse in self.env["stock.warehouse"].search(
            [("company_id", "in", homeless.company_id.ids)]
        ):
            first.setdefault(warehouse.company_id, warehouse)
        for branch in homeless:
            branch.warehouse_id = first.get(branch.company_id)

    def action_view_stock(self):
        """Show what lies on the shelves of these branches."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_stock.stock_quant_action_branch"
        )
        action["domain"] = [
            ("location_id", "child_of", self.warehouse_id.view_location_id.ids),
            ("location_id.usage", "=", "internal"),
        ]
        if len(self) == 1:
            action["name"] = self.env._("Stock of %(branch)s", branch=self.name)
        elif len(self.warehouse_id) > 1:
            action["context"] = {"several_warehouses": True}
        return action

    @api.model
    def action_view_own_stock(self):
        """Show the shelves of the user's branches; behind the menu."""
        branches = self.env.user.salon_branch_ids or self.search(
            [("company_id", "in", self.env.companies.ids)]
        )
        return branches.action_view_stock()
