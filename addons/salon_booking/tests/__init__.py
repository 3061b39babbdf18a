from . import (
    test_availability,
    test_booking,
    test_checkout,
    test_demo,
    test_guarantees,
    test_import,
    test_later_payment,
    test_portal,
    test_refund,
    test_rights,
    test_states,
    test_tours,
)
