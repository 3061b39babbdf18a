from odoo import Command

from odoo.addons.salon_booking.tests.common import SalonCase


class LoyaltyCase(SalonCase):
    """A salon with one points program and one gift certificate program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search(
            [("program_type", "=", "loyalty")]
        ).active = False
        cls.program = cls.points_program()
        cls.env["salon.loyalty.certificate"]._setup_companies(cls.company)
        cls.certificates = cls.env["loyalty.program"].search(
            [
                ("salon_kind", "=", "certificate"),
                ("company_id", "=", cls.company.id),
            ],
            limit=1,
        )
        cls.certificate = cls.certificates.rule_ids.product_ids[:1]
        cls.liability = cls.company.salon_certificate_account_id
        cls.used_before = cls.open_certificates()
        cls.booked_before = cls.booked()

    @classmethod
    def points_program(cls, *rules, **values):
        """A points program; without rules one point per unit of money."""
        rules = rules or [{}]
        return cls.env["loyalty.program"].create(
            {
                "name": "Test points",
                "program_type": "loyalty",
                "is_salon": True,
                "salon_only": True,
                "company_id": False,
                "currency_id": cls.company.currency_id.id,
                "applies_on": "both",
                "trigger": "auto",
                "portal_visible": True,
                "rule_ids": [
                    Command.create(
                        {"reward_point_mode": "money", "minimum_qty": 0, **rule}
                    )
                    for rule in rules
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "discount_mode": "per_order",
                            "discount": 5,
                            "discount_applicability": "order",
                            "required_points": 40,
                        }
                    )
                ],
                "communication_plan_ids": [],
                **values,
            }
        )

    @classmethod
    def card(cls, client=None, program=None):
        return cls.env["loyalty.card"].search(
            [
                ("partner_id", "=", (client or cls.anna).id),
                ("program_id", "=", (program or cls.program).id),
            ]
        )

    @classmethod
    def points(cls, client=None, program=None):
        return cls.card(client, program).points

    @classmethod
    def give(cls, points, client=None):
        """A points card with so many points on it."""
        return cls.env["loyalty.card"].create(
            {
                "partner_id": (client or cls.anna).id,
                "program_id": cls.program.id,
                "points": points,
            }
        )

    def sell_certificate(self, amount=500, quantity=1, **options):
        """Sell certificates at checkout and return them, paid in cash."""
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.anna.id,
                "start": self.at("09:00"),
            }
        )
        line = {
            "product_id": self.certificate.id,
            "quantity": quantity,
            "price_unit": amount,
            **options,
        }
        self.sale = self.checkout_paid(visit, extra_lines=[line])
        return self.sale["order"].order_line.salon_certificate_ids

    def use(self, visit, *cards, tender=None):
        """Check a visit out with these certificates."""
        return self.checkout(
            visit,
            *([tender] if tender else []),
            options={"certificate_codes": [card.code for card in cards]},
        )

    @classmethod
    def open_certificates(cls):
        cards = cls.env["loyalty.card"].search(
            [
                ("salon_kind", "=", "certificate"),
                ("company_id", "=", cls.company.id),
            ]
        )
        return round(sum(cards.mapped("points")), 2)

    @classmethod
    def booked(cls):
        lines = cls.env["account.move.line"].search(
            [("account_id", "=", cls.liability.id), ("parent_state", "=", "posted")]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def assertOwed(self, amount):
        """So much is open on certificates, and the books say the same to the cent."""
        opened = self.open_certificates() - self.used_before
        self.assertAlmostEqual(opened, amount, places=2)
        booked = self.booked() - self.booked_before
        self.assertAlmostEqual(booked, amount, places=2)

    def assertLedgerHolds(self):
        """The ledger of every salon card adds up to its balance."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT card.id, card.points, card.salon_points_owed, entries.sum
              FROM loyalty_card card
              LEFT JOIN (
                   SELECT card_id, SUM(points) AS sum
                     FROM salon_loyalty_entry
                 GROUP BY card_id
                   ) entries ON entries.card_id = card.id
             WHERE card.salon_kind IS NOT NULL
               AND card.points::numeric(16, 2) != COALESCE(entries.sum, 0)
            """
        )
        self.assertFalse(self.env.cr.fetchall())
        self.env.cr.execute(
            """
            SELECT card.id
              FROM loyalty_card card
              LEFT JOIN (
                   SELECT card_id, SUM(points) AS sum
                     FROM salon_loyalty_entry
                    WHERE kind = 'owed'
                 GROUP BY card_id
                   ) debts ON debts.card_id = card.id
             WHERE COALESCE(card.salon_points_owed, 0) < 0
                OR card.points > 0 AND card.salon_points_owed > 0
            """
        )
        self.assertFalse(self.env.cr.fetchall())
