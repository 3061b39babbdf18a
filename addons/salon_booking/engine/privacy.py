"""How much of a client is told to whom."""

#: Digits at the end of a phone number that are told when the rest is hidden.
SHOWN_DIGITS = 2
#: What stands for the hidden ones.
MASK = "•••"


def short_name(name: str) -> str:
    """First name and initial of the surname: "Anna Maria Smith" is "Anna S."."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first


def masked_phone(phone: str) -> str:
    """The last two digits of a number: enough to tell two clients apart.

    The length of the number is hidden, too; one without digits to hide is not told.
    """
    digits = [character for character in phone if character.isdigit()]
    if len(digits) <= SHOWN_DIGITS:
        return ""
    return f"{MASK} {''.join(digits[-SHOWN_DIGITS:])}"
