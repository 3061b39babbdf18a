from datetime import timedelta

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .test_own_visit import OwnVisitCase


class ReviewCase(OwnVisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviews = cls.env["salon.reviews"]
        (cls.manager | cls.receptionist).salon_branch_ids = cls.branch
        cls.done = cls.make_done(cls.haircut, cls.mia)

    @classmethod
    def make_done(cls, service, staff, client=None):
        """A visit that has just ended."""
        start = (fields.Datetime.now() - timedelta(hours=3)).replace(
            second=0, microsecond=0
        )
        visit = cls.env["salon.visit"].create(
            {
                "branch_id": cls.branch.id,
                "client_id": (client or cls.anna).id,
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "staff_id": staff.id,
                            "start": start,
                            "overlap_reason": "Test",
                        }
                    )
                ],
            }
        )
        visit._set_state("done")
        return visit

    def review(self, visit, *stars, **values):
        services = self.reviews._get_lines(visit)
        given = dict(zip(services.ids, stars, strict=True))
        return self.reviews._write(visit, given, **values)


@tagged("post_install", "-at_install")
class TestReviews(ReviewCase):
    def test_a_good_review_waits_for_the_manager(self):
        review = self.review(self.done, 5, text="Lovely", author="Anna")
        self.assertEqual(review.state, "new")
        self.assertEqual(self.reviews._get_public(self.branch), [])
        review.with_user(self.manager).action_publish()
        [public] = self.reviews._get_public(self.branch)
        self.assertEqual((public["author"], public["stars"]), ("Anna", 5))

    def test_a_good_one_goes_public_at_once_where_the_branch_wants_that(self):
        self.branch.review_auto_publish = True
        self.assertEqual(self.review(self.done, 4).state, "published")

    def test_a_low_one_is_a_complaint_for_the_manager_and_not_public(self):
        self.branch.review_auto_publish = True
        self.branch.review_user_id = self.manager
        review = self.review(self.done, 2, text="Too short")
        self.assertEqual(review.state, "complaint")
        self.assertEqual(review.activity_ids.user_id, self.manager)
        self.assertEqual(self.reviews._get_public(self.branch), [])
        own = review.with_user(self.manager)
        with self.assertRaises(UserError):
            own.action_publish()
        with self.assertRaises(UserError):
            own.action_settle()
        own.resolution = "Cut again"
        own.action_settle()
        self.assertFalse(review.activity_ids)
        own.action_publish()
        self.assertEqual(review.state, "published")

    def test_words_of_a_complaint_are_no_page_for_the_manager(self):
        self.branch.review_user_id = self.manager
        review = self.review(self.done, 1, text="<b>Late</b> 5 < 6")
        note = review.activity_ids.note
        self.assertNotIn("<b>", note)
        self.assertIn("5 &lt; 6", note)

    def test_one_of_the_services_is_enough_for_a_complaint(self):
        start = self.done.start
        self.done.write(
            {
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": self.blowdry.id,
                            "staff_id": self.oleg.id,
                            "start": start,
                            "overlap_reason": "Test",
                        }
                    )
                ]
            }
        )
        self.done.appointment_ids._set_state("done")
        review = self.review(self.done, 5, 1)
        self.assertEqual((review.stars, review.lowest), (3, 1))
        self.assertEqual(review.state, "complaint")

    def test_a_review_is_changed_once(self):
        review = self.review(self.done, 5)
        self.assertEqual(self.review(self.done, 4, text="Well"), review)
        self.assertEqual((review.stars, review.text), (4, "Well"))
        with self.assertRaises(UserError):
            self.review(self.done, 1)

    def test_neither_after_the_days_for_it_nor_of_what_was_not_done(self):
        with self.assertRaises(UserError):
            self.reviews._write(self.visit, {self.visit.appointment_ids.id: 5})
        self.branch.review_days = 0
        self.assertFalse(self.reviews._is_open(self.done))

    def test_stars_are_one_to_five_and_of_own_services(self):
        foreign = self.visit.appointment_ids.id
        own = self.done.appointment_ids.id
        for stars in ({}, {own: 0}, {own: 6}, {own: None}, {foreign: 5}):
            with self.subTest(stars=stars), self.assertRaises(UserError):
                self.reviews._write(self.done, stars)

    def test_the_managers_are_told_of_a_low_one(self):
        event = self.env.ref("salon_online.event_manager_low_rating")
        event.active = True
        told = [("event_id", "=", event.id)]
        before = self.env["salon.message"].search(told)
        review = self.review(self.done, 2, text="Too short")
        message = self.env["salon.message"].search(told) - before
        self.assertEqual(message.mapped("res_id"), review.ids)
        self.assertEqual(message.partner_id, self.manager.partner_id)
        self.review(self.make_done(self.blowdry, self.oleg), 5)
        self.assertEqual(self.env["salon.message"].search(told), before | message)

    def test_averages_follow_in_a_fixed_number_of_queries(self):
        self.review(self.done, 5)
        low = self.review(self.make_done(self.haircut, self.mia, self.bella), 2)
        low.resolution = "Cut again"
        low.action_settle()
        self.review(self.make_done(self.blowdry, self.oleg), 4)
        with self.assertQueryCount(1):
            by_staff = self.reviews._get_averages(self.branch, "staff_id")
        self.assertEqual(by_staff, {self.mia.id: (3.5, 2), self.oleg.id: (4.0, 1)})
        by_service = self.reviews._get_averages(self.branch, "product_tmpl_id")
        self.assertEqual(by_service[self.haircut.product_tmpl_id.id], (3.5, 2))
        by_branch = self.reviews._get_averages(self.branch, "branch_id")
        self.assertEqual(by_branch[self.branch.id], (3.7, 3))
        before = by_staff
        self.reviews._refresh()
        self.assertEqual(self.reviews._get_averages(self.branch, "staff_id"), before)

    def test_a_complaint_counts_in_public_once_the_manager_has_dealt_with_it(self):
        self.review(self.done, 5)
        low = self.review(self.make_done(self.haircut, self.mia, self.bella), 1)
        averages = self.reviews._get_averages(self.branch, "staff_id")
        self.assertEqual(averages[self.mia.id], (5.0, 1))
        own = low.with_user(self.manager)
        own.resolution = "Cut again"
        own.action_settle()
        averages = self.reviews._get_averages(self.branch, "staff_id")
        self.assertEqual(averages[self.mia.id], (3.0, 2))

    def test_who_changes_a_good_review_into_a_complaint_is_not_counted_meanwhile(self):
        self.review(self.done, 5)
        review = self.review(self.done, 1)
        self.assertEqual(self.reviews._get_averages(self.branch, "branch_id"), {})
        own_stars = self.env["salon.review.line"].with_user(self.manager)
        self.assertEqual(own_stars.search([("review_id", "=", review.id)]).stars, 1)

    def test_what_is_changed_or_deleted_leaves_the_averages(self):
        review = self.review(self.done, 5)
        self.review(self.done, 4)
        averages = self.reviews._get_averages(self.branch, "staff_id")
        self.assertEqual(averages[self.mia.id], (4.0, 1))
        review.with_user(self.owner).unlink()
        self.assertEqual(self.reviews._get_averages(self.branch, "staff_id"), {})

    def test_the_demo_salon_has_reviews(self):
        self.env["salon.demo"]._write_reviews()

    def test_managers_neither_write_nor_change_what_clients_say(self):
        review = self.review(self.done, 2).with_user(self.manager)
        for values in ({"text": "Great"}, {"state": "published"}, {"author": "x"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                review.write(values)
        with self.assertRaises(AccessError):
            review.line_ids.write({"stars": 5})
        with self.assertRaises(AccessError):
            review.create({"visit_id": self.visit.id})
        review.reply = "We are sorry"

    def test_reviews_are_for_managers_of_the_branch(self):
        review = self.review(self.done, 2)
        for user in (self.receptionist, self.stylist, self.portal):
            with self.assertRaises(AccessError):
                review.with_user(user).read(["text"])
            with self.assertRaises(AccessError):
                review.with_user(user).action_hide()

    def test_odd_texts_are_cleaned_and_cut(self):
        review = self.review(
            self.done, 5, text="a\x00b\x1b" + "x" * 9999, author="A\nB" + "y" * 99
        )
        self.assertTrue(review.text.startswith("abx"))
        self.assertEqual(len(review.text), 2000)
        self.assertEqual(len(review.author), 40)


@tagged("post_install", "-at_install")
class TestReviewPage(ReviewCase, HttpCase):
    def setUp(self):
        super().setUp()
        links = self.env["salon.link"]._make(self.done, "review")
        self.page = "/salon/review/" + next(iter(links.values())).rpartition("/")[2]
        self.authenticate(None, None)

    def post(self, **data):
        return self.url_open(
            self.page, data={"csrf_token": http.Request.csrf_token(self), **data}
        )

    def test_a_client_reviews_without_a_login(self):
        self.branch.message_review_url = "https://reviews.example/test"
        self.assertIn("Mia", self.url_open(self.page).text)
        answer = self.post(stars_0="5", text="<b>Good</b>", author="Anna")
        self.assertIn("Thank you", answer.text)
        self.assertIn("https://reviews.example/test", answer.text)
        review = self.reviews._get_review(self.done)
        self.assertEqual((review.stars, review.text), (5, "<b>Good</b>"))
        review._set_state("published")

    def test_a_review_without_stars_is_asked_for_them(self):
        for stars in ("", "0", "6", "five", "-1", "5" * 99):
            answer = self.post(stars_0=stars)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("its stars", answer.text)
        self.assertFalse(self.reviews._get_review(self.done))
