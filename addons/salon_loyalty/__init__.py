from . import models, report, services, wizard
