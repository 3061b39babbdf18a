from . import (
    salon_message_preview,
    salon_payment_link,
    salon_statement,
    salon_telegram_invitation,
)
