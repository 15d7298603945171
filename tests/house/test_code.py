"""Rules on the code itself, each with the reason why it is one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
COMMENT = re.compile(r"^\s*#.*$|\s#\s.*$", re.MULTILINE)
DOCSTRING = re.compile(r'"""(?:.|\n)*?"""')


def found(pattern: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """Where the code says this, outside the places that may."""
    places = []
    for path in MODULES:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(but):
            continue
        for line in DOCSTRING.sub("", COMMENT.sub("", path.read_text())).splitlines():
            if re.search(pattern, line):
                places.append(f"{name}: {line.strip()}")
    return places


def test_the_day_enters_through_the_work() -> None:
    # The command judges without a database, so there is no organisation whose day it could be.
    clock = r"\bdate\.today\(|\bdatetime\.(now|utcnow|today)\(|\btime\.time\("
    assert found(clock, but=("app/work/", "app/cli/cycle.py")) == []


def test_rows_are_loaded_by_select() -> None:
    # session.get() answers from what is loaded already, and so passes tenancy by.
    assert found(r"\b(db\.session|work\.session|session\(\))\.get\(|\bquery\.get\(|\.get_or_404\(|\bget_one\(") == []


def test_no_write_passes_the_journal_by() -> None:
    raw = r"\bbulk_(save_objects|insert_mappings|update_mappings)\(|\bexec_driver_sql\(|\.begin_nested\("
    # Many rows are sent as they are, each with its entry; that stands in the work, where the journal is.
    assert found(raw, but=("app/database.py", "app/work/bulk.py")) == []
    connected = r"\bsession\.connection\(|\bengine\.(connect|begin)\("
    # The count of tries has a transaction of its own: it stays, whatever becomes of the request.
    # Statistics are the planner's, and change no row.
    may = ("app/work/", "app/queries/installation.py", "app/operations/throttle.py", "app/database.py")
    assert found(connected, but=may) == []


def test_the_work_commits_and_nobody_else() -> None:
    assert found(r"\.commit\(\)", but=("app/work/", "app/web/gate.py", "app/operations/throttle.py")) == []


def test_every_form_keeps_one_line_on_one_line() -> None:
    # Only PageForm puts what a program sends into a field of one line on one line.
    assert found(r"\bFlaskForm\b", but=("app/web/forms.py",)) == []
    # Only WholeField refuses a number of hundreds of digits, before anything is reckoned with it.
    assert found(r"\bIntegerField\b", but=("app/web/fields.py",)) == []


def test_a_query_across_organisations_gives_its_reason() -> None:
    assert found(r"\bACROSS: (True|1|None|\"\"|'')") == []


def test_no_module_is_named_for_nothing() -> None:
    for path in MODULES:
        assert not re.search(r"util|helper|common|manager|misc", path.relative_to(ROOT).as_posix()), path


def test_a_module_stays_short() -> None:
    long = {p.relative_to(ROOT).as_posix(): n for p in MODULES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_what_is_not_escaped_says_why(path: Path) -> None:
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if re.search(r"\|\s*safe\b|\bMarkup\(|autoescape false", line):
            assert "{# safe:" in line, f"{path.name}:{number} is not escaped; say why: {{# safe: ... #}}"


def test_only_drawings_mark_text_as_safe() -> None:
    # These escape what they hold themselves; nothing else writes markup outside a template.
    assert (
        found(r"\bMarkup\(|render_template_string\(", but=("app/outputs/drawing/", "app/web/dev_mail/showing.py")) == []
    )


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_migration_is_named_by_number_and_deed() -> None:
    names = [path.name for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))]
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)
