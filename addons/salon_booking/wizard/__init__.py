from . import (
    salon_booking_wizard,
    salon_cancel_wizard,
    salon_checkout_wizard,
    salon_payment_wizard,
    salon_roster_generate,
    salon_waitlist_pick,
)
