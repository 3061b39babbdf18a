from . import salon_certificate_liability
