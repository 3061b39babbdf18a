"""What must be true once the addon is installed."""


def post_init_hook(env):
    """Refuse an installation in which nothing prevents double booking.

    The host only logs a table constraint that could not be added.
    """
    env["salon.occupancy"]._assert_guarded()
