from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSetup(LoyaltyCase):
    def test_a_company_that_gets_its_chart_later_gets_its_certificates_then(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.assertFalse(company.salon_certificate_account_id)
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        account = company.salon_certificate_account_id
        self.assertEqual(account.account_type, "liability_current")
        program = self.env["loyalty.program"].search(
            [("company_id", "=", company.id), ("salon_kind", "=", "certificate")]
        )
        self.assertEqual(program.currency_id, company.currency_id)
        for product in program._get_certificate_products().with_company(company):
            self.assertEqual(product.property_account_income_id, account)
            self.assertFalse(product.taxes_id)

    def test_setting_up_twice_changes_nothing(self):
        before = self.env["loyalty.program"].search_count([])
        self.env["salon.loyalty.certificate"]._setup_companies(self.company)
        self.assertEqual(self.env["loyalty.program"].search_count([]), before)
        self.assertEqual(self.company.salon_certificate_account_id, self.liability)

    def test_both_products_are_booked_to_the_liability(self):
        products = self.certificates._get_certificate_products()
        self.assertEqual(len(products), 2)
        self.assertEqual(products.property_account_income_id, self.liability)

    def test_another_account_chosen_in_the_report_is_used_from_then_on(self):
        account = self.liability.copy({"name": "Other liability"})
        row = self.env["salon.certificate.liability"].browse(self.company.id)
        row.with_user(self.owner).account_id = account
        self.assertEqual(self.company.salon_certificate_account_id, account)
        self.assertEqual(self.certificate.property_account_income_id, account)

    def test_a_new_certificate_product_is_booked_right_and_has_no_tax(self):
        spa_day = self._service("Spa day for two", 300, [])
        self.certificates.rule_ids.product_ids |= spa_day
        self.assertEqual(spa_day.property_account_income_id, self.liability)
        self.assertFalse(spa_day.taxes_id)

    def test_a_tax_set_on_a_certificate_later_stays(self):
        self.certificate.taxes_id = self.tax
        self.certificates.rule_ids.product_ids |= self.blowdry
        self.assertEqual(self.certificate.taxes_id, self.tax)

    def test_a_child_company_books_to_the_account_of_its_parent(self):
        child = self.env["res.company"].create(
            {"name": "Child", "parent_id": self.company.id}
        )
        self.env["salon.loyalty.certificate"]._setup_companies(self.company)
        product = self.certificate.with_company(child)
        self.assertEqual(product.property_account_income_id, self.liability)
