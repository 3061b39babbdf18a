import html
import io

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestPortal(SalonCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal.partner_id.name = "Paula Portal"
        cls.own = cls.book(cls.haircut, client=cls.portal.partner_id)
        cls.foreign = cls.book(cls.blowdry, at="12:00", client=cls.anna)
        cls.foreign.note = "Secret of the house"

    def setUp(self):
        super().setUp()
        self.authenticate("test_portal", "test_portal")

    def test_a_client_sees_her_own_visits_and_no_others(self):
        page = self.url_open("/my/visits").text
        self.assertIn("Haircut", page)
        self.assertNotIn("Blow-dry", page)

    def test_a_client_opens_her_visit_in_the_time_of_the_branch(self):
        page = self.url_open(f"/my/visits/{self.own.id}").text
        self.assertIn("10:00", page)
        self.assertNotIn("Secret", page)

    def test_somebody_elses_visit_and_none_at_all_look_the_same(self):
        for visit_id in (self.foreign.id, 2**31 - 1):
            response = self.url_open(f"/my/visits/{visit_id}", allow_redirects=False)
            self.assertEqual(response.status_code, 303)
            self.assertTrue(response.headers["Location"].endswith("/my"))

    def test_the_secret_link_opens_the_visit_without_signing_in(self):
        link = self.foreign.get_portal_url()
        self.logout()
        self.assertIn("Blow-dry", self.url_open(link).text)
        wrong = link.replace("access_token=", "access_token=0")
        self.assertNotIn("Blow-dry", self.url_open(wrong).text)

    def test_the_card_says_times_as_the_client_writes_them(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        for lang, time in (("en_US", r"10:00\sAM"), ("ru_RU", "10:00")):
            self.own.client_id.lang = lang
            page = self.env["ir.actions.report"]._render_qweb_html(
                "salon_booking.salon_visit_card", self.own.ids
            )[0]
            self.assertRegex(html.unescape(page.decode()), f">{time}</span>")

    def test_several_visit_cards_print_as_one_document(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf(
            "salon_booking.salon_visit_card", (self.own | self.foreign).ids
        )
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(io.BytesIO(pdf)).getNumPages()
        self.assertEqual(pages, 2)
