{
    "name": "Salon and Time Off",
    "version": "19.0.1.0.0",
    "summary": "Show which bookings a time off request hits before it is approved",
    "category": "Services/Salon",
    "author": "Salon Suite",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["salon_booking", "hr_holidays"],
    "data": ["views/hr_leave_views.xml"],
}
