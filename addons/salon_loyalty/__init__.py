from . import controllers, models, report, services, wizard
from .hooks import uninstall_hook
