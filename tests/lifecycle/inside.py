"""What the tests of installing and removing do inside Odoo, by `OwnDatabases.call`.

Each function gets `env` of the superuser and returns what JSON can hold.
"""

from datetime import timedelta

from odoo import Command, fields

#: What a user of the host opens every day.
HOST_MODELS = (
    "res.partner",
    "res.users",
    "res.company",
    "product.template",
    "product.product",
    "product.category",
    "sale.order",
    "purchase.order",
    "account.move",
    "account.payment",
    "account.journal",
    "stock.picking",
    "stock.move",
    "stock.quant",
    "hr.employee",
    "hr.employee.public",
    "loyalty.program",
    "loyalty.card",
    "resource.calendar",
    "calendar.event",
    "hr.leave",
    "res.config.settings",
)


def use_host(env):
    """Sell, deliver, bill and be paid in the host alone; return the bill's id."""
    product = env["product.product"].create(
        {
            "name": "Lifecycle shelf",
            "type": "consu",
            "list_price": 25,
            "invoice_policy": "order",
        }
    )
    client = env["res.partner"].create(
        {"name": "Lifecycle client", "phone": "+32 470 12 34 56"}
    )
    order = env["sale.order"].create(
        {
            "partner_id": client.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 2})
            ],
        }
    )
    order.action_confirm()
    for picking in order.picking_ids:
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
    invoice = order._create_invoices()
    invoice.action_post()
    payment = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .create({})
        ._create_payments()
    )
    assert invoice.state == "posted" and payment.state in ("paid", "in_process")
    assert invoice.payment_state in ("paid", "in_payment"), invoice.payment_state
    return invoice.id


def open_host(env):
    """Open the host's screens as the administrator: every view, and a record in each.

    :return: names of the models that were opened
    """
    env = env(user=env.ref("base.user_admin").id, su=False)
    opened = []
    for name in HOST_MODELS:
        model = env[name]
        for kind in ("form", "list", "search", "kanban"):
            if kind in ("form", "search") or env["ir.ui.view"].search_count(
                [("model", "=", name), ("type", "=", kind)]
            ):
                # All variants: a broken extension of any of them breaks its screen.
                views = env["ir.ui.view"].search(
                    [
                        ("model", "=", name),
                        ("type", "=", kind),
                        ("mode", "=", "primary"),
                    ]
                )
                for view in views:
                    model.get_view(view.id, kind)
                model.get_view(None, kind)
        if not model._transient:
            model.search([], limit=2).read()
        opened.append(name)
    env["ir.ui.menu"].load_menus(False)
    return opened


def reconcile(env):
    """What the reconciliation of the salon with demo data says at once.

    :return: ``{name: [ledger, books, difference]}``
    """
    branch = env["salon.branch"].search([], order="id", limit=1)
    env = env(context={**env.context, "allowed_company_ids": branch.company_id.ids})
    # In the demo salon it may be tomorrow.
    tomorrow = fields.Date.today() + timedelta(days=1)
    reconciliation = env["salon.reconciliation"].create(
        {"company_id": branch.company_id.id, "date": tomorrow}
    )
    return {
        line.name: [line.ledger, line.books, line.difference]
        for line in reconciliation.line_ids
    }


def use_salon(env):
    """A day in the salon, with whatever of the suite is installed.

    :return: id of the posted and paid bill
    """
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
    branch, service, stylist, client = _furnish(env)
    extra_lines = [{"product_id": _shelf(env).id, "staff_id": stylist.id}]
    before = {name: env[name].search_count([]) for name in ADDED & set(env.registry)}
    if "salon.recipe" in env:
        _write_recipe(env, branch, service)
    if "salon.pay.scheme" in env:
        _agree_on_pay(env, stylist)
    if "salon.loyalty.entry" in env:
        extra_lines += [_certificate(env), _package(env, service)]
    if "salon.calendar.busy" in env:
        _be_busy(env, stylist)
    if "hr.leave" in env and "salon_booking_count" in env["hr.leave"]._fields:
        _ask_for_time_off(env, stylist)
    if "salon.health.note" in env:
        env["salon.health.note"].create({"client_id": client.id, "name": "Nickel"})
    start = fields.Datetime.now().replace(minute=0, second=0) + timedelta(days=90)
    paid, cancelled, _booked = (
        env["salon.booking"]._book(
            branch,
            client,
            [
                {
                    "product_id": service.id,
                    "staff_id": stylist.id,
                    "start": start + timedelta(hours=hour),
                }
            ],
        )
        for hour in range(3)
    )
    cancelled._set_state("cancelled", "ill")
    invoice = env["salon.checkout"]._checkout(paid, [], extra_lines)["invoice"]
    journal = branch._get_tender_journals()[:1]
    env["salon.checkout"]._register_tender(
        invoice, {"journal_id": journal.id, "amount": invoice.amount_residual}
    )
    assert paid.payment_state == "paid", paid.payment_state
    if "salon.payslip" in env:
        _pay(env, branch, stylist)
    if "salon.calendar.mirror" in env:
        env["salon.calendar.mirror"]._run()
        assert env["calendar.event"].search_count(
            [("salon_appointment_id", "!=", False)]
        ), "no booking is shown in a calendar"
    env.flush_all()
    idle = [name for name in before if env[name].search_count([]) <= before[name]]
    assert not idle, f"nothing came into {idle}"
    return invoice.id


#: Where an addon must have written something in a day.
ADDED = {
    "salon.calendar.busy",
    "salon.commission",
    "salon.consumption",
    "salon.health.note",
    "salon.loyalty.entry",
    "salon.package.entry",
    "salon.payslip",
    "salon.visit",
}


def _furnish(env):
    number = env["salon.branch"].search_count([]) + 1
    branch = env["salon.branch"].create(
        {"name": f"Lifecycle {number}", "tz": "Europe/Brussels"}
    )
    service = env["product.product"].create(
        {
            "name": "Lifecycle cut",
            "type": "service",
            "is_salon_service": True,
            "list_price": 40,
            "invoice_policy": "order",
            "salon_phase_ids": [Command.create({"kind": "work", "minutes": 30})],
        }
    )
    stylist = env["hr.employee"].create(
        {
            "name": f"Lifecycle stylist {number}",
            "is_salon_staff": True,
            "salon_branch_ids": [Command.set(branch.ids)],
            "salon_skill_ids": [
                Command.create({"product_tmpl_id": service.product_tmpl_id.id})
            ],
        }
    )
    client = env["res.partner"].create({"name": f"Lifecycle guest {number}"})
    return branch, service, stylist, client


def _shelf(env):
    values = {"name": "Lifecycle shelf", "type": "consu", "list_price": 25}
    product = env["product.product"].search([("name", "=", values["name"])], limit=1)
    return product or env["product.product"].create(values)


def _write_recipe(env, branch, service):
    material = env["product.product"].create(
        {"name": "Lifecycle bleach", "type": "consu", "is_storable": True}
    )
    env["salon.recipe"].create(
        {
            "service_id": service.product_tmpl_id.id,
            "line_ids": [Command.create({"product_id": material.id, "quantity": 2})],
        }
    )
    env["stock.quant"].with_context(inventory_mode=True).create(
        {
            "product_id": material.id,
            "location_id": branch.warehouse_id.lot_stock_id.id,
            "inventory_quantity": 10,
        }
    ).action_apply_inventory()


def _agree_on_pay(env, stylist):
    scheme = env["salon.pay.scheme"].create(
        {
            "name": f"Lifecycle {stylist.id}",
            "service_percentage": 45,
            "product_percentage": 10,
        }
    )
    env["salon.pay.assignment"].create(
        {"staff_id": stylist.id, "scheme_id": scheme.id, "date_from": "2020-01-01"}
    )


def _pay(env, branch, stylist):
    today = fields.Date.context_today(stylist)
    payslip = env["salon.payslip"].create(
        {
            "staff_id": stylist.id,
            "branch_id": branch.id,
            "date_from": today - timedelta(days=2),
            "date_to": today + timedelta(days=1),
        }
    )
    payslip.action_confirm()
    payslip.action_post()
    assert payslip.move_id.state == "posted"


def _certificate(env):
    """An extra line that sells a gift certificate."""
    env["salon.loyalty.certificate"]._setup_companies(env.company)
    program = env["loyalty.program"].search(
        [("salon_kind", "=", "certificate"), ("company_id", "=", env.company.id)],
        limit=1,
    )
    certificate = program.rule_ids.product_ids[:1]
    return {"product_id": certificate.id, "quantity": 1, "price_unit": 100}


def _package(env, service):
    """An extra line that sells a package."""
    package = env["product.product"].create(
        {
            "name": "Lifecycle package",
            "type": "service",
            "list_price": 100,
            "taxes_id": False,
            "is_salon_package": True,
            "salon_package_content_ids": [
                Command.create(
                    {
                        "credits": 5,
                        "service_ids": [Command.set(service.product_tmpl_id.ids)],
                    }
                )
            ],
        }
    )
    return {"product_id": package.id}


def _be_busy(env, stylist):
    """Own events take time, and bookings are shown among them."""
    stylist.user_id = env["res.users"].create(
        {"name": stylist.name, "login": f"lifecycle_{stylist.id}"}
    )
    stylist.write({"salon_blocks_by_calendar": True, "salon_mirrors_to_calendar": True})
    start = fields.Datetime.now() + timedelta(days=80)
    env["calendar.event"].with_context(no_mail_to_attendees=True).create(
        {
            "name": "Lifecycle dentist",
            "start": start,
            "stop": start + timedelta(hours=1),
            "user_id": stylist.user_id.id,
            "partner_ids": [Command.set(stylist.user_id.partner_id.ids)],
        }
    )


def _ask_for_time_off(env, stylist):
    day = fields.Date.today() + timedelta(days=100)
    kind = env["hr.leave.type"].create(
        {"name": "Lifecycle leave", "requires_allocation": False}
    )
    leave = env["hr.leave"].create(
        {
            "employee_id": stylist.id,
            "holiday_status_id": kind.id,
            "request_date_from": day,
            "request_date_to": day,
        }
    )
    assert leave.salon_booking_count == 0
    leave.action_view_salon_bookings()


def uninstall(env, modules):
    """Remove modules as the Apps screen does, with all that depends on them."""
    found = env["ir.module.module"].search([("name", "in", modules)])
    assert len(found) == len(modules), found.mapped("name")
    found.button_immediate_uninstall()
