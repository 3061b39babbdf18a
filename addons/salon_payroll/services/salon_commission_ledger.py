from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import split_every

from odoo.addons.salon_booking.engine.states import LOST
from odoo.addons.salon_booking.models.account_move import PAID as PAID_STATES

from ..engine.ledger import (
    CARD,
    PAID,
    BillLine,
    Grant,
    allocate_refunds,
    follow_up,
)
from ..engine.money import split_by_value, to_decimal
from ..engine.rates import percentage_for
from ..engine.rules import Missed, share_of_fee

STEP_INDEX = "salon_commission_step_unique"
BATCH = 500


class Wanted(NamedTuple):
    """What one bill line should have brought to one person by now."""

    grant: Grant
    refunds: dict[int, Decimal]
    card_fee: Decimal = Decimal(0)


class ClosedPeriods(NamedTuple):
    """The past is never edited: what belongs to it falls in the next open period."""

    periods: dict[tuple[int, int], list[tuple[date, date]]]

    def open_day(self, staff_id, company_id, day):
        """``day``, or the first one after it that is in no closed payslip."""
        for start, stop in self.periods.get((staff_id, company_id), ()):
            if start <= day <= stop:
                day = stop + timedelta(days=1)
        return day


class SalonCommissionLedger(models.AbstractModel):
    """Brings the commission ledger to what the bills say.

    Whatever happened to a bill (paid, refunded, payment removed, line given to
    somebody else), ``_settle`` compares its lines with the rows they already have and
    adds the difference. So a hook that is called twice adds nothing.
    """

    _name = "salon.commission.ledger"
    _description = "Salon Commission Ledger Service"

    @api.model
    def _settle(self, moves):
        """Add the missing commission rows of these bills and credit notes.

        A fixed number of queries, whatever the number of bills and lines.

        :param moves: account.move; a credit note stands for the bill it reverses
        :return: the new salon.commission rows
        :raises ConcurrencyError: somebody else settles the same bill at this moment;
            the host then repeats the request
        """
        # sudo: account.move, salon.commission - who takes or refunds a payment may
        # neither read the pay of others nor write the ledger; the system does
        self = self.sudo()
        bills = self._find_bills(moves.sudo())
        if not bills:
            return self.env["salon.commission"]
        # Of two clerks paying one bill, the later one is stopped here, at the row of
        # the bill, and the host repeats the request.
        bills.flush_recordset()
        chains = self._load_chains(bills)
        wanted = self._compute_wanted(bills, chains)
        plan = {}
        keys = sorted(chains.keys() | wanted.keys())
        for key, line in zip(keys, self._lines_of(keys), strict=True):
            chain = chains.get(key, self.env["salon.commission"])
            grant, refunds, card_fee = wanted.get(key, (None, {}, Decimal(0)))
            rows = follow_up(
                [row._as_engine_row() for row in chain],
                grant,
                refunds,
                to_decimal(line.company_currency_id.rounding),
                card_fee,
            )
            if rows:
                plan[key] = list(enumerate(rows, start=len(chain) + 1))
        return self._add(plan, chains, wanted)

    @api.model
    def _settle_period(self, company, date_from, date_to):
        """Settle every paid bill of a period; what is right already stays as it is.

        For bills that were paid before a person got a pay scheme, or before this addon
        was installed.
        """
        # sudo: account.move - as in _settle
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("salon_branch_id", "!=", False),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                    ("invoice_date", ">=", date_from),
                    ("invoice_date", "<=", date_to),
                ],
                order="id",
            )
        )
        added = self.env["salon.commission"]
        for ids in split_every(BATCH, bills.ids):
            added |= self._settle(self.env["account.move"].browse(ids))
        return added

    @api.model
    def _find_bills(self, moves):
        """A credit note that reverses a bill is told by that bill's chain."""
        bills = moves._filter_salon_bills()
        reversals = bills.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        )
        return (bills - reversals) | reversals.reversed_entry_id._filter_salon_bills()

    @api.model
    def _lines_of(self, keys):
        """The bill line of each key, all read together."""
        return self.env["account.move.line"].browse(line_id for line_id, _staff in keys)

    @api.model
    def _load_chains(self, bills):
        """The rows there are, as ``{(line id, staff id): rows by step}``."""
        rows = self.env["salon.commission"].search(
            [
                ("move_id", "in", bills.ids),
                ("move_line_id", "!=", False),
                ("kind", "=", "commission"),
            ],
            order="step",
        )
        return rows.grouped(lambda row: (row.move_line_id.id, row.staff_id.id))

    @api.model
    def _compute_wanted(self, bills, chains):
        """What the lines of paid bills should have brought by now.

        :return: ``{(line id, staff id): Wanted}``; what is not in it should be nothing
        """
        paid = bills.filtered(
            lambda bill: bill.state == "posted" and bill.payment_state in PAID_STATES
        )
        lines = paid.invoice_line_ids.filtered(lambda line: line._is_commissionable())
        if not lines:
            return {}
        refunds = self._allocate(lines)
        fees = lines.filtered(lambda line: line._is_salon_fee())
        waited = fees.salon_visit_id.appointment_ids.staff_id
        schemes = self._load_schemes(lines.salon_staff_id | waited)
        wanted = {}
        for line in fees:
            wanted |= self._share_fee(line, refunds[line.id], schemes, chains)
        kept = self._find_card_fees(lines - fees, schemes)
        for line in lines - fees:
            key = (line.id, line.salon_staff_id.id)
            scheme = schemes(line.salon_staff_id.id, line.move_id.invoice_date)
            # A grant that stands keeps its percentage, even without a scheme by now.
            if scheme is None and key not in chains:
                continue
            percentage = scheme and percentage_for(
                scheme, line._get_salon_category_path(), line._is_salon_service()
            )
            fixed = scheme and scheme.fixed_amounts.get(
                line.product_id.product_tmpl_id.id
            )
            wanted[key] = Wanted(
                Grant(
                    line._get_commission_base(),
                    percentage or to_decimal(0),
                    None if fixed is None else fixed * to_decimal(line.quantity),
                ),
                refunds[line.id],
                kept.get(line, Decimal(0)) if fixed is None else Decimal(0),
            )
        return wanted

    @api.model
    def _find_card_fees(self, lines, schemes):
        """What terminals kept of the lines whose people bear it; one query for all."""

        def is_borne(line):
            day = line.move_id.invoice_date
            scheme = schemes(line.salon_staff_id.id, day)
            return scheme and scheme.bears_card_fees(day)

        borne = lines.filtered(is_borne)
        if not borne:
            return {}
        return {
            line: to_decimal(fee) for line, fee in borne._get_salon_card_fees().items()
        }

    @api.model
    def _share_fee(self, line, refunds, schemes, chains):
        """What a fee brings to those who waited in vain, where their schemes say so.

        Each has a part of the fee, and of what is refunded of it, by the prices of the
        services that were missed.
        """
        missed = line.salon_visit_id.appointment_ids.filtered(
            lambda appointment: appointment.state in LOST
        )
        by_staff = missed.grouped("staff_id")
        step = to_decimal(line.company_currency_id.rounding)
        # The fee is a part of what would have been paid, with tax.
        with_tax = {
            appointment_id: cents * step
            for appointment_id, cents in self.env["salon.price"]
            ._with_tax(missed)
            .items()
        }
        prices = [
            sum(with_tax[appointment_id] for appointment_id in own.ids)
            for own in by_staff.values()
        ]
        if not sum(prices):
            return {}
        base = line._get_commission_base()
        bases = split_by_value(base, prices, step)
        taken = {
            note: split_by_value(amount, prices, step)
            for note, amount in refunds.items()
        }
        wanted = {}
        for place, (staff, own) in enumerate(by_staff.items()):
            key = (line.id, staff.id)
            scheme = schemes(staff.id, line.move_id.invoice_date)
            pays = scheme and scheme.pays_fees
            if not pays and key not in chains:
                continue
            amount = share_of_fee(
                [
                    self._as_missed(appointment, with_tax[appointment.id], scheme)
                    for appointment in own
                    if pays
                ],
                to_decimal(line.price_total),
                base,
                sum(prices),
                step,
            )
            wanted[key] = Wanted(
                Grant(bases[place], to_decimal(0), amount),
                {note: parts[place] for note, parts in taken.items()},
            )
        return wanted

    @api.model
    def _as_missed(self, appointment, price, scheme):
        template = appointment.product_id.product_tmpl_id
        path = template.categ_id.parent_path or ""
        return Missed(
            price,
            percentage_for(
                scheme, [int(part) for part in path.split("/") if part], True
            ),
            scheme.fixed_amounts.get(template.id),
        )

    @api.model
    def _load_schemes(self, staff):
        """A function from a person and a day to the engine's scheme, or None."""
        assignments = self.env["salon.pay.assignment"]._find(staff)
        engine = {
            scheme: scheme._as_engine_scheme()
            for spans in assignments.values()
            for scheme in {scheme for _start, scheme in spans}
        }

        def find(staff_id, day):
            for start, scheme in assignments.get(staff_id, ()):
                if start <= day:
                    return engine[scheme]
            return None

        return find

    @api.model
    def _allocate(self, lines):
        """What posted credit notes take back of each line, in one search."""
        notes = self.env["account.move"].search(
            [
                ("reversed_entry_id", "in", lines.move_id.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
            ]
        )
        refund_lines = notes.invoice_line_ids.filtered(
            lambda line: line._is_commissionable()
        ).grouped(lambda line: line.move_id.reversed_entry_id)
        taken = {}
        for bill, bill_lines in lines.grouped("move_id").items():
            taken.update(
                allocate_refunds(
                    [self._as_bill_line(line) for line in bill_lines.sorted("id")],
                    [
                        self._as_bill_line(line)
                        for line in refund_lines.get(bill, lines.browse()).sorted("id")
                    ],
                )
            )
        return taken

    @api.model
    def _as_bill_line(self, line):
        return BillLine(
            line.id, line._get_commission_base(), line._get_commission_keys()
        )

    @api.model
    def _add(self, plan, chains, wanted):
        """Write the planned rows in two batches: grants, then what changes them.

        :param plan: ``{(line id, staff id): [(step, engine row)]}``
        """
        if not plan:
            return self.env["salon.commission"]
        closed = self._load_closed_periods(plan)
        try:
            with self.env.cr.savepoint():
                grants = self._create_grants(plan, wanted, closed)
                changes = self._create_changes(plan, chains, grants, closed)
        except UniqueViolation as error:
            if error.diag.constraint_name != STEP_INDEX:
                raise
            raise ConcurrencyError(
                self.env._("Somebody else settles the same bill at this moment.")
            ) from error
        return self.env["salon.commission"].union(*grants.values(), changes)

    @api.model
    def _create_grants(self, plan, wanted, closed):
        """New grants as ``{(line id, staff id): row}``; there is one per chain."""
        values = {
            key: {
                **self._prepare_grant(line, key[1], wanted[key].grant, closed),
                **self._prepare_amounts(step, row),
            }
            for (key, rows), line in zip(plan.items(), self._lines_of(plan))
            for step, row in rows
            if row.cause == PAID
        }
        created = self.env["salon.commission"].create(list(values.values()))
        return dict(zip(values, created, strict=True))

    @api.model
    def _create_changes(self, plan, chains, grants, closed):
        """What takes back or restores, each row like the grant that it changes."""
        values = []
        note_lines = self.env["account.move.line"].browse(
            {row.refund_id for rows in plan.values() for _step, row in rows}
            - {None, CARD}
        )
        for key, rows in plan.items():
            chain = chains.get(key, self.env["salon.commission"])
            grant = chain.filtered(lambda row: row.cause == PAID)[-1:]
            for step, row in rows:
                if row.cause == PAID:
                    grant = grants[key]
                    continue
                values.append(
                    {
                        **grant._snapshot(),
                        **self._prepare_change(
                            grant,
                            note_lines.browse(row.refund_id or []).with_prefetch(
                                note_lines.ids
                            ),
                            closed,
                        ),
                        **self._prepare_amounts(step, row),
                    }
                )
        return self.env["salon.commission"].create(values)

    @api.model
    def _prepare_amounts(self, step, row):
        return {
            "step": step,
            "cause": row.cause,
            "base_amount": float(row.base),
            "amount": float(row.amount),
        }

    @api.model
    def _prepare_grant(self, line, staff_id, grant, closed):
        bill = line.move_id
        product = line.product_id.with_context(display_default_code=False)
        return {
            "kind": "commission",
            "staff_id": staff_id,
            "branch_id": bill.salon_branch_id.id,
            "company_id": bill.company_id.id,
            "date": closed.open_day(staff_id, bill.company_id.id, bill.invoice_date),
            "name": product.display_name or line.name or bill.name,
            "reference": bill.name,
            "move_id": bill.id,
            "move_line_id": line.id,
            "appointment_id": line.salon_appointment_id.id,
            "visit_id": line.salon_visit_id.id,
            "product_id": product.id,
            "category_id": product.categ_id.id,
            "source": "service" if line._is_salon_service() else "product",
            "percentage": float(grant.percentage),
        }

    @api.model
    def _prepare_change(self, grant, note_line, closed):
        """A refund counts on its own day; all else on the day of what it changes."""
        day = note_line.move_id.invoice_date or grant.date
        return {
            "origin_id": grant.id,
            "refund_line_id": note_line.id,
            "reference": note_line.move_id.name or grant.reference,
            "date": closed.open_day(grant.staff_id.id, grant.company_id.id, day),
        }

    @api.model
    def _load_closed_periods(self, plan):
        """The payslips that nothing may be added to, of everybody in the plan."""
        payslips = self.env["salon.payslip"]._search_locked(
            self.env["hr.employee"].browse({staff_id for _line, staff_id in plan})
        )
        periods = defaultdict(list)
        for payslip in payslips.sorted("date_from"):
            periods[payslip.staff_id.id, payslip.company_id.id].append(
                (payslip.date_from, payslip.date_to)
            )
        return ClosedPeriods(periods)
