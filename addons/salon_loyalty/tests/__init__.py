from . import test_between_companies
from . import (
    test_certificates,
    test_checkout_dialog,
    test_concurrency,
    test_estimates,
    test_ledger,
    test_package_portal,
    test_packages,
    test_points,
    test_rewards,
    test_setup,
    test_tours,
)
