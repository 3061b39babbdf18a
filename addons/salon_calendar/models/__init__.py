from . import (
    calendar_attendee,
    calendar_event,
    hr_employee,
    salon_calendar_busy,
    salon_displacement,
    salon_occupancy,
)
