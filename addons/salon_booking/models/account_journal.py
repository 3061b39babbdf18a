from odoo import api, fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    salon_kind = fields.Selection(
        [("balance", "Client balance"), ("barter", "Barter")],
        "Salon Tender",
        readonly=True,
        copy=False,
        help="Empty: money. Else nothing comes in: what is owed gets less, or is given "
        "for what the client does for the salon.",
    )

    @api.model
    def _create_salon_settlement(self, company, account, name, kind):
        """A journal in which nothing but ``account`` pays.

        It stands last: the host proposes the first bank journal for payments.
        """
        journal = self.with_company(company).create(
            {
                "name": name,
                "type": "bank",
                "code": self._find_salon_code(company, kind[:3].upper()),
                "company_id": company.id,
                "default_account_id": account.id,
                "salon_kind": kind,
                "sequence": 200,
                "show_on_dashboard": False,
            }
        )
        lines = (
            journal.inbound_payment_method_line_ids
            | journal.outbound_payment_method_line_ids
        )
        lines.payment_account_id = account
        return journal

    @api.model
    def _find_salon_code(self, company, start):
        taken = set(
            self.with_context(active_test=False)
            .search([("company_id", "child_of", company.root_id.ids)])
            .mapped("code")
        )
        codes = [start, *(f"{start}{number}" for number in range(1, 100))]
        return next(code for code in codes if code not in taken)
