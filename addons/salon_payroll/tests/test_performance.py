from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPerformance(PayrollCase):
    def queries_to_settle(self, bills):
        """Queries of writing all commissions of paid bills anew."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM salon_commission WHERE move_id IN %s", [tuple(bills.ids)]
        )
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = self.env["salon.commission.ledger"]._settle(bills)
        self.env.flush_all()
        self.assertEqual(len(rows), len(bills.invoice_line_ids))
        return self.env.cr.sql_log_count - before

    def test_many_lines_cost_no_more_queries_than_two(self):
        shampoo = self.sold(self.shampoo, self.mia)
        one = self.bill(self.haircut, extra_lines=[shampoo])
        extra = [self.sold(self.shampoo, self.mia, price_unit=n) for n in range(1, 40)]
        many = self.bill(self.haircut, self.colour, self.blowdry, extra_lines=extra)
        self.queries_to_settle(one)
        few = self.queries_to_settle(one)
        self.assertEqual(self.queries_to_settle(many), few)
        self.assertLessEqual(few, 40)

    def test_many_bills_cost_no_more_queries_than_one(self):
        one = self.bill(self.haircut)
        many = one
        for index in range(12):
            staff = self.oleg if index % 2 else self.mia
            many |= self.bill(self.haircut, staff=staff)
        self.queries_to_settle(one)
        few = self.queries_to_settle(one)
        self.assertLessEqual(self.queries_to_settle(many), few + 3)

    def test_a_refund_of_many_lines_costs_no_more_queries_than_of_two(self):
        counts = []
        for number in (1, 30):
            extra = [
                self.sold(self.shampoo, self.mia, price_unit=n)
                for n in range(1, number + 1)
            ]
            bill = self.bill(self.haircut, extra_lines=extra)
            note = bill._reverse_moves([{"invoice_date": self.today}])
            note.action_post()
            self.env.flush_all()
            self.env.cr.execute(
                "DELETE FROM salon_commission WHERE origin_id IS NOT NULL"
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["salon.commission.ledger"]._settle(note)
            self.assertEqual(len(rows), number + 1)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_settling_again_writes_nothing(self):
        bill = self.bill(self.haircut)
        self.env.flush_all()
        self.assertFalse(self.env["salon.commission.ledger"]._settle(bill))

    def test_many_payslips_are_filled_together(self):
        self.bill(self.haircut)
        self.bill(self.colour, staff=self.oleg)
        run = self.env["salon.pay.run"]
        mine = self.payslip()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        run._collect(mine)
        self.env.flush_all()
        one = self.env.cr.sql_log_count - before
        both = mine | self.payslip(staff=self.oleg)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        run._collect(both)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 1)
