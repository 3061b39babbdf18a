"""Addresses and numbers that belong to nobody, kept free for examples."""

import re

#: RFC 2606: nobody has a mailbox there.
_DOMAINS = re.compile(r"[@.](?:example(?:\.(?:com|net|org))?|invalid)$", re.IGNORECASE)
#: 555-0100 to 555-0199 of every area of North America.
_NUMBERS = re.compile(r"\+1\d{3}55501\d{2}")


def is_email(address: str) -> bool:
    """Tell whether mail to this address can reach nobody.

    >>> is_email("anna@example.com"), is_email("anna@example.com.tr")
    (True, False)
    """
    return bool(_DOMAINS.search(address.strip()))


def is_number(number: str) -> bool:
    """Tell whether this number, in international form, is kept for fiction.

    >>> is_number("+14155550101"), is_number("+14155551234")
    (True, False)
    """
    return bool(_NUMBERS.fullmatch(number))
