from decimal import Decimal

import pytest
from salon_cash_engine.card_fees import fee_of


@pytest.mark.parametrize(
    ("amount", "percent", "fixed", "fee"),
    [
        (10000, "0.9", 10, 100),
        (10000, "1", 0, 100),
        (150, "1", 0, 2),
        (250, "1", 0, 3),
        (149, "1", 0, 1),
        (1, "1.5", 0, 0),
        (1, "1.5", 25, 25),
        (0, "1.5", 25, 0),
        (-5000, "1.5", 25, 0),
    ],
)
def test_a_fee_is_a_share_rounded_half_up_and_a_fixed_amount(
    amount, percent, fixed, fee
):
    assert fee_of(amount, Decimal(percent), fixed) == fee
