from . import salon_roster_report
