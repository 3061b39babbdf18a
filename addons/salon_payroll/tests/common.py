from datetime import date
from itertools import count

from odoo import Command

from odoo.addons.salon_booking.tests.common import THURSDAY, SalonCase


class PayrollCase(SalonCase):
    """Mia and Oleg earn 45 % on services and 10 % on products."""

    #: Every bill is of another day, so that nobody has to look for a free time.
    free_days = count()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.env["salon.pay.scheme"].create(
            {
                "name": "Stylist (test)",
                "service_percentage": 45,
                "product_percentage": 10,
            }
        )
        for person in cls.mia | cls.oleg:
            cls.pay_by(cls.scheme, person)

    @classmethod
    def pay_by(cls, scheme, person, date_from=date(2020, 1, 1)):
        return cls.env["salon.pay.assignment"].create(
            {"staff_id": person.id, "scheme_id": scheme.id, "date_from": date_from}
        )

    @classmethod
    def sold(cls, product, staff=None, **values):
        """An extra line of the checkout."""
        return {
            "product_id": product.id,
            "staff_id": staff.id if staff else False,
            **values,
        }

    @classmethod
    def bill(cls, *services, staff=None, extra_lines=(), paid=True, options=None):
        """A bill of Mia's, paid in cash unless said otherwise."""
        visits = cls.env["salon.visit"]
        for service in services or [cls.haircut]:
            day = THURSDAY + cls.days(next(cls.free_days))
            visits |= cls.book(service, staff=staff, date=day)
        check_out = cls.checkout_paid if paid else cls.checkout
        result = check_out(visits, extra_lines=extra_lines, options=options)
        return result["invoice"]

    @classmethod
    def rows(cls, bill=None, staff=None):
        domain = []
        if bill:
            domain.append(("move_id", "=", bill.id))
        if staff:
            domain.append(("staff_id", "=", staff.id))
        return cls.env["salon.commission"].search(domain, order="id")

    def assert_rows(self, rows, *expected):
        """Rows as (cause, base, amount), in the order they were written."""
        self.assertEqual(
            [(row.cause, row.base_amount, row.amount) for row in rows], [*expected]
        )

    @classmethod
    def unpay(cls, bill):
        """Take the payment off the bill, as the accountant does."""
        bill.line_ids.remove_move_reconcile()

    @classmethod
    def payslip(cls, staff=None, date_from=None, date_to=None, user=None):
        env = cls.env(user=user) if user else cls.env
        staff = staff or cls.mia
        return env["salon.payslip"].create(
            {
                "staff_id": staff.id,
                "branch_id": cls.branch.id,
                "date_from": date_from or cls.today.replace(day=1),
                "date_to": date_to or cls.today,
            }
        )

    @classmethod
    def issued(cls, **values):
        payslip = cls.payslip(**values)
        payslip.action_confirm()
        payslip.action_post()
        return payslip

    @classmethod
    def category_scheme(cls, **percentages):
        """A scheme with percentages by category name, made when missing."""
        categories = cls.env["product.category"]
        return cls.env["salon.pay.scheme"].create(
            {
                "name": "By category (test)",
                "service_percentage": 45,
                "product_percentage": 10,
                "line_ids": [
                    Command.create(
                        {
                            "category_id": categories.search(
                                [("name", "=", name)], limit=1
                            ).id,
                            "percentage": percentage,
                        }
                    )
                    for name, percentage in percentages.items()
                ],
            }
        )
