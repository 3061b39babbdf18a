{
    "name": "Salon and Calendar",
    "version": "19.0.1.0.0",
    "summary": "Busy events of the team's calendars take time; bookings appear there",
    "category": "Services/Salon",
    "author": "Salon Suite",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["salon_booking", "calendar"],
    "data": [
        "security/ir.model.access.csv",
        "security/salon_calendar_rules.xml",
        "data/salon_calendar_data.xml",
        "views/hr_employee_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
