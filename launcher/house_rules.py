"""Rules of the house that no ready-made linter knows.

Each rule is a function from a parsed source file to its problems. A rule that a line
must break can be silenced there by `# house: <rule> - <reason>`.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MODEL_BASES = {"Model", "TransientModel", "AbstractModel", "BaseModel"}
MODEL_LAYERS = {"models", "services", "wizard", "report"}
# Public by the host's contract: overrides of the ORM and of core's own public methods.
HOST_METHODS = frozenset(
    """
    init create write unlink copy copy_data default_get read read_group web_read
    search search_count search_read search_fetch name_search name_create
    formatted_read_group web_search_read web_save get_views get_view fields_get
    fields_view_get get_formview_id get_formview_action get_access_action
    get_portal_url get_base_url message_post message_new message_update
    message_subscribe toggle_active create_document_from_attachment
    onchange flush_model browse exists filtered_domain get_empty_list_help
    load export_data get_import_templates unlink_archive check_access
    """.split()
)
IMPURE_MODULES = {
    *("random", "secrets", "socket", "subprocess", "urllib", "http", "time", "os"),
    *("pathlib", "shutil", "sqlite3", "logging"),
}
PURE_MODULES = {"urllib.parse"}
CLOCK = {"now", "utcnow", "today"}
EXECUTED_LAYERS = {"tests", "migrations"}


@dataclass(frozen=True)
class Problem:
    """A place that breaks a rule."""

    path: Path
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


@dataclass
class Source:
    """A parsed file of an addon, and where it stands."""

    path: Path
    relative: Path
    text: str
    tree: ast.Module = field(init=False)
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text)
        self.lines = self.text.splitlines()

    @property
    def layer(self) -> str:
        """The first folder inside the addon; empty for the addon's own files."""
        return self.relative.parts[0] if len(self.relative.parts) > 1 else ""

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def comment_above(self, line: int) -> str:
        """The comment on a line and the block of comments directly above it."""
        found = [self.lines[line - 1].partition("#")[2]]
        above = line - 2
        while above >= 0 and self.lines[above].strip().startswith("#"):
            found.append(self.lines[above])
            above -= 1
        return "\n".join(found)


Finding = tuple[int, str]
Rule = Callable[[Source], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a rule under the name by which a line can silence it."""

    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return register


def _attribute(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _decorators(function: ast.FunctionDef) -> set[str]:
    names = set()
    for node in function.decorator_list:
        target = node.func if isinstance(node, ast.Call) else node
        names.add(ast.unparse(target))
    return names


def _model_methods(source: Source) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        if bases & MODEL_BASES:
            yield from (
                member for member in node.body if isinstance(member, ast.FunctionDef)
            )


@rule("engine-is-pure")
def engine_is_pure(source: Source) -> Iterator[Finding]:
    """The engine imports the standard library and itself, and asks no clock."""
    if source.layer != "engine":
        return
    depth = len(source.relative.parts) - 1
    for node in ast.walk(source.tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.ImportFrom) and node.level > depth:
            yield node.lineno, "the engine imports from outside of itself"
        for name in names:
            top = name.partition(".")[0]
            if name in PURE_MODULES:
                continue
            if top not in sys.stdlib_module_names or top in IMPURE_MODULES:
                yield node.lineno, f"the engine imports {name}"
        if isinstance(node, ast.Call) and _attribute(node) in CLOCK:
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if owner in ("datetime", "date"):
                yield node.lineno, "the engine reads the clock; take it as an argument"


@rule("no-http-below-controllers")
def no_http_below_controllers(source: Source) -> Iterator[Finding]:
    """Models and services do not know of requests."""
    if source.layer not in ("models", "services", "engine"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        names = {f"{node.module}.{alias.name}" for alias in node.names}
        if node.module == "odoo.http" or "odoo.http" in names:
            yield node.lineno, f"{source.layer} use no request"


@rule("sudo-has-its-reason")
def sudo_has_its_reason(source: Source) -> Iterator[Finding]:
    """Above each sudo(), in the same function, stands `# sudo: model - reason`."""
    if source.layer in EXECUTED_LAYERS:
        return
    reasons = [
        number
        for number, line in enumerate(source.lines, start=1)
        if re.search(r"#\s*sudo: \S.* - \S", line)
    ]
    functions = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]
    for call in source.calls():
        if _attribute(call) != "sudo":
            continue
        line = call.func.end_lineno
        around = [node.lineno for node in functions if node.lineno <= line]
        start = max(around, default=0) - 1
        if not any(start <= reason <= line for reason in reasons):
            yield line, "sudo() without `# sudo: model - reason`"


@rule("csrf-stays-on")
def csrf_stays_on(source: Source) -> Iterator[Finding]:
    for call in source.calls():
        for keyword in call.keywords:
            value = keyword.value
            if keyword.arg == "csrf" and getattr(value, "value", None) is False:
                yield value.lineno, "csrf=False opens the route to other sites' forms"


@rule("no-literal-id")
def no_literal_id(source: Source) -> Iterator[Finding]:
    """No number in the code stands for a record of some database."""
    if source.layer in EXECUTED_LAYERS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _attribute(node) == "browse" and node.args:
            values = getattr(node.args[0], "elts", [node.args[0]])
            if any(_is_id(value) for value in values):
                yield node.lineno, "browse() of a literal database id"
        if isinstance(node, ast.Tuple) and len(node.elts) == 3:
            name = getattr(node.elts[0], "value", None)
            is_key = isinstance(name, str) and (name == "id" or name.endswith("_id"))
            if is_key and _is_id(node.elts[2]):
                yield node.lineno, "a literal database id in a domain"


def _is_id(node: ast.expr) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


@rule("compute-has-depends")
def compute_has_depends(source: Source) -> Iterator[Finding]:
    for method in _model_methods(source):
        if not method.name.startswith("_compute_"):
            continue
        if _decorators(method) & {"api.depends", "api.depends_context", "api.model"}:
            continue
        # An override that calls super() keeps what it depends on.
        if f"super().{method.name}(" not in ast.unparse(method):
            yield method.lineno, f"{method.name} without @api.depends"


@rule("private-by-name")
def private_by_name(source: Source) -> Iterator[Finding]:
    """A method of a model without underscore can be called by every logged-in user."""
    if source.layer not in MODEL_LAYERS:
        return
    for method in _model_methods(source):
        decorators = _decorators(method)
        is_meant = (
            method.name.startswith(("_", "action_"))
            or method.name in HOST_METHODS
            or "api.private" in decorators
            or "property" in decorators
            or f"super().{method.name}(" in ast.unparse(method)
        )
        first = min([method.lineno, *(node.lineno for node in method.decorator_list)])
        if not is_meant and "rpc:" not in source.comment_above(first):
            advice = (
                "give it an underscore, @api.private, or `# rpc: who checks rights`"
            )
            yield method.lineno, f"{method.name} can be called by everybody: {advice}"


@rule("no-print")
def no_print(source: Source) -> Iterator[Finding]:
    for call in source.calls():
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield call.lineno, "print() instead of the log"


@rule("no-sql-constraints")
def no_sql_constraints(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(ast.unparse(target) == "_sql_constraints" for target in targets):
            yield node.lineno, "_sql_constraints is ignored by Odoo 19"


@rule("no-search-for-all")
def no_search_for_all(source: Source) -> Iterator[Finding]:
    if source.layer in EXECUTED_LAYERS:
        return
    for call in source.calls():
        if _attribute(call) == "search" and call.args:
            first = call.args[0]
            limited = any(keyword.arg == "limit" for keyword in call.keywords)
            if isinstance(first, ast.List) and not first.elts and not limited:
                yield call.lineno, "search([]) loads the whole table"


@rule("controllers-delegate")
def controllers_delegate(source: Source) -> Iterator[Finding]:
    """A controller parses, calls one service and renders."""
    if source.layer != "controllers":
        return
    for call in source.calls():
        name = _attribute(call)
        if name not in ("search", "create", "search_read", "unlink"):
            continue
        # A regular expression is searched as well.
        if ast.unparse(call.func.value) != "re":
            yield call.lineno, f".{name}() belongs into a service"


@rule("translated-text-is-literal")
def translated_text_is_literal(source: Source) -> Iterator[Finding]:
    for call in source.calls():
        name = call.func.id if isinstance(call.func, ast.Name) else _attribute(call)
        if name not in ("_", "_lt") or not call.args:
            continue
        text = call.args[0]
        if isinstance(text, (ast.JoinedStr, ast.BinOp)) or (
            isinstance(text, ast.Call) and _attribute(text) == "format"
        ):
            yield call.lineno, "a translated text takes its values as arguments of _()"


@rule("no-silent-except")
def no_silent_except(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            name = ast.unparse(node.type) if node.type else ""
            is_silent = all(isinstance(part, ast.Pass) for part in node.body)
            if name in ("", "Exception", "BaseException") and is_silent:
                yield node.lineno, "an exception of any kind is swallowed"


def check_text(text: str, relative: Path, path: Path | None = None) -> list[Problem]:
    """Check the text of a file that stands at `relative` inside its addon."""
    path = path or relative
    try:
        source = Source(path, relative, text)
    except SyntaxError as error:
        return [Problem(path, error.lineno or 1, "syntax", str(error.msg))]
    problems = []
    for name, function in RULES.items():
        silence = re.compile(rf"house:\s*{name} - \S")
        for line, message in function(source):
            if not silence.search(source.comment_above(line)):
                problems.append(Problem(path, line, name, message))
    return problems


def check(addons: list[Path]) -> list[Problem]:
    """Check every Python file of some addons."""
    problems = []
    for addon in addons:
        for path in sorted(addon.rglob("*.py")):
            relative = path.relative_to(addon)
            problems += check_text(path.read_text(), relative, path)
    return problems
