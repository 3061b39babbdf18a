import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import names


@pytest.mark.parametrize(
    ("kept", "folded"),
    [
        ("Leyla", "leyla"),
        ("İsmayıl", "ismayil"),
        ("ISMAYIL", "ismayil"),
        ("Əliyeva-İSMAYILOVA,  Çinarə", "eliyeva ismayilova cinare"),
        ("Şükrü Gökçe", "sukru gokce"),
        ("ЁЛКИНА Алёна", "елкина алена"),
        ("Зоя Чайковская", "зоя чаиковская"),
        ("O’Neil", "oneil"),
        ("O'Neil", "oneil"),
        ("Strauß, Anne-Marie", "strauss anne marie"),
        ("Łukasz Ærø", "lukasz aero"),
        ("Ἀθηνᾶ Σοφία", "αθηνα σοφια"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("i\u0307rem", "irem"),
        ("  (test)\t", "test"),
        ("", ""),
        ("--", ""),
    ],
)
def test_names_are_folded_to_what_is_easily_typed(kept, folded):
    assert names.fold(kept) == folded
    assert names.words(kept) == folded.split()


@given(st.text(max_size=300))
def test_folding_twice_is_folding_once(text):
    assert names.fold(names.fold(text)) == names.fold(text)


@given(st.text(alphabet="abcçğıiİIşŞöüƏəЁёЙй '-", max_size=30))
def test_case_does_not_matter(text):
    assert names.fold(text.replace("ı", "i").upper()) == names.fold(
        text.replace("ı", "i").lower()
    )


def test_the_tables_fit_each_other():
    origin, target = names._letters()
    assert len(set(origin)) == len(origin)
    assert len(target) < len(origin)


def test_a_query_wants_every_word_to_begin_a_word_of_the_name():
    assert names.prefix_query(["ann", "b"]) == "'ann':* & 'b':*"
