"""Runs inside Odoo's shell, which gives `env`: runs benchmarks, saves the results."""

import json
import os
import sys
import traceback
from pathlib import Path

task = json.loads(os.environ["SALON_TASK"])
sys.path.insert(0, task["folder"])
try:
    import harness

    def report(name):
        print(f"- {name}", file=sys.stderr, flush=True)

    results = harness.run(env, task["names"], report)  # noqa: F821
except LookupError as error:
    print(f"salon: {error.args[0]}", file=sys.stderr, flush=True)
    os._exit(1)
except Exception:
    traceback.print_exc()
    sys.stderr.flush()
    # The shell itself would end with 0.
    os._exit(1)
Path(task["result"]).write_text(json.dumps(results))
