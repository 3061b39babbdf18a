from datetime import datetime, time, timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

from ..engine import clock

#: A Thursday in summer, without a clock change near it.
THURSDAY = datetime(2031, 6, 12).date()


class Today:
    """What day it is in the branch of the case now: midnight may pass meanwhile."""

    def __get__(self, case, owner):
        branch = owner.branch
        return fields.Date.context_today(branch.with_context(tz=branch.tz))


class SalonCase(BaseCommon):
    """A salon with one branch, two stylists, a few services and every role."""

    today = Today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_messages_off()
        cls.company = cls.env.company
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", company=cls.company, install_demo=False
            )
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Every day 9 to 18",
                "tz": "Europe/Brussels",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 18,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        cls.branch = cls.env["salon.branch"].create(
            {
                "name": "Test Branch",
                "tz": "Europe/Brussels",
                "resource_calendar_id": cls.calendar.id,
            }
        )
        cls.category_hair = cls.env["product.category"].create({"name": "Hair (test)"})
        cls.category_retail = cls.env["product.category"].create(
            {"name": "Retail (test)"}
        )
        cls._make_services()
        cls._make_staff()
        cls._make_users()
        cls.anna = cls.env["res.partner"].create(
            {"name": "Anna", "phone": "+32 470 12 34 56"}
        )
        cls.bella = cls.env["res.partner"].create({"name": "Bella"})
        journals = cls.env["account.journal"]
        # A till of its own: those of the company may have days that are over.
        cls.cash_journal = journals.create(
            {"name": "Till (test)", "type": "cash", "code": "TTILL", "sequence": 0}
        )
        cls.bank_journal = journals.search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _switch_messages_off(cls):
        """The core tells clients by itself; the outbox has tests of its own."""
        if "salon.message.event" in cls.env:
            cls.env["salon.message.event"].search([]).active = False

    @classmethod
    def _make_services(cls):
        cls.tax = cls.env["account.tax"].create(
            {"name": "10 % (test)", "amount": 10, "type_tax_use": "sale"}
        )
        cls.haircut = cls._service("Haircut", 50, [("work", 45)])
        cls.blowdry = cls._service("Blow-dry", 30, [("work", 30)])
        cls.colour = cls._service(
            "Colour",
            100,
            [("work", 30), ("processing", 35), ("finish", 20), ("cleanup", 5)],
        )
        cls.shampoo = cls.env["product.product"].create(
            {
                "name": "Shampoo (test)",
                "type": "consu",
                "list_price": 20,
                "categ_id": cls.category_retail.id,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "order",
            }
        )

    @classmethod
    def _service(cls, name, price, phases, facility_type=None):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "is_salon_service": True,
                "list_price": price,
                "categ_id": cls.category_hair.id,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "order",
                "salon_phase_ids": [
                    Command.create(
                        {
                            "sequence": index,
                            "kind": kind,
                            "minutes": minutes,
                            "facility_type_id": facility_type.id
                            if facility_type
                            else False,
                        }
                    )
                    for index, (kind, minutes) in enumerate(phases)
                ],
            }
        )

    @classmethod
    def _make_staff(cls):
        services = cls.haircut | cls.blowdry | cls.colour
        cls.mia, cls.oleg = cls.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(cls.branch.ids)],
                    "resource_calendar_id": cls.calendar.id,
                    "salon_skill_ids": [
                        Command.create({"product_tmpl_id": service.product_tmpl_id.id})
                        for service in services
                    ],
                }
                for name in ("Mia", "Oleg")
            ]
        )

    @classmethod
    def _make_users(cls):
        def user(login, *groups):
            return new_test_user(
                cls.env,
                f"test_{login}",
                groups=",".join(("base.group_user", *groups)),
                tz="Europe/Brussels",
                company_id=cls.company.id,
            )

        cls.owner = user("owner", "salon_booking.group_salon_owner")
        cls.manager = user("manager", "salon_booking.group_salon_manager")
        cls.receptionist = user(
            "receptionist", "salon_booking.group_salon_receptionist"
        )
        cls.stylist = user("stylist", "salon_booking.group_salon_stylist")
        cls.accountant = user("accountant", "account.group_account_manager")
        cls.mia.user_id = cls.stylist
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")

    @classmethod
    def _live_at_noon(cls):
        """Put the salon where it is about noon now.

        What a test does within the next hours is all on one day, whenever it runs.
        """
        east = 12 - fields.Datetime.now().hour
        # The names of these zones count to the west.
        zone = f"Etc/GMT{-east:+d}"
        staff = cls.mia | cls.oleg
        users = cls.owner | cls.manager | cls.receptionist | cls.stylist
        for placed in (cls.branch, cls.calendar, staff, users):
            placed.tz = zone

    @classmethod
    def at(cls, wall, date=THURSDAY, branch=None):
        """The UTC datetime of a wall-clock time such as "10:00" in the branch."""
        branch = branch or cls.branch
        return clock.to_utc(
            clock.wall_to_minutes(date, time.fromisoformat(wall), branch.tz)
        )

    @classmethod
    def close_today(cls):
        """Offer nothing before tomorrow: a time of today may pass before it is taken.

        What is booked for today already stays.
        """
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Closed today",
                "calendar_id": cls.calendar.id,
                "date_from": cls.at("00:00", cls.today),
                "date_to": cls.at("00:00", cls.today + timedelta(days=1)),
            }
        )

    @classmethod
    def book(
        cls,
        service,
        at="10:00",
        staff=None,
        client=None,
        date=THURSDAY,
        branch=None,
        user=None,
        **values,
    ):
        """Book one service and return its visit."""
        env = cls.env(user=user) if user else cls.env
        branch = branch or cls.branch
        wish = {
            "product_id": service.id,
            "staff_id": (cls.mia if staff is None else staff).id,
            "start": cls.at(at, date, branch),
            **values,
        }
        return env["salon.booking"]._book(
            branch.with_env(env), client or cls.anna, [wish]
        )

    @classmethod
    def tender(cls, amount, journal=None, reference=None):
        return {
            "journal_id": (journal or cls.cash_journal).id,
            "amount": amount,
            "reference": reference,
        }

    @classmethod
    def checkout(cls, visits, *tenders, user=None, extra_lines=(), options=None):
        """Check visits out.

        :param tenders: amounts in cash or tender dicts; none leaves it on the tab
        :return: the service's dict of order, invoice and payments
        """
        env = cls.env(user=user) if user else cls.env
        service = env["salon.checkout"]
        tenders = [
            tender if isinstance(tender, dict) else cls.tender(tender)
            for tender in tenders
        ]
        return service._checkout(visits.with_env(env), tenders, extra_lines, options)

    @classmethod
    def checkout_paid(cls, visits, user=None, extra_lines=(), options=None):
        """Check out and pay whatever is due in cash."""
        result = cls.checkout(
            visits, user=user, extra_lines=extra_lines, options=options
        )
        cls.pay(result["invoice"])
        return result

    @classmethod
    def pay(cls, invoice, amount=None, journal=None):
        """Pay a posted bill, wholly unless an amount is given."""
        amount = invoice.amount_residual if amount is None else amount
        if not amount:
            return cls.env["account.payment"]
        return (
            cls.env["salon.checkout"]
            .sudo()
            ._register_tender(invoice.sudo(), cls.tender(amount, journal))
        )

    @classmethod
    def refund(cls, invoice, lines=None):
        """A posted credit note of the whole bill, or of these bill lines."""
        refund = invoice.sudo()._reverse_moves(
            [{"invoice_date": fields.Date.context_today(invoice)}]
        )
        if lines is not None:
            kept = lines.mapped("product_id")
            refund.invoice_line_ids.filtered(
                lambda line: line.product_id not in kept
            ).unlink()
        refund.action_post()
        return refund

    @staticmethod
    def days(count):
        return timedelta(days=count)
