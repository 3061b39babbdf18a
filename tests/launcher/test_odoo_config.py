"""The local configuration and the production one."""

from launcher import odoo_config


def test_production_paths_and_limits_do_not_reach_the_local_server():
    production = odoo_config.read()
    local = odoo_config.local(production, {"workers": 0})
    assert local["workers"] == "0"
    for name in ("logfile", "proxy_mode", "limit_memory_hard", "smtp_server"):
        assert name in production
        assert name not in local


def test_what_holds_everywhere_is_kept():
    local = odoo_config.local({"list_db": "False", "data_dir": "/srv"}, {})
    assert local == {"list_db": "False"}


def test_the_production_file_names_no_password_and_closes_the_manager():
    production = odoo_config.read()
    assert "admin_passwd" not in production
    assert "db_password" not in production
    assert production["list_db"] == "False"
    assert production["dbfilter"]


def test_a_database_in_the_file_is_used():
    options = {"db_host": "db.test", "db_port": "False", "db_user": "odoo"}
    assert odoo_config.given_database(options) == {
        "db_host": "db.test",
        "db_user": "odoo",
    }


def test_a_written_configuration_is_read_back_and_private(tmp_path):
    path = odoo_config.write(tmp_path / "run" / "a.conf", {"db_name": "a%b"})
    assert odoo_config.read(path) == {"db_name": "a%b"}
    assert path.stat().st_mode & 0o077 == 0
