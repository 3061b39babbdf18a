"""What must be true once the addon is installed."""


def post_init_hook(env):
    """Refuse an installation in which nothing prevents double booking.

    The host only logs a table constraint that could not be added.
    """
    env["salon.occupancy"]._assert_guarded()


def uninstall_hook(env):
    """Take along the host's external ids for selections of our models.

    Fields inherited from its mixins count as its own, and it keeps the ids.
    """
    env["ir.model.data"].search(
        [
            ("module", "=", "mail"),
            ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", "selection__salon\\_%"),
        ]
    ).unlink()
