"""What must be gone when the addon is."""


def uninstall_hook(env):
    """Remove the copies of bookings; nobody would keep them right."""
    env["salon.calendar.mirror"]._remove_all()
