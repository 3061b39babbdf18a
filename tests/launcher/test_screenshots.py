"""The table of screens, and what is asked of the browser."""

from pathlib import Path

import pytest

from launcher import screens, server
from launcher.commands import screenshots_command
from launcher.console import LauncherError
from launcher.main import main


class Database:
    """Knows some records by name."""

    name = "shop"

    def __init__(self, **ids):
        self.ids = ids

    def query(self, _sql):
        return [
            (f"salon_booking.{name}", str(number)) for name, number in self.ids.items()
        ]


def test_each_screen_has_a_name_of_its_own_and_a_user_of_the_demo():
    names = [screen.name for screen in screens.SCREENS]
    assert len(names) == len(set(names))
    assert {screen.user for screen in screens.SCREENS} <= server.ROLES.keys()
    assert all(screen.path.startswith("/") for screen in screens.SCREENS)


def test_without_names_all_are_taken():
    assert screens.chosen([]) == list(screens.SCREENS)
    assert [screen.name for screen in screens.chosen(["services"])] == ["services"]


def test_an_unknown_screen_is_named_beside_those_there_are():
    with pytest.raises(LauncherError, match=r"no screen moon\. There are: .*services"):
        screens.chosen(["services", "moon"])


def test_a_path_gets_the_record_of_this_database():
    wanted = [screens.Screen("cut", "owner", "/odoo/x/{salon_booking.cut}")]
    ids = screenshots_command.find_ids(Database(cut=7), wanted)
    task = screenshots_command.make_task(wanted, ids, "http://here", Path("/pictures"))
    assert [screen["path"] for screen in task["screens"]] == ["/odoo/x/7"]
    assert task["screens"][0]["file"] == "/pictures/cut.png"


def test_a_database_without_demo_data_is_told_what_it_lacks():
    wanted = [screens.Screen("cut", "owner", "/odoo/x/{salon_booking.cut}")]
    with pytest.raises(LauncherError, match=r"shop has no salon_booking\.cut"):
        screenshots_command.find_ids(Database(), wanted)


def test_the_list_needs_neither_database_nor_browser(capsys):
    assert main(["screenshots", "--list"]) == 0
    assert "services" in capsys.readouterr().out


def test_the_pictures_in_the_documentation_are_light():
    pictures = list(screenshots_command.FOLDER.glob("*.png"))
    known = {screen.name for screen in screens.SCREENS}
    assert {picture.stem for picture in pictures} <= known
    assert sum(picture.stat().st_size for picture in pictures) < 2_000_000
