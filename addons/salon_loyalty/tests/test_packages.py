from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.salon_booking.tests.common import THURSDAY

from .common import LoyaltyCase


class PackageCase(LoyaltyCase):
    """Packages of haircuts, beside the accounts they are kept on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.packages"]._setup_companies(cls.company)
        cls.haircut.taxes_id = False

    @classmethod
    def package_of(cls, count, price, *services, **values):
        services = services or (cls.haircut,)
        return cls.env["product.product"].create(
            {
                "name": f"{count} treatments",
                "type": "service",
                "list_price": price,
                "taxes_id": False,
                "is_salon_package": True,
                "salon_package_content_ids": [
                    Command.create(
                        {
                            "credits": count,
                            "service_ids": [
                                Command.set([s.product_tmpl_id.id for s in services])
                            ],
                        }
                    )
                ],
                **values,
            }
        )

    def sell(self, product, *tenders, client=None, user=None, **line):
        """Sell a package at the desk; wholly paid unless tenders are given."""
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.branch.id,
                "client_id": (client or self.anna).id,
                "start": self.at("09:00"),
            }
        )
        line = {"product_id": product.id, **line}
        tenders = tenders or (product.list_price,)
        if tenders == (0,):
            tenders = ()
        self.sale = self.checkout(visit, *tenders, user=user, extra_lines=[line])
        return self.sale["invoice"].sudo().invoice_line_ids.salon_package_id

    def use(self, package, at="10:00", service=None, **kwargs):
        """Come in and have the package pay for it."""
        visit = self.book(service or self.haircut, at=at, **kwargs)
        uses = {visit.appointment_ids.id: package.credit_ids[:1].id}
        self.last_visit = visit
        self.used = self.checkout(visit, options={"packages": uses})
        return self.used["invoice"].sudo()

    def tax_account(self):
        return self.env["account.account"].search(
            [("account_type", "=", "liability_current")], limit=1
        )

    def revenue_of(self, moves):
        items = moves.line_ids.filtered(
            lambda item: (
                item.account_id.internal_group == "income" and not item.tax_line_id
            )
        )
        return -sum(items.mapped("balance"))

    def assertProven(self, owed=None):
        """The ledger says what the books say; and so much is owed."""
        # In the demo salon it may be tomorrow.
        day = self.today + timedelta(days=1)
        totals = {
            total["code"]: total
            for total in self.env["salon.instruments"]._totals(self.company, day)
        }
        for code in ("packages", "packages_unpaid"):
            if code in totals:
                self.assertEqual(totals[code]["difference"], 0, code)
        packages = self.env["salon.package"].search([])
        self.assertAlmostEqual(
            sum(packages.mapped("amount_owed")), totals["packages"]["books"], places=2
        )
        for package in packages:
            entries = package.entry_ids
            self.assertAlmostEqual(
                package.amount_owed, sum(entries.mapped("amount")), places=2
            )
            self.assertEqual(package.credits_left, sum(entries.mapped("credits")))


@tagged("post_install", "-at_install")
class TestPackages(PackageCase):
    def test_m1_the_liability_is_what_was_paid(self):
        package = self.sell(self.package_of(5, 100), 20)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (20, 80))
        self.assertProven()
        for amount, owed in ((30, 50), (50, 100)):
            self.pay(self.sale["invoice"], amount)
            self.assertEqual(package.amount_owed, owed)
            self.assertProven()
        self.assertEqual(package.amount_unpaid, 0)
        self.assertEqual(package.credits_left, 5)

    def test_what_is_paid_at_once_makes_no_entry_beside_the_bill(self):
        package = self.sell(self.package_of(5, 100))
        self.assertEqual(package.amount_owed, 100)
        self.assertEqual(package.entry_ids.mapped("kind"), ["sold"])
        self.assertEqual(package.entry_ids.move_id, self.sale["invoice"])
        item = self.sale["invoice"].invoice_line_ids
        self.assertEqual(item.account_id, self.company.salon_package_account_id)
        self.assertFalse(item.analytic_distribution)

    def test_a_package_on_the_tab_is_owed_when_it_is_paid(self):
        package = self.sell(self.package_of(5, 100), 0)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        payment = self.pay(self.sale["invoice"])
        self.assertEqual((package.amount_owed, package.amount_unpaid), (100, 0))
        payment.sudo().action_cancel()
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        self.assertProven()

    def test_m2_one_of_five_used_is_a_fifth_of_the_price(self):
        package = self.sell(self.package_of(5, 500))
        invoice = self.use(package)
        self.assertEqual(self.revenue_of(invoice), 100)
        self.assertEqual(invoice.amount_total, 0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual((package.amount_owed, package.credits_left), (400, 4))
        self.assertProven()

    def test_a_product_that_lost_its_account_is_owed_all_the_same(self):
        product = self.package_of(5, 500)
        use = self.env["salon.packages"]._get_use_product()
        (product | use).property_account_income_id = False
        package = self.sell(product)
        self.use(package)
        self.assertEqual(package.amount_owed, 400)
        self.assertProven()

    def test_m3_the_last_of_six_takes_the_rest(self):
        package = self.sell(self.package_of(6, 375.01))
        hours = ("10:00", "11:00", "12:00", "13:00", "14:00", "15:00")
        revenue = [self.revenue_of(self.use(package, at=at)) for at in hours]
        self.assertEqual(revenue, [62.5] * 5 + [62.51])
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        self.assertEqual(package.state, "used")
        self.assertProven()

    def test_m4_four_of_six_used_leave_a_third_owed(self):
        package = self.sell(self.package_of(6, 450))
        revenue = sum(
            self.revenue_of(self.use(package, at=at))
            for at in ("10:00", "11:00", "12:00", "13:00")
        )
        self.assertEqual((revenue, package.amount_owed), (300, 150))

    def test_m7_a_single_purpose_voucher_is_taxed_when_it_is_sold(self):
        tax = self.env["account.tax"].create(
            {
                "name": "20 % in the price",
                "amount": 20,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "invoice_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create({"account_id": self.tax_account().id}),
                ],
            }
        )
        self.haircut.write({"list_price": 100, "taxes_id": [Command.set(tax.ids)]})
        voucher = self.package_of(1, 50, taxes_id=[Command.set(tax.ids)])
        package = self.sell(voucher)
        self.assertEqual(self.sale["invoice"].amount_tax, 8.33)
        self.assertEqual(package.amount_owed, 41.67)
        invoice = self.use(package)
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (0, 0))
        self.assertEqual(self.revenue_of(invoice), 41.67)
        self.assertProven()

    def test_a_tax_without_an_account_is_no_part_of_what_is_owed(self):
        package = self.sell(self.package_of(2, 100, taxes_id=self.tax.ids), 110)
        bill = self.sale["invoice"].sudo()
        self.assertFalse(
            self.tax.invoice_repartition_line_ids.account_id, "the test wants none"
        )
        tax = bill.line_ids.filtered("tax_line_id")
        self.assertEqual((tax.balance, tax.account_id.internal_group), (-10, "income"))
        self.assertEqual(package.amount_owed, 100)
        self.assertProven()
        self.refund(bill)
        self.assertEqual(package.amount_owed, 0)
        self.assertProven()

    def test_a_use_is_not_taxed_again_where_a_deposit_was_taken(self):
        self.haircut.taxes_id = self.tax
        package = self.sell(self.package_of(2, 100, taxes_id=self.tax.ids), 110)
        visit = self.book(self.haircut)
        self.env["salon.deposit"]._take(visit, [self.tender(20)])
        bill = self.checkout(
            visit,
            2,
            extra_lines=[{"product_id": self.shampoo.id}],
            options={"packages": {visit.appointment_ids.id: package.credit_ids.id}},
        )["invoice"]
        use = bill.invoice_line_ids.filtered("salon_package_id")
        service = bill.invoice_line_ids.filtered("salon_appointment_id")
        self.assertEqual((service.price_total, use.price_total), (50, -50))
        self.assertEqual((bill.amount_total, bill.payment_state), (2, "paid"))
        self.assertProven()

    def test_a_cent_of_tax_on_the_bill_pays_nothing_of_a_package(self):
        """Lines of 110.00, 0.07 and 0.07 make a bill of 110.13."""
        self.haircut.taxes_id = self.shampoo.taxes_id = self.tax
        visit = self.book(self.haircut)
        visit.appointment_ids.price = 0.06
        product = self.package_of(2, 100, taxes_id=self.tax.ids)
        bill = self.checkout(
            visit,
            extra_lines=[
                {"product_id": product.id},
                {"product_id": self.shampoo.id, "price_unit": 0.06},
            ],
        )["invoice"].sudo()
        self.assertEqual(bill.amount_total, 110.13)
        package = bill.invoice_line_ids.salon_package_id
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        self.pay(bill)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (100, 0))

    def test_a_discount_on_the_bill_pays_nothing_of_a_package(self):
        self.give(200)
        product = self.package_of(5, 100)
        visit = self.book(self.haircut)
        reward = self.program.reward_ids[:1]
        bill = self.checkout(
            visit,
            extra_lines=[{"product_id": product.id}],
            options={"rewards": [[reward.id, self.card().id]]},
        )["invoice"]
        self.assertEqual(bill.amount_total, 145)
        package = bill.invoice_line_ids.salon_package_id
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        self.pay(bill, 72.5)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (50, 50))
        self.pay(bill)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (100, 0))
        self.assertProven()

    def test_a_package_without_tax_is_taxed_on_use(self):
        self.haircut.taxes_id = self.tax
        package = self.sell(self.package_of(2, 110))
        self.assertEqual(self.sale["invoice"].amount_tax, 0)
        invoice = self.use(package)
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (5, 0))
        self.assertEqual(self.revenue_of(invoice), 50)
        self.assertEqual(package.amount_owed, 55)
        self.assertProven()

    def test_an_amount_that_no_price_gives_is_a_cent_less_and_the_books_agree(self):
        self.haircut.taxes_id = self.tax
        self.company.tax_calculation_rounding_method = "round_globally"
        package = self.sell(self.package_of(7, 100.03))
        for hour in range(10, 16):
            invoice = self.use(package, at=f"{hour}:00")
            self.assertEqual(invoice.amount_total, 0)
        self.assertProven()

    def test_what_is_refunded_beside_it_does_not_count_as_paid(self):
        visit = self.book(self.haircut)
        product = self.package_of(5, 100)
        bill = self.checkout(visit, extra_lines=[{"product_id": product.id}])
        item = bill["invoice"].invoice_line_ids.filtered("salon_appointment_id")
        package = bill["invoice"].invoice_line_ids.salon_package_id
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        self.env["salon.refund"]._refund(visit, {item.id: 50}, [])
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 100))
        self.pay(bill["invoice"], 40)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (40, 60))
        self.assertProven()

    def test_used_before_it_is_paid_it_owes_nothing(self):
        package = self.sell(self.package_of(5, 100), 20)
        self.use(package, at="10:00")
        self.use(package, at="11:00")
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 60))
        self.pay(self.sale["invoice"], 30)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (10, 50))
        self.assertProven()

    def test_the_parts_of_a_package_are_worth_their_share_of_its_price(self):
        package_of_two = self.package_of(2, 176)
        package_of_two.salon_package_content_ids = [
            Command.create(
                {
                    "credits": 4,
                    "service_ids": [Command.set(self.blowdry.product_tmpl_id.ids)],
                }
            )
        ]
        self.blowdry.taxes_id = False
        package = self.sell(package_of_two)
        cut, dry = package.credit_ids
        self.assertEqual((cut.single_price, dry.single_price), (50, 30))
        self.assertEqual(self.revenue_of(self.use(package)), 40)
        visit = self.book(self.blowdry, at="12:00")
        bill = self.checkout(
            visit, options={"packages": {visit.appointment_ids.id: dry.id}}
        )
        self.assertEqual(self.revenue_of(bill["invoice"]), 24)
        self.assertEqual((cut.credits_left, dry.credits_left), (1, 3))
        self.assertProven()

    def test_refunding_the_visit_gives_the_credit_back(self):
        package = self.sell(self.package_of(5, 500))
        invoice = self.use(package)
        note = self.refund(invoice)
        self.assertEqual((package.amount_owed, package.credits_left), (500, 5))
        note.button_draft()
        self.assertEqual((package.amount_owed, package.credits_left), (400, 4))
        self.assertProven()

    def test_the_desk_gives_back_the_credit_never_the_money(self):
        package = self.sell(self.package_of(5, 500))
        visit = self.book(self.haircut) | self.book(self.blowdry, at="12:00")
        cut = visit.appointment_ids.filtered(lambda a: a.product_id == self.haircut)
        self.checkout(
            visit,
            33,
            options={"packages": {cut.id: package.credit_ids.id}},
        )
        service = self.env["salon.refund"].with_user(self.manager)
        left = service._get_bill_lines(visit)
        [line] = [one for one in left if one.salon_appointment_id == cut]
        with self.assertRaises(UserError), self.cr.savepoint():
            service._refund(
                visit.with_user(self.manager), {line.id: 100}, [self.tender(100)]
            )
        service._refund(visit.with_user(self.manager), {line.id: 100}, [])
        self.assertEqual((package.amount_owed, package.credits_left), (500, 5))
        self.assertFalse(cut.is_billed)
        self.assertProven()

    def test_what_is_left_is_given_back_by_its_value(self):
        package = self.sell(self.package_of(6, 450), 450)
        for at in ("10:00", "11:00", "12:00", "13:00"):
            self.use(package, at=at)
        action = package.with_user(self.manager).action_refund()
        wizard = self.env["salon.refund.wizard"].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        self.assertEqual((wizard.amount_total, wizard.amount_due), (150, 150))
        wizard.action_refund()
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        self.assertProven()

    def test_no_more_than_what_is_left_is_given_back(self):
        package = self.sell(self.package_of(5, 500))
        self.use(package)
        with self.assertRaisesRegex(UserError, "at most what is left"):
            self.refund(self.sale["invoice"])

    def test_a_bill_of_a_package_taken_back_takes_its_credits(self):
        package = self.sell(self.package_of(5, 500))
        invoice = self.sale["invoice"].sudo()
        invoice.button_draft()
        self.assertEqual((package.amount_left, package.credits_left), (0, 0))
        invoice.action_post()
        self.assertEqual((package.amount_left, package.credits_left), (500, 5))
        self.assertEqual(len(invoice.invoice_line_ids.salon_package_id), 1)
        self.assertProven()

    def test_a_discount_for_goodwill_leaves_the_credits(self):
        package = self.sell(self.package_of(5, 500))
        visit = self.sale["order"].order_line.salon_visit_id
        item = self.sale["invoice"].invoice_line_ids
        self.env["salon.refund"]._refund(visit, {item.id: 100}, [self.tender(100)])
        self.assertEqual((package.amount_owed, package.credits_left), (400, 5))
        self.assertEqual(self.revenue_of(self.use(package)), 80)
        self.assertProven()

    def test_goodwill_for_the_last_use_can_be_paid_out(self):
        package = self.sell(self.package_of(1, 100))
        item = self.use(package).invoice_line_ids.filtered("salon_appointment_id")
        service = self.env["salon.refund"].with_user(self.manager)
        visit = self.last_visit.with_user(self.manager)
        service._refund(visit, {item.id: 30}, [])
        self.assertEqual((package.amount_owed, package.credits_left), (30, 0))
        self.assertEqual(package.state, "refundable")
        own = self.env["salon.package"].search([("state", "=", "refundable")])
        self.assertIn(package, own)
        self.env["salon.estimates"]._run(self.company)
        self.assertEqual(package.amount_owed, 30, "it is not breakage")
        action = package.with_user(self.manager).action_refund()
        wizard = self.env["salon.refund.wizard"].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        self.assertEqual(wizard.amount_due, 30)
        wizard.action_refund()
        self.assertEqual((package.amount_owed, package.state), (0, "used"))
        self.assertProven()

    def test_a_use_worth_nothing_gives_its_credit_back_with_the_visit(self):
        package = self.sell(self.package_of(2, 0))
        self.use(package)
        self.assertEqual(package.credits_left, 1)
        visit = self.last_visit.with_user(self.manager)
        action = self.env["salon.refund.wizard"].with_user(self.manager)._open(visit)
        wizard = self.env["salon.refund.wizard"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        self.assertTrue(wizard.reopens)
        wizard.action_refund()
        self.assertEqual(package.credits_left, 2)
        self.assertEqual(visit.state, "in_service")
        self.assertEqual(visit._get_billable_appointments(), visit.appointment_ids)
        self.assertProven()

    def test_selling_and_using_is_for_the_desk(self):
        package = self.sell(self.package_of(5, 500), user=self.receptionist)
        visit = self.book(self.haircut)
        uses = {visit.appointment_ids.id: package.credit_ids.id}
        self.checkout(visit, user=self.receptionist, options={"packages": uses})
        self.assertEqual(package.credits_left, 4)
        with self.assertRaises(AccessError):
            package.with_user(self.receptionist).write({"date_end": "2050-01-01"})
        with self.assertRaises(AccessError):
            package.with_user(self.manager).write({"amount_left": 5})
        with self.assertRaises(AccessError):
            package.credit_ids.with_user(self.manager).write({"credits_left": 50})

    def test_the_oldest_package_that_fits_is_offered(self):
        other = self.sell(self.package_of(3, 300, self.blowdry))
        first = self.sell(self.package_of(2, 300))
        self.sell(self.package_of(2, 300))
        visits = self.book(self.haircut) | self.book(self.haircut, at="12:00")
        visits |= self.book(self.haircut, at="14:00")
        visits |= self.book(self.blowdry, at="15:00")
        proposed = self.env["salon.packages"]._propose(visits.appointment_ids)
        packages = [
            proposed[one].package_id for one in visits.appointment_ids.sorted("start")
        ]
        self.assertEqual(packages[:2], [first, first])
        self.assertNotEqual(packages[2], first)
        self.assertEqual(packages[3], other)

    def test_an_expired_package_is_not_used(self):
        package = self.sell(self.package_of(5, 500, salon_package_months=1))
        self.assertTrue(package.date_end)
        package.sudo().date_end = fields.Date.today() - timedelta(days=1)
        self.assertEqual(package.state, "expired")
        visit = self.book(self.haircut)
        self.assertFalse(self.env["salon.packages"]._propose(visit.appointment_ids))
        uses = {visit.appointment_ids.id: package.credit_ids.id}
        with self.assertRaisesRegex(UserError, "cannot be used"):
            self.checkout(visit, options={"packages": uses})

    def test_no_other_client_uses_it_unless_it_is_for_the_family(self):
        package = self.sell(self.package_of(5, 500))
        self.bella.salon_payer_id = self.anna
        find = self.env["salon.packages"]._find_credits
        self.assertFalse(find(self.bella))
        package.with_user(self.manager).is_shared = True
        self.assertIn(self.bella.id, find(self.bella))
        visit = self.book(self.haircut, client=self.bella)
        uses = {visit.appointment_ids.id: package.credit_ids.id}
        self.checkout(visit, options={"packages": uses})
        self.assertEqual(package.credits_left, 4)

    def test_a_manager_gives_it_to_another_client(self):
        package = self.sell(self.package_of(5, 500))
        transfer = self.env["salon.packages"]._transfer
        with self.assertRaises(AccessError):
            transfer.__func__(
                self.env["salon.packages"].with_user(self.receptionist),
                package.with_user(self.receptionist),
                self.bella,
                "",
            )
        wizard = self.env["salon.package.transfer"].with_user(self.manager)
        wizard.create(
            {"package_id": package.id, "client_id": self.bella.id, "reason": "A gift"}
        ).action_transfer()
        self.assertEqual(package.client_id, self.bella)
        self.assertIn("A gift", package.entry_ids[:1].note)
        self.assertIn(
            self.bella.id, self.env["salon.packages"]._find_credits(self.bella)
        )

    def test_more_credits_than_there_are_cannot_be_on_one_bill(self):
        package = self.sell(self.package_of(1, 100))
        visits = self.book(self.haircut) | self.book(self.haircut, at="12:00")
        uses = {one.id: package.credit_ids.id for one in visits.appointment_ids}
        with self.assertRaisesRegex(UserError, "more credits"):
            self.checkout(visits, options={"packages": uses})

    def test_somebody_without_a_name_owns_no_package(self):
        visit = self.env["salon.visit"].create(
            {"branch_id": self.branch.id, "start": self.at("09:00")}
        )
        with self.assertRaisesRegex(UserError, "client who owns it"):
            self.checkout(
                visit, extra_lines=[{"product_id": self.package_of(5, 100).id}]
            )

    def test_selling_earns_no_points_using_does(self):
        package = self.sell(self.package_of(5, 500))
        self.assertFalse(self.card())
        self.use(package)
        self.assertEqual(self.points(), 100)

    def test_a_package_says_what_it_holds(self):
        with self.assertRaisesRegex(ValidationError, "without credits"):
            self.package_of(5, 500, salon_package_content_ids=[])
        with self.assertRaisesRegex(ValidationError, "cannot be booked"):
            self.haircut.is_salon_package = True

    def test_a_category_covers_what_is_under_it(self):
        child = self.env["product.category"].create(
            {"name": "Cuts (test)", "parent_id": self.category_hair.id}
        )
        self.haircut.categ_id = child
        product = self.package_of(5, 500)
        product.salon_package_content_ids.write(
            {"service_ids": [Command.clear()], "category_id": self.category_hair.id}
        )
        package = self.sell(product)
        self.assertTrue(package.credit_ids._covers(self.haircut.product_tmpl_id))
        self.assertFalse(package.credit_ids._covers(self.shampoo.product_tmpl_id))

    def test_a_service_for_owners_of_a_package_asks_for_one(self):
        templates = self.haircut.product_tmpl_id | self.colour.product_tmpl_id
        clients = self.anna | self.bella
        self.assertFalse(clients._get_salon_package_services(templates))
        self.sell(self.package_of(5, 500))
        self.env.invalidate_all()
        covered = clients._get_salon_package_services(templates)
        self.assertEqual(covered, {self.anna.id: self.haircut.product_tmpl_id})
        self.assertEqual(self.anna.salon_package_count, 5)

    def test_packages_of_many_clients_are_found_with_few_queries(self):
        clients = self.anna | self.bella
        for client in clients:
            self.sell(self.package_of(5, 500), client=client)
        more = self.env["res.partner"].create([{"name": f"C{n}"} for n in range(20)])
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            found = self.env["salon.packages"]._find_credits(clients | more)
        self.assertEqual(found.keys(), set(clients.ids))

    def test_the_board_shows_who_has_a_package(self):
        package = self.sell(self.package_of(5, 500))
        chloe = self.env["res.partner"].create({"name": "Chloe"})
        chloe.salon_payer_id = self.anna
        visits = [
            self.book(self.haircut, at=at, client=client).id
            for at, client in (
                ("10:00", self.anna),
                ("11:00", self.bella),
                ("12:00", chloe),
            )
        ]

        def shown():
            board = self.env["salon.board"].with_user(self.receptionist)
            day = str(THURSDAY)
            found = board.load(self.branch.ids, day, day, None)["visits"]
            found = {int(number): visit for number, visit in found.items()}
            return ["package" in found[visit]["icons"] for visit in visits]

        self.assertEqual(shown(), [True, False, False])
        package.is_shared = True
        self.assertEqual(shown(), [True, False, True])


@tagged("post_install", "-at_install")
class TestPackageDialog(PackageCase):
    def open_dialog(self, visit, user=None):
        action = (
            self.env["salon.checkout.wizard"]
            .with_user(user or self.receptionist)
            ._open(visit.with_user(user or self.receptionist))
        )
        return (
            self.env["salon.checkout.wizard"]
            .with_user(user or self.receptionist)
            .browse(action["res_id"])
        )

    def test_the_dialog_offers_the_package_and_says_what_is_left(self):
        package = self.sell(self.package_of(6, 375))
        wizard = self.open_dialog(self.book(self.haircut))
        self.assertEqual(wizard.line_ids.credit_id.package_id, package)
        self.assertIn("6 of 6 left", wizard.line_ids.credit_id.display_name)
        self.assertEqual((wizard.amount_due, wizard._get_bill_to_pay()), (0, 0))
        wizard.action_checkout()
        self.assertEqual(package.credits_left, 5)
        self.assertProven()

    def test_the_desk_may_take_money_instead(self):
        package = self.sell(self.package_of(6, 375))
        wizard = self.open_dialog(self.book(self.haircut))
        wizard.line_ids.credit_id = False
        self.assertEqual(wizard._get_bill_to_pay(), 50)
        wizard.tender_ids = [
            Command.create({"journal_id": self.cash_journal.id, "amount": 50})
        ]
        wizard.action_checkout()
        self.assertEqual(package.credits_left, 6)
