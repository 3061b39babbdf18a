"""What is left of points and certificates when the addon goes."""


def uninstall_hook(env):
    """Keep what clients own: cards, their programs, and the certificate product.

    Programs for salon bills only must not start to work on other sales orders.
    """
    programs = env["loyalty.program"].search([("is_salon", "=", True)])
    programs.filtered("salon_only").sale_ok = False
    owned = programs.filtered("coupon_ids")
    products = env["product.product"]
    for name in ("product_certificate", "product_package_use"):
        product = env.ref(f"salon_loyalty.{name}", raise_if_not_found=False)
        if product and env["sale.order.line"].search_count(
            [("product_id", "=", product.id)], limit=1
        ):
            products |= product
    kept = {
        "loyalty.program": owned.ids,
        "product.product": products.ids,
        "product.template": products.product_tmpl_id.ids,
    }
    for model, ids in kept.items():
        env["ir.model.data"].search(
            [
                ("module", "=", "salon_loyalty"),
                ("model", "=", model),
                ("res_id", "in", ids),
            ]
        ).unlink()
