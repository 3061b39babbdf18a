"""Packages of one credit that a whole family may use. Imported inside Odoo."""

from odoo import Command, fields

ROUNDS = 6


def sell_last_credits(env):
    """Sell packages with one credit each; return the ids of these credits."""
    from salon_setup import DAY, Salon

    salon = Salon(env)
    clients = env["res.partner"].browse(salon.clients)
    clients[1:].salon_payer_id = clients[0]
    service = env["product.product"].browse(salon.services["cut"])
    package = env["product.product"].create(
        {
            "name": "Rush package",
            "type": "service",
            "list_price": 30,
            "taxes_id": False,
            "is_salon_package": True,
            "salon_package_is_shared": True,
            "salon_package_content_ids": [
                Command.create(
                    {
                        "credits": 1,
                        "service_ids": [Command.set(service.product_tmpl_id.ids)],
                    }
                )
            ],
        }
    )
    visit = env["salon.visit"].create(
        {
            "branch_id": salon.branches[0],
            "client_id": clients[0].id,
            "start": fields.Datetime.to_datetime(DAY),
        }
    )
    bill = env["salon.checkout"]._checkout(
        visit,
        [{"journal_id": salon.journal, "amount": 30 * ROUNDS}],
        [{"product_id": package.id}] * ROUNDS,
    )
    return bill["invoice"].invoice_line_ids.salon_package_id.credit_ids.ids
