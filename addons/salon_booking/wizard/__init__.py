from . import (
    salon_booking_wizard,
    salon_cancel_wizard,
    salon_checkout_wizard,
    salon_displacement_settle,
    salon_move_wizard,
    salon_payment_wizard,
    salon_roster_generate,
    salon_waitlist_pick,
    salon_rearrange_wizard,
    salon_standing_change,
    salon_swap_wizard,
    salon_shift_substitute,
)
