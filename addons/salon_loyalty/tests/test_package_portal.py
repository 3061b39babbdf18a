from odoo.tests import HttpCase, tagged

from .test_packages import PackageCase


@tagged("post_install", "-at_install")
class TestPackagePortal(PackageCase, HttpCase):
    def test_a_client_sees_what_is_left_of_her_own_packages_and_no_others(self):
        client = self.portal.partner_id
        package = self.sell(self.package_of(6, 375, name="Six cuts"), client=client)
        self.sell(self.package_of(5, 500, name="Of somebody else"))
        self.use(package, client=client)
        self.authenticate("test_portal", "test_portal")
        page = self.url_open("/my/packages").text
        self.assertIn("Six cuts", page)
        self.assertIn("<span>5</span>", page)
        self.assertNotIn("Of somebody else", page)

    def test_nobody_sees_packages_without_signing_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/packages").url)
