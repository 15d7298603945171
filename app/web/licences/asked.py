"""Which lines of the position are asked for, in which order, and the addresses that ask the same."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import request, url_for

from app.domain.licensing.metric import Metric
from app.queries.positions import Line
from app.web.fields import row_id

STANDINGS = (("short", "Short"), ("surplus", "To spare"), ("balanced", "In balance"))
EVERYWHERE = "all-sites"
_MOST = 200
_NAMES = ("on", "q", "publisher", "metric", "site", "standing", "order", "direction")
_KEYS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name.casefold(),
    "publisher": lambda line: (line.publisher.casefold(), line.name.casefold()),
    "metric": lambda line: line.metric.label,
    "entitled": lambda line: line.position.entitled,
    "demand": lambda line: line.position.demand,
    "covered": lambda line: line.position.allocated,
    "shortfall": lambda line: line.position.shortfall,
    "surplus": lambda line: line.position.surplus,
    # What is short and has no price comes first and last: it may cost anything.
    "cost": lambda line: (line.position.cost_minor is None, line.currency, line.position.cost_minor or 0),
}


class Wanted(NamedTuple):
    """The filters of the address; one that names nothing asks for everything."""

    text: str = ""
    publisher_id: int | None = None
    metric: Metric | None = None
    site: str = ""
    standing: str = ""
    order: str = "name"
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether any line is left out."""
        return bool(self.text or self.publisher_id or self.metric or self.site or self.standing)

    def takes(self, line: Line) -> bool:
        """Whether a line is asked for."""
        words = f"{line.reference} {line.name} {line.publisher}".casefold()
        position = line.position
        standing = {
            "": True,
            "short": position.shortfall > 0,
            "surplus": position.surplus > 0,
            "balanced": not position.shortfall and not position.surplus,
        }
        return (
            all(word in words for word in self.text.casefold().split())
            and self.publisher_id in (None, line.publisher_id)
            and self.metric in (None, line.metric)
            and self.site in ("", line.site or EVERYWHERE)
            and standing[self.standing]
        )

    def of(self, lines: Iterable[Line]) -> list[Line]:
        """The lines that are asked for, in the order that is asked for."""
        found = sorted((line for line in lines if self.takes(line)), key=lambda line: line.reference)
        return sorted(found, key=_KEYS[self.order], reverse=self.descending)


def asked() -> Wanted:
    """What the address asks for."""
    said = request.args
    return Wanted(
        said.get("q", "").strip()[:_MOST],
        said.get("publisher", type=row_id),
        next((each for each in Metric if each.value == said.get("metric")), None),
        said.get("site", "").strip()[:_MOST],
        next((word for word, _ in STANDINGS if word == said.get("standing")), ""),
        said["order"] if said.get("order") in _KEYS else "name",
        said.get("direction") == "down",
    )


def address(endpoint: str, **more: Any) -> str:
    """The address of the same list, with something said besides."""
    kept: dict[str, Any] = {name: request.args[name][:_MOST] for name in _NAMES if request.args.get(name)}
    return url_for(endpoint, **{name: value for name, value in {**kept, **more}.items() if value is not None})


def turned(wanted: Wanted, order: str) -> str:
    """The address that sorts by a column: the other way round where it sorts by that already."""
    is_turned = wanted.order == order and not wanted.descending
    return address("licences.position", order=order, direction="down" if is_turned else None)
