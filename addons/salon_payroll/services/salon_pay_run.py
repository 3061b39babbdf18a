from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MAKERS = ("salon_booking.group_salon_manager",)
POSTERS = (
    "salon_booking.group_salon_owner",
    "account.group_account_manager",
    "account.group_account_user",
)


class SalonPayRun(models.AbstractModel):
    """The steps of payslips, for one or for a whole team at once.

    Who runs the branch makes and confirms them; the owner or the accountant posts.
    """

    _name = "salon.pay.run"
    _description = "Salon Pay Run Service"

    @api.model
    def _create_payslips(self, date_from, date_to, branches, staff=None):
        """One draft per person who earned something in these branches, or is owed tips.

        Who already has a payslip for a part of the period is left out.

        :param branches: salon.branch of one company
        :param staff: hr.employee to limit it to; empty or None means everybody
        :return: salon.payslip
        """
        company = branches.company_id
        domain = [
            ("company_id", "=", company.id),
            ("branch_id", "in", branches.ids),
            ("payslip_id", "=", False),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]
        if staff:
            domain.append(("staff_id", "in", staff.ids))
        earned = self.env["salon.commission"]._read_group(
            domain, ["staff_id", "branch_id"], ["base_amount:sum"]
        )
        earned += self._find_tipped(branches, staff)
        # sudo: salon.payslip - one of another branch bars a second one just the same
        has_payslip = (
            self.env["salon.payslip"]
            .sudo()
            .search(
                [
                    (
                        "staff_id",
                        "in",
                        [person.id for person, _branch, _base in earned],
                    ),
                    ("company_id", "=", company.id),
                    ("date_from", "<=", date_to),
                    ("date_to", ">=", date_from),
                    ("state", "!=", "cancelled"),
                ]
            )
            .staff_id
        )
        home = {}
        for person, branch, _base in sorted(earned, key=lambda row: row[2]):
            if person not in has_payslip:
                home[person] = branch
        return self.env["salon.payslip"].create(
            [
                {
                    "staff_id": person.id,
                    "company_id": company.id,
                    "branch_id": branch.id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for person, branch in sorted(
                    home.items(), key=lambda item: item[0].sudo().name
                )
            ]
        )

    @api.model
    def _collect(self, payslips):
        """Put on each draft the open rows of its period, and only these.

        Rows of an earlier period come along when that one was closed before they were
        written: nothing that was earned is forgotten.
        """
        drafts = payslips.filtered(lambda payslip: payslip.state == "draft")
        if not drafts:
            return
        # sudo: salon.commission - the rows are read-only, and a person is paid for
        # every branch at once
        commissions = self.env["salon.commission"].sudo()
        commissions.flush_model()
        payslips.flush_model()
        fitting = self.env.execute_query(
            SQL(
                """
                SELECT row.id, slip.id
                  FROM salon_commission row
                  JOIN salon_payslip slip
                    ON slip.staff_id = row.staff_id
                   AND slip.company_id = row.company_id
                 WHERE slip.id IN %s
                   AND (row.payslip_id IS NULL OR row.payslip_id IN %s)
                   AND row.date <= slip.date_to
                   AND (row.date >= slip.date_from OR EXISTS (
                        SELECT 1
                          FROM salon_payslip closed
                         WHERE closed.staff_id = row.staff_id
                           AND closed.company_id = row.company_id
                           AND closed.state IN ('confirmed', 'posted')
                           AND row.date BETWEEN closed.date_from AND closed.date_to))
                 ORDER BY slip.date_from DESC
                """,
                tuple(drafts.ids),
                tuple(drafts.ids),
            )
        )
        self._collect_tips(drafts)
        payslip_of = dict(fitting)
        fitting = commissions.browse(payslip_of)
        (drafts.sudo().commission_ids - fitting).payslip_id = False
        for payslip_id, rows in fitting.grouped(lambda row: payslip_of[row.id]).items():
            rows.filtered(
                lambda row, wanted=payslip_id: row.payslip_id.id != wanted
            ).payslip_id = payslip_id

    @api.model
    def _find_tipped(self, branches, staff):
        """Who has nothing but tips to get, where payslips pay them.

        :return: list of (person, branch, 0)
        """
        company = branches.company_id
        # sudo: res.company - a choice of the house
        if not company.sudo().salon_pay_tips:
            return []
        # sudo: salon.tip.balance, hr.employee - who is owed tips, and where they work
        owed = self.env["salon.tip.balance"].sudo()
        people = owed.search(
            [("company_id", "=", company.root_id.id), ("amount", ">", 0)]
        ).staff_id.filtered(lambda person: person.company_id == company)
        if staff:
            people &= staff.sudo()
        return [
            (person.sudo(False), branch.sudo(False), 0)
            for person in people
            for branch in (person.salon_branch_ids & branches)[:1]
        ]

    @api.model
    def _collect_tips(self, payslips):
        """What is owed in tips up to the end of the period, where it is wanted.

        What another payslip is going to pay is left to that one.
        """
        # sudo: salon.payslip, salon.tip - a person gets the tips of every branch, and
        # what is paid is worked out by the system
        payslips = payslips.sudo().sorted("date_from")
        root = payslips.company_id.root_id
        owed = payslips._get_tips_owed()
        others = payslips.search(
            [
                ("staff_id", "in", payslips.staff_id.ids),
                ("company_id", "child_of", root.ids),
                ("state", "in", ("draft", "confirmed")),
                ("id", "not in", payslips.ids),
            ]
        )
        taken = defaultdict(float)
        for other in others:
            taken[other.staff_id, other.company_id.root_id] += other.amount_tips
        for payslip in payslips:
            key = payslip.staff_id, payslip.company_id.root_id
            left = payslip.currency_id.round(owed[payslip.id] - taken[key])
            tips = max(left, 0) if payslip.pays_tips else 0
            if payslip.currency_id.compare_amounts(payslip.amount_tips, tips):
                payslip.amount_tips = tips
            taken[key] += tips

    @api.model
    def _confirm(self, payslips):
        """Close the period of these people: what comes later falls in the next one."""
        self._check_may_make(payslips)
        self._check_state(payslips, "draft")
        self._collect(payslips)
        for payslip in payslips:
            if not payslip.commission_count and not payslip.amount_tips:
                raise UserError(
                    self.env._(
                        "%(payslip)s has nothing on it. Delete it, or check that "
                        "%(staff)s has a pay scheme for this time.",
                        payslip=payslip.display_name,
                        staff=payslip.staff_id.name,
                    )
                )
        # sudo: salon.payslip, ir.sequence - the step was checked above
        for payslip in payslips.sudo():
            payslip.write(
                {
                    "state": "confirmed",
                    "name": payslip.name
                    or self.env["ir.sequence"]
                    .sudo()
                    .with_company(payslip.company_id)
                    .next_by_code("salon.payslip", payslip.date_to),
                }
            )

    @api.model
    def _back_to_draft(self, payslips):
        self._check_may_make(payslips)
        self._check_state(payslips, "confirmed")
        # sudo: salon.payslip - the step was checked above
        payslips.sudo().write({"state": "draft"})
        self._collect(payslips)

    @api.model
    def _post(self, payslips):
        """Owe each person what the payslip says, in one posted entry each."""
        self._check_may_post(payslips)
        self._check_state(payslips, "confirmed")
        # sudo: account.move, salon.payslip - the owner holds no accounting rights; the
        # entry is made of nothing but the confirmed rows
        payslips = payslips.sudo()
        due = payslips.filtered(
            lambda payslip: payslip._get_expenses() or payslip.amount_tips
        )
        for payslip, move in zip(
            due,
            self.env["account.move"]
            .sudo()
            .create([self._prepare_move(payslip) for payslip in due]),
            strict=True,
        ):
            payslip.move_id = move
        due.move_id._post(soft=False)
        payslips.write({"state": "posted"})

    @api.model
    def _prepare_move(self, payslip):
        """Dr salary expense per branch, Dr tips owed, Cr payable to the person."""
        company = payslip.company_id
        payslip = payslip.with_company(company)
        payee = self._get_payee(payslip)
        expense = company._get_salon_pay_expense_account()
        lines = [
            {
                "name": self.env._(
                    "Commission %(staff)s, %(branch)s",
                    staff=payslip.staff_id.name,
                    branch=branch.name,
                ),
                "account_id": expense.id,
                "balance": amount,
                "analytic_distribution": branch._get_analytic_distribution(),
            }
            for branch, amount in payslip._get_expenses().items()
        ]
        if payslip.amount_tips:
            lines.append(
                {
                    "name": self.env._("Tips %(staff)s", staff=payslip.staff_id.name),
                    "account_id": company._get_salon_tips_account().id,
                    "partner_id": payslip.staff_id.work_contact_id.id,
                    "balance": payslip.amount_tips,
                }
            )
        if not company.currency_id.is_zero(payslip.amount_total):
            lines.append(
                {
                    "name": payslip.display_name,
                    "account_id": company._get_salon_pay_payable_account(payee).id,
                    "partner_id": payee.id,
                    "balance": -payslip.amount_total,
                }
            )
        return {
            "move_type": "entry",
            "journal_id": company._get_salon_pay_journal().id,
            "date": payslip.date_to,
            "ref": payslip.display_name,
            "line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _get_payee(self, payslip):
        payee = payslip.staff_id.work_contact_id or payslip.staff_id.user_id.partner_id
        if not payee:
            raise UserError(
                self.env._(
                    "%(staff)s has no contact to owe the pay to. Set the work contact "
                    "on the employee form.",
                    staff=payslip.staff_id.name,
                )
            )
        return payee

    @api.model
    def _cancel(self, payslips):
        """Give the rows back to be paid by another payslip; reverse what was posted."""
        posted = payslips.filtered(lambda payslip: payslip.state == "posted")
        self._check_may_make(payslips - posted)
        self._check_may_post(posted)
        self._check_state(payslips, "draft", "confirmed", "posted")
        # sudo: account.move, salon.payslip, salon.commission - as in _post
        payslips = payslips.sudo()
        # What they said is kept, so it is computed before the rows leave.
        payslips.flush_recordset()
        self._reverse(payslips.filtered("move_id"))
        rows = payslips.commission_ids
        payslips.write({"state": "cancelled"})
        rows.payslip_id = False
        # At once, so that a new payslip of the period finds the place empty.
        payslips.flush_recordset()

    @api.model
    def _reverse(self, payslips):
        for payslip in payslips:
            # sudo: res.company - which account it is
            tips = payslip.company_id.sudo().root_id.salon_tips_account_id
            owed = payslip.move_id.line_ids.filtered(
                lambda line, tips=tips: line.partner_id and line.account_id != tips
            )
            if owed.matched_debit_ids or owed.matched_credit_ids:
                raise UserError(
                    self.env._(
                        "%(payslip)s was already paid out. Take back the payment of "
                        "%(entry)s first.",
                        payslip=payslip.display_name,
                        entry=payslip.move_id.name,
                    )
                )
        reversals = payslips.move_id._reverse_moves(
            [
                {
                    "date": fields.Date.context_today(self),
                    "ref": self.env._(
                        "Cancelled: %(payslip)s", payslip=payslip.display_name
                    ),
                }
                for payslip in payslips
            ],
            cancel=True,
        )
        for payslip, move in zip(payslips, reversals, strict=True):
            payslip.reversal_move_id = move

    @api.model
    def _check_may_make(self, payslips):
        payslips.check_access("write")
        if payslips and not self._has_any_group(MAKERS):
            raise AccessError(
                self.env._(
                    "%(payslip)s can only be changed by a branch manager or the owner.",
                    payslip=payslips[:1].display_name,
                )
            )

    @api.model
    def _check_may_post(self, payslips):
        payslips.check_access("write")
        if payslips and not self._has_any_group(POSTERS):
            raise AccessError(
                self.env._(
                    "%(payslip)s can only be posted, or taken back after that, by the "
                    "owner or an accountant.",
                    payslip=payslips[:1].display_name,
                )
            )

    @api.model
    def _has_any_group(self, groups):
        user = self.env.user
        return self.env.su or any(user.has_group(group) for group in groups)

    @api.model
    def _check_state(self, payslips, *states):
        for payslip in payslips:
            if payslip.state not in states:
                raise UserError(
                    self.env._(
                        "%(payslip)s is %(state)s; this step is not for it any more. "
                        "Reload the page to see what is next.",
                        payslip=payslip.display_name,
                        state=payslip._state_label(),
                    )
                )
