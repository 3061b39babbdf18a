import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_online_engine.colours import AA, WHITE, contrast, readable
from salon_online_engine.limits import LIMITS, Limit, household, parse
from salon_online_engine.slugs import is_slug, slugify


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_becomes_one_that_can_be_read_on_white(number):
    assert contrast(readable(f"#{number:06x}"), WHITE) >= AA


def test_a_dark_colour_stays_as_it_is():
    assert readable("#7a2e4d") == "#7a2e4d"


@given(st.text())
def test_every_name_becomes_an_address_or_nothing(name):
    slug = slugify(name)
    assert not slug or is_slug(slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Old Town", "old-town"),
        ("Güzellik Çağı", "guzellik-cagi"),
        ("Салон Шик", "salon-shik"),
        ("Şəhər", "seher"),
        ("日本", ""),
    ],
)
def test_names_are_written_with_plain_letters(name, slug):
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("text", "limit"),
    [("30/600", Limit(30, 600)), ("", None), (None, None), ("1/0", None), ("x", None)],
)
def test_limits_are_read_or_ignored(text, limit):
    assert parse(text) == limit


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::8", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("", ""),
        (None, ""),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_household_count_together(address, counted):
    assert household(address) == counted


def test_one_address_cannot_keep_the_whole_day_of_a_person():
    half_hours = 16
    assert LIMITS["hold"].count < half_hours
    assert LIMITS["hold"].seconds >= 600
