from . import (
    test_answers,
    test_consents,
    test_demo,
    test_events,
    test_money_messages,
    test_outbox,
    test_reminders,
    test_screens,
    test_sending,
    test_telegram,
)
