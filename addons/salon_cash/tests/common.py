from odoo import Command
from odoo.tests import Form

from odoo.addons.salon_booking.tests.common import SalonCase


class CashCase(SalonCase):
    """A branch with a till and a safe of its own, and a receptionist at the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till, cls.safe = cls.env["account.journal"].create(
            [
                {"name": "Till of the Test", "type": "cash", "code": "TTILA"},
                {"name": "Safe of the Test", "type": "cash", "code": "TSAFE"},
            ]
        )
        cls.branch.tender_journal_ids = cls.till | cls.bank_journal
        (cls.receptionist | cls.manager).salon_branch_ids = cls.branch
        cls.desk = cls.env["salon.cash.desk"].with_user(cls.receptionist)
        cls.expense = cls.env.ref("salon_cash.reason_expense")
        cls.income = cls.env.ref("salon_cash.reason_income")
        cls.handover = cls.env.ref("salon_cash.reason_handover")

    @classmethod
    def open_till(cls, amount=100, till=None):
        """Open the till as the receptionist, with bills of 1."""
        return cls.desk._open(
            cls.branch.with_user(cls.receptionist), till or cls.till, [(1, amount)]
        )

    @classmethod
    def count(cls, day, amount):
        """Begin to count as the receptionist, and find so many bills of 1."""
        day.action_count()
        with Form(day) as form:
            for index in range(len(form.closing_count_ids)):
                with form.closing_count_ids.edit(index) as line:
                    if line.value == 1:
                        line.quantity = amount

    @classmethod
    def close(cls, day, amount):
        cls.count(day, amount)
        day.action_close()
        return day

    @classmethod
    def sell(cls, amount=None, service=None, **values):
        """A haircut, 55 with tax, paid in cash unless another amount is given."""
        visit = cls.book(service or cls.haircut, **values)
        tenders = [] if amount == 0 else [cls.tender(amount or 55, cls.till)]
        return cls.checkout(visit, *tenders, user=cls.receptionist)

    @classmethod
    def moved(cls, day):
        """Amounts of the cash book as who looks at it reads them."""
        entries = cls.env(user=day.env.user)["salon.cash.entry"]
        cls.env.flush_all()
        return entries.search([("day_id", "=", day.id)], order="id").mapped("amount")

    @classmethod
    def balance(cls, journal):
        """What the books say is in a drawer."""
        lines = cls.env["account.move.line"].search(
            [
                ("account_id", "=", journal.default_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    @classmethod
    def russian(cls):
        """The branch speaks Russian, with whatever of it is installed."""
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.company.partner_id.lang = "ru_RU"

    @classmethod
    def set_branches(cls, user, branches):
        user.salon_branch_ids = [Command.set(branches.ids)]

    @classmethod
    def make_euro_till(cls):
        """A till of the branch in euro, two of ours each."""
        euro = cls.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": cls.company.id,
                "name": "2000-01-01",
                "rate": 0.5,
            }
        )
        till = cls.env["account.journal"].create(
            {
                "name": "Till in euro",
                "type": "cash",
                "code": "TEURO",
                "currency_id": euro.id,
            }
        )
        cls.branch.tender_journal_ids |= till
        return till
