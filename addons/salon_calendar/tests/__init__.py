from . import test_busy_events, test_mirrored_bookings
