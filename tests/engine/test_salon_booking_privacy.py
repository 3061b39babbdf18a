import pytest
from salon_booking_engine.privacy import masked_phone, short_name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Anna Smith", "Anna S."),
        ("Anna Maria Smith", "Anna S."),
        ("Anna", "Anna"),
        ("  Əli   Məmmədov ", "Əli M."),
        ("", ""),
    ],
)
def test_of_a_surname_the_initial_is_told(name, told):
    assert short_name(name) == told


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("+994 50 123 45 67", "••• 67"),
        ("0501234567", "••• 67"),
        # As many dots for a short number: its length is nobody's business.
        ("112", "••• 12"),
        ("12", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_of_a_phone_the_last_two_digits_are_told(phone, told):
    assert masked_phone(phone) == told
