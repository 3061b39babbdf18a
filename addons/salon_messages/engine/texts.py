"""What a text message costs: it is charged by parts."""

#: Characters of the GSM alphabet; a message of these alone has longer parts.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take the place of two.
GSM_EXTENDED = frozenset("^{}\\[~]|€")


def parts(text: str) -> int:
    """In how many parts a text is sent (3GPP TS 23.038 and 23.040)."""
    if not text:
        return 0
    if set(text) <= GSM | GSM_EXTENDED:
        length = len(text) + sum(letter in GSM_EXTENDED for letter in text)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        alone, joined = 70, 67
    return 1 if length <= alone else -(-length // joined)
