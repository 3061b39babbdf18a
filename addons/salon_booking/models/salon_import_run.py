import base64
import csv
import io
import logging
from contextlib import nullcontext

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class SalonImportRun(models.Model):
    """One import from other software: its files, and what became of their rows.

    The import itself is the service ``salon.import``; a long one would outlive a
    request, so a scheduled action does it and keeps each batch.
    """

    _name = "salon.import.run"
    _description = "Import from Other Software"
    _order = "id desc"
    _check_company_auto = True

    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        copy=False,
        help="The CSV files of the export, or a zip with them.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    branch_id = fields.Many2one(
        "salon.branch",
        check_company=True,
        help="Where visits and bills go. Empty: a branch of its own is made.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Paid Into",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Receipts seldom say how they were paid: all payments are booked here. "
        "Empty: the first bank journal of the branch.",
    )
    source = fields.Selection(
        selection="_selection_source",
        string="Software",
        help="Empty: recognised by the files.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    is_checked = fields.Boolean(
        readonly=True, copy=False, help="The rows were read, nothing was stored."
    )
    user_id = fields.Many2one(
        "res.users",
        "Imported by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    finished_at = fields.Datetime(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    count_ids = fields.One2many("salon.import.count", "run_id", "Rows", readonly=True)
    total_ids = fields.One2many(
        "salon.import.total", "run_id", "Amounts", readonly=True
    )
    problem_ids = fields.One2many("salon.import.problem", "run_id", readonly=True)
    created_count = fields.Integer("Created", compute="_compute_counts")
    skipped_count = fields.Integer("Left Out", compute="_compute_counts")
    warning_count = fields.Integer("Warnings", compute="_compute_counts")
    problem_file = fields.Binary("Problems as CSV", compute="_compute_problem_file")
    problem_file_name = fields.Char(compute="_compute_problem_file")

    @api.model
    def _selection_source(self):
        sources = self.env["salon.import"]._sources()
        return [(source.name, source.label) for source in sources]

    @api.depends("count_ids.created", "problem_ids.severity")
    def _compute_counts(self):
        for run in self:
            run.created_count = sum(run.count_ids.mapped("created"))
            severities = run.problem_ids.mapped("severity")
            run.skipped_count = severities.count("error")
            run.warning_count = severities.count("warning")

    @api.depends("problem_ids")
    def _compute_problem_file(self):
        for run in self:
            run.problem_file = run._problems_as_csv() if run.problem_ids else False
            run.problem_file_name = "problems.csv"

    @api.depends("source", "branch_id", "create_date")
    def _compute_display_name(self):
        labels = dict(self._selection_source())
        for run in self:
            label = labels.get(run.source) or self.env._("Import from other software")
            run.display_name = (
                f"{label} · {run.branch_id.name}" if run.branch_id else label
            )

    def _problems_as_csv(self):
        self.ensure_one()
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["severity", "file", "line", "reason"])
        for problem in self.problem_ids:
            cells = [problem.severity, problem.file, problem.line, problem.reason]
            # A spreadsheet would take these for formulas.
            rows.writerow(
                f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell
                for cell in cells
            )
        return base64.b64encode(text.getvalue().encode("utf-8-sig"))

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs._own_attachments()
        return runs

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    def _own_attachments(self):
        """Files with clients' names are seen by whoever may see the run, no others."""
        for run in self:
            loose = run.attachment_ids.filtered(lambda file: not file.res_id)
            loose.write({"res_model": run._name, "res_id": run.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        running = self.filtered(lambda run: run.state in ("queued", "running"))
        if running:
            raise UserError(
                self.env._(
                    "%(run)s is still running. Delete it when it has ended.",
                    run=running[0].display_name,
                )
            )

    def action_check(self):
        """Read the files and list what is in them and wrong with them."""
        self.ensure_one()
        export = self.env["salon.import"]._read_export(self._files(), self.source)
        rows = {
            "service": export.services,
            "product": export.products,
            "staff": export.staff,
            "client": export.clients,
            "appointment": export.bookings,
            "receipt": export.receipts,
        }
        self._store_result(
            counts={kind: {"found": len(found)} for kind, found in rows.items()},
            problems=[
                {
                    "file": problem.file,
                    "line": problem.line,
                    "reason": problem.reason,
                    "severity": problem.severity,
                }
                for problem in export.problems
            ],
        )
        self.write({"is_checked": True, "source": export.source, "error": False})

    def action_import(self):
        """Have it done in the background."""
        self.ensure_one()
        self._files()
        if self.state in ("queued", "running"):
            raise UserError(
                self.env._("%(run)s is already running.", run=self.display_name)
            )
        self.write({"state": "queued", "user_id": self.env.uid, "error": False})
        # sudo: ir.cron - waking the scheduled action that does the import
        self.env.ref("salon_booking.salon_import_cron").sudo()._trigger()

    def _files(self):
        """Contents by name.

        :raises UserError: no file was added
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(
                self.env._("Add the files of the export first: CSV files or a zip.")
            )
        return {file.name: file.raw for file in self.attachment_ids}

    @api.model
    def _process_queue(self):
        """Do what waits, the oldest first; one cut off by a restart goes on."""
        waiting = self.search([("state", "in", ("queued", "running"))], order="id")
        for run in waiting:
            run.with_user(run.user_id)._run(commit=True)

    def _run(self, commit=False):
        """Import now and keep the result, a failure too.

        :param commit: keep each batch as soon as it is in
        """
        self.ensure_one()
        self.write({"state": "running"})
        if commit:
            self.env["ir.cron"]._commit_progress()
        try:
            # Batches that are committed one by one leave no savepoint to go back to.
            with nullcontext() if commit else self.env.cr.savepoint():
                summary = self.env["salon.import"]._import_files(
                    self._files(), self.source, self.branch_id, self.journal_id, commit
                )
        except Exception as error:
            # Whatever it was, the run must not wait for ever.
            if commit:
                self.env.cr.rollback()
            # What was kept in memory of the rows that are gone.
            self.env.registry.clear_cache()
            if not isinstance(error, UserError):
                _logger.exception("The import run %s failed", self.id)
                error = self.env._("An unexpected error; the server log has it.")
            self._fail(str(error))
        else:
            self._finish(summary)
        if commit:
            self.env["ir.cron"]._commit_progress(1)

    def _fail(self, message):
        self.write(
            {"state": "failed", "error": message, "finished_at": fields.Datetime.now()}
        )
        self._tell(self.env._("The import failed: %(why)s", why=message), "danger")

    def _finish(self, summary):
        self._store_result(
            counts=summary["counts"],
            totals=[
                {
                    "name": name,
                    "amount_export": float(amounts["export"]),
                    "amount_posted": float(amounts["posted"]),
                }
                for name, amounts in summary["totals"].items()
            ],
            problems=[
                {**problem, "severity": severity}
                for severity, problems in (
                    ("error", summary["skipped"]),
                    ("warning", summary["warnings"]),
                )
                for problem in problems
            ],
        )
        self.write(
            {
                "state": "done",
                "is_checked": False,
                "source": summary["source"],
                "branch_id": summary["branch_id"],
                "finished_at": fields.Datetime.now(),
            }
        )
        self._tell(
            self.env._(
                "The import is done: %(created)s rows came in, %(skipped)s did not.",
                created=self.created_count,
                skipped=self.skipped_count,
            ),
            "success",
        )

    def _store_result(self, counts, problems, totals=()):
        """Replace what is shown.

        :param counts: numbers by kind of row
        """
        kinds = self.env["salon.import"]._get_kinds()
        order = list(kinds)
        counts = [
            {"name": kinds.get(kind, kind), **counts[kind]}
            for kind in sorted(
                counts,
                key=lambda kind: order.index(kind) if kind in order else len(order),
            )
        ]
        # sudo: salon.import.count, salon.import.total, salon.import.problem - results
        # are written by the import alone
        self.sudo().write(
            {
                field: [Command.clear(), *(Command.create(row) for row in rows)]
                for field, rows in (
                    ("count_ids", counts),
                    ("total_ids", totals),
                    ("problem_ids", problems),
                )
            }
        )

    def _tell(self, message, kind):
        self.user_id._bus_send(
            "simple_notification",
            {"type": kind, "message": message, "title": self.display_name},
        )


class SalonImportCount(models.Model):
    _name = "salon.import.count"
    _description = "Rows of an Import by Kind"
    _order = "id"

    run_id = fields.Many2one(
        "salon.import.run", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("What", required=True)
    found = fields.Integer("In the Files")
    created = fields.Integer()
    unchanged = fields.Integer()
    skipped = fields.Integer("Left Out")


class SalonImportTotal(models.Model):
    _name = "salon.import.total"
    _description = "Amount of an Import beside the Books"
    _order = "id"

    run_id = fields.Many2one(
        "salon.import.run", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Amount", required=True)
    currency_id = fields.Many2one(related="run_id.company_id.currency_id")
    amount_export = fields.Monetary("In the Export")
    amount_posted = fields.Monetary("Posted")
    amount_difference = fields.Monetary(
        "Difference", compute="_compute_amount_difference"
    )

    @api.depends("amount_export", "amount_posted")
    def _compute_amount_difference(self):
        for total in self:
            total.amount_difference = total.amount_posted - total.amount_export


class SalonImportProblem(models.Model):
    _name = "salon.import.problem"
    _description = "Row of an Import with a Problem"
    _order = "severity, file, line, id"

    run_id = fields.Many2one(
        "salon.import.run", required=True, index=True, ondelete="cascade"
    )
    severity = fields.Selection(
        [("error", "Left out"), ("warning", "Taken with a doubt")], required=True
    )
    file = fields.Char(required=True)
    line = fields.Integer(help="The heading is line 1; 0 is the whole file.")
    reason = fields.Char(required=True)
