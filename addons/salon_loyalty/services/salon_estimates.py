from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..engine.estimates import expected_breakage, points_still_owed, worth_of_points
from .salon_loyalty_ledger import HUNDRED, to_decimal, to_hundredths


class SalonEstimates(models.AbstractModel):
    """Income from what is never used, and what points are worth: once a day.

    Each pool (the certificates of a program, a package that is sold, the points of a
    program) has a target; only the difference to what was booked is posted.
    """

    _name = "salon.estimates"
    _description = "Estimates Service"

    @api.model
    def _run(self, companies=None):
        """Let lapse what has expired, then bring the estimates to their targets."""
        # sudo: res.company - a job for every company that keeps books
        Company = self.sudo().env["res.company"]
        companies = companies or Company.search(
            [("parent_id", "=", False), ("chart_template", "!=", False)]
        )
        # sudo: loyalty.card, salon.package, account.move - the job of the system
        self = self.sudo()
        for company in companies.root_id:
            own = self.with_company(company)
            own._lapse_packages(company)
            own._lapse_certificates(company)
            own._estimate_certificates(company)
            own._estimate_packages(company)
            own._estimate_points(company)

    # -- What has expired ---------------------------------------------------

    @api.model
    def _lapse_packages(self, company):
        """What was paid and can be used no longer; cents that rounding left, too."""
        service = self.env["salon.packages"]
        today = fields.Date.context_today(self)
        packages = self.env["salon.package"].search(
            [
                ("company_id", "child_of", company.id),
                ("amount_owed", ">", 0),
                "|",
                ("date_end", "<", today),
                ("credits_left", "=", 0),
            ]
        )
        income = None
        for package in packages:
            is_expired = package.date_end and package.date_end < today
            is_rest = not package.credits_left and package.amount_owed <= (
                package.currency_id.rounding * package.credits_bought
            )
            if is_rest or (is_expired and company.salon_breakage != "never"):
                income = income or company._get_salon_breakage_account()
                label = self.env._("Expired") if is_expired else self.env._("Rounding")
                entry = service._post_entry(package, label, income, package.amount_owed)
                service._add(
                    [
                        service._prepare_row(
                            package,
                            "expired",
                            move=entry,
                            credit=credit,
                            credits=-credit.credits_left,
                        )
                        for credit in package.credit_ids
                        if credit.credits_left
                    ]
                )

    @api.model
    def _lapse_certificates(self, company):
        if company.salon_breakage == "never":
            return
        cards = self.env["loyalty.card"].search(
            [
                ("salon_kind", "=", "certificate"),
                ("company_id", "=", company.id),
                ("points", ">", 0),
                ("expiration_date", "<", fields.Date.context_today(self)),
            ]
        )
        if not cards:
            return
        amount = sum(to_hundredths(card.points) for card in cards) / HUNDRED
        entry = self._post_entry(
            company,
            self.env._("Expired gift certificates"),
            company.salon_certificate_account_id,
            company._get_salon_breakage_account(),
            -amount,
        )
        self.env["salon.loyalty.ledger"]._post(
            [
                {
                    "card": card,
                    "kind": "expired",
                    "points": -to_hundredths(card.points),
                    "move_id": entry,
                    "key": f"expire/{card.id}",
                }
                for card in cards
            ]
        )

    # -- As long as the entry stands ----------------------------------------

    @api.model
    def _settle(self, moves):
        """Entries that were undone, reversed or posted again take with them what they
        were made for: credits and certificates that lapsed, and estimates."""
        # sudo: account.move, res.company - what is posted decides, whoever posts
        entries = moves.sudo().filtered(lambda move: move.move_type == "entry")
        companies = entries.company_id.root_id
        accounts = (
            companies.salon_certificate_account_id
            | companies.salon_package_account_id
            | companies.salon_points_account_id
        )
        entries = entries.filtered(lambda move: move.line_ids.account_id & accounts)
        if not entries:
            return
        # sudo: salon.package.entry, salon.loyalty.entry, salon.estimate - follow it
        self = self.sudo()
        expired = [("kind", "=", "expired")]
        packages = self.env["salon.packages"]
        packages._add(
            [
                packages._prepare_row(
                    credit.package_id,
                    "expired",
                    move=move,
                    credit=credit,
                    credits=round(change),
                )
                for move, credit, change in self._get_changes(
                    entries,
                    "salon.package.entry",
                    [*expired, ("credit_id", "!=", False)],
                    ("credit_id", "credits"),
                )
            ]
        )
        self.env["salon.loyalty.ledger"]._post(
            [
                {
                    "card": card,
                    "kind": "expired",
                    "points": to_hundredths(change),
                    "move_id": move,
                    "key": f"expire/{card.id}",
                }
                for move, card, change in self._get_changes(
                    entries, "salon.loyalty.entry", expired, ("card_id", "points")
                )
            ]
        )
        self.env["salon.estimate"].create(
            [
                {
                    **estimate.copy_data({"amount": change})[0],
                    "date": move.date,
                    "reference": move.name,
                    "move_id": move.id,
                }
                for move, estimate, change in self._get_changes(
                    entries, "salon.estimate", [], (None, "amount")
                )
            ]
        )

    @api.model
    def _get_changes(self, entries, ledger, domain, names):
        """What is missing in a ledger: what a posted entry was made for, the opposite
        of what it reverses, nothing of what is not posted.

        :param names: of whose it is (None: the rows' own entry) and of the amount
        :return: ``[(account.move, whose, change)]``
        """
        owner, amount = names
        meant, has = defaultdict(dict), defaultdict(float)
        for row in self.env[ledger].search(
            [("move_id", "in", (entries | entries.reversed_entry_id).ids), *domain],
            order="id",
        ):
            whose = row[owner] if owner else row
            # The first row is what the entry was made for, later ones follow it.
            meant[row.move_id].setdefault(
                whose if owner else None, (whose, row[amount])
            )
            has[row.move_id, whose if owner else None] += row[amount]
        changes = []
        for move in entries:
            undone = move.reversed_entry_id
            source, sign = (undone, -1) if undone in meant else (move, 1)
            for key, (whose, value) in meant.get(source, {}).items():
                wanted = sign * value if move.state == "posted" else 0
                if change := round(wanted - has[move, key], 2):
                    changes.append((move, whose, change))
        return changes

    # -- What is expected ---------------------------------------------------

    @api.model
    def _estimate_certificates(self, company):
        programs = (
            self.env["loyalty.program"]
            .with_context(active_test=False)
            .search(
                [("salon_kind", "=", "certificate"), ("company_id", "=", company.id)]
            )
        )
        today = fields.Date.context_today(self)
        for program in programs:
            valid = [
                ("card_id.program_id", "=", program.id),
                "|",
                ("card_id.expiration_date", "=", False),
                ("card_id.expiration_date", ">=", today),
            ]
            [[used]] = self.env["salon.loyalty.entry"]._read_group(
                [*valid, ("kind", "in", ("spent", "returned"))], [], ["points:sum"]
            )
            [[left]] = self.env["loyalty.card"]._read_group(
                [
                    ("program_id", "=", program.id),
                    "|",
                    ("expiration_date", "=", False),
                    ("expiration_date", ">=", today),
                ],
                [],
                ["points:sum"],
            )
            used, left = -to_hundredths(used), to_hundredths(left)
            self._bring_to(
                company,
                {"kind": "certificates", "program_id": program.id},
                -self._get_breakage(company, used, left, left, program.salon_breakage),
                program.name,
            )

    @api.model
    def _estimate_packages(self, company):
        """By the packages that can still be used, of each kind."""
        valid = Domain("company_id", "child_of", company.id) & Domain(
            self.env["salon.package"]._get_valid_domain(fields.Date.context_today(self))
        )
        packages = self.env["salon.package"]
        pools = defaultdict(lambda: [0, 0, 0])
        for product, left, owed in packages._read_group(
            valid, ["product_id"], ["amount_left:sum", "amount_owed:sum"]
        ):
            pools[product][1:] = to_hundredths(left), to_hundredths(owed)
        for product, owed, unpaid in self.env["salon.package.entry"]._read_group(
            Domain("package_id", "in", packages._search(valid))
            & Domain("kind", "in", ("used", "returned")),
            ["product_id"],
            ["amount:sum", "amount_unpaid:sum"],
        ):
            pools[product][0] = -to_hundredths(owed + unpaid)
        booked = self._get_booked(company, "packages", "product_id")
        for product in booked.keys() | pools.keys():
            used, left, owed = pools[product]
            share = product.salon_package_breakage
            self._bring_to(
                company,
                {"kind": "packages", "product_id": product.id},
                -self._get_breakage(company, used, left, owed, share),
                product.name,
            )

    @api.model
    def _get_booked(self, company, kind, name):
        """What was booked of each pool so far."""
        domain = [("company_id", "=", company.id), ("kind", "=", kind)]
        return dict(
            self.env["salon.estimate"]._read_group(domain, [name], ["amount:sum"])
        )

    @api.model
    def _get_breakage(self, company, used, left, owed, percent):
        if company.salon_breakage != "proportional":
            return 0
        share = to_decimal(percent) / 100
        return min(expected_breakage(used + left, used, share, left), owed)

    @api.model
    def _estimate_points(self, company):
        """What points are worth that were given with bills and not used yet."""
        entries = self.env["salon.loyalty.entry"]
        own = [("company_id", "child_of", company.id), ("salon_kind", "=", "points")]
        sums = defaultdict(lambda: defaultdict(Decimal))
        worth = defaultdict(Decimal)
        for program, kind, points, value in entries._read_group(
            own, ["program_id", "kind"], ["points:sum", "worth:sum"]
        ):
            sums[program][kind] += to_decimal(points)
            worth[program] += to_decimal(value)
        booked = self._get_booked(company, "points", "program_id")
        for program in booked.keys() | worth.keys():
            by_kind = sums[program]
            used = -by_kind["spent"] - by_kind["returned"]
            left = sum(by_kind.values())
            target = 0
            if company.salon_defers_points:
                share = to_decimal(program.salon_points_used) / 100
                target = points_still_owed(
                    to_hundredths(worth[program]), used, (used + left) * share, left
                )
            self._bring_to(
                company,
                {"kind": "points", "program_id": program.id},
                target,
                program.name,
            )

    @api.model
    def _get_worth(self, line, card, points):
        """What points given (or taken back, below zero) are worth of a bill item.

        :param points: hundredths
        :return: in the company's currency
        """
        company = line.company_id.root_id
        program = card.program_id
        # sudo: res.company, loyalty.program - how points are booked, whoever is paid
        if not company.sudo().salon_defers_points:
            return 0
        currency = company.currency_id
        value = program.sudo().salon_point_value
        if program.currency_id and program.currency_id != currency:
            value = program.currency_id._convert(value, currency, company, line.date)
        price = Decimal(abs(points)) * to_decimal(value)
        cents = int(price * to_decimal(program.sudo().salon_points_used) / 100)
        worth = worth_of_points(to_hundredths(-line.balance), cents) / HUNDRED
        return -worth if points < 0 else worth

    # -- In the books -------------------------------------------------------

    @api.model
    def _bring_to(self, company, pool, target, name):
        """Post what a pool is away from its target, in hundredths."""
        domain = [("company_id", "=", company.id)]
        domain += [(field, "=", value) for field, value in pool.items()]
        [[booked]] = self.env["salon.estimate"]._read_group(domain, [], ["amount:sum"])
        change = (target - to_hundredths(booked)) / HUNDRED
        if company.currency_id.is_zero(change):
            return
        if pool["kind"] == "points":
            label = self.env._("Points to be used: %(name)s", name=name)
            income = company._get_salon_points_income_account()
            liability = company._get_salon_points_account()
        else:
            label = self.env._("Expected never to be used: %(name)s", name=name)
            income = company._get_salon_breakage_account()
            liability = (
                company.salon_certificate_account_id
                if pool["kind"] == "certificates"
                else company._get_salon_package_account()
            )
        entry = self._post_entry(company, label, liability, income, change)
        self.env["salon.estimate"].create(
            {
                **pool,
                "company_id": company.id,
                "amount": change,
                "date": entry.date,
                "reference": entry.name,
                "move_id": entry.id,
            }
        )

    @api.model
    def _post_entry(self, company, label, liability, income, amount):
        """Owe so much more (below zero: less), against income."""
        entry = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": self.env["salon.intercompany"]
                    ._get_journal(company)
                    .id,
                    "date": fields.Date.context_today(self),
                    "ref": label,
                    "line_ids": [
                        Command.create(
                            {
                                "name": label,
                                "account_id": account.id,
                                "balance": balance,
                            }
                        )
                        for account, balance in (
                            (liability, -amount),
                            (income, amount),
                        )
                    ],
                }
            )
        )
        entry._post(soft=False)
        return entry
