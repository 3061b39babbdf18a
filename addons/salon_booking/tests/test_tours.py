from odoo.tests import HttpCase, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestPhoneTours(SalonCase, HttpCase):
    """The same on the screen of a phone."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        cls.stylist.salon_branch_ids = cls.branch
        cls.clara = cls.env["res.partner"].create(
            {"name": "Clara of the Tour", "phone": "+32 470 12 34 57"}
        )
        cls.bella.name = "Wilma"

    def test_a_stylist_serves_a_client_on_the_phone(self):
        visit = self.book(self.haircut, client=self.clara, date=self.today)
        self.book(self.blowdry, client=self.bella, staff=self.oleg, date=self.today)
        self.start_tour(
            "/odoo", "salon_stylist_serves_on_the_phone", login="test_stylist"
        )
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.checkout_note, "Shorter at the neck")
        self.assertEqual(visit.photo_ids.mapped("moment"), ["before"])
        self.assertEqual(visit.photo_ids.user_id, self.stylist)


@tagged("post_install", "-at_install")
class TestTours(SalonCase, HttpCase):
    """What people do on their screens, in a real browser, with their own rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        cls.blowdry.name = "Blow-dry of the Tour"
        cls.branch.tender_journal_ids = cls.cash_journal
        (cls.receptionist | cls.stylist).salon_branch_ids = cls.branch
        cls.clara = cls.env["res.partner"].create(
            {"name": "Clara of the Tour", "phone": "+32 470 12 34 57"}
        )
        cls.bella.name = "Wilma"

    def test_a_receptionist_books_receives_and_checks_out_with_change(self):
        self.start_tour(
            "/odoo/salon-today",
            "salon_receptionist_from_free_time_to_paid",
            login="test_receptionist",
        )
        visit = self.env["salon.visit"].search([("client_id", "=", self.clara.id)])
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.payment_state, "paid")
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        # sudo: account.move - the bill, as the accountant sees it
        payments = visit.sudo().invoice_ids.matched_payment_ids
        self.assertEqual(payments.mapped("amount"), [55])

    def open_visit(self, visit, tour):
        visit.action_arrive()
        self.start_tour(
            f"/odoo/salon.visit/{visit.id}", tour, login="test_receptionist"
        )

    def test_a_receptionist_checks_out_by_enter(self):
        visit = self.book(self.haircut, client=self.clara, date=self.today)
        self.open_visit(visit, "salon_receptionist_pays_by_enter")
        self.assertEqual(visit.payment_state, "paid")

    def test_a_receptionist_checks_out_a_family_with_tip_and_debt(self):
        self.bella.salon_payer_id = self.clara
        visit = self.book(self.haircut, client=self.clara, date=self.today)
        other = self.book(
            self.blowdry, client=self.bella, staff=self.oleg, date=self.today
        )
        self.open_visit(visit, "salon_receptionist_checks_out_a_family")
        self.assertEqual(other.order_id, visit.order_id)
        self.assertEqual(visit.invoice_ids.partner_id, self.clara)
        self.assertEqual(visit.invoice_ids.amount_residual, 30)
        tips = self.env["salon.tip"].search([("visit_id", "in", (visit | other).ids)])
        self.assertEqual(sorted(tips.mapped("amount")), [4.5, 7.5])

    def test_a_receptionist_books_two_services_at_once(self):
        self.start_tour(
            "/odoo/salon-today",
            "salon_receptionist_books_two_services",
            login="test_receptionist",
        )
        visit = self.env["salon.visit"].search([("client_id", "=", self.clara.id)])
        first, second = visit.appointment_ids.sorted("start")
        self.assertEqual(
            first.product_id | second.product_id, self.haircut | self.blowdry
        )
        self.assertEqual(second.start, first.stop)

    def test_a_double_click_or_a_lost_answer_books_once(self):
        for tour in ("clicks_twice", "loses_an_answer", "clicks_another_time"):
            before = self.env["salon.visit"].search([])
            with self.subTest(tour=tour):
                self.start_tour(
                    "/odoo/salon-today",
                    f"salon_receptionist_{tour}",
                    login="test_receptionist",
                )
                after = self.env["salon.visit"].search([])
                self.assertEqual(len(after - before), 1)

    def test_a_stylist_sees_only_her_own_clients_and_sets_one_done(self):
        visit = self.book(self.haircut, client=self.clara, date=self.today)
        self.book(self.blowdry, client=self.bella, staff=self.oleg, date=self.today)
        self.start_tour(
            "/odoo/salon-today",
            "salon_stylist_works_through_her_day",
            login="test_stylist",
        )
        self.assertEqual(visit.state, "done")

    def test_a_client_reads_own_visits_and_nobody_elses(self):
        own = self.book(self.haircut, client=self.portal.partner_id)
        own.note = "Secret of the house"
        foreign = self.book(self.blowdry, client=self.clara, at="12:00")
        self.start_tour("/my", "salon_client_reads_own_visits", login="test_portal")
        self.start_tour(
            f"/my/visits/{foreign.id}", "salon_client_is_led_home", login="test_portal"
        )
