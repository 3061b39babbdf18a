from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase

from ..exceptions import TooManyTries


@tagged("post_install", "-at_install")
class TestSecretLinks(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book(cls.haircut, at="10:00", staff=cls.mia)

    def _token(self, purpose="visit", **options):
        url = self.env["salon.link"]._make(self.visit, purpose, **options)
        return url[self.visit.id].rpartition("/")[2]

    def test_a_link_leads_to_its_visit(self):
        token = self._token()
        self.assertGreaterEqual(len(token), 22)
        self.assertEqual(self.env["salon.link"]._find(token).visit_id, self.visit)

    def test_the_table_does_not_know_the_token(self):
        token = self._token()
        self.env.cr.execute("SELECT salon_link::text FROM salon_link")
        self.assertNotIn(token, str(self.env.cr.fetchall()))

    def test_a_link_is_for_its_purpose(self):
        token = self._token("review")
        self.assertFalse(self.env["salon.link"]._find(token, "cancel"))
        self.assertTrue(self.env["salon.link"]._find(token, "cancel", "review"))

    def test_a_link_works_until_a_day_after_the_visit(self):
        token = self._token(hours=1)
        link = self.env["salon.link"]._find(token)
        self.assertEqual(link.expires_at, self.visit.stop + timedelta(days=1))
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(self.env["salon.link"]._find(token))

    def test_a_revoked_link_is_closed(self):
        token = self._token()
        self.env["salon.link"]._revoke(self.visit)
        self.assertFalse(self.env["salon.link"]._find(token))

    def test_what_is_no_token_finds_nothing(self):
        self._token()
        for token in (None, "", "%", "a" * 24, "a" * 100000, ["a" * 24], 7):
            self.assertFalse(self.env["salon.link"]._find(token))

    def test_links_of_many_visits_take_one_insert(self):
        visits = self.visit | self.book(self.blowdry, at="12:00", staff=self.oleg)
        self.env["salon.link"]._make(visits, "visit")
        with self.assertQueryCount(2):
            urls = self.env["salon.link"]._make(visits, "visit")
        self.assertEqual(len(set(urls.values())), 2)


@tagged("post_install", "-at_install")
class TestLimits(SalonCase):
    def setUp(self):
        super().setUp()
        # In the transaction of the test, so that nothing of it stays.
        limits = type(self.env["salon.limit"])
        own = patch.object(limits, "_cursor", lambda limit: _Kept(limit.env.cr))
        own.start()
        self.addCleanup(own.stop)
        self.limits = self.env["salon.limit"]
        self.env["ir.config_parameter"].set_param("salon_online.limit_hold", "2/3600")

    def test_more_than_the_limit_is_refused(self):
        who = str(uuid4())
        self.limits._take("hold", who)
        self.limits._take("hold", who)
        with self.assertRaises(TooManyTries):
            self.limits._take("hold", who)

    def test_somebody_else_is_not_concerned(self):
        who = str(uuid4())
        for _time in range(3):
            self.limits._allows("hold", who)
        self.assertTrue(self.limits._allows("hold", str(uuid4())))
        self.assertTrue(self.limits._allows("search", who))

    def test_one_who_asks_too_often_is_enough(self):
        who = str(uuid4())
        for _time in range(2):
            self.limits._take("hold", who)
        self.assertFalse(self.limits._allows("hold", who, str(uuid4())))

    def test_the_table_does_not_know_who(self):
        who = str(uuid4())
        self.limits._take("hold", who)
        self.env.cr.execute("SELECT salon_limit::text FROM salon_limit")
        self.assertNotIn(who, str(self.env.cr.fetchall()))


class _Kept:
    def __init__(self, cr):
        self.cr = cr

    def __enter__(self):
        return self.cr

    def __exit__(self, *_error):
        return None


@tagged("post_install", "-at_install")
class TestLinkPages(HttpCase, SalonCase):
    def test_a_link_sends_to_its_page(self):
        visit = self.book(self.haircut, at="10:00", staff=self.mia, date=THURSDAY)
        url = self.env["salon.link"]._make(visit, "rebook")[visit.id]
        token = url.rpartition("/")[2]
        answer = self.url_open(f"/s/{token}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertURLEqual(answer.headers["Location"], f"/salon/visit/{token}/rebook")

    def test_a_wrong_link_is_a_plain_page(self):
        for token in ("x", "x" * 24, "x" * 5000, "%00%ff"):
            answer = self.url_open(f"/s/{token}")
            self.assertEqual(answer.status_code, 404, token[:30])
            self.assertNotIn("Traceback", answer.text)
