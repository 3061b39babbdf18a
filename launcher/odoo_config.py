"""Odoo's configuration for local use, derived from the production file.

What the file says of the machine it is meant for (paths, workers, limits, the proxy)
is left out; everything else is kept, so that local and production behaviour agree.
"""

import configparser
from pathlib import Path

from . import paths

PRODUCTION_FILE = paths.ROOT / "odoo.conf"
DATABASE_OPTIONS = ("db_host", "db_port", "db_user", "db_password")
# Options of the production machine, which would be wrong or harmful here.
NOT_LOCAL = {
    "addons_path",
    "admin_passwd",
    "data_dir",
    "db_maxconn",
    "db_maxconn_gevent",
    "db_name",
    "db_replica_host",
    "db_replica_port",
    "db_sslmode",
    "dbfilter",
    "geoip_city_db",
    "geoip_country_db",
    "gevent_port",
    "http_interface",
    "http_port",
    "limit_memory_hard",
    "limit_memory_hard_gevent",
    "limit_memory_soft",
    "limit_memory_soft_gevent",
    "limit_request",
    "limit_time_cpu",
    "limit_time_real",
    "limit_time_real_cron",
    "limit_time_worker_cron",
    "log_handler",
    "log_level",
    "logfile",
    "max_cron_threads",
    "pidfile",
    "proxy_mode",
    "smtp_password",
    "smtp_server",
    "smtp_user",
    "syslog",
    "workers",
    "x_sendfile",
    *DATABASE_OPTIONS,
}


def read(path: Path = PRODUCTION_FILE) -> dict[str, str]:
    """Return the options that a configuration file sets."""
    parser = configparser.RawConfigParser()
    parser.read(path)
    return dict(parser["options"]) if parser.has_section("options") else {}


def given_database(options: dict[str, str]) -> dict[str, str]:
    """Return the connection that the production file names, if it names one."""
    found = {name: options.get(name, "") for name in DATABASE_OPTIONS}
    return {name: value for name, value in found.items() if value not in ("", "False")}


def local(production: dict[str, str], overrides: dict[str, object]) -> dict[str, str]:
    """Merge the production options that hold everywhere with those of this machine."""
    kept = {name: value for name, value in production.items() if name not in NOT_LOCAL}
    return kept | {name: str(value) for name, value in overrides.items()}


def write(path: Path, options: dict[str, str]) -> Path:
    parser = configparser.RawConfigParser()
    parser["options"] = options
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        parser.write(handle)
    path.chmod(0o600)
    return path
