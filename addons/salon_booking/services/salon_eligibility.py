from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock, eligibility, states
from ..engine.eligibility import Booking, Facts, PatchTest, Rules
from ..exceptions import NotEligible

ONLINE = frozenset({"web", "api"})
STAFF = "salon_booking.group_salon_stylist"
OVERRIDE = "salon_booking.group_salon_override"
JUDGED_STATES = frozenset({states.BOOKED, states.CONFIRMED, states.ARRIVED})
#: How far ahead starts are looked for: no rule of a client changes after that.
YEARS_AHEAD = 10 * 366 * 24 * 60


class SalonEligibility(models.AbstractModel):
    """May this client have these services, and when?

    Every channel asks here: the form, the dialogs, online booking and the API. Facts
    about clients are loaded in a fixed number of queries, however many services and
    clients; where no rule asks for them, they are not loaded.
    """

    _name = "salon.eligibility"
    _description = "Who May Book What"

    @api.model
    def _check(
        self,
        client,
        templates,
        start,
        channel="desk",
        branch=None,
        without=None,
    ):
        """What speaks against booking, hard refusals first.

        :param client: res.partner, empty for somebody who left no name
        :param start: UTC minute
        :param branch: its clock counts the days; the user's own without it
        :param without: salon.visit that do not count as what the client had
        :return: list of ``engine.refusals.Refusal``
        """
        rules = self._rules(templates)
        facts = self._facts(client, rules.values(), branch)[client.id]
        zone = self._zone(branch)
        return eligibility.flatten(
            {
                template_id: eligibility.check(
                    rule,
                    facts,
                    start,
                    zone,
                    channel=channel,
                    beside=rules.keys() - {template_id},
                    without=without.ids if without else (),
                )
                for template_id, rule in rules.items()
            }
        )

    @api.model
    def _allowed_starts(
        self,
        client,
        templates,
        channel="desk",
        now=None,
        branch=None,
        without=None,
        facts=None,
    ):
        """All starts that no hard rule refuses, from now on.

        :param facts: what ``_facts`` knows of more clients, where it was asked before
        :return: refusals that hold at the first of them (hard ones only when there is
            none), and sorted, disjoint intervals ``[from, to)`` of UTC minutes
        """
        if now is None:
            now = clock.to_minutes(fields.Datetime.now())
        last = now + YEARS_AHEAD
        rules = self._rules(templates)
        facts = (facts or self._facts(client, rules.values(), branch))[client.id]
        zone = self._zone(branch)
        options = {"channel": channel, "without": without.ids if without else ()}
        intervals = eligibility.allowed(
            tuple(rules.values()), facts, now, last, zone, **options
        )
        start = intervals[0][0] if intervals else now
        refusals = eligibility.flatten(
            {
                template_id: eligibility.check(
                    rule,
                    facts,
                    start,
                    zone,
                    beside=rules.keys() - {template_id},
                    **options,
                )
                for template_id, rule in rules.items()
            }
        )
        return refusals, intervals

    @api.model
    def _bounds(
        self,
        client,
        templates,
        channel="desk",
        now=None,
        branch=None,
        without=None,
    ):
        """The span in which a search makes sense, for the rules of the client alone.

        :return: refusals that hold whenever it is, first and last start as UTC minutes;
            None where there is no bound. With a hard refusal nothing can be had.
        """
        refusals, intervals = self._allowed_starts(
            client, templates, channel, now, branch, without
        )
        if not intervals:
            return refusals, None, None
        if now is None:
            now = clock.to_minutes(fields.Datetime.now())
        first, last = intervals[0][0], intervals[-1][1]
        return (
            refusals,
            first if first > now else None,
            last - 1 if last < now + YEARS_AHEAD else None,
        )

    @api.model
    def _assert_eligible(self, appointments, previous=None):
        """Raise NotEligible when a hard rule refuses one of these appointments.

        What the superuser does at the desk (jobs, imports) and history are not judged;
        a reason for overriding, given by whoever has the right, permits everything.

        :param previous: ``{appointment id: (template id, UTC minute)}`` before a
            change; what was refused there too is not held against the change
        """
        judged = appointments.filtered(self._is_judged)
        if not judged:
            return
        found = self._refusals_of(judged)
        before = self._refusals_of(judged, previous) if found and previous else {}
        for visit, refusals in found.items():
            known = {refusal.code for refusal in before.get(visit, ())}
            hard = [
                refusal
                for refusal in refusals
                if refusal.is_hard and refusal.code not in known
            ]
            if hard:
                raise self._not_eligible(visit, hard)

    @api.model
    def _refusals_of(self, appointments, previous=None):
        """What speaks against appointments as they stand: ``{visit: [Refusal]}``."""
        # sudo: product.template, res.partner - rules hold for whoever books
        appointments = appointments.sudo()
        templates = appointments.visit_id.appointment_ids.product_id.product_tmpl_id
        rules = self._rules(templates)
        facts = {
            branch: self._facts(own.client_id, rules.values(), branch)
            for branch, own in appointments.grouped("branch_id").items()
        }
        found = {}
        for visit, group in appointments.grouped("visit_id").items():
            services = set(visit.appointment_ids.product_id.product_tmpl_id.ids)
            by_service = defaultdict(list)
            for appointment in group:
                template_id, start = (previous or {}).get(
                    appointment.id, self._asked(appointment)
                )
                by_service[template_id] += eligibility.check(
                    rules.get(template_id)
                    or self._rules(templates.browse(template_id))[template_id],
                    facts[visit.branch_id][visit.client_id.id],
                    start,
                    visit.branch_id.tz,
                    channel=self._channel(visit),
                    beside=services - {template_id},
                    without=visit.ids,
                )
            refusals = eligibility.flatten(by_service)
            if refusals:
                found[visit] = refusals
        return found

    @api.model
    def _asked(self, appointment):
        """What the rules need of an appointment: service and UTC minute."""
        return (
            appointment.product_id.product_tmpl_id.id,
            clock.to_minutes(appointment.start),
        )

    @api.model
    def _is_judged(self, appointment):
        visit = appointment.visit_id
        if visit.is_history or visit.source == "import" and self.env.su:
            return False
        # A reason given once is no free pass for those without the right.
        if visit.override_reason and (self.env.su or self._may_override()):
            return False
        # What is being done already is not a question of booking any more.
        if appointment.state not in JUDGED_STATES:
            return False
        return not self.env.su or self._channel(visit) != "desk"

    @api.model
    def _may_override(self):
        return self.env.user.has_group(OVERRIDE)

    @api.model
    def _channel(self, visit):
        """Staff who change what was booked online do so as the desk."""
        if visit.source not in ONLINE:
            return "desk"
        is_staff = not self.env.su and self.env.user.has_group(STAFF)
        return "desk" if is_staff else visit.source

    @api.model
    def _not_eligible(self, visit, refusals):
        channel = self._channel(visit)
        reasons = " ".join(
            self.env["salon.refusal"]._text(refusal, visit.branch_id, channel)
            for refusal in refusals
        )
        if channel != "desk":
            return NotEligible(reasons, refusals)
        client = visit.client_id._get_salon_name() or self.env._(
            "A client without a name"
        )
        if self._may_override():
            message = self.env._(
                "%(client)s cannot be booked like this. %(reasons)s To book anyway, "
                "give the reason under “Booked against the Rules” on the visit.",
                client=client,
                reasons=reasons,
            )
        else:
            message = self.env._(
                "%(client)s cannot be booked like this. %(reasons)s Choose another "
                "time or service, or ask somebody with the right to override booking "
                "rules.",
                client=client,
                reasons=reasons,
            )
        return NotEligible(message, refusals)

    @api.model
    def _zone(self, branch):
        return (branch and branch.tz) or self.env.user.tz or "UTC"

    @api.model
    def _rules(self, templates):
        """``{product.template id: engine Rules}``."""
        # sudo: product.template - rules hold for clients who do not read them
        templates = templates.sudo().with_prefetch()
        return {
            template.id: template._get_salon_eligibility()
            if template.salon_has_client_rules
            else Rules(service=template.id)
            for template in templates
        }

    @api.model
    def _facts(self, clients, rules, branch=None):
        """What the rules need to know: ``{client id: engine Facts}``.

        An entry for False is somebody who left no name.
        """
        # sudo: res.partner, salon.patch.test - what a client must know of him- or
        # herself when told why not; nothing of others
        clients = clients.sudo().with_prefetch()
        rules = tuple(rules)
        bookings = tests = packages = {}
        if any(rule.needs_history for rule in rules):
            bookings = self._bookings(clients)
        test_services = {rule.patch_service for rule in rules if rule.patch_service}
        if test_services:
            tests = self._patch_tests(clients, test_services)
        with_package = [rule.service for rule in rules if rule.needs_package]
        if with_package:
            packages = clients._get_salon_package_services(
                self.env["product.template"].browse(with_package)
            )
        bars = self.env["salon.debt"]._bars(clients, branch)
        facts = {
            client.id: Facts(
                block_reason=client._get_salon_block_reason() or None,
                needs_approval=client.salon_needs_approval,
                birth=client._get_salon_birth_date(),
                gender=client.salon_gender or None,
                bookings=bookings.get(client.id, ()),
                tests=tests.get(client.id, ()),
                packages=frozenset(packages[client.id].ids)
                if client.id in packages
                else frozenset(),
                debt_bar=bars.get(client.id),
            )
            for client in clients
        }
        return {False: Facts(), **facts}

    @api.model
    def _bookings(self, clients):
        """Everything that clients had or have booked, imported history included."""
        self.env["salon.appointment"].flush_model(
            ["client_id", "product_id", "start", "state", "visit_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT appointment.client_id, product.product_tmpl_id,
                          appointment.start, appointment.state, appointment.visit_id
                     FROM salon_appointment appointment
                     JOIN product_product product
                       ON product.id = appointment.product_id
                    WHERE appointment.client_id = ANY(%s)
                      AND appointment.state != ALL(%s)""",
                clients.ids,
                list(states.LOST),
            )
        )
        found = defaultdict(list)
        for client_id, template_id, start, state, visit_id in rows:
            found[client_id].append(
                Booking(template_id, clock.to_minutes(start), state == "done", visit_id)
            )
        return found

    @api.model
    def _patch_tests(self, clients, services):
        # sudo: salon.patch.test - see _facts
        tests = (
            self.env["salon.patch.test"]
            .sudo()
            .search(
                [
                    ("client_id", "in", clients.ids),
                    ("product_tmpl_id", "in", list(services)),
                ]
            )
        )
        found = defaultdict(list)
        for test in tests:
            found[test.client_id.id].append(
                PatchTest(
                    test.product_tmpl_id.id,
                    clock.to_minutes(test.tested_at),
                    test.result == "reaction",
                    test.valid_until or None,
                )
            )
        return found
