from . import (
    test_certificates,
    test_checkout_dialog,
    test_concurrency,
    test_ledger,
    test_points,
    test_rewards,
    test_setup,
)
