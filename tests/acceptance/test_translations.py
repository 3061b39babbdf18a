"""The suite speaks the first languages of its users, and no text is broken."""

import re
from pathlib import Path

import polib
import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"
LANGUAGES = ("tr", "az", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
TAG = re.compile(r"</?([a-z]+)")

files = pytest.mark.parametrize(
    "path",
    [
        folder / "i18n" / f"{language}.po"
        for folder in sorted(ADDONS.glob("salon_*"))
        for language in LANGUAGES
    ],
    ids=lambda path: f"{path.parts[-3]}-{path.stem}",
)


@files
def test_every_text_of_the_template_is_translated(path):
    template = polib.pofile(str(path.parent / f"{path.parts[-3]}.pot"))
    translated = {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr}
    missing = {entry.msgid for entry in template} - translated
    assert not missing


@files
def test_a_translation_keeps_placeholders_and_tags(path):
    for entry in polib.pofile(str(path)):
        for pattern in (PLACEHOLDER, TAG):
            assert sorted(pattern.findall(entry.msgid)) == sorted(
                pattern.findall(entry.msgstr)
            ), entry.msgid
