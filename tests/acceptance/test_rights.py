"""Who may do and see what, over every model of the suite and every way in.

Here stands what holds for the suite as a whole: what is not listed as allowed must be
refused. What each role can do is tested in the addons.
"""

import inspect
import re
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

STYLIST = "salon_booking.group_salon_stylist"
RECEPTIONIST = "salon_booking.group_salon_receptionist"
MANAGER = "salon_booking.group_salon_manager"
OWNER = "salon_booking.group_salon_owner"
HEALTH = "salon_booking.group_salon_health"
ACCOUNTANT = "account.group_account_invoice"
SYSTEM = "base.group_system"
SALE_USER = "sales_team.group_sale_salesman"
#: Only leads to other records, which the client then reads with the rights of the user.
ANYBODY = "base.group_user"

#: Every public method that the suite adds, by the group without which it must do and
#: tell nothing. Overrides of the host's methods are not listed: they are the host's.
PUBLIC_METHODS = {
    "hr.employee": {
        ANYBODY: "action_salon_calendar_link action_view_salon_commissions"
    },
    "hr.employee.public": {
        ANYBODY: "action_salon_calendar_link action_view_salon_commissions"
    },
    "hr.leave": {ANYBODY: "action_view_salon_bookings"},
    "loyalty.card": {
        ANYBODY: "action_print_salon_certificate action_view_salon_entries"
    },
    "product.category": {ANYBODY: "action_view_salon_services"},
    "product.template": {ANYBODY: "action_view_salon_recipes"},
    "res.partner": {
        ANYBODY: "action_salon_block action_salon_merge_duplicates "
        "action_view_salon_debts action_view_salon_health_notes "
        "action_view_salon_messages action_view_salon_packages "
        "action_view_salon_referrals "
        "action_view_salon_standings "
        "action_view_salon_visits",
        RECEPTIONIST: "action_change_salon_balance action_invite_to_telegram "
        "action_salon_statement "
        "action_salon_unblock",
    },
    "salon.appointment": {
        ANYBODY: "action_open_visit",
        STYLIST: "action_absent action_arrive action_came action_cancel action_confirm "
        "action_done action_no_show action_prepare_materials action_same_as_last_time "
        "action_settle_materials action_start",
        RECEPTIONIST: "action_swap",
        MANAGER: "action_reopen",
    },
    "salon.booking.wizard": {RECEPTIONIST: "action_book action_waitlist"},
    "salon.block": {STYLIST: "action_delete_series"},
    "salon.board": {
        STYLIST: "block changed drawer set_state undo week",
        RECEPTIONIST: "answers book_again change",
    },
    "salon.branch": {
        ANYBODY: "action_view_own_stock action_view_stock action_view_visits "
        "action_view_waitlist",
        RECEPTIONIST: "action_share",
    },
    "salon.calendar.feed": {STYLIST: "action_open_own action_renew action_revoke"},
    "salon.cancel.wizard": {STYLIST: "action_cancel"},
    "salon.between.report": {ACCOUNTANT: "action_open_items"},
    "salon.branch.result": {MANAGER: "action_open_entry"},
    "salon.card.settlement": {
        OWNER: "action_open_entry",
        ACCOUNTANT: "action_post action_undo",
    },
    "salon.cash.day": {
        ANYBODY: "action_cash_in action_cash_out",
        RECEPTIONIST: "action_back action_close action_count",
    },
    "salon.cash.open": {RECEPTIONIST: "action_open"},
    "salon.cash.start": {ACCOUNTANT: "action_post"},
    "salon.cash.order": {MANAGER: "action_correct"},
    "salon.cash.order.wizard": {RECEPTIONIST: "action_take"},
    "salon.certificate.liability": {
        ANYBODY: "action_view_certificates action_view_journal_items"
    },
    "salon.balance.wizard": {RECEPTIONIST: "action_confirm"},
    "salon.checkout.rebooking": {RECEPTIONIST: "action_book"},
    "salon.checkout.wizard": {RECEPTIONIST: "action_add_family action_checkout"},
    "salon.client.block": {MANAGER: "action_block"},
    "salon.commission.catch.up": {OWNER: "action_settle"},
    "salon.consumption": {ANYBODY: "action_view_moves", STYLIST: "action_settle"},
    "salon.debt.item": {
        RECEPTIONIST: "action_open_bill action_remind action_statement "
        "action_take_payment"
    },
    "salon.debt.remind": {RECEPTIONIST: "action_send"},
    "salon.displacement": {
        STYLIST: "action_open_visit",
        RECEPTIONIST: "action_cancel action_keep action_move action_take",
    },
    "salon.displacement.settle": {RECEPTIONIST: "action_settle"},
    "salon.earner.mixin": {ANYBODY: "action_view_salon_commissions"},
    "salon.group.cancel.wizard": {RECEPTIONIST: "action_cancel"},
    "salon.group.event": {
        ANYBODY: "action_cancel action_join action_repeat action_view_visits",
        STYLIST: "action_all_came",
        RECEPTIONIST: "action_done",
    },
    "salon.group.join.wizard": {RECEPTIONIST: "action_join action_join_next"},
    "salon.group.repeat.wizard": {RECEPTIONIST: "action_repeat"},
    "salon.package": {
        ANYBODY: "action_view_entries",
        RECEPTIONIST: "action_refund",
        MANAGER: "action_transfer",
    },
    "salon.package.transfer": {MANAGER: "action_transfer"},
    "salon.income.report": {MANAGER: "action_open_bill"},
    "salon.income.statement": {
        MANAGER: "action_download action_open_facts action_print"
    },
    "salon.income.statement.line": {MANAGER: "action_open_facts"},
    "salon.profit.statement": {
        MANAGER: "action_download action_open_items action_print"
    },
    "salon.profit.statement.line": {MANAGER: "action_open_items"},
    "salon.import.run": {OWNER: "action_check action_import"},
    "salon.payslip": {
        ANYBODY: "action_view_move",
        MANAGER: "action_back_to_draft action_cancel action_confirm action_post "
        "action_refresh",
    },
    "salon.my.day": {STYLIST: "load_day load_visit"},
    "salon.move.wizard": {RECEPTIONIST: "action_take"},
    "salon.payment.entry": {MANAGER: "action_open_payment"},
    "salon.payment.wizard": {RECEPTIONIST: "action_pay"},
    "salon.deposit.wizard": {RECEPTIONIST: "action_request action_take"},
    "salon.payment.link": {RECEPTIONIST: "action_send"},
    "salon.tip.balance": {RECEPTIONIST: "action_pay_out"},
    "salon.tip.payout": {RECEPTIONIST: "action_confirm"},
    "res.config.settings": {
        SYSTEM: "action_connect_salon_telegram action_make_salon_sms_secret"
    },
    "salon.message": {
        ANYBODY: "action_open_record",
        RECEPTIONIST: "action_cancel action_resend",
    },
    "salon.message.event": {ANYBODY: "action_preview action_view_messages"},
    "salon.missed.wizard": {RECEPTIONIST: "action_settle"},
    "salon.payslip.create": {MANAGER: "action_create"},
    "salon.refund.wizard": {MANAGER: "action_refund"},
    "salon.online.share": {RECEPTIONIST: "action_print_poster action_print_posters"},
    "salon.party": {
        ANYBODY: "action_cancel action_move action_view_visits",
        RECEPTIONIST: "action_checkout",
    },
    "salon.party.move.wizard": {RECEPTIONIST: "action_move"},
    "salon.party.wizard": {RECEPTIONIST: "action_search"},
    "salon.party.wizard.offer": {RECEPTIONIST: "action_book"},
    "salon.licence.type": {ANYBODY: "action_view_licences"},
    "salon.quick.booking": {
        RECEPTIONIST: "answer book find_clients prepare recall wait"
    },
    "salon.reconciliation.line": {
        ANYBODY: "action_open_items action_open_ledger action_start"
    },
    "salon.rearrange.wizard": {RECEPTIONIST: "action_apply"},
    "salon.facility": {MANAGER: "action_salon_calendar_link"},
    "salon.roster.assignment": {ANYBODY: "action_generate action_view_shifts"},
    "salon.roster.copy": {MANAGER: "action_copy"},
    "salon.roster.generate": {MANAGER: "action_generate"},
    "salon.roster.grid": {MANAGER: "place"},
    "salon.waitlist.entry": {
        ANYBODY: "action_view_visit",
        RECEPTIONIST: "action_accept action_cancel action_choose action_decline "
        "action_match action_reopen",
    },
    "salon.waitlist.offer": {
        RECEPTIONIST: "action_accept action_decline action_withdraw"
    },
    "salon.waitlist.pick.line": {RECEPTIONIST: "action_book action_offer"},
    "salon.walk.in": {
        ANYBODY: "action_leave action_view_visits",
        RECEPTIONIST: "action_start action_wait_again",
    },
    "salon.walk.in.leave": {RECEPTIONIST: "action_leave"},
    "salon.statement": {RECEPTIONIST: "action_print action_send"},
    "salon.statement.mixin": {ANYBODY: "action_download action_print"},
    "salon.standing": {
        ANYBODY: "action_view_visits",
        RECEPTIONIST: "action_book action_change action_plan",
    },
    "salon.standing.change": {RECEPTIONIST: "action_apply"},
    "salon.standing.date": {
        RECEPTIONIST: "action_skip action_squeeze action_take action_undo"
    },
    "salon.swap.wizard": {RECEPTIONIST: "action_swap"},
    "salon.review": {
        MANAGER: "action_hide action_publish action_settle action_view_visit"
    },
    "salon.roster.report": {ANYBODY: "action_view_appointments action_view_shifts"},
    "salon.shift": {MANAGER: "action_publish action_substitute action_unpublish"},
    "salon.shift.candidate": {MANAGER: "action_choose"},
    "salon.shift.substitute": {MANAGER: "action_hand_over"},
    "salon.visit": {
        ANYBODY: "action_print_visit_card action_print_work_slip "
        "action_view_client_health_notes action_view_invoices action_view_message_rows "
        "action_view_party",
        STYLIST: "action_arrive action_cancel action_confirm action_done "
        "action_leave_party action_no_show action_start",
        RECEPTIONIST: "action_change_series action_checkout action_checkout_party "
        "action_move action_rearrange action_settle_missed action_take_deposit "
        "action_payment_link action_take_payment",
        MANAGER: "action_refund action_reopen",
    },
}
#: Public methods of services that override one of the host's.
OVERRIDES = {("salon.board", "load"), ("salon.roster.grid", "load")}
#: Of mixins; their records are asked.
NOT_CALLED = {
    ("salon.earner.mixin", "action_view_salon_commissions"),
    ("salon.statement.mixin", "action_download"),
    ("salon.statement.mixin", "action_print"),
}
ROLES = (STYLIST, RECEPTIONIST, MANAGER, OWNER)
#: What an employee without any salon right may read, as a colleague.
READABLE_BY_EMPLOYEES = set(
    "salon.branch salon.facility.type salon.service.phase salon.skill "
    "salon.staff.level".split()
)
#: Fields of the suite on the host's models that a client can read of what is shown in
#: the portal: settings of the company, and ids whose records stay closed.
READABLE_BY_CLIENTS = {
    "account.move": "is_salon_deposit is_salon_settled salon_branch_id",
    "account.move.line": "salon_appointment_id salon_client_id salon_staff_id "
    "salon_visit_id",
    "res.company": "salon_certificate_account_id salon_consumption_location_id "
    "salon_deposit_account_id "
    "salon_balance_account_id salon_balance_journal_id salon_tips_account_id "
    "salon_barter_account_id salon_barter_journal_id salon_between_account_id "
    "salon_default_interval_days salon_lost_days salon_lost_intervals "
    "salon_lost_rule salon_new_days salon_overdue_grace_days "
    "salon_pay_expense_account_id salon_pay_journal_id salon_pay_payable_account_id "
    "salon_regular_visits salon_sms_cost salon_telegram_bot",
    "res.partner": "is_salon_client salon_phone_search",
    "res.users": "salon_branch_ids",
    "sale.order": "salon_branch_id salon_checkout_key",
    "sale.order.line": "is_salon_certificate salon_appointment_id "
    "salon_certificate_ids salon_client_id salon_staff_id salon_visit_id",
}
#: Points, packages and money on a balance are the client's in every branch, and so are
#: their ledgers; a skin that reacts does so everywhere.
ACROSS_BRANCHES = set(
    "salon.balance.entry salon.loyalty.entry salon.package salon.package.entry "
    "salon.patch.test".split()
)
SECRET = "zyx-secret"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER)\b", re.IGNORECASE)
#: Arguments for methods that do something only with the right ones.
ARGUMENTS = {
    "copy": [],
    "create": [[{"name": "x"}]],
    "default_get": [["id", "name"]],
    "export_data": [["id", "name", "note"]],
    "fields_get": [],
    "formatted_read_group": [[], ["id"], ["__count"]],
    "formatted_read_grouping_sets": [[], [["id"]], ["__count"]],
    "get_views": [[[False, "form"]]],
    "has_access": ["read"],
    "load": [["name"], [["x"]]],
    "name_create": ["x"],
    "name_search": [""],
    "onchange": [{}, [], {"display_name": {}}],
    "read": [],
    "read_group": [[], ["id"], ["id"]],
    "search": [[]],
    "search_count": [[]],
    "search_read": [[]],
    "web_read": [{"display_name": {}}],
    "web_read_group": [[], ["id"]],
    "web_save": [{"name": "x"}, {"display_name": {}}],
    "web_search_read": [[], {"display_name": {}}],
    "write": [{"name": "x", "state": "done", "active": False}],
    "message_post": [],
}
#: Guesses for the required parameters of all others.
GUESSES = {
    "domain": [],
    "fields": ["id"],
    "fnames": ["id"],
    "field_name": "id",
    "field_names": ["id"],
    "operation": "read",
    "specification": {"display_name": {}},
    "vals": {},
    "vals_list": [{}],
    "values": {},
}


def suite_addons(env):
    installed = env["ir.module.module"].search(
        [("state", "=", "installed"), ("name", "=like", "salon\\_%")]
    )
    return set(installed.mapped("name"))


def addon_of(cls):
    parts = cls.__module__.split(".")
    return parts[2] if parts[:2] == ["odoo", "addons"] else ""


def suite_models(env):
    """All models of the suite that have records or can be called."""
    return sorted(name for name in env.registry if name.startswith("salon."))


class RightsCase(TransactionCase):
    """Users that may nothing, and records full of secrets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addons = suite_addons(cls.env)
        cls.portal = new_test_user(cls.env, "rights_portal", groups="base.group_portal")
        cls.employee = new_test_user(
            cls.env, "rights_employee", groups="base.group_user"
        )
        cls.public = cls.env.ref("base.public_user")
        cls.outsiders = (cls.portal, cls.public, cls.employee)

    @classmethod
    def hide_secrets(cls):
        """Fill every free text of the suite's models with a text that must not leak."""
        cls.env.flush_all()
        for name in suite_models(cls.env):
            model = cls.env[name]
            if model._abstract or not model._auto or name in READABLE_BY_EMPLOYEES:
                continue
            for field in model._fields.values():
                if field.type in ("char", "text") and field.store and field.column_type:
                    if field.translate:
                        continue
                    cls.env.cr.execute(
                        f'UPDATE "{model._table}" SET "{field.name}" = %s || id',
                        [SECRET],
                    )
        cls.env.invalidate_all()

    @contextmanager
    def watched(self):
        """Yield the list of writing statements meanwhile; take back what happens."""
        self.env.flush_all()
        written = []
        execute = Cursor.execute

        def spy(cursor, query, params=None, *args, **kwargs):
            text = getattr(query, "code", query)
            if isinstance(text, str) and WRITES.match(text):
                written.append(text)
            return execute(cursor, query, params, *args, **kwargs)

        savepoint = self.env.cr.savepoint(flush=False)
        self.patch(Cursor, "execute", spy)
        try:
            yield written
            self.env.flush_all()
        finally:
            self.patch(Cursor, "execute", execute)
            savepoint.close(rollback=True)
            self.env.transaction.clear()

    def call(self, user, model, method, records, arguments):
        """Call as a request of the web client does: its rights, nothing read yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user.id, su=False)
        function = get_public_method(env[model], method)
        if not getattr(function, "_api_model", False):
            arguments = [records.ids, *arguments]
        return call_kw(env[model], method, arguments, {})

    def arguments_of(self, function, method):
        if method in ARGUMENTS:
            return ARGUMENTS[method]
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return [
            GUESSES.get(parameter.name)
            for parameter in parameters
            if parameter.default is parameter.empty
            and parameter.kind
            in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]


@tagged("post_install", "-at_install")
class TestPublicMethods(RightsCase):
    """Every method without an underscore can be called by everybody who has a login."""

    def own_methods(self):
        """Yield (model, method) for each public method that the suite adds."""
        for name in self.env.registry:
            mro = type(self.env[name]).mro()
            hosts = [cls for cls in mro if addon_of(cls) not in self.addons]
            for cls in mro:
                if addon_of(cls) not in self.addons:
                    continue
                for method, value in vars(cls).items():
                    is_method = (
                        inspect.isfunction(inspect.unwrap(value))
                        if callable(value)
                        else isinstance(value, (classmethod, staticmethod))
                    )
                    if method.startswith("_") or not is_method:
                        continue
                    if getattr(value, "_api_private", False):
                        continue
                    if any(method in vars(host) for host in hosts):
                        continue
                    yield name, method

    def allowed(self):
        return {
            (model, method): group
            for model, by_group in PUBLIC_METHODS.items()
            for group, methods in by_group.items()
            for method in methods.split()
        }

    def test_every_public_method_is_known(self):
        self.assertEqual(set(self.own_methods()), set(self.allowed()))

    def test_public_methods_do_nothing_for_whom_they_are_not(self):
        """Nobody below the group, and no stylist with the work of others."""
        self.hide_secrets()
        staff = [
            new_test_user(self.env, f"rights_{group[-6:]}", groups=group)
            for group in ROLES
        ]
        for (model, method), group in sorted(self.allowed().items()):
            if self.env[model]._abstract:
                # Without records there is nothing to do or tell.
                continue
            rank = ROLES.index(group) if group in ROLES else 0
            for user in (*self.outsiders, *staff[: max(rank, 1)]):
                with self.subTest(model=model, method=method, user=user.login):
                    self.check_method(user, model, method)

    def check_method(self, user, model, method):
        records = self.env[model]
        records = records.search([], limit=1) or self.make_record(records)
        function = get_public_method(records, method)
        with self.watched() as written:
            try:
                arguments = self.arguments_of(function, method)
                result = self.call(user, model, method, records, arguments)
            except (AccessError, UserError):
                return
        self.assertFalse(written)
        self.assertNotIn(SECRET, repr(result))
        self.assertTrue(
            result in (None, False, True) or "type" in result, f"it told {result}"
        )

    def test_services_refuse_outsiders_whatever_is_asked(self):
        """Services have no records to search: each is asked what it is for."""
        booked = self.env["salon.appointment"].search(
            [("client_id", "!=", False), ("state", "=", "booked")], limit=1
        )
        asked = self.questions(booked)
        services = {
            key for key in self.allowed() if self.env[key[0]]._abstract
        } | OVERRIDES
        self.assertLessEqual(services - NOT_CALLED, asked.keys())
        for (model, method), arguments in asked.items():
            for user in self.outsiders:
                with (
                    self.subTest(model=model, method=method, user=user.login),
                    self.watched() as written,
                ):
                    with self.assertRaises(AccessError):
                        self.call(user, model, method, self.env[model], arguments)
                    self.assertFalse(written)

    def questions(self, booked):
        """``{(model, method): arguments}`` that somebody of the desk could send."""
        branch, day = booked.branch_id.id, str(booked.start.date())
        minute = int(booked.start.timestamp() // 60)
        product, staff = booked.product_id.id, booked.staff_id.id
        wish = {
            "branch": branch,
            "client": booked.client_id.id,
            "services": [[product, staff]],
            "date": day,
        }
        block = {"branch": branch, "staff": staff, "start": minute, "stop": minute + 9}
        shift = {"staff": staff, "branch": branch, "date": day, "kind": "off"}
        return {
            ("salon.board", "answers"): [booked.id],
            ("salon.board", "block"): [block],
            ("salon.board", "book_again"): [booked.id, {"start": minute}],
            ("salon.board", "change"): [booked.id, {"start": minute}],
            ("salon.board", "changed"): [[branch], day, day, booked.visit_id.ids],
            ("salon.board", "drawer"): [[branch], day, day],
            ("salon.board", "load"): [[branch], day, day],
            ("salon.board", "set_state"): [booked.ids, "confirmed"],
            ("salon.board", "undo"): [self.env["salon.board"]._token("book", after={})],
            ("salon.board", "week"): [[branch], day],
            ("salon.my.day", "load_day"): [day],
            ("salon.my.day", "load_visit"): [booked.visit_id.id],
            ("salon.quick.booking", "answer"): [wish],
            ("salon.quick.booking", "book"): [
                wish,
                [[product, staff, minute, minute + 9]],
                booked.visit_id.booking_key or "key",
            ],
            ("salon.quick.booking", "find_clients"): [booked.client_id.name],
            ("salon.quick.booking", "prepare"): [branch, booked.visit_id.id],
            ("salon.quick.booking", "recall"): [branch, booked.client_id.id],
            ("salon.quick.booking", "wait"): [wish],
            ("salon.roster.grid", "load"): [branch, day],
            ("salon.roster.grid", "place"): [[shift]],
        }

    def test_the_hosts_methods_on_our_models_do_and_tell_nothing_to_outsiders(self):
        """Everything that can be called by RPC, with arguments that make sense."""
        self.hide_secrets()
        calls = 0
        for model in suite_models(self.env):
            records = self.env[model]
            if not records._abstract:
                records = records.with_context(active_test=False).search([], limit=1)
            for method in self.callable_methods(model):
                for user in self.outsiders:
                    calls += 1
                    self.check_any_method(user, model, method, records)
        self.assertGreater(calls, 1000)

    def make_record(self, model):
        """A record with whatever its required fields take."""
        if not model._auto:
            # A report that has no row yet.
            return model.browse(1)
        values = {}
        for name, field in model._fields.items():
            if not field.required or not field.store or field.default or field.compute:
                continue
            if field.relational:
                found = self.env[field.comodel_name].search([], limit=1)
                if not found and field.comodel_name.startswith("salon."):
                    found = self.make_record(found)
                many = field.type != "many2one"
                values[name] = [Command.set(found.ids)] if many else found.id
            elif field.type == "selection":
                values[name] = field.get_values(self.env)[0]
            elif field.type in ("date", "datetime"):
                values[name] = "2031-06-12"
            else:
                values[name] = "1"
        return model.create(values)

    def callable_methods(self, model):
        for method in dir(type(self.env[model])):
            if method.startswith("_") or method in self.env[model]._fields:
                continue
            try:
                get_public_method(self.env[model], method)
            except (AccessError, AttributeError):
                continue
            yield method

    def check_any_method(self, user, model, method, records):
        function = get_public_method(self.env[model], method)
        try:
            arguments = self.arguments_of(function, method)
        except (TypeError, ValueError):
            return
        what = f"{model}.{method} by {user.login}"
        with self.watched() as written:
            try:
                result = self.call(user, model, method, records, arguments)
            except Exception:
                # Any refusal will do, polite or not.
                return
        self.assertFalse(written, what)
        self.assertNotIn(SECRET, repr(result), what)


@tagged("post_install", "-at_install")
class TestAccess(RightsCase):
    def stored_models(self):
        return [
            self.env[name]
            for name in suite_models(self.env)
            if not self.env[name]._abstract
        ]

    def test_every_model_has_access_rights(self):
        without = [
            model._name
            for model in self.stored_models()
            if not self.env["ir.model.access"].search_count(
                [("model_id.model", "=", model._name), ("group_id", "!=", False)]
            )
        ]
        self.assertEqual(without, [])

    def test_no_access_right_is_for_everybody(self):
        for_everybody = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "salon.%"), ("group_id", "=", False)]
        )
        self.assertFalse(for_everybody.mapped("name"))

    def test_clients_and_visitors_may_nothing(self):
        for model in self.stored_models():
            for user in (self.portal, self.public):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        model.with_user(user).has_access(operation),
                        f"{user.login} may {operation} {model._name}",
                    )

    def test_employees_without_salon_rights_read_only_what_colleagues_see(self):
        readable = set()
        for model in self.stored_models():
            for operation in ("write", "create", "unlink"):
                self.assertFalse(
                    model.with_user(self.employee).has_access(operation),
                    f"an employee may {operation} {model._name}",
                )
            if model.with_user(self.employee).has_access("read"):
                readable.add(model._name)
        self.assertEqual(readable, READABLE_BY_EMPLOYEES)

    def test_clients_see_no_field_of_ours_on_the_hosts_records(self):
        visible = set()
        for name in self.env.registry:
            model = self.env[name].with_user(self.portal)
            if name.startswith("salon.") or model._abstract:
                continue
            ours = {
                field.name
                for field in model._fields.values()
                if field._modules and set(field._modules) <= self.addons
            }
            if ours and model.has_access("read"):
                seen = ours & set(model.fields_get(ours))
                visible |= {f"{name}.{field}" for field in seen}
        known = {
            f"{name}.{field}"
            for name, fields in READABLE_BY_CLIENTS.items()
            for field in fields.split()
        }
        self.assertEqual(visible, known)

    def test_nobody_gives_himself_branches_or_rights(self):
        branch = self.env["salon.branch"].search([], limit=1)
        receptionist = new_test_user(self.env, "rights_desk", groups=RECEPTIONIST)
        own = receptionist.with_user(receptionist)
        for values in (
            {"salon_branch_ids": [Command.link(branch.id)]},
            {"group_ids": [Command.link(self.env.ref(OWNER).id)]},
        ):
            with self.assertRaises(AccessError):
                own.write(values)

    #: What a dialog that is printed is asked for, beside its defaults.
    ASKED = {
        "salon.statement": {
            "client_id": 1,
            "date_from": "2031-06-01",
            "date_to": "2031-06-30",
        }
    }

    def test_reports_are_not_printed_for_outsiders(self):
        reports = self.env["ir.actions.report"].search(
            ["|", ("model", "=like", "salon.%"), ("report_name", "=like", "salon\\_%")]
        )
        self.assertTrue(reports)
        for report in reports:
            record = self.env[report.model].search([], limit=1)
            if record._transient:
                record = record.create(self.ASKED.get(report.model, {}))
            self.assertTrue(record, f"no {report.model} to print")
            for user in self.outsiders:
                with self.subTest(report=report.report_name, user=user.login):
                    own = report.with_user(user)
                    # What is in memory already is not checked again.
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        own.sudo(False)._render_qweb_html(
                            report.report_name, record.ids
                        )


@tagged("post_install", "-at_install")
class TestBranches(RightsCase):
    """Two branches with all that hangs on them; who sees which."""

    #: How a record is related to a branch, the first that the model has.
    BRANCH_PATHS = ("branch_id", "visit_id.branch_id", "appointment_id.branch_id")
    STAFF_PATHS = ("staff_id", "appointment_id.staff_id", "appointment_ids.staff_id")
    #: Must be among those that are checked.
    BY_BRANCH = set(
        "salon.visit salon.appointment salon.occupancy salon.state.event "
        "salon.facility salon.waitlist.entry salon.waitlist.wish "
        "salon.block".split()
    )
    BY_STAFF = set(
        "salon.visit salon.appointment salon.occupancy salon.state.event".split()
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.center, cls.harbour = (
            cls.env.ref(f"salon_booking.branch_{name}")
            for name in ("center", "harbour")
        )

    def path_of(self, model, paths):
        for path in paths:
            first, _dot, rest = path.partition(".")
            field = model._fields.get(first)
            if not field or not field.store:
                continue
            if not rest or rest in self.env[field.comodel_name]._fields:
                return path
        return None

    def records_by_model(self, paths, domain_of):
        """Yield records of each stored model that has one of these paths."""
        for name in suite_models(self.env):
            model = self.env[name]
            if model._abstract or model._transient:
                continue
            path = self.path_of(model, paths)
            if path:
                yield model.with_context(active_test=False).search(domain_of(path))

    def user_of_center(self, login, group):
        return new_test_user(
            self.env,
            login,
            groups=group,
            salon_branch_ids=[Command.set(self.center.ids)],
        )

    def assert_hidden(self, records, user):
        own = records.with_user(user)
        what = f"{records._name} for {user.login}"
        if not own.has_access("read"):
            model = own.browse().with_user(user)
            if not model.has_access("read"):
                return
        self.env.invalidate_all()
        found = own.search([("id", "in", records.ids)])
        self.assertFalse(found, f"{what}: {found[:3]}")
        with self.assertRaises(AccessError, msg=what):
            own[:1].read(["id", "display_name"])

    def test_who_works_in_one_branch_sees_nothing_of_another(self):
        for role, group in (("desk", RECEPTIONIST), ("manager", MANAGER)):
            user = self.user_of_center(f"rights_{role}", group)
            checked = set()
            for records in self.records_by_model(
                self.BRANCH_PATHS, lambda path: [(path, "=", self.harbour.id)]
            ):
                if not records or records._name in ACROSS_BRANCHES:
                    continue
                checked.add(records._name)
                with self.subTest(model=records._name, role=role):
                    self.assert_hidden(records, user)
            self.assertLessEqual(self.BY_BRANCH, checked)

    def test_a_stylist_sees_only_own_work(self):
        mia = self.env.ref("salon_booking.staff_mia")
        user = mia.user_id
        appointments = self.env["salon.appointment"]
        own_clients = appointments.search([("staff_id", "=", mia.id)]).client_id
        checked = set()
        for records in self.records_by_model(
            self.STAFF_PATHS, lambda path: [(path, "!=", False), (path, "!=", mia.id)]
        ):
            if records._name in READABLE_BY_EMPLOYEES or not records:
                continue
            if "appointment_ids" in records._fields:
                # A visit is seen by everybody who works in it.
                records = records.filtered(
                    lambda visit: mia not in visit.appointment_ids.staff_id
                )
            if records._name in ("salon.visit", "salon.appointment"):
                # The client card shows what others have done for her own clients.
                records = records.filtered(
                    lambda record: (
                        record.state != "done" or record.client_id not in own_clients
                    )
                )
            if records._name == "salon.photo":
                # So does what her own clients looked like.
                records = records.filtered(
                    lambda photo: photo.client_id not in own_clients
                )
            checked.add(records._name)
            with self.subTest(model=records._name):
                self.assert_hidden(records, user)
        self.assertLessEqual(self.BY_STAFF, checked)

    def test_the_state_written_by_rpc_goes_through_the_table(self):
        user = self.user_of_center("rights_desk", RECEPTIONIST)
        done = self.env["salon.appointment"].search(
            [
                ("branch_id", "=", self.center.id),
                ("state", "=", "done"),
                ("visit_id.is_history", "=", False),
            ],
            limit=1,
        )
        self.assertTrue(done)
        for state, refusal in (("booked", UserError), ("cancelled", UserError)):
            with self.subTest(state=state), self.assertRaises(refusal):
                self.call(user, done._name, "write", done, [{"state": state}])
            with self.subTest(state=state), self.assertRaises(refusal):
                arguments = [{"state": state}, {"state": {}}]
                self.call(user, done._name, "web_save", done, arguments)
        with self.assertRaises(AccessError):
            arguments = [{"state": "in_service"}]
            self.call(user, done._name, "write", done, arguments)

    def test_nobody_writes_the_history_or_what_is_taken_by_hand(self):
        user = self.env.ref("salon_booking.user_owner")
        for name in ("salon.state.event", "salon.occupancy"):
            record = self.env[name].search([], limit=1)
            for method, arguments in (
                ("write", [{"active": False}]),
                ("unlink", []),
                ("create", [[{}]]),
            ):
                with (
                    self.subTest(model=name, method=method),
                    # An AccessError, or the reason why there is no such right.
                    self.assertRaises(UserError),
                ):
                    self.call(user, name, method, record, arguments)


@tagged("post_install", "-at_install")
class TestPortalPages(HttpCase, RightsCase):
    """What can be had through the pages of clients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = new_test_user(cls.env, "rights_other", groups="base.group_portal")
        services = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "is_salon_service": True}
                for name in ("Rights mine", "Rights foreign")
            ]
        )
        users = (cls.portal, cls.other)
        cls.mine, cls.foreign = cls.env["salon.visit"].create(
            [
                {
                    "branch_id": cls.env.ref("salon_booking.branch_center").id,
                    "client_id": user.partner_id.id,
                    "note": SECRET,
                    "appointment_ids": [
                        Command.create(
                            {"product_id": service.id, "start": "2031-06-12 10:00:00"}
                        )
                    ],
                }
                for user, service in zip(users, services, strict=True)
            ]
        )
        cls.foreign_token = cls.foreign._portal_ensure_token()
        cls.mine_token = cls.mine._portal_ensure_token()

    def get(self, url):
        return self.url_open(url, allow_redirects=False)

    def assert_closed(self, url):
        answer = self.get(url)
        self.assertIn(answer.status_code, (303, 302, 403, 404), url)
        for secret in (SECRET, "Rights foreign", self.foreign.name, self.other.name):
            self.assertNotIn(secret, answer.text, url)

    def odd_urls(self):
        visit = self.foreign.id
        yield from (
            f"/my/visits/{visit}",
            f"/my/visits/{visit}?access_token=",
            f"/my/visits/{visit}?access_token=wrong",
            f"/my/visits/{visit}?access_token={self.mine_token}",
            f"/my/visits/{visit}?access_token=%00%ff",
            "/my/visits/0",
            "/my/visits/-1",
            "/my/visits/999999999",
            "/my/visits/99999999999999999999999999",
            "/my/visits/abc",
            "/my/visits/1.5",
            "/my/visits/%27%20OR%201=1",
            "/my/visits/page/abc",
        )

    def test_a_client_sees_own_visits_without_the_notes_of_the_team(self):
        self.authenticate("rights_portal", "rights_portal")
        for url in ("/my/visits", f"/my/visits/{self.mine.id}"):
            answer = self.get(url)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Rights mine", answer.text)
            self.assertNotIn("Rights foreign", answer.text)
            self.assertNotIn(SECRET, answer.text)

    def test_a_client_sees_no_visit_of_another(self):
        self.authenticate("rights_portal", "rights_portal")
        for url in self.odd_urls():
            with self.subTest(url=url):
                self.assert_closed(url)

    def test_a_visitor_sees_no_visit(self):
        for url in (*self.odd_urls(), f"/my/visits/{self.mine.id}", "/my/visits"):
            with self.subTest(url=url):
                self.assert_closed(url)

    def test_pages_beyond_the_last_are_no_error(self):
        self.authenticate("rights_portal", "rights_portal")
        for page in (0, 2, 10**6, 10**30):
            answer = self.get(f"/my/visits/page/{page}")
            self.assertLess(answer.status_code, 500, page)
            self.assertNotIn(self.foreign.name, answer.text)

    def test_the_link_in_a_message_opens_the_visit_without_a_login(self):
        answer = self.get(
            f"/my/visits/{self.foreign.id}?access_token={self.foreign_token}"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn(SECRET, answer.text)

    def test_a_visit_card_is_not_printed_for_clients(self):
        for login in ("rights_portal", "rights_employee", None):
            if login:
                self.authenticate(login, login)
            for kind in ("html", "pdf", "text"):
                for visit in (self.mine, self.foreign):
                    url = f"/report/{kind}/salon_booking.salon_visit_card/{visit.id}"
                    answer = self.get(url)
                    self.assertNotEqual(answer.status_code, 200, url)
                    self.assertNotIn(SECRET, answer.text, url)
                    self.assertNotIn(visit.name, answer.text, url)
