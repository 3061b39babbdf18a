import logging
from pathlib import Path

from psycopg2 import DataError, IntegrityError

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

from ..engine.imports import SOURCES, ImportFileError, detect, unpack
from ..engine.imports.rows import ERROR
from ..engine.imports.values import RowError, word
from .import_job import MODULE, ImportJob

_logger = logging.getLogger(__name__)

#: The files of an export by the kind their rows are counted as.
COUNTED_AS = {
    "services": "service",
    "products": "product",
    "staff": "staff",
    "clients": "client",
    "receipts": "receipt_line",
    "bookings": "appointment",
    "cancellations": "appointment",
    "no_shows": "appointment",
}
#: How often a batch is tried when others are in the way.
TRIES = 5
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class SalonImport(models.AbstractModel):
    """Stores what a source has read: each row once, however often it is run.

    Every stored row has an external id made of its source, branch and key; a row whose
    id is known is left as it is. Rows are created in batches, each in a savepoint; a
    batch that fails is halved until the broken row stands alone and is reported.

    Other addons extend the steps, one method each, by ``_inherit``: what they return
    is what this run created, so that a second run adds nothing.
    """

    _name = "salon.import"
    _description = "Salon Import Service"

    # -- entry points -------------------------------------------------------------

    @api.model
    def _import_directory(self, path, source=None, branch=None, journal=None):
        """Import the files of a directory, or one file, committing after each batch.

        :param path: of a directory with CSV or zip files, or of one of these
        :param source: name of a source; None finds it by the files
        :param branch: salon.branch; None takes or makes one for this source
        :param journal: account.journal the receipts were paid into; None takes the
            first bank journal of the branch
        :return: the summary, see ``ImportJob.summary``
        :raises UserError: there is nothing that could be imported
        """
        path = Path(path).expanduser()
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        files = {
            file.name: file.read_bytes()
            for file in found
            if file.is_file() and file.suffix.lower() in (".csv", ".txt", ".zip")
        }
        if not files:
            raise UserError(
                self.env._(
                    "There are no CSV or zip files in %(path)s. Name the folder of the "
                    "export.",
                    path=path,
                )
            )
        return self._import_files(files, source, branch, journal, commit=True)

    @api.model
    def _import_files(
        self, files, source=None, branch=None, journal=None, commit=False
    ):
        """Import files given as ``{name: bytes}``, archives among them unpacked.

        :param commit: after each batch; else everything stays in the caller's
            transaction. For the other arguments see ``_import_directory``.
        """
        export = self._read_export(files, source)
        # sudo: salon.import - the right was checked while reading; the owner needs no
        # right on accounting, personnel and settings to bring in the salon's own books
        self = self.sudo().with_context(**QUIET)
        branch = (branch or self._get_branch(export)).sudo()
        self = self.with_company(branch.company_id)
        job = ImportJob(export, branch.with_env(self.env), journal, commit)
        job.journal = (journal or self._get_journal(job.branch)).with_env(self.env)
        self._check_books(job)
        self._lock(job)
        job.known = self._load_known(job)
        job.problems = list(export.problems)
        for problem in export.problems:
            kind = export.kinds.get(problem.file)
            if problem.severity == ERROR and kind:
                job.count(COUNTED_AS[kind], "skipped")
        self._run_steps(job)
        self._checkpoint(job)
        summary = job.summary()
        _logger.info("Import of %s: %s", export.source, self._summary_text(summary))
        return summary

    @api.model
    def _read_export(self, files, source=None):
        """The rows of the files, without storing anything.

        :raises UserError: no source knows these files
        """
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_owner"
        ):
            raise AccessError(
                self.env._("Importing from other software is for the owner.")
            )
        try:
            files = unpack(files)
        except ImportFileError as error:
            raise UserError(str(error)) from error
        known = {known.name: known for known in self._sources()}
        if source and source not in known:
            raise UserError(
                self.env._(
                    "There is no import called %(source)s; there are %(known)s.",
                    source=source,
                    known=", ".join(sorted(known)),
                )
            )
        found = known[source] if source else detect(files, known.values())
        if not found:
            raise UserError(
                self.env._(
                    "No known software exports files like %(files)s. Check that they "
                    "are the CSV files of the export, with headings in the first line.",
                    files=", ".join(sorted(files)) or self.env._("none"),
                )
            )
        zone = self.with_context(tz=found.tz)
        return found.read(files, fields.Date.context_today(zone))

    @api.model
    def _sources(self):
        """The exports that are understood; extend to add one."""
        return list(SOURCES)

    @api.model
    def _get_kinds(self):
        """What the kinds of rows are called on the screen; extend with a kind."""
        return {
            "tax": self.env._("Taxes"),
            "category": self.env._("Categories"),
            "service": self.env._("Services"),
            "product": self.env._("Products"),
            "staff": self.env._("Team"),
            "skill": self.env._("Who does what"),
            "client": self.env._("Clients"),
            "visit": self.env._("Visits"),
            "appointment": self.env._("Bookings"),
            "receipt": self.env._("Receipts"),
            "receipt_line": self.env._("Receipt lines"),
            "payment": self.env._("Payments"),
        }

    # -- steps --------------------------------------------------------------------

    @api.model
    def _run_steps(self, job):
        export = job.export
        job.taxes = self._get_taxes(job)
        self._import_categories(job)
        self._import_services(export.services, job)
        self._import_products(export.products, job)
        self._import_staff(export.staff, job)
        self._import_clients(export.clients, job)
        self._import_skills(export, job)
        self._import_visits(export, job)
        self._import_receipts(export.receipts, job)
        self._after_import(job)

    @api.model
    def _import_categories(self, job):
        rows = [*job.export.services, *job.export.products]
        named = {row.category: row for row in rows if row.category}
        return self._store(
            job,
            "category",
            self.env["product.category"],
            [(word(name), row.at, row) for name, row in named.items()],
            lambda row: {"name": row.category},
        )

    @api.model
    def _import_services(self, rows, job):
        return self._store(
            job,
            "service",
            self.env["product.product"],
            [(word(row.code), row.at, row) for row in rows],
            lambda row: self._prepare_service(row, job),
        )

    @api.model
    def _prepare_service(self, row, job):
        return {
            **self._prepare_item(row, job),
            "type": "service",
            "is_salon_service": True,
            "purchase_ok": False,
            "salon_phase_ids": [
                Command.create(
                    {"sequence": place, "kind": phase.kind, "minutes": phase.minutes}
                )
                for place, phase in enumerate(row.phases, 1)
            ],
        }

    @api.model
    def _import_products(self, rows, job):
        """Create what is sold over the counter.

        :return: ``{code as a word: product.product}`` of what this run created
        """
        return self._store(
            job,
            "product",
            self.env["product.product"],
            [(word(row.code), row.at, row) for row in rows],
            lambda row: self._prepare_product(row, job),
        )

    @api.model
    def _prepare_product(self, row, job):
        return {**self._prepare_item(row, job), "type": "consu"}

    @api.model
    def _prepare_item(self, row, job):
        values = {
            "name": row.name,
            "default_code": row.code,
            "list_price": float(row.price),
            "standard_price": float(row.cost),
            "taxes_id": [Command.set(job.taxes.ids)],
            "active": row.active,
        }
        if row.category:
            values["categ_id"] = job.get("category", row.category)
        return values

    @api.model
    def _import_staff(self, rows, job):
        return self._store(
            job,
            "staff",
            self.env["hr.employee"],
            [(word(row.code), row.at, row) for row in rows],
            lambda row: {
                "name": row.name,
                "company_id": job.branch.company_id.id,
                "tz": job.branch.tz,
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(job.branch.ids)],
            },
        )

    @api.model
    def _import_clients(self, rows, job):
        return self._store(
            job,
            "client",
            self.env["res.partner"],
            [(word(row.code), row.at, row) for row in rows],
            lambda row: {
                "name": row.name,
                "ref": row.code,
                "phone": row.phone,
                "email": row.email,
            },
        )

    @api.model
    def _import_skills(self, export, job):
        """What somebody has done or is booked for, she can be booked for again."""
        pairs = {}
        for row in export.bookings:
            pairs.setdefault((row.staff, row.service), row.at)
        for receipt in export.receipts:
            for line in receipt.lines:
                if line.item.kind == "service" and line.amount > 0:
                    pairs.setdefault((line.staff, line.item.code), line.at)
        templates = {
            product.id: product.product_tmpl_id.id
            for product in self.env["product.product"].browse(
                job.find("service", word(row.code))
                for row in export.services
                if job.find("service", word(row.code))
            )
        }

        def prepare(pair):
            staff, service = pair
            return {
                "staff_id": job.get("staff", staff),
                "product_tmpl_id": templates[job.get("service", service)],
            }

        return self._store(
            job,
            "skill",
            self.env["salon.skill"],
            [
                (f"{word(staff)}.{word(service)}", at, (staff, service))
                for (staff, service), at in sorted(pairs.items(), key=lambda p: p[0])
                if staff and job.find("service", word(service))
            ],
            prepare,
        )

    @api.model
    def _after_import(self, job):
        """Hook: everything is in; ``job.counts`` says what is new."""

    # -- storing ------------------------------------------------------------------

    @api.model
    def _store(self, job, kind, model, rows, prepare, size=500):
        """Create one record for each row that is not known yet.

        :param rows: list of (key, place in the files, row); keys are words
        :param prepare: function from row to values; may raise RowError
        :return: ``{key: record}`` of what was created
        """
        wanted = []
        for key, at, row in rows:
            if job.find(kind, key):
                job.count(kind, "unchanged")
                continue
            try:
                wanted.append((key, at, prepare(row)))
            except RowError as error:
                job.skip(kind, at, error)
        return self._in_batches(
            job,
            kind,
            wanted,
            lambda part, job: self._create_known(job, kind, model, part),
            size,
        )

    @api.model
    def _in_batches(self, job, kind, wanted, create, size=500):
        """Create in batches, each kept as soon as it is in.

        :param wanted: list of tuples that begin with key and place
        :param create: function from such a list and the job to ``{key: record}``
        """
        created = {}
        for part in split_every(size, wanted, list):
            created |= self._try_repeatedly(job, kind, part, create)
            self._checkpoint(job)
            _logger.info(
                "Import of %s: %s of %s new %s rows",
                job.export.source,
                len(created),
                len(wanted),
                kind,
            )
        return created

    @api.model
    def _try_repeatedly(self, job, kind, part, create):
        """Somebody at work may be in the way of a batch; it is then done once more."""
        tries_left = TRIES if job.is_committing else 1
        while True:
            before = job.snapshot()
            try:
                return self._try(job, kind, part, create)
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
                # Without commits the whole transaction is the caller's to repeat.
                tries_left -= 1
                if not tries_left:
                    raise
                self.env.cr.rollback()
                # What was kept in memory of the rows that are gone.
                self.env.registry.clear_cache()
                job.restore(before)
                self._lock(job)

    @api.model
    def _create_known(self, job, kind, model, part):
        records = model.create([dict(values) for _key, _at, values in part])
        created = {
            key: record
            for (key, _at, _values), record in zip(part, records, strict=True)
        }
        self._remember({(kind, key): record for key, record in created.items()}, job)
        return created

    @api.model
    def _try(self, job, kind, part, create):
        """Run ``create`` on a batch; halve it on failure down to the broken row."""
        before = job.snapshot()
        try:
            with self.env.cr.savepoint():
                created = create(part, job)
            job.count(kind, "created", len(created))
            return created
        except (UserError, RowError, IntegrityError, DataError) as error:
            job.restore(before)
            if len(part) == 1:
                self._report(job, kind, part[0], self._reason(error))
                return {}
        middle = len(part) // 2
        return {
            **self._try(job, kind, part[:middle], create),
            **self._try(job, kind, part[middle:], create),
        }

    @api.model
    def _report(self, job, kind, item, reason):
        """Note the one item of a batch that could not be created."""
        _key, at, *_rest = item
        job.skip(kind, at, reason)

    @api.model
    def _reason(self, error):
        if isinstance(error, (IntegrityError, DataError)):
            diagnosis = error.diag.message_primary or str(error)
            return self.env._("is refused by the database: %(why)s", why=diagnosis)
        return str(error)

    @api.model
    def _remember(self, record_by_key, job):
        """Write the external ids: ``{(kind, key): record}``."""
        self.env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "name": f"{job.prefix}{kind}.{key}",
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for (kind, key), record in record_by_key.items()
            ]
        )
        for (kind, key), record in record_by_key.items():
            job.known[f"{kind}.{key}"] = record.id

    @api.model
    def _load_known(self, job):
        rows = self.env.execute_query(
            SQL(
                """SELECT substr(name, %s), res_id FROM ir_model_data
                    WHERE module = %s AND starts_with(name, %s)""",
                len(job.prefix) + 1,
                MODULE,
                job.prefix,
            )
        )
        return dict(rows)

    @api.model
    def _lock(self, job):
        """One import into a branch at a time; the lock ends with the transaction."""
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"salon.import:{job.branch.id}"],
        )
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._(
                    "Another import into %(branch)s is running. Wait until it has "
                    "ended.",
                    branch=job.branch.name,
                )
            )

    @api.model
    def _checkpoint(self, job):
        """Keep what is in, when the caller asked for it."""
        if not job.is_committing:
            return
        self.env["ir.cron"]._commit_progress(1)
        self._lock(job)

    # -- where it goes ------------------------------------------------------------

    @api.model
    def _get_branch(self, export):
        """The branch of this source, made at the first import."""
        xml_id = f"{MODULE}.{word(export.source)}.branch"
        branch = self.env.ref(xml_id, raise_if_not_found=False)
        if branch:
            return branch
        name = self.env._("Imported salon")
        branch = self.env["salon.branch"].search(
            [("name", "=", name), ("company_id", "=", self.env.company.id)], limit=1
        ) or self.env["salon.branch"].create({"name": name, "tz": export.tz})
        self.env["ir.model.data"].create(
            {
                "module": MODULE,
                "name": xml_id.partition(".")[2],
                "model": branch._name,
                "res_id": branch.id,
                "noupdate": True,
            }
        )
        return branch

    @api.model
    def _summary_text(self, summary):
        """A few lines for the log and the shell."""
        lines = [
            self.env._(
                "%(export)s into %(branch)s, known up to %(day)s, %(seconds)s s",
                export=summary["source"],
                branch=summary["branch"],
                day=summary["as_of"],
                seconds=summary["seconds"],
            )
        ]
        for kind, counts in summary["counts"].items():
            lines.append(
                self.env._(
                    "%(kind)s: %(created)s created, %(unchanged)s there before, "
                    "%(skipped)s skipped",
                    kind=kind.replace("_", " "),
                    **counts,
                )
            )
        for name, amounts in summary["totals"].items():
            lines.append(
                self.env._(
                    "%(name)s: %(export)s in the export, %(posted)s posted",
                    name=name,
                    **amounts,
                )
            )
        for severity in ("skipped", "warnings"):
            for problem in summary[severity]:
                lines.append(
                    f"{severity}: {problem['file']}:{problem['line']} "
                    f"{problem['reason']}"
                )
        return "\n".join(lines)
