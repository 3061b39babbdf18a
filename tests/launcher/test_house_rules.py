"""Our own lint rules: what they catch, and what they leave alone."""

from pathlib import Path

import pytest

from launcher.house_rules import check_text

MODEL = "class Visit(models.Model):\n"


def broken(text, place="models/visit.py"):
    return [problem.rule for problem in check_text(text, Path(place))]


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ("import odoo", "engine/a.py", "engine-is-pure"),
        ("from odoo import fields", "engine/a.py", "engine-is-pure"),
        ("import random", "engine/a.py", "engine-is-pure"),
        ("from ..models import visit", "engine/a.py", "engine-is-pure"),
        ("x = datetime.now()", "engine/a.py", "engine-is-pure"),
        ("from odoo.http import request", "models/a.py", "no-http-below-controllers"),
        ("x = y.sudo()", "models/a.py", "sudo-has-its-reason"),
        ("@route('/a', csrf=False)\ndef a(): ...", "controllers/a.py", "csrf-stays-on"),
        ("x = y.browse(1)", "models/a.py", "no-literal-id"),
        ("d = [('branch_id', '=', 3)]", "models/a.py", "no-literal-id"),
        ("print(1)", "models/a.py", "no-print"),
        ("_sql_constraints = []", "models/a.py", "no-sql-constraints"),
        ("x = y.search([])", "models/a.py", "no-search-for-all"),
        ("x = y.search([('a', '=', 1)])", "controllers/a.py", "controllers-delegate"),
        ("x = self.env._(f'{a}')", "models/a.py", "translated-text-is-literal"),
        ("x = _('%s' % a)", "models/a.py", "translated-text-is-literal"),
        ("try:\n    a()\nexcept Exception:\n    pass", "a.py", "no-silent-except"),
        (MODEL + "    def _compute_a(self): ...", "models/a.py", "compute-has-depends"),
        (MODEL + "    def run(self): ...", "models/a.py", "private-by-name"),
        ("def broken(:", "models/a.py", "syntax"),
    ],
)
def test_a_breach_is_reported(text, place, rule):
    assert broken(text, place) == [rule]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("from .intervals import Span\nimport bisect", "engine/a.py"),
        ("from ..intervals import Span", "engine/imports/a.py"),
        (
            "# sudo: salon.visit - the client may not read it\nx = y.sudo()",
            "models/a.py",
        ),
        ("x = y.browse(ids)", "models/a.py"),
        ("x = y.search([], limit=1)", "models/a.py"),
        ("x = re.search('a', b)", "controllers/a.py"),
        ("x = self.env._('%(a)s', a=1)", "models/a.py"),
        ("x = y.sudo().search([]).browse(1)", "tests/test_a.py"),
        (
            MODEL + "    @api.depends('b')\n    def _compute_a(self): ...",
            "models/a.py",
        ),
        (
            MODEL + "    def _compute_a(self):\n        super()._compute_a()",
            "models/a.py",
        ),
        (MODEL + "    def action_run(self): ...", "models/a.py"),
        (MODEL + "    @api.private\n    def run(self): ...", "models/a.py"),
        (
            MODEL + "    # rpc: checks its own rights\n    def run(self): ...",
            "models/a.py",
        ),
        ("# house: no-print - a script\nprint(1)", "models/a.py"),
    ],
)
def test_good_code_passes(text, place):
    assert broken(text, place) == []


def test_a_reason_counts_only_within_its_function():
    text = (
        "def a():\n    # sudo: salon.visit - because\n    x.sudo()\n\n"
        "def b():\n    x.sudo()\n"
    )
    problems = check_text(text, Path("models/a.py"))
    assert [problem.line for problem in problems] == [6]
