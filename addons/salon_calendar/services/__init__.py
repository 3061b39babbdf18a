from . import salon_calendar_mirror, salon_calendar_sync
