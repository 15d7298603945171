"""Templates keep to the content security policy: no inline style, no inline script, no handler in an attribute."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
ICON = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def pages() -> list[Path]:
    # What is printed by WeasyPrint and what is mailed never meets the policy of a page.
    return [path for path in TEMPLATES if path.relative_to(ROOT / "templates").parts[0] not in {"reports", "mail"}]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    text = COMMENT.sub("", path.read_text())
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert "<style" not in text, "style element"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "script without src"
    assert not re.search(r"""\son[a-z]+\s*=\s*["'{]""", text), "handler in an attribute"
    assert "javascript:" not in text
    assert not re.search(r"""(?:src|href)=["']https?://[^"']*\.(?:js|css)""", text), "file of another host"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    sprites = list((ROOT / "static" / "vendor" / "tabler-icons").glob("*/sprite.svg"))
    known = set(re.findall(r'<symbol id="([^"]+)"', sprites[0].read_text()))
    assert set(ICON.findall(path.read_text())) <= known


def test_static_files_named_by_the_templates_are_there() -> None:
    for path in pages():
        for name in re.findall(r"""url_for\(["']static["'],\s*filename=["']([^"']+)["']\)""", path.read_text()):
            assert (ROOT / "static" / name).is_file(), f"{path.name}: {name}"
