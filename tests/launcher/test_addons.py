"""What the launcher knows of the addons."""

import pytest

from launcher import addons


@pytest.fixture
def folder(tmp_path):
    for name, manifest in {
        "salon_a": "{}",
        "salon_glue": "{'auto_install': True}",
        "salon_off": "{'installable': False}",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(manifest)
    return tmp_path


def test_only_installable_addons_count(folder):
    assert addons.all_addons(folder) == ["salon_a", "salon_glue"]


def test_auto_installed_addons_are_left_to_the_host(folder):
    assert addons.to_install(folder) == ["salon_a"]


def test_a_changed_view_changes_the_digest(folder):
    before = addons.content_hash(folder / "salon_a")
    (folder / "salon_a" / "views.xml").write_text("<odoo/>")
    assert addons.content_hash(folder / "salon_a") != before


@pytest.mark.parametrize("place", ["tests", "static", "engine", "models/__pycache__"])
def test_what_the_database_does_not_hold_leaves_the_digest(folder, place):
    before = addons.content_hash(folder / "salon_a")
    (folder / "salon_a" / place).mkdir(parents=True)
    (folder / "salon_a" / place / "file.py").write_text("1")
    assert addons.content_hash(folder / "salon_a") == before


def test_a_plan_installs_what_is_missing_and_upgrades_what_changed():
    missing, stale = addons.plan(
        wanted=["a", "b", "c"],
        installed={"a", "b"},
        loaded={"a": "1", "b": "1"},
        now={"a": "1", "b": "2", "c": "1"},
    )
    assert (missing, stale) == (["c"], ["b"])


def test_a_database_of_unknown_origin_is_upgraded():
    _missing, stale = addons.plan(["a"], {"a"}, loaded={}, now={"a": "1"})
    assert stale == ["a"]
