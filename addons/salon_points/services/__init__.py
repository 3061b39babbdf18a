from . import salon_messenger
