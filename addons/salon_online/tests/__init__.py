from . import (
    test_booking_pages,
    test_booking_tours,
    test_client_area,
    test_links_in_messages,
    test_online_branch,
    test_own_visit,
    test_pages_fast,
    test_portal_tours,
    test_reviews,
    test_secret_links,
    test_unpaid_deposits,
)
