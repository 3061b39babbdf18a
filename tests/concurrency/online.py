"""What is paid by link with the host's demo provider; called inside Odoo."""


def take_payments_online(env):
    """Switch the demo provider on; leave a bill and a deposit open.

    :return: for each document its id, link, token, amount, and how it is paid
    """
    from money import make_money
    from salon_setup import Salon

    make_money(env)
    provider = env["payment.provider"].search([("code", "=", "demo")], limit=1)
    provider.write({"state": "test", "is_published": True})
    method = provider.payment_method_ids[:1]
    method.active = True
    salon = Salon(env)
    desk = env(user=env["res.users"].search([("login", "=", "rush_desk")]).id)
    wishes = [("cut", 0, 200, 600), ("dry", 1, 200, 645)]
    billed = desk["salon.visit"].browse(salon.book(env, wishes, client=0))
    shampoo = env["product.product"].search([("default_code", "=", "goods-shampoo")])
    if "is_storable" in shampoo:
        shampoo.is_storable = True
    sold = [{"product_id": shampoo.id, "quantity": 2, "staff_id": salon.people[0]}]
    bill = desk["salon.checkout"]._checkout(billed, [], sold)["invoice"]
    wishes = [("cut", 0, 201, 600)]
    awaited = desk["salon.visit"].browse(salon.book(env, wishes, client=1))
    deposit = desk["salon.deposit"]._request(awaited, 20)
    documents = {}
    for name, visit, document in (
        ("bill", billed, bill),
        ("deposit", awaited, deposit),
    ):
        action = visit.action_payment_link()
        link = visit.env["salon.payment.link"].browse(action["res_id"]).line_ids
        documents[name] = {
            "id": document.id,
            "visit": visit.id,
            "link": link.link,
            "pay": {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "token_id": None,
                "amount": link.amount,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": f"/my/invoices/{document.id}",
                "access_token": document.sudo()._portal_ensure_token(),
            },
        }
    return documents


def tell(env, documents):
    """What hangs on the payment of these, and what is wrong with the books."""
    from money import find_faults

    found = {"faults": find_faults(env)}
    for name, told in documents.items():
        document = env["account.move"].browse(told["id"])
        visit = env["salon.visit"].browse(told["visit"])
        rows = env["salon.commission"].search([("move_id", "=", document.id)])
        points = env["salon.loyalty.entry"].search([("move_id", "=", document.id)])
        orders = document.invoice_line_ids.sale_line_ids.order_id
        found[name] = {
            "paid": document.payment_state,
            "payments": document.matched_payment_ids.mapped("amount"),
            "branch": document.matched_payment_ids.salon_branch_id == visit.branch_id,
            "commissions": len(rows),
            "points": len(points),
            "stock": [
                [move.product_uom_qty, move.quantity, move.state]
                for move in env["stock.move"].search(
                    [("sale_line_id", "in", orders.order_line.ids)]
                )
            ],
            "deposit": [visit.deposit_state, visit.deposit_held],
        }
    return found


def post_process_again(env, documents):
    """The host's job and a late answer of the provider find it done already."""
    ids = [told["id"] for told in documents.values()]
    paid = env["payment.transaction"].search([("invoice_ids", "in", ids)])
    for transaction in paid:
        transaction._process(
            "demo", {"reference": transaction.reference, "simulated_state": "done"}
        )
        transaction._post_process()
    paid.is_post_processed = False
    env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
    bill = env["account.move"].browse(documents["bill"]["id"])
    return bill.payment_state
