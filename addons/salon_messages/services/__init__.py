from . import (
    salon_channel,
    salon_channel_inbox,
    salon_channel_mail,
    salon_channel_sms,
    salon_channel_telegram,
    salon_message_answers,
    salon_message_sender,
    salon_messenger,
    salon_demo_messages,
)
