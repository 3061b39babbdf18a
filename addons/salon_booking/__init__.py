from . import controllers, models, report, services, wizard
from .hooks import post_init_hook, uninstall_hook
