import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged, users

from .common import SalonCase


def picture():
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestPhotos(SalonCase, HttpCase):
    """Pictures of clients are the team's, with what the client agreed to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_branch = cls.env["salon.branch"].create({"name": "Other"})
        (cls.stylist | cls.receptionist).salon_branch_ids = cls.branch
        cls.visit = cls.book(cls.haircut)
        cls.foreign = cls.book(cls.haircut, staff=cls.oleg, client=cls.bella)

    @classmethod
    def photo(cls, visit, user=None, **values):
        return (
            cls.env["salon.photo"]
            .with_user(user or cls.env.user)
            .create({"visit_id": visit.id, "image": picture(), **values})
        )

    def test_a_stylist_takes_photos_of_her_own_clients_only(self):
        photo = self.photo(self.visit, self.stylist)
        self.assertEqual(photo.user_id, self.stylist)
        self.assertEqual(photo.consent, "internal")
        self.assertEqual(photo.client_id.id, self.anna.id)
        with self.assertRaises(AccessError):
            self.photo(self.foreign, self.stylist)

    def test_whose_photo_it_is_cannot_be_changed(self):
        with self.assertRaises(AccessError):
            self.photo(self.visit, self.stylist, user_id=self.owner.id)
        photo = self.photo(self.visit, self.receptionist)
        with self.assertRaises(UserError):
            photo.visit_id = self.foreign

    @users("test_stylist")
    def test_a_colleagues_photos_are_closed_and_so_is_the_picture(self):
        photo = self.photo(self.foreign)
        self.assertFalse(self.env["salon.photo"].search([("id", "=", photo.id)]))
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "salon.photo"), ("res_field", "!=", False)]
        )
        self.assertFalse(attachments)

    def test_only_the_staff_of_the_branch_sees_them(self):
        photo = self.photo(self.visit)
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            groups="salon_booking.group_salon_receptionist",
            salon_branch_ids=self.other_branch.ids,
        )
        self.assertTrue(photo.with_user(self.receptionist).read(["moment"]))
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        for user in (elsewhere, clerk, self.accountant, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                photo.with_user(user).read(["moment"])

    def test_the_picture_needs_a_login_with_the_right(self):
        photo = self.photo(self.visit)
        url = f"/web/image/salon.photo/{photo.id}/image"
        anonymous = self.url_open(url)
        self.assertNotEqual(anonymous.headers.get("Content-Length"), None)
        self.authenticate("test_stylist", "test_stylist")
        allowed = self.url_open(url)
        self.assertEqual(allowed.headers["Content-Type"], "image/png")
        self.assertNotEqual(anonymous.content, allowed.content)
        self.authenticate("test_portal", "test_portal")
        self.assertNotEqual(self.url_open(url).content, allowed.content)

    def test_who_wants_no_photos_gets_none(self):
        self.anna.salon_refuses_photos = True
        with self.assertRaisesRegex(UserError, "wants no photos"):
            self.photo(self.visit, self.stylist)
        texts = [warning["text"] for warning in self.visit._get_warnings()]
        self.assertIn("Wants no photos to be taken.", texts)

    def test_nor_by_a_visit_that_only_the_context_names(self):
        self.anna.salon_refuses_photos = True
        photos = self.env["salon.photo"].with_user(self.stylist)
        with self.assertRaisesRegex(UserError, "wants no photos"):
            photos.with_context(default_visit_id=self.visit.id).create(
                {"image": picture()}
            )

    def test_a_colleagues_photo_in_ones_own_visit_stays_as_it_is(self):
        self.visit.appointment_ids.copy(
            {
                "visit_id": self.visit.id,
                "staff_id": self.oleg.id,
                "start": self.at("11:00"),
            }
        )
        photo = self.photo(self.visit, self.stylist)
        self.oleg.user_id = colleague = new_test_user(
            self.env,
            "colleague",
            groups="salon_booking.group_salon_stylist",
            salon_branch_ids=self.branch.ids,
        )
        foreign = photo.with_user(colleague)
        self.assertTrue(foreign.read(["moment"]))
        with self.assertRaisesRegex(AccessError, "was taken by"):
            foreign.consent = "public"
        with self.assertRaisesRegex(AccessError, "was taken by"):
            foreign.unlink()
        photo.note = "Before the wash"
        photo.with_user(self.receptionist).unlink()

    def test_a_form_that_names_any_visit_is_not_told_whose_it_is(self):
        # What is in memory already is not checked again.
        self.env.flush_all()
        self.env.invalidate_all()
        told = (
            self.env["salon.photo"]
            .with_user(self.stylist)
            .onchange(
                {"visit_id": self.foreign.id},
                ["visit_id"],
                {"visit_id": {}, "client_id": {"fields": {"display_name": {}}}},
            )
        )
        self.assertNotIn("Bella", repr(told))

    def test_photos_of_earlier_visits_are_seen_where_one_works(self):
        before = self.book(self.haircut, staff=self.oleg, at="14:00")
        photo = self.photo(before)
        self.assertTrue(photo.with_user(self.stylist).read(["moment"]))
        with self.assertRaises(AccessError):
            photo.with_user(self.stylist).note = "x"
        self.stylist.salon_branch_ids = self.other_branch
        with self.assertRaises(AccessError):
            photo.with_user(self.stylist).read(["moment"])
