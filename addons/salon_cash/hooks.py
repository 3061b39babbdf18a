"""What is left of the cash desk when the addon goes."""


def uninstall_hook(env):
    """The numberings of cash orders were made by need, so nobody else removes them."""
    env["ir.sequence"].with_context(active_test=False).search(
        [("code", "=like", "salon.cash.order.%")]
    ).unlink()
