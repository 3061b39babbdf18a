from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_consumption_location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        ondelete="restrict",
        help="Where materials go that are used up in services. Its account takes their "
        "cost.",
    )

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._create_salon_consumption_locations()

    @api.model
    def _create_missing_salon_consumption_locations(self):
        """Give each company of the database its location; called at installation."""
        self.search(
            [("salon_consumption_location_id", "=", False)]
        )._create_salon_consumption_locations()

    def _create_salon_consumption_locations(self):
        values = {"name": "Salon consumption", "usage": "production"}
        # One of an earlier installation keeps its history.
        known = self.env["stock.location"].search(
            [
                ("company_id", "in", self.ids),
                *((name, "=", value) for name, value in values.items()),
            ]
        )
        for location in known:
            location.company_id.salon_consumption_location_id = location
        missing = self - known.company_id
        for location in self.env["stock.location"].create(
            [{**values, "company_id": company.id} for company in missing]
        ):
            location.company_id.salon_consumption_location_id = location
        self._set_salon_consumption_account()

    def _set_salon_consumption_account(self):
        """Let materials used be an expense, unless the accountant chose an account."""
        for company in self:
            location = company.salon_consumption_location_id
            if location and not location.valuation_account_id:
                location.valuation_account_id = company.expense_account_id
