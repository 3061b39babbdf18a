from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged, users

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestPrivacy(SalonCase):
    """What somebody who is nothing but a stylist is told of clients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stylist.salon_branch_ids = cls.branch
        cls.stylist.group_ids += cls.env.ref("base.group_allow_export")
        cls.anna.write({"name": "Anna Maria Zyxova", "email": "anna@zyx.example"})
        cls.bella.name = "Bella Zyxova"
        cls.visit = cls.book(cls.haircut)
        cls.appointment = cls.visit.appointment_ids
        cls.foreign = cls.book(cls.haircut, staff=cls.oleg, client=cls.bella)

    def own(self, records):
        return records.with_user(self.stylist)

    def test_the_contact_of_a_client_is_closed_to_every_way_of_reading(self):
        partners = self.env["res.partner"].with_user(self.stylist)
        for domain in (
            [("id", "=", self.anna.id)],
            [("phone", "like", "123456")],
            [("email", "=", "anna@zyx.example")],
        ):
            self.assertFalse(partners.search(domain))
            self.assertFalse(partners.search_read(domain, ["phone"]))
            self.assertFalse(partners.formatted_read_group(domain, ["phone"]))
        self.assertFalse(partners.name_search("Zyxova"))
        for name in ("name", "phone", "email", "complete_name"):
            with self.assertRaises(AccessError):
                self.own(self.anna).read([name])
        with self.assertRaises(AccessError):
            self.own(self.anna).export_data(["name", "phone"])

    def test_searching_visits_by_phone_tells_nothing_either(self):
        visits = self.env["salon.visit"].with_user(self.stylist)
        self.assertFalse(visits.search([("client_id.phone", "like", "470")]))
        self.assertFalse(visits.search([("client_id.email", "!=", False)]))
        self.assertTrue(visits.search([("id", "=", self.visit.id)]))

    def test_the_hours_of_an_earlier_visit_elsewhere_are_read(self):
        elsewhere = self.branch.copy({"name": "Elsewhere"})
        earlier = self.book(self.haircut, at="14:00", staff=self.oleg)
        earlier._set_state("done")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE salon_visit SET branch_id = %s WHERE id = %s",
            [elsewhere.id, earlier.id],
        )
        self.env.invalidate_all()
        [read] = self.own(earlier).read(["hours"])
        self.assertTrue(read["hours"])

    def test_by_default_the_name_is_told_and_the_phone_is_not(self):
        visit = self.own(self.visit)
        [read] = visit.read(["client_id", "client_phone", "display_name"])
        self.assertEqual(read["client_id"][1], "Anna Maria Zyxova")
        self.assertIn("Anna Maria Zyxova", read["display_name"])
        self.assertFalse(read["client_phone"])

    def test_only_the_initial_is_told_wherever_the_name_would_stand(self):
        self.branch.stylist_client_name = "initial"
        visit, appointment = self.own(self.visit), self.own(self.appointment)
        told = {"show_email": 1, "show_address": 1, "formatted_display_name": 1}
        specification = {
            "display_name": {},
            "client_id": {
                "fields": {"display_name": {}},
                "context": {**told, "salon_show_phone": 1},
            },
            "client_phone": {},
        }
        domain = [("id", "=", self.visit.id)]
        payload = repr(
            [
                visit.web_read(specification),
                visit.read(["client_id", "display_name"]),
                visit.export_data(["display_name"]),
                visit.web_read_group(domain, ["client_id"]),
                visit.formatted_read_group(domain, ["client_id"]),
                appointment.read(["client_id", "display_name"]),
                appointment.name_search(domain=[("id", "=", appointment.id)]),
            ]
        )
        self.assertIn("Anna Z.", payload)
        self.assertNotIn("Zyxova", payload)
        self.assertNotIn("zyx.example", payload)
        self.assertNotIn("123456", payload.replace(" ", ""))
        # The desk is told everything at the same time.
        self.assertIn("Zyxova", self.visit.with_user(self.receptionist).display_name)

    def test_the_strictest_branch_of_somebody_in_two_counts(self):
        other = self.env["salon.branch"].create(
            {"name": "Strict", "stylist_client_name": "initial"}
        )
        self.assertIn("Zyxova", self.own(self.visit).display_name)
        self.stylist.salon_branch_ids |= other
        self.env.invalidate_all()
        self.assertIn("Anna Z.", self.own(self.visit).display_name)
        self.assertNotIn("Zyxova", self.own(self.visit).display_name)

    def test_a_phone_is_masked_or_shown_as_the_branch_says(self):
        self.branch.stylist_client_phone = "masked"
        self.assertEqual(self.own(self.visit).client_phone, "••• 56")
        self.branch.stylist_client_phone = "shown"
        self.assertEqual(self.own(self.visit).client_phone, self.anna.phone)
        self.assertEqual(
            self.visit.with_user(self.receptionist).client_phone, self.anna.phone
        )

    def test_cards_of_own_clients_open_where_nothing_is_hidden(self):
        self.branch.stylist_client_phone = "shown"
        self.assertEqual(self.own(self.anna).name, "Anna Maria Zyxova")
        with self.assertRaises(AccessError):
            self.own(self.bella).read(["name"])

    @users("test_stylist")
    def test_the_team_and_companies_stay_readable(self):
        team = self.owner.partner_id | self.oleg.work_contact_id
        for partner in team | self.company.partner_id:
            self.assertTrue(partner.with_user(self.env.user).name)

    def test_the_hosts_rights_stay_as_they_are(self):
        for groups in (
            "base.group_user",
            "salon_booking.group_salon_stylist,base.group_partner_manager",
            "salon_booking.group_salon_stylist,sales_team.group_sale_salesman",
            "salon_booking.group_salon_stylist,account.group_account_invoice",
        ):
            self.branch.stylist_client_name = "initial"
            clerk = new_test_user(self.env, f"clerk_{len(groups)}", groups=groups)
            with self.subTest(groups=groups):
                self.assertEqual(self.anna.with_user(clerk).phone, self.anna.phone)
                self.assertIn("Zyxova", self.anna.with_user(clerk).display_name)

    def test_the_names_of_many_visits_take_the_same_number_of_queries(self):
        visits = self.visit
        for hour in range(11, 17):
            client = self.env["res.partner"].create({"name": f"Client {hour}"})
            visits |= self.book(self.haircut, client=client, at=f"{hour}:00")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self.own(some).read(["display_name", "client_id", "client_phone"])
            return self.env.cr.sql_log_count - before

        self.branch.stylist_client_name = "initial"
        self.branch.stylist_client_phone = "masked"
        count(visits)
        self.assertEqual(count(visits), count(visits[:1]))

    def test_the_board_tells_no_more_of_a_name(self):
        self.branch.stylist_client_name = "initial"
        board = self.env["salon.board"].with_user(self.stylist)
        said = repr(board.load([self.branch.id], "2031-06-12", "2031-06-12"))
        self.assertIn("Anna Z.", said)
        self.assertNotIn("Zyxova", said)

    def test_what_was_written_to_a_client_is_closed_with_the_card(self):
        said = self.visit.message_post(
            body="Dear Anna Zyxova", partner_ids=self.anna.ids
        )
        own = self.own(self.visit).message_post(body="She likes it shorter")
        messages = self.env["mail.message"].with_user(self.stylist)
        domain = [("model", "=", "salon.visit"), ("res_id", "=", self.visit.id)]
        self.env.invalidate_all()
        self.assertEqual(messages.search(domain), own)
        self.assertFalse(self.own(self.visit)._message_get_suggested_recipients())
        desk = self.env["mail.message"].with_user(self.receptionist)
        self.assertIn(said, desk.search(domain))
        self.branch.stylist_client_phone = "shown"
        self.env.invalidate_all()
        self.assertIn(said, messages.search(domain))

    def test_the_login_of_a_client_with_an_account_is_closed_too(self):
        self.branch.stylist_client_name = "initial"
        self.portal.partner_id.name = "Petra Zyxova"
        users = self.env["res.users"].with_user(self.stylist)
        self.assertFalse(users.search([("login", "=", "test_portal")]))
        with self.assertRaises(AccessError):
            self.own(self.portal).read(["login", "name"])
        self.assertTrue(self.own(self.owner).login)
        # sudo: res.users - as the host reads the names beside its links
        self.assertEqual(self.own(self.portal).sudo().display_name, "Petra Z.")
