"""The locks say what pyproject.toml asks for, by hash, and name no index."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ASKED = PROJECT["dependencies"]
LOCKS = {
    "requirements.lock": ASKED,
    "requirements-dev.lock": ASKED + PROJECT["optional-dependencies"]["dev"],
}

OF_FLASK = {"click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}
"""What Flask hands out as its own."""


def blocks(lock: str) -> dict[str, str]:
    """What the lock holds: for each package its lines, from the pinned version to the last "via"."""
    text = re.sub(r"\A(#.*\n)+", "", (ROOT / lock).read_text())
    return {re.split(r"[=\s]", block, maxsplit=1)[0]: block for block in re.split(r"\n(?=[a-z0-9])", text)}


def version(block: str) -> str:
    return re.match(r"[^=]+==(\S+)", block)[1]


@pytest.mark.parametrize("lock", LOCKS)
def test_each_dependency_asked_for_is_locked_at_a_version_that_fits(lock):
    locked = blocks(lock)
    for asked in map(Requirement, LOCKS[lock]):
        name = canonicalize_name(asked.name)
        assert name in locked, f"{lock} lacks {name}: run script/lock"
        assert asked.specifier.contains(version(locked[name])), f"{lock} has {name} at another version: run script/lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_locked_that_is_no_longer_asked_for(lock):
    direct = {name for name, block in blocks(lock).items() if "triennium (pyproject.toml)" in block}
    assert direct == {canonicalize_name(Requirement(asked).name) for asked in LOCKS[lock]}, "run script/lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_is_locked_by_hash(lock):
    assert all("--hash=sha256:" in block for block in blocks(lock).values())


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_index(lock):
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", (ROOT / lock).read_text())


def test_both_locks_hold_the_same_versions():
    ours, development = blocks("requirements.lock"), blocks("requirements-dev.lock")
    assert {name: version(block) for name, block in ours.items()} == {name: version(development[name]) for name in ours}


def test_what_the_program_imports_is_asked_for_by_its_own_name():
    """What comes along with another package goes when that one no longer needs it."""
    asked = {canonicalize_name(Requirement(each).name) for each in ASKED}
    homes = packages_distributions()
    for path in [*(ROOT / "app").rglob("*.py"), ROOT / "config.py"]:
        for name in _imported(ast.parse(path.read_text())):
            if name in sys.stdlib_module_names or name in ("app", "config") or name in OF_FLASK:
                continue
            from_ = {canonicalize_name(each) for each in homes.get(name, ())}
            assert from_ & asked, f"{path.relative_to(ROOT)} imports {name}; pyproject.toml names none of {from_}"


def _imported(tree: ast.AST) -> set[str]:
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            named.add((node.module or "").partition(".")[0])
    return named
