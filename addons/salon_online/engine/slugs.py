"""Names as parts of an address."""

import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 60
#: Letters that have no accent to take off; Cyrillic as in passports.
LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґқғңөұүһәıəøłßæœ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch "
        " y  e iu ia i i e g k g n o u u h e i e o l ss ae oe".split(" "),
        strict=True,
    )
)


def slugify(name: str) -> str:
    """Write a name with small letters, digits and dashes; perhaps empty.

    >>> slugify("Салон «Шик» 2")
    'salon-shik-2'
    >>> slugify("Güzellik Çağı")
    'guzellik-cagi'
    """
    small = "".join(LETTERS.get(letter, letter) for letter in name.lower())
    plain = unicodedata.normalize("NFKD", small).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")


def is_slug(text: str) -> bool:
    """Say whether a text can be part of an address as it is."""
    return len(text) <= LONGEST and bool(SLUG.fullmatch(text))
