"""What must be true once the addon is installed."""


def post_init_hook(env):
    """Refuse an installation in which a person could be paid twice for a day.

    The host only logs a table constraint that could not be added.
    """
    env["salon.payslip"]._assert_guarded()
