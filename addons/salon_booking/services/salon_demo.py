import logging
import os
from collections import defaultdict
from datetime import datetime, time

from pytz import timezone

from odoo import api, fields, models
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

from odoo.addons.base.models.res_partner import _tz_get

from ..engine import clock

_logger = logging.getLogger(__name__)

#: Who keeps the desk of each branch.
DESKS = {"center": "receptionist", "harbour": "owner", "garden": "owner"}
#: Around the globe, so that it is about noon in one of them at any moment.
ZONES = (
    "Europe/London Europe/Brussels Europe/Istanbul Asia/Baku Asia/Tashkent Asia/Dhaka "
    "Asia/Bangkok Asia/Singapore Asia/Tokyo Australia/Brisbane Pacific/Noumea "
    "Pacific/Auckland Atlantic/Azores America/Sao_Paulo America/Halifax "
    "America/New_York America/Chicago America/Denver America/Los_Angeles "
    "America/Anchorage Pacific/Honolulu"
).split()
#: When a salon is liveliest.
LIVELY = (time(10, 45), time(17, 30))
#: Clients spoken to in their own language, where the database has it.
LANGUAGES = {
    "tr_TR": "fatma omer selin yusuf zeynep emre merve burak",
    "az_AZ": "gunel kamran nigar rashad aysel orkhan leman elvin",
    "ru_RU": "daria irina timur xenia olga anastasia pavel sergey",
}


class SalonDemo(models.AbstractModel):
    """The demo salon: where and when it lives, and what it needs of the books.

    Nothing here runs unless the demo data call it.
    """

    _name = "salon.demo"
    _description = "Salon Demo Data"

    @api.model
    def _load(self, module):
        """Load what an addon adds to the demo; beside another salon it has no place."""
        if module != "salon_booking" and not self.env.ref(
            "salon_booking.branch_garden", raise_if_not_found=False
        ):
            _logger.info("%s: the demo salon is not here, nothing to add to", module)
            return
        for filename in Manifest.for_addon(module).raw_value("oca_data_manual"):
            convert_file(self.env, module, filename, {}, "init", noupdate=True)

    @api.model
    def _ref(self, name):
        return self.env.ref(f"salon_booking.{name}")

    @api.model
    def _branches(self):
        return self.env["salon.branch"].union(
            *(self._ref(f"branch_{name}") for name in DESKS)
        )

    @api.model
    def _today(self):
        """The day on the clock of the demo salon."""
        now = clock.to_minutes(fields.Datetime.now())
        return clock.local(now, self._ref("branch_center").tz).date()

    @api.model
    def _at_desk(self, branch_name):
        """The demo as whoever keeps the desk of a branch; notes would be noise."""
        user = self._ref(f"user_{DESKS[branch_name]}")
        return self.with_user(user).with_context(tracking_disable=True)

    @api.model
    def _prepare_company(self):
        """What the demo needs of the books: a chart, a tax, tills and a terminal."""
        company = self.env.company
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company)
        self._name_record("tax_included", self._make_tax(company))
        journals = self.env["account.journal"].create(
            [
                {"name": "Till Center", "type": "cash", "code": "TILLC"},
                {"name": "Till Harbour", "type": "cash", "code": "TILLH"},
                {"name": "Till Garden", "type": "cash", "code": "TILLG"},
                {"name": "Card terminal", "type": "bank", "code": "CARD"},
            ]
        )
        for journal in journals.filtered(lambda journal: journal.type == "cash"):
            # Cash is in the till at once; nothing is outstanding.
            lines = (
                journal.inbound_payment_method_line_ids
                | journal.outbound_payment_method_line_ids
            )
            lines.payment_account_id = journal.default_account_id
        names = ("cash_center", "cash_harbour", "cash_garden", "card")
        for name, journal in zip(names, journals, strict=True):
            self._name_record(f"journal_{name}", journal)

    @api.model
    def _make_tax(self, company):
        values = {
            "name": "20% incl.",
            "invoice_label": "VAT 20%",
            "description": False,
            "amount": 20,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "price_include_override": "tax_included",
        }
        usual = company.account_sale_tax_id
        if not usual:
            return self.env["account.tax"].create(values)
        values["tax_group_id"] = usual.tax_group_id.copy({"name": "VAT 20%"}).id
        return usual.copy(values)

    @api.model
    def _name_record(self, name, record):
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"salon_booking.{name}",
                    "record": record,
                    "noupdate": True,
                }
            ]
        )

    # --- where ---

    @api.model
    def _lively_zone(self, now):
        """Where it is the middle of the day now, as near to this machine as can be.

        A salon that is closed has little to show to whoever installs it at night.
        """
        here = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
        here = here.removeprefix("Etc/")
        zones = [here] if here in dict(_tz_get(self)) else []

        def offset(zone):
            moment = timezone("UTC").localize(now).astimezone(timezone(zone))
            return moment.utcoffset().total_seconds() / 3600

        base = offset(zones[0]) if zones else 0
        zones += sorted(ZONES, key=lambda zone: (abs(offset(zone) - base), zone))
        first, last = LIVELY
        return next(
            zone
            for zone in zones
            if first <= clock.local(clock.to_minutes(now), zone).time() <= last
        )

    @api.model
    def _move_to_zone(self):
        """Put the demo salon and its people where it is the middle of the day."""
        branches = self._branches()
        if not self.env["salon.visit"].search_count(
            [("branch_id", "in", branches.ids)]
        ):
            self._place_in(self._lively_zone(fields.Datetime.now()))

    @api.model
    def _place_in(self, zone):
        """Let branches, calendars, people and users of the demo live in a time zone."""
        self = self.with_context(tracking_disable=True)
        branches = self._branches()
        staff = self.env["hr.employee"].search(
            [("salon_branch_ids", "in", branches.ids)]
        )
        with self.env["salon.hours"]._collected():
            branches.tz = zone
            branches.facility_ids.tz = zone
            branches.resource_calendar_id.tz = zone
            staff.tz = zone
            staff.resource_calendar_id.tz = zone
        for role in ("owner", "manager", "receptionist", "stylist", "accountant"):
            self._ref(f"user_{role}").tz = zone
        self._ref("user_anna").tz = zone
        self.env.ref("base.user_admin").tz = zone

    @api.model
    def _speak_to_clients(self):
        installed = dict(self.env["res.lang"].get_installed())
        for lang, names in LANGUAGES.items():
            if lang in installed:
                for name in names.split():
                    self._ref(f"client_{name}").lang = lang

    # --- when ---

    @api.model
    def _generate(self):
        """Fill four weeks with visits, unless the demo salon already has some."""
        branches = self._branches()
        if self.env["salon.visit"].search_count([("branch_id", "in", branches.ids)]):
            return
        self._speak_to_clients()
        now, today = fields.Datetime.now(), self._today()
        seen = set()
        for name in DESKS:
            desk = self._at_desk(name)
            branch = self._ref(f"branch_{name}").with_env(desk.env)
            days = defaultdict(list)
            for wish in self._plan(branch, today, seen):
                days[clock.local(wish["start"], branch.tz).date()].append(wish)
            booked = []
            for day in sorted(days):
                booked += desk._book_wishes(branch, days[day], now)
            desk._live(booked, now)
        self._remember(today)

    @api.model
    def _wall(self, day, hour, branch):
        """An hour of the day on the clock of the branch, as the database keeps it."""
        moment = datetime.combine(day, time(int(hour), round(hour % 1 * 60)))
        return clock.to_utc(
            clock.wall_to_minutes(moment.date(), moment.time(), branch.tz)
        )
