"""Runs inside Odoo's shell, which gives `env`: imports a folder, saves the summary."""

import json
import logging
import os
import sys
import traceback
from pathlib import Path

from odoo.exceptions import UserError


class Progress(logging.StreamHandler):
    """Shows how far the import is; the summary at its end is the command's to show."""

    def emit(self, record):
        if record.msg != "Import of %s: %s":
            super().emit(record)


task = json.loads(os.environ["SALON_TASK"])
logger = logging.getLogger("odoo.addons.salon_booking.services.salon_import")
progress = Progress(sys.stderr)
progress.setFormatter(logging.Formatter("  %(message)s"))
logger.addHandler(progress)
logger.setLevel(logging.INFO)
logger.propagate = False
try:
    if task["dry_run"]:
        # The service commits batch by batch; in a dry run its batches come to nothing.
        env.cr.commit = env.cr.flush  # noqa: F821
    summary = env["salon.import"]._import_directory(  # noqa: F821
        task["directory"], source=task["source"]
    )
    if task["dry_run"]:
        env.cr.rollback()  # noqa: F821
    else:
        env.cr.commit()  # noqa: F821
except Exception as error:
    if isinstance(error, UserError):
        print(f"salon: {error}", file=sys.stderr)
    else:
        traceback.print_exc()
    sys.stderr.flush()
    # The shell itself would end with 0.
    os._exit(1)
Path(task["result"]).write_text(json.dumps(summary, default=str))
