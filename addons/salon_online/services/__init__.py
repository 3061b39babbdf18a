from . import (
    salon_client_area,
    salon_demo,
    salon_demo_reviews,
    salon_message_answers,
    salon_online_booking,
    salon_online_deposits,
    salon_online_menu,
    salon_online_times,
    salon_own_visit,
    salon_reviews,
)
