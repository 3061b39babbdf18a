from . import (
    ir_http,
    payment_transaction,
    salon_branch,
    salon_branch_portal,
    salon_branch_reviews,
    salon_deposit_due,
    salon_hold,
    salon_limit,
    salon_link,
    salon_photo,
    salon_review,
    salon_visit,
)
