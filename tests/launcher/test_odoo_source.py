"""Where Odoo is taken from."""

import pytest

from launcher.console import LauncherError
from launcher.odoo_source import debian_mirror, from_folder, parse_index_targets

TARGETS = """\
MetaKey: main/binary-amd64/Packages
Site: http://archive.test/cloud
Repo-URI: http://archive.test/cloud/
Codename: cloud-sdk-bookworm
Origin: cloud-sdk-bookworm
Label: cloud-sdk-bookworm
Component: main

MetaKey: main/binary-amd64/Packages
Site: http://archive.test/debian-security
Repo-URI: http://archive.test/debian-security/
Codename: bookworm-security
Origin: Debian
Label: Debian-Security
Component: main

MetaKey: main/binary-amd64/Packages
Site: http://archive.test/debian
Repo-URI: http://archive.test/debian/
Codename: bookworm
Suite: oldstable
Origin: Debian
Label: Debian
Component: main
"""


def test_the_stanzas_of_apt_are_read():
    stanzas = parse_index_targets(TARGETS)
    assert [stanza["Origin"] for stanza in stanzas] == [
        "cloud-sdk-bookworm",
        "Debian",
        "Debian",
    ]


def test_the_mirror_is_debians_main_archive():
    assert debian_mirror(parse_index_targets(TARGETS)) == "http://archive.test/debian/"


def test_other_vendors_and_security_alone_give_no_mirror():
    others = TARGETS.rpartition("\n\n")[0]
    assert debian_mirror(parse_index_targets(others)) is None


def test_an_apt_without_lists_gives_no_mirror():
    assert debian_mirror(parse_index_targets("")) is None


def make_release(folder, version):
    package = folder / "odoo"
    package.mkdir(parents=True)
    (package / "release.py").write_text(f"version_info = ({version}, FINAL, 0, '')\n")


def test_a_source_checkout_brings_its_own_addons(tmp_path):
    make_release(tmp_path, "19, 0")
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo-bin").touch()
    source = from_folder(tmp_path)
    assert source.python_path == tmp_path
    assert source.addons_paths == (tmp_path / "addons",)


def test_the_folder_of_an_installed_package_is_recognised(tmp_path):
    make_release(tmp_path, "19, 0")
    source = from_folder(tmp_path / "odoo")
    assert source.python_path == tmp_path
    assert source.addons_paths == ()


@pytest.mark.parametrize("version", ["18, 0", "'saas~19', 1"])
def test_another_version_is_refused(tmp_path, version):
    make_release(tmp_path, version)
    with pytest.raises(LauncherError, match=r"needs 19\.0"):
        from_folder(tmp_path)


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(LauncherError, match="holds no Odoo"):
        from_folder(tmp_path)
