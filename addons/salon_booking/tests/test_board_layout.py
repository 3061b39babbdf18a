from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestBoardLayout(HttpCase):
    """The geometry of the day board, in the host's own runner for JavaScript."""

    def test_pieces_lanes_and_hours_of_the_board(self):
        suite = test_js.HOOTCommon._generate_hash(self, "@salon_booking")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
