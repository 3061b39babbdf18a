from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestLicences(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hygiene = cls.env["salon.licence.type"].create(
            {
                "name": "Hygiene course (test)",
                "product_tmpl_ids": cls.colour.product_tmpl_id.ids,
            }
        )
        cls.last = THURSDAY + timedelta(days=10)

    def blocked(self, first=THURSDAY, last=None):
        days = self.env["salon.licence"]._blocked(
            self.mia | self.oleg,
            (self.colour | self.haircut).product_tmpl_id,
            first,
            last or self.last,
        )
        names = {record.id: record for record in self.mia | self.oleg}
        services = {p.product_tmpl_id.id: p for p in self.colour | self.haircut}
        return {
            (names[person], services[service]): spans
            for (person, service), spans in days.items()
        }

    def licence(self, staff, until=None, since=None, kind=None):
        return self.env["salon.licence"].create(
            {
                "staff_id": staff.id,
                "type_id": (kind or self.hygiene).id,
                "valid_from": since,
                "valid_until": until,
            }
        )

    def test_without_a_needed_licence_a_person_is_out_for_that_service_only(self):
        self.licence(self.mia)
        self.assertEqual(
            self.blocked(), {(self.oleg, self.colour): [(THURSDAY, self.last)]}
        )

    def test_from_the_day_after_expiry_she_is_out(self):
        self.licence(self.oleg)
        until = THURSDAY + timedelta(days=3)
        self.licence(self.mia, until=until)
        self.assertEqual(
            self.blocked(),
            {(self.mia, self.colour): [(until + timedelta(days=1), self.last)]},
        )

    def test_a_renewal_closes_the_gap(self):
        self.licence(self.oleg)
        until = THURSDAY + timedelta(days=3)
        self.licence(self.mia, until=until)
        self.licence(self.mia, since=until + timedelta(days=1))
        self.assertEqual(self.blocked(), {})

    def test_an_archived_licence_is_none(self):
        (self.licence(self.mia) | self.licence(self.oleg)).active = False
        self.assertEqual(len(self.blocked()), 2)

    def test_what_is_needed_for_all_work_takes_out_of_everything(self):
        self.hygiene.needed_for = "all"
        self.licence(self.oleg)
        self.assertEqual(
            set(self.blocked()), {(self.mia, self.colour), (self.mia, self.haircut)}
        )

    def test_what_is_only_recorded_stops_nobody(self):
        self.hygiene.needed_for = "none"
        self.assertEqual(self.blocked(), {})

    def test_what_another_company_asks_for_stops_nobody_here(self):
        self.hygiene.company_id = self.env["res.company"].create({"name": "Abroad"})
        self.assertEqual(self.blocked(), {})

    def test_an_expired_work_permit_takes_out_of_all_services(self):
        self.hygiene.needed_for = "none"
        self.mia.work_permit_expiration_date = THURSDAY
        out = [(THURSDAY + timedelta(days=1), self.last)]
        self.assertEqual(
            self.blocked(),
            {(self.mia, self.colour): out, (self.mia, self.haircut): out},
        )

    def test_it_is_one_query_however_many(self):
        licences = self.env["salon.licence"].with_user(self.receptionist)
        staff, templates = self.mia | self.oleg, self.env["product.template"]
        templates |= (self.colour | self.haircut | self.blowdry).product_tmpl_id
        self.env.flush_all()
        with self.assertQueryCount(1):
            licences._blocked(staff, templates, THURSDAY, self.last)

    @freeze_time("2031-06-12 06:00:00")
    def test_the_manager_is_warned_once_before_it_expires(self):
        self.manager.salon_branch_ids = self.branch
        licence = self.licence(self.mia, until=THURSDAY + timedelta(days=20))
        later = self.licence(self.oleg, until=THURSDAY + timedelta(days=200))
        for _night in range(2):
            self.env["salon.licence"]._cron_warn()
        self.assertEqual(licence.activity_ids.user_id, self.manager)
        self.assertEqual(licence.activity_ids.date_deadline, licence.valid_until)
        self.assertFalse(later.activity_ids)
        licence.valid_until += timedelta(days=5)
        self.env["salon.licence"]._cron_warn()
        self.assertEqual(len(licence.activity_ids), 2)

    @freeze_time("2031-06-12 06:00:00")
    def test_nobody_is_warned_of_what_is_renewed_already(self):
        licence = self.licence(self.mia, until=THURSDAY + timedelta(days=20))
        self.licence(self.mia, since=THURSDAY)
        self.env["salon.licence"]._cron_warn()
        self.assertFalse(licence.activity_ids)

    def test_a_stylist_reads_her_own_licences_and_changes_none(self):
        own, other = self.licence(self.mia), self.licence(self.oleg)
        seen = self.env["salon.licence"].with_user(self.stylist).search([])
        self.assertIn(own, seen)
        self.assertNotIn(other, seen)
        with self.assertRaises(AccessError):
            own.with_user(self.stylist).valid_until = self.last

    def test_a_manager_keeps_the_licences_of_her_branches(self):
        self.manager.salon_branch_ids = self.branch
        licence = self.licence(self.mia)
        licence.with_user(self.manager).number = "12"
        self.mia.salon_branch_ids = False
        with self.assertRaises(AccessError):
            licence.with_user(self.manager).number = "13"

    def test_who_lacks_a_licence_is_not_offered_for_that_service(self):
        def offered(service):
            slots = self.env["salon.availability"]._search_slots(
                self.branch, service, THURSDAY, THURSDAY
            )
            return {slot.staff for slot in slots}

        self.licence(self.mia, until=THURSDAY)
        self.licence(self.oleg, until=THURSDAY - timedelta(days=1))
        self.assertEqual(offered(self.colour), {self.mia.id})
        self.assertEqual(offered(self.haircut), {self.mia.id, self.oleg.id})
