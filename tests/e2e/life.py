"""One browser that goes through years: whoever's turn it is signs in to it, and the clock of the server goes on."""

import re
from dataclasses import dataclass
from datetime import date

import time_machine
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.cast import Cast, House, Member, cookie_of


@dataclass(slots=True)
class Life:
    """One browser that whoever's turn it is signs in to, and the clock of the server."""

    app: Flask
    cast: Cast
    page: Page
    clock: time_machine.Traveller
    address: str
    here: tuple[int, int] | None = None
    """Who is signed in, and where."""

    def today(self, day: date) -> None:
        """The clock goes on; whoever was signed in is no longer."""
        self.clock.move_to(f"{day}T08:00:00+00:00")
        self.here = None

    def by(self, who: Member, *words: str, house: House | None = None) -> Page:
        """Somebody signs in, and goes from the first page of their organisation by the words of the side bar.

        Who is there already goes on by them from where they are.
        """
        place = house or self.cast.organisation
        if self.here != (who.id, place.id) or not words:
            context: BrowserContext = self.page.context
            context.clear_cookies()
            context.add_cookies([{**cookie_of(self.app, who), "url": self.address}])  # type: ignore[list-item]
            self.page.goto(f"/o/{place.slug}/")
            self.here = who.id, place.id
        self.follow(*words)
        return self.page

    def follow(self, *words: str) -> None:
        """Go on by links, each by its whole name."""
        for word in words:
            self.page.get_by_role("link", name=word, exact=True).first.click()

    def press(self, name: str) -> None:
        """Press a button by its whole name; of what only a screen reader says, a blank may stand before the colon."""
        whole = re.escape(name).replace(":", " ?:")
        self.page.get_by_role("button", name=re.compile(f"^{whole}$")).click()

    def fill(self, **typed: str) -> None:
        """Type into the fields of a form, by their names in it."""
        for field, text in typed.items():
            self.page.locator(f"#{field}").fill(text)

    def reads(self, *says: str) -> None:
        """The page says all of this."""
        for each in says:
            expect(self.page.locator("body")).to_contain_text(each)

    def row(self, *words: str) -> Locator:
        """The row of a table that has these words."""
        found = self.page.locator("tr")
        for each in words:
            found = found.filter(has_text=each)
        return found.first

    def cells(self, row: Locator, **expected: str) -> None:
        """What stands in a row, by the heads of its columns (`_` for a blank)."""
        for head, text in expected.items():
            expect(row.locator(f'[data-label="{head.replace("_", " ")}"]')).to_have_text(re.compile(re.escape(text)))


def uses(life: Life, what: str, **counted: str) -> None:
    """How one line of the allowances stands."""
    found = life.page.get_by_role("table", name="Allowances").locator("tbody tr").filter(has_text=what)
    life.cells(found, **{head.capitalize(): count for head, count in counted.items()})
