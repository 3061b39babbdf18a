from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """A company that gets its chart later gets its certificates then."""
        result = super()._post_load_data(template_code, company, template_data)
        self.env["salon.loyalty.certificate"]._setup_companies(
            company or self.env.company
        )
        self.env["salon.packages"]._setup_companies(company or self.env.company)
        return result
