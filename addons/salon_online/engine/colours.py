"""Colours on which everybody can read."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
#: Contrast of normal text by WCAG 2.2 AA.
AA = 4.5
WHITE, BLACK = "#ffffff", "#000000"


def is_colour(text: str) -> bool:
    """Say whether it is written as ``#rrggbb``."""
    return bool(HEX.fullmatch(text))


def _channels(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def luminance(colour: str) -> float:
    """Return how bright it is by WCAG, between 0 and 1."""

    def linear(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG, between 1 and 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str) -> str:
    """Return it dark enough that white text on it, and it on white, can be read."""
    while contrast(colour, WHITE) < AA:
        colour = "#" + "".join(f"{int(one * 0.94):02x}" for one in _channels(colour))
    return colour
