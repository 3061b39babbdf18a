from . import models, report, services, wizard
from .hooks import post_init_hook
