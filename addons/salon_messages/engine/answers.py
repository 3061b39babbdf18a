"""What a client means by a short answer to a message."""

import re
import unicodedata

CONFIRM, CANCEL, OTHER = "confirm", "cancel", "other"
WORDS = {
    CONFIRM: (
        "1 yes y ok okay confirm evet e tamam onayla onaylıyorum bəli hə təsdiq "
        "да д ок подтверждаю приду"
    ).split(),
    CANCEL: (
        "2 no n cancel hayır h iptal xeyr yox ləğv нет н отмена отменить отменяю"
    ).split(),
}
#: Lines below one of these are what is answered to, or the phone's own.
QUOTED = re.compile(
    r"""^\s*(?:
        > | -{2,} | _{5,}
        | (?:from|от|kimden|kimdən|gönderen|göndərən)\s*:
        # "On … Salon <mail> wrote:", also where it is broken into two lines
        | on\ .+\ wrote: | on\ .*\d{4}.*[<@]
        | .*\b(?:yazdı|yazıb|написал\S*|пишет)\b.*:\s*$
        # Russian mailboxes end with the address.
        | .*@.*:\s*$
        | (?:sent\ from|get\ outlook|отправлено)\b | .*gönd[eə]ril(?:di|ib)\W*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def parse(text: str) -> str:
    """Return `CONFIRM`, `CANCEL` or `OTHER`; only the answer alone decides.

    "Yes, but a bit later" is for a person to read.
    """
    word = _plain(_first_line(text))
    for meaning, words in WORDS.items():
        if word in {_plain(each) for each in words}:
            return meaning
    return OTHER


def _first_line(text: str) -> str:
    """The line that was written, if it is the only one above what is quoted."""
    written = []
    for line in (text or "").splitlines():
        if QUOTED.match(line):
            break
        if line.strip():
            written.append(line.strip())
    return written[0] if len(written) == 1 else ""


def _plain(word: str) -> str:
    """Lower case without marks: "BƏLİ" and "beli", "Hayır" and "hayir" are the same."""
    word = word.strip(" \t.,;:!?'\"()👍").replace("İ", "i").replace("I", "i").lower()
    word = word.replace("ə", "e").replace("ı", "i")
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", word)
        if not unicodedata.combining(letter)
    )
