"""What a finding may concern, and how it is named where somebody types it."""

from app.domain.words import Word


class Concern(Word):
    """What a finding may concern: of one link exactly one of these."""

    ASSET = "asset"
    ENTITLEMENT = "entitlement"
    POOL = "pool"
    INSTALLATION = "installation"
    SITE = "site"
    PROCESS = "process"
    CHANGE = "change"

    @property
    def label(self) -> str:
        return {"pool": "Licence pool", "change": "Change request"}.get(self.value, self.value.capitalize())

    @property
    def column(self) -> str:
        """The column of a link that holds it."""
        return f"{self.value}_id"


MOST_LINKS = 200
"""So many things one finding concerns: a choice of the product."""


def parted(line: str) -> tuple[Concern | None, str]:
    """A line as it was typed: what it names, and of which kind where that was said, as in “site: Munich”."""
    said, colon, name = line.partition(":")
    kind = next((each for each in Concern if each.value == said.strip().casefold()), None)
    return (kind, name.strip()) if colon and kind is not None else (None, line.strip())


def typed_lines(text: str) -> list[str]:
    """The lines that name something, each once."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        plain = " ".join(line.split())
        if plain:
            found.setdefault(plain.casefold(), plain)
    return list(found.values())
