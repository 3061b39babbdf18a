from . import (
    test_blocking,
    test_board,
    test_card,
    test_duplicates,
    test_eligibility,
    test_figures,
    test_health,
    test_phones,
    test_status,
)
