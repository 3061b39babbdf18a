from . import salon_availability, salon_booking, salon_checkout
