"""Pages read by axe: what it finds by the rules of WCAG 2.2 AA, and whether a page runs out of the screen."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

SOURCE = next((Path(__file__).parent / "vendor" / "axe-core").glob("*/axe.min.js")).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""What another theme can change."""
WIDE, NARROW = 1440, 390


def findings(page: Page, rules: list[str] = RULES, *, but: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page as it stands; by the rules of these kinds, or by these alone, but not by some."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SOURCE)
    found: list[str] = page.evaluate(
        # To name what is well takes longer than to find what is not.
        "async ([tags, rules]) => "
        "(await axe.run(document, {runOnly: tags, rules, resultTypes: ['violations']})).violations"
        ".flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))",
        [rules, {rule: {"enabled": False} for rule in but}],
    )
    return found


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


VIEWS = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"))
WIDE_ALONE = VIEWS[:1]
"""For what is drawn by the same macros as a page that is read in every view; a phone only measures its width."""


def read(page: Page, views: Sequence[tuple[int, str]] = VIEWS) -> list[str]:
    """Everything against a page: on a wide screen in both themes, and on a phone; or in these views alone."""
    found = []
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        rules = OF_COLOUR if theme == "dark" else RULES
        # Colours are the dearest to tell, and are no others on a phone.
        but = OF_COLOUR if width == NARROW else ()
        found += [f"{width} {theme}: {finding}" for finding in findings(page, rules, but=but)]
        if overflows(page):
            found.append(f"{width}: wider than the screen")
    if views is WIDE_ALONE:
        page.set_viewport_size({"width": NARROW, "height": 900})
        if overflows(page):
            found.append(f"{NARROW}: wider than the screen")
    return found
