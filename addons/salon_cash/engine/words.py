"""Amounts in words, as cash orders and receipts demand them.

How a number is spelled comes in as a function; here stands what money is called, in
which form, and how the two parts are joined. Forms: of the languages' grammars; what
must come out is in the golden numbers ("Cash order in words").
"""

from collections.abc import Callable
from typing import NamedTuple


class Name(NamedTuple):
    """What one piece of money is called: forms for one, two and five of them."""

    forms: tuple[str, ...]
    is_feminine: bool = False


class Money(NamedTuple):
    unit: Name
    cent: Name


class Style(NamedTuple):
    """How a language joins number and name, and units and cents."""

    inner: str = " "
    outer: str = " "
    tells_zero_cents: bool = True


def _slavic(unit, cent, unit_is_feminine=False, cent_is_feminine=False):
    return Money(
        Name(tuple(unit.split()), unit_is_feminine),
        Name(tuple(cent.split()), cent_is_feminine),
    )


def _plain(unit, cent):
    return Money(Name((unit,)), Name((cent,)))


def _english(unit, units, cent, cents):
    return Money(Name((unit, units)), Name((cent, cents)))


STYLES = {
    "en": Style(outer=", "),
    "az": Style(outer=", "),
    "tr": Style(inner="", outer="", tells_zero_cents=False),
}

NAMES = {
    "en": {
        "USD": _english("dollar", "dollars", "cent", "cents"),
        "EUR": _english("euro", "euros", "cent", "cents"),
        "GBP": _english("pound", "pounds", "penny", "pence"),
        "TRY": _english("lira", "liras", "kurus", "kurus"),
        "AZN": _english("manat", "manats", "qapik", "qapiks"),
        "RUB": _english("rouble", "roubles", "kopek", "kopeks"),
        "UAH": _english("hryvnia", "hryvnias", "kopiyka", "kopiykas"),
        "KZT": _english("tenge", "tenge", "tiyn", "tiyns"),
    },
    "tr": {
        "USD": _plain("dolar", "sent"),
        "EUR": _plain("euro", "sent"),
        "GBP": _plain("sterlin", "peni"),
        "TRY": _plain("lira", "kuruş"),
        "AZN": _plain("manat", "kepik"),
        "RUB": _plain("ruble", "kopek"),
        "UAH": _plain("grivna", "kopek"),
        "KZT": _plain("tenge", "tiyin"),
    },
    "az": {
        "USD": _plain("dollar", "sent"),
        "EUR": _plain("avro", "sent"),
        "GBP": _plain("funt sterlinq", "pens"),
        "TRY": _plain("lirə", "quruş"),
        "AZN": _plain("manat", "qəpik"),
        "RUB": _plain("rubl", "qəpik"),
        "UAH": _plain("qrivna", "qəpik"),
        "KZT": _plain("tenge", "tiyin"),
    },
    "kk": {
        "USD": _plain("доллар", "цент"),
        "EUR": _plain("еуро", "цент"),
        "GBP": _plain("фунт стерлинг", "пенс"),
        "TRY": _plain("лира", "куруш"),
        "AZN": _plain("манат", "гяпик"),
        "RUB": _plain("рубль", "тиын"),
        "UAH": _plain("гривна", "тиын"),
        "KZT": _plain("теңге", "тиын"),
    },
    "ru": {
        "USD": _slavic("доллар доллара долларов", "цент цента центов"),
        "EUR": _slavic("евро евро евро", "цент цента центов"),
        "GBP": _slavic("фунт фунта фунтов", "пенс пенса пенсов"),
        "TRY": _slavic("лира лиры лир", "куруш куруша курушей", True),
        "AZN": _slavic("манат маната манатов", "гяпик гяпика гяпиков"),
        "RUB": _slavic("рубль рубля рублей", "копейка копейки копеек", False, True),
        "UAH": _slavic("гривна гривны гривен", "копейка копейки копеек", True, True),
        "KZT": _slavic("тенге тенге тенге", "тиын тиына тиынов"),
    },
    "uk": {
        "USD": _slavic("долар долари доларів", "цент центи центів"),
        "EUR": _slavic("євро євро євро", "цент центи центів"),
        "GBP": _slavic("фунт фунти фунтів", "пенс пенси пенсів"),
        "TRY": _slavic("ліра ліри лір", "куруш куруші курушів", True),
        "AZN": _slavic("манат манати манатів", "гяпік гяпіки гяпіків"),
        "RUB": _slavic("рубль рублі рублів", "копійка копійки копійок", False, True),
        "UAH": _slavic("гривня гривні гривень", "копійка копійки копійок", True, True),
        "KZT": _slavic("теньге теньге теньге", "тиїн тиїни тиїнів"),
    },
}


def name_form(language: str, name: Name, number: int) -> str:
    """Choose the form of a name that goes with a number."""
    if language in ("ru", "uk"):
        tens, ones = number % 100, number % 10
        if ones == 1 and tens != 11:
            return name.forms[0]
        few = 2 <= ones <= 4 and not 12 <= tens <= 14
        return name.forms[min(1 if few else 2, len(name.forms) - 1)]
    return name.forms[0 if number == 1 else -1]


def in_words(
    whole: int,
    cents: int | None,
    language: str,
    money: Money,
    spell: Callable[[int, bool], str],
) -> str:
    """Say an amount of money, with a capital letter.

    :param cents: smallest units beside the whole ones; None for a currency without
    :param language: two letters, as in ISO 639
    :param money: what the currency is called in that language
    :param spell: the cardinal of a number; True asks for its feminine form
    """
    style = STYLES.get(language, Style())

    def part(number, name):
        number_word = spell(number, name.is_feminine)
        return f"{number_word}{style.inner}{name_form(language, name, number)}"

    text = part(whole, money.unit)
    if cents is not None and (cents or style.tells_zero_cents):
        text += style.outer + part(cents, money.cent)
    return capital(text, language)


def capital(text: str, language: str) -> str:
    """Begin with a capital letter; the dotted i keeps its dot in Turkic Latin."""
    first = text[:1]
    if first == "i" and language in ("tr", "az"):
        return "İ" + text[1:]
    return first.upper() + text[1:]
