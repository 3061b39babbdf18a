"""Bringing the client card into a database that already has contacts."""

from odoo.tools import split_every
from odoo.tools.sql import drop_index

BATCH = 1000

#: Stored figures of res.partner. Made before the host would, which would otherwise
#: compute them for every contact there is, clients or not.
COLUMNS = {
    "salon_visit_counted": "int4",
    "salon_first_visit": "date",
    "salon_last_visit": "date",
    "salon_branch_id": "int4",
    "salon_no_show_count": "int4",
    "salon_cancel_count": "int4",
    "salon_interval_days": "numeric",
    "salon_currency_id": "int4",
    "salon_amount_spent": "numeric",
    "salon_amount_average": "numeric",
    "salon_status": "varchar",
    "salon_is_overdue": "bool",
    "salon_review_on": "date",
    "salon_birthday_key": "int4",
}


def pre_init_hook(env):
    """Add empty columns for the figures."""
    columns = ", ".join(
        f"ADD COLUMN IF NOT EXISTS {name} {kind}" for name, kind in COLUMNS.items()
    )
    env.cr.execute(f"ALTER TABLE res_partner {columns}")


def post_init_hook(env):
    """Make clients of everybody who has a visit, and fill their figures."""
    partners = env["res.partner"].with_context(active_test=False)
    clients = partners.search([("salon_visit_ids", "!=", False)])
    for ids in split_every(BATCH, clients.ids):
        batch = partners.browse(ids)
        batch.is_salon_client = True
        batch._refresh_salon_figures()
        env.invalidate_all()


def uninstall_hook(env):
    """Give the menu of clients back as it was: the plain list, for the front desk."""
    menu = env.ref("salon_booking.salon_client_menu", raise_if_not_found=False)
    action = env.ref("salon_booking.salon_client_action", raise_if_not_found=False)
    if menu and action:
        menu.action = action
        menu.parent_id.group_ids -= env.ref("salon_booking.group_salon_stylist")
    for column in ("email_normalized", "phone_sanitized"):
        drop_index(env.cr, f"res_partner__{column}_index", "res_partner")
