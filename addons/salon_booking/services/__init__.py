from . import (
    salon_availability,
    salon_catalog,
    salon_claim,
    salon_booking,
    salon_checkout,
    salon_demo,
    salon_demo_shifts,
    salon_import,
    salon_import_bills,
    salon_import_visits,
    salon_roster,
)
