"""What an addon leaves in a database: structure and technical records.

Seen from outside of Odoo, by name and not by id, so that two moments can be compared.
"""

import re
from dataclasses import dataclass

from own_databases import OwnDatabases

#: By kind, a query that gives one text for each thing.
KINDS = {
    "table": """
        SELECT relname AS what FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')""",
    "column": """
        SELECT table_name || '.' || column_name || ' ' || data_type AS what
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname AS what FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace""",
    # Valid, and checked at once and not at the end of a transaction.
    "exclusion": """
        SELECT conrelid::regclass || ' ' || conname AS what FROM pg_constraint
         WHERE contype = 'x' AND convalidated AND NOT condeferrable""",
    "index": """
        SELECT indexname AS what FROM pg_indexes WHERE schemaname = 'public'""",
    "sequence of the database": """
        SELECT relname AS what FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'""",
    "function": """
        SELECT proname AS what FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace""",
    "model": "SELECT model AS what FROM ir_model",
    "field": "SELECT model || '.' || name AS what FROM ir_model_fields",
    "value of a selection": """
        SELECT f.model || '.' || f.name || ' ' || s.value AS what
          FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id""",
    "constraint of a model": "SELECT name AS what FROM ir_model_constraint",
    "relation": "SELECT name AS what FROM ir_model_relation",
    "view": """
        SELECT coalesce(model, '') || ' ' || type || ' ' || name || ' '
               || coalesce(key, '') AS what FROM ir_ui_view""",
    "menu": "SELECT name::text || ' ' || coalesce(action, '') AS what FROM ir_ui_menu",
    "action": """
        SELECT type || ' ' || name::text || ' ' || coalesce(path, '') AS what
          FROM ir_actions""",
    "access right": "SELECT name AS what FROM ir_model_access",
    "rule": "SELECT name AS what FROM ir_rule",
    "group": "SELECT name::text AS what FROM res_groups",
    "privilege": "SELECT name::text AS what FROM res_groups_privilege",
    "category of modules": "SELECT name::text AS what FROM ir_module_category",
    "cron": "SELECT cron_name AS what FROM ir_cron",
    "default": """
        SELECT f.model || '.' || f.name AS what
          FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id""",
    "parameter": "SELECT key AS what FROM ir_config_parameter",
    "sequence": "SELECT name || ' ' || coalesce(code, '') AS what FROM ir_sequence",
    "asset": "SELECT bundle || ' ' || path AS what FROM ir_asset",
    "template of mails": "SELECT name::text AS what FROM mail_template",
    "kind of message": "SELECT name::text AS what FROM mail_message_subtype",
    "kind of activity": "SELECT name::text AS what FROM mail_activity_type",
    "filter": "SELECT name AS what FROM ir_filters",
    "paper format": "SELECT name AS what FROM report_paperformat",
    "precision": "SELECT name AS what FROM decimal_precision",
    "analytic plan": "SELECT name::text AS what FROM account_analytic_plan",
    "external id": """
        SELECT module || '.' || name AS what FROM ir_model_data
         WHERE module LIKE 'salon%' OR name LIKE '%salon%'""",
    "record of the salon's": """
        SELECT 'attachment ' || res_model AS what FROM ir_attachment
         WHERE res_model LIKE 'salon.%'
        UNION SELECT 'message ' || model FROM mail_message WHERE model LIKE 'salon.%'
        UNION SELECT 'follower ' || res_model FROM mail_followers
               WHERE res_model LIKE 'salon.%'
        UNION SELECT 'activity ' || res_model FROM mail_activity
               WHERE res_model LIKE 'salon.%'""",
}
#: Records that stay where something that cannot be deleted hangs on them.
DATA = {
    "analytic plan",
    "external id",
    "parameter",
    "sequence",
    "sequence of the database",
}
#: What the host itself leaves behind when any of its modules goes: the registration of
#: a foreign key (not the key) and of an inheritance, and the counter of a sequence's
#: year.
HOST_LEAVES = re.compile(
    r"constraint of a model: \S+_fkey$"
    r"|external id: \w+\.model_inherit__"
    r"|sequence of the database: ir_sequence_\d+_\d+$"
)
#: The plan of the branches and its column, once posted entries refer to it.
BOOKS = re.compile(
    r"analytic plan: .*Salon branches"
    r"|external id: salon_booking\.analytic_plan_branches$"
    r"|\w+: .*\baccount.analytic.line.*x_plan\d+_id"
)


@dataclass(frozen=True)
class Traces:
    """All things of a database by kind."""

    by_kind: dict[str, frozenset[str]]

    def __sub__(self, other: "Traces") -> list[str]:
        """Return what is here and not there, each as "kind: name"."""
        return [
            f"{kind}: {what}"
            for kind, found in self.by_kind.items()
            for what in sorted(found - other.by_kind[kind])
        ]

    def left_by(self, other: "Traces", *, with_data: bool = True) -> list[str]:
        """Return what an addon left: here, not there, and not for the host to keep.

        :param with_data: look at records as well, not only at structure
        """
        return [
            what
            for what in self - other
            if not HOST_LEAVES.match(what)
            and not BOOKS.match(what)
            and (with_data or what.partition(":")[0] not in DATA)
        ]


def traces(databases: OwnDatabases, name: str) -> Traces:
    return Traces(
        {
            kind: frozenset(str(row["what"]) for row in databases.rows(name, query))
            for kind, query in KINDS.items()
        }
    )
