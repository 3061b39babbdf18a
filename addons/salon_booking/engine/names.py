"""How names are compared: without case, accents and punctuation, word by word.

The same folding is done twice: in Python for what is typed, and by the database, in an
index, for what is kept. ``sql_words`` is made from the same tables as ``words``, and
uses only functions that give the same result in every locale: ``lower`` of a database
with another locale would not know what to do with "Ə" or "Ж".
"""

import re
import string
from functools import cache
from unicodedata import ucd_3_2_0 as unicode

#: Longer names are compared by their beginning: PostgreSQL takes no endless words.
LONGEST = 200
#: Letters that are more than one.
LIGATURES = {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
#: Letters that no decomposition leads back to those of a phone's keyboard.
PLAIN = {"ı": "i", "ə": "e", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t"}
#: Typed by some and left out by others: "O'Neil", "Мар'яна".
LEFT_OUT = "'`´ʹʻʼʽˈ‘’′"
#: The letters used most come first: the database walks through the table.
COMMON = string.ascii_lowercase + " абвгдежзийклмнопрстуфхцчшщъыьэюя"
#: Latin with all its accents, Greek, Cyrillic, Latin of Vietnam.
ALPHABETS = ((0xC0, 0x25A), (0x370, 0x530), (0x1E00, 0x2000))
#: Accents that stand behind their letter.
ACCENTS = "".join(map(chr, range(0x300, 0x370)))
#: A "%" means something to the driver of the database, so it counts as a letter.
SPACES = (
    re.sub("['`%]", "", string.punctuation)
    + "\t\n\v\f\r\u00a0\u00ab\u00bb\u2009\u200b"
    + "\u2010\u2011\u2012\u2013\u2014\u2015\u202f"
)


def fold(text: str) -> str:
    """The text in small plain letters, its words parted by single spaces.

    >>> fold("  Əliyeva-İSMAYILOVA,  Çinarə ")
    'eliyeva ismayilova cinare'
    """
    text = text[:LONGEST]
    for letter, letters in LIGATURES.items():
        text = text.replace(letter, letters)
    return re.sub(" +", " ", text.translate(_table())).strip(" ")


def words(text: str) -> list[str]:
    """The words of a name, each once, as they are kept in the index."""
    return list(dict.fromkeys(fold(text).split(" "))) if fold(text) else []


def prefix_query(typed: list[str]) -> str:
    """A ``tsquery``: every word is the beginning of a word of the name.

    Quotes and backslashes are no letters of folded words.
    """
    return " & ".join(f"'{word}':*" for word in typed)


def exact_query(typed: list[str]) -> str:
    """A ``tsquery``: one of the words is a whole word of the name."""
    return " | ".join(f"'{word}'" for word in typed)


@cache
def sql_words(column: str) -> str:
    """The words of a column as a ``tsvector``, in SQL; for an index on it."""
    folded = f"left({column}, {LONGEST})"
    for letter, letters in LIGATURES.items():
        folded = f"replace({folded}, '{letter}', '{letters}')"
    origin, target = _letters()
    origin, target = (text.replace("'", "''") for text in (origin, target))
    folded = f"translate({folded}, '{origin}', '{target}')"
    return (
        "array_to_tsvector(string_to_array(btrim("
        f"regexp_replace({folded}, ' +', ' ', 'g')), ' '))"
    )


@cache
def _table():
    origin, target = _letters()
    return str.maketrans(origin[: len(target)], target, origin[len(target) :])


@cache
def _letters() -> tuple[str, str]:
    """Letters and what becomes of them; what has no counterpart is left out."""
    pairs = {letter: letter for letter in COMMON}
    pairs |= {letter: _plain(letter) for letter in string.ascii_uppercase}
    pairs |= {digit: digit for digit in string.digits}
    for first, last in ALPHABETS:
        for letter in map(chr, range(first, last)):
            plain = _plain(letter)
            if letter not in LIGATURES and len(plain) == 1 and plain != letter:
                pairs[letter] = plain
    pairs |= dict.fromkeys(SPACES, " ")
    return "".join(pairs) + LEFT_OUT + ACCENTS, "".join(pairs.values())


def _plain(letter: str) -> str:
    """The small letter without accents, by tables that never change any more."""
    if unicode.category(letter) not in ("Lu", "Ll", "Lt", "Lo"):
        return letter
    base = unicode.normalize("NFD", unicode.normalize("NFD", letter).lower())
    base = "".join(each for each in base if not unicode.combining(each))
    return PLAIN.get(base, base)
