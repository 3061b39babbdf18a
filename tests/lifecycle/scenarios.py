"""Databases through which the suite goes: installed, used, upgraded, removed.

Each scenario is one database and the processes that worked on it, one after the other.
They run in threads, at most two processes at a time, and start from templates: a host
with its own applications, demo data and bills, and that host with the salon in it.
"""

import ast
import hashlib
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from own_databases import OdooFailedError, OwnDatabases, troubles
from traces import Traces, traces

from launcher import addons, paths

INSIDE = Path(__file__).resolve().parent / "inside.py"
BOOKS = INSIDE.with_name("books.py")
#: Charts of accounts that a company with a salon is tried with, and their addons.
CHARTS = {"generic_coa": "account", "tr": "l10n_tr", "kz": "l10n_kz"}
BASE = "salon_booking"
#: Of the host, beside what the suite itself needs.
HOST_APPS = ("sale_management", "purchase_stock", "hr", "loyalty")
PROCESSES = 2
#: Read before any thread starts: Python 3.11 now and then fails in ast when several
#: threads parse at once (AST constructor recursion depth mismatch).
SUITE = addons.to_install()
NEEDS = {
    name: set(
        ast.literal_eval((paths.ADDONS / name / "__manifest__.py").read_text())[
            "depends"
        ]
    )
    for name in addons.all_addons()
}
GUARD = "salon_occupancy_no_overlap"
#: A second row over each occupied time, as nobody could write with the guard.
OVERLAP = f"""
    ALTER TABLE salon_occupancy DROP CONSTRAINT {GUARD};
    INSERT INTO salon_occupancy (appointment_id, branch_id, resource_id, unit,
                                 phase_kind, start, stop, is_blocking, travel_minutes)
         SELECT appointment_id, branch_id, resource_id, unit,
                phase_kind, start, stop, is_blocking, 0 FROM salon_occupancy"""
#: What a bill is, as the accountant sees it.
BILLS = """
    SELECT id, name, state, move_type, amount_total, amount_residual, payment_state
      FROM account_move WHERE state = 'posted' ORDER BY id"""
COUNTED = {
    "account_move": "account.move",
    "account_payment": "account.payment",
    "hr_employee": "hr.employee",
    "product_product": "product.product",
    "res_partner": "res.partner",
    "sale_order": "sale.order",
}
#: Rows of the host, and of those only what no addon of ours has brought.
COUNT = """
    SELECT count(*) FROM {table} WHERE id NOT IN (
        SELECT res_id FROM ir_model_data
         WHERE model = '{model}' AND module LIKE 'salon%')"""


def suite() -> list[str]:
    return list(SUITE)


def guests() -> list[str]:
    """The addons that stand on salon_booking."""
    return [name for name in suite() if name != BASE]


def glue() -> list[str]:
    """The addons that the host installs by itself where it has their other half."""
    return [name for name in NEEDS if name not in SUITE]


def everything() -> list[str]:
    return [*suite(), *glue()]


def host_modules() -> list[str]:
    """What is installed before the salon comes: its needs among the host's modules."""
    needed = set(HOST_APPS)
    for name in everything():
        needed |= depends(name) - set(everything())
    return sorted(needed)


def depends(addon: str) -> set[str]:
    """What the manifest of an addon asks for."""
    return set(NEEDS[addon])


@dataclass
class Story:
    """One database, and what was seen of it at named moments."""

    name: str
    logs: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Traces] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def troubles(self) -> list[str]:
        """Warnings and errors in the logs of all steps."""
        return [
            f"{step}: {line}"
            for step, log in self.logs.items()
            for line in troubles(log)
        ]


class Scenarios:
    """Runs scenarios, each once, and keeps what they tell."""

    def __init__(self) -> None:
        self.databases = OwnDatabases()
        self.slots = threading.Semaphore(PROCESSES)
        self._pool = ThreadPoolExecutor(max_workers=32)
        self._futures: dict[str, Future] = {}
        self._starting = threading.Lock()

    def start(self, names) -> None:
        for name in names:
            self._future(name)

    def story(self, name: str) -> Story:
        return self._future(name).result()

    def _future(self, name: str) -> Future:
        with self._starting:
            if name not in self._futures:
                self._futures[name] = self._pool.submit(self._run, name)
            return self._futures[name]

    def _run(self, name: str) -> Story:
        story = Story(self.databases.own_name(f"life_{name}"))
        SCENARIOS[name](self, story)
        return story

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for name in self._futures:
            self.databases.drop(self.databases.own_name(f"life_{name}"))

    # --- steps ---

    def copy(self, story: Story, template: str) -> None:
        self.databases.create(story.name, template)

    def odoo(self, story: Story, step: str, *arguments: str) -> None:
        with self.slots:
            story.logs[step] = self.databases.odoo(
                story.name, "--skip-auto-install", *arguments
            )

    def call(self, story: Story, step: str, function: str, **arguments) -> object:
        with self.slots:
            result, log = self.databases.call(story.name, INSIDE, function, **arguments)
        story.logs[step] = log
        return result

    def look(self, story: Story, moment: str) -> None:
        story.seen[moment] = traces(self.databases, story.name)

    def count(self, story: Story, moment: str) -> None:
        """Keep the posted bills and the number of rows of what must not be lost."""
        rows = {
            table: self.databases.value(
                story.name, COUNT.format(table=table, model=model)
            )
            for table, model in COUNTED.items()
        }
        for table in self._salon_tables(story):
            sql = f"SELECT count(*) FROM {table}"
            rows[table] = self.databases.value(story.name, sql)
        story.facts[f"bills {moment}"] = self.databases.rows(story.name, BILLS)
        story.facts[f"rows {moment}"] = rows

    def _salon_tables(self, story: Story) -> list[str]:
        sql = """SELECT relname FROM pg_class WHERE relname LIKE 'salon%'
                    AND relkind = 'r' AND relnamespace = 'public'::regnamespace"""
        return [row["relname"] for row in self.databases.rows(story.name, sql)]


SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


@scenario
def host(run: Scenarios, story: Story) -> None:
    """An existing database: the host's applications, demo data, and bills."""
    modules = host_modules()
    made_from = " ".join([os.environ["SALON_ODOO"], *modules, INSIDE.read_text()])

    def make(name: str) -> None:
        with run.slots:
            run.databases.odoo(
                name, "--skip-auto-install", "--with-demo", "-i", ",".join(modules)
            )
            run.databases.call(name, INSIDE, "use_host")

    digest = hashlib.sha256(made_from.encode()).hexdigest()
    run.copy(story, run.databases.template("host", digest, make))
    run.look(story, "host")


@scenario
def booking(run: Scenarios, story: Story) -> None:
    """salon_booking comes into the existing database and is used."""
    run.copy(story, run.story("host").name)
    # What the host brought stays; what comes now shall come as to a customer.
    run.databases.execute(story.name, "UPDATE ir_module_module SET demo = false")
    run.odoo(story, "install", "-i", BASE)
    run.look(story, "installed")
    story.facts["invoice"] = run.call(story, "use", "use_salon")


def _alone(addon: str):
    def alone(run: Scenarios, story: Story) -> None:
        run.copy(story, run.story("booking").name)
        run.odoo(story, "install", "-i", addon)
        run.look(story, "installed")
        story.facts["invoice"] = run.call(story, "use", "use_salon")
        run.count(story, "before")
        brought = sorted(depends(addon) & set(guests()))
        run.call(story, "uninstall", "uninstall", modules=[addon, *brought])
        run.look(story, "removed")
        run.count(story, "after")
        story.facts["opened"] = run.call(story, "open the host", "open_host")
        run.call(story, "use booking", "use_salon")

    alone.__doc__ = f"{addon} comes alone, with what it needs, is used, and goes."
    return alone


for _addon in (*guests(), *glue()):
    SCENARIOS[f"alone_{_addon}"] = _alone(_addon)


@scenario
def cleared(run: Scenarios, story: Story) -> None:
    """All the others come onto a used salon_booking; then it takes them all away."""
    run.copy(story, run.story("booking").name)
    run.odoo(story, "install", "-i", ",".join([*guests(), *glue()]))
    story.facts["invoice"] = run.call(story, "use", "use_salon")
    run.count(story, "before")
    run.call(story, "uninstall", "uninstall", modules=[BASE])
    run.look(story, "removed")
    run.count(story, "after")
    story.facts["opened"] = run.call(story, "open the host", "open_host")
    run.call(story, "use the host", "use_host")


@scenario
def books(run: Scenarios, story: Story) -> None:
    """Companies with the charts of several countries keep the money of a day."""
    run.copy(story, run.story("host").name)
    modules = [*suite(), *CHARTS.values()]
    run.odoo(story, "install", "-i", ",".join(modules))
    for chart in CHARTS:
        with run.slots:
            story.facts[chart], story.logs[chart] = run.databases.call(
                story.name, BOOKS, "keep_books", chart=chart
            )


@scenario
def together(run: Scenarios, story: Story) -> None:
    """All addons come at once into the existing database and are used."""
    run.copy(story, run.story("host").name)
    run.odoo(story, "install", "--with-demo", "-i", ",".join(everything()))
    run.look(story, "installed")
    story.facts["reconciled"] = run.call(story, "reconcile", "reconcile")
    story.facts["invoice"] = run.call(story, "use", "use_salon")
    run.count(story, "used")


@scenario
def upgraded(run: Scenarios, story: Story) -> None:
    """All are upgraded, after somebody has dropped the guard of the table."""
    run.copy(story, run.story("together").name)
    run.count(story, "before")
    run.databases.execute(
        story.name, f"ALTER TABLE salon_occupancy DROP CONSTRAINT {GUARD}"
    )
    run.odoo(story, "upgrade", "-u", ",".join(everything()))
    run.look(story, "upgraded")
    run.count(story, "after")
    run.call(story, "use", "use_salon")


@scenario
def conflicting(run: Scenarios, story: Story) -> None:
    """The table has no guard and overlapping rows; then upgrade, then install."""
    run.copy(story, run.story("booking").name)
    run.databases.execute(story.name, OVERLAP)
    try:
        run.odoo(story, "upgrade", "-u", BASE)
    except OdooFailedError as error:
        story.facts["upgrade"] = str(error)
    run.look(story, "upgraded")
    # As a database restored halfway: the table is there, the addon is not.
    run.databases.execute(
        story.name,
        f"UPDATE ir_module_module SET state = 'uninstalled' WHERE name = '{BASE}'",
    )
    try:
        run.odoo(story, "install", "-i", BASE)
    except OdooFailedError as error:
        story.facts["install"] = str(error)


@scenario
def shown(run: Scenarios, story: Story) -> None:
    """As `cleared`, but with the demo data of all addons, which are in use."""
    together = run.story("together")
    run.copy(story, together.name)
    story.facts["invoice"] = together.facts["invoice"]
    run.count(story, "before")
    run.call(story, "uninstall", "uninstall", modules=[BASE])
    run.look(story, "removed")
    run.count(story, "after")
    story.facts["opened"] = run.call(story, "open the host", "open_host")
    run.call(story, "use the host", "use_host")


@scenario
def empty(run: Scenarios, story: Story) -> None:
    """All addons come into a new database, without demo data."""
    run.databases.create(story.name)
    run.odoo(story, "install", "-i", ",".join(everything()))
    run.look(story, "installed")
    run.call(story, "use", "use_salon")
