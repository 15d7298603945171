"""What an IT asset is, and the way it takes from planned to disposed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Clause, Reason, RefusedError, refuse_together
from app.domain.words import Word

LIFE_CYCLE = Clause("ISO/IEC 19770-1:2017", "8")
DISPOSAL = Clause("ISO/IEC 27001:2022", "A.7.14")
LICENCES = Clause("ISO/IEC 19770-1:2017", "8.4")
RESPONSIBILITY = Clause("ISO/IEC 19770-1:2017", "8.7")
SCOPE = Clause("ISO/IEC 19770-1:2017", "4.3")
LONGEST_TAG = 40


class AssetKind(Word):
    """What an asset is."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    CLOUD_SERVICE = "cloud-service"
    VIRTUAL_MACHINE = "virtual-machine"
    CONTAINER_IMAGE = "container-image"
    DATA_MEDIA = "data-media"
    DOCUMENT = "document"


class AssetStatus(Word):
    """Where an asset is in its life."""

    PLANNED = "planned"
    ORDERED = "ordered"
    IN_STOCK = "in-stock"
    DEPLOYED = "deployed"
    IN_MAINTENANCE = "in-maintenance"
    RETIRED = "retired"
    DISPOSED = "disposed"
    LOST = "lost"

    @property
    def is_gone(self) -> bool:
        """Whether nobody expects to find it any longer."""
        return self in (AssetStatus.DISPOSED, AssetStatus.LOST)

    @property
    def is_in_use(self) -> bool:
        """Whether it does its work, or will again soon."""
        return self in (AssetStatus.DEPLOYED, AssetStatus.IN_MAINTENANCE)


class Criticality(Word):
    """How much depends on an asset."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_S = AssetStatus
NEXT: dict[AssetStatus, tuple[AssetStatus, ...]] = {
    _S.PLANNED: (_S.ORDERED, _S.IN_STOCK, _S.DEPLOYED, _S.DISPOSED),
    _S.ORDERED: (_S.IN_STOCK, _S.DEPLOYED, _S.PLANNED, _S.LOST),
    _S.IN_STOCK: (_S.DEPLOYED, _S.IN_MAINTENANCE, _S.RETIRED, _S.DISPOSED, _S.LOST),
    _S.DEPLOYED: (_S.IN_STOCK, _S.IN_MAINTENANCE, _S.RETIRED, _S.LOST),
    _S.IN_MAINTENANCE: (_S.DEPLOYED, _S.IN_STOCK, _S.RETIRED, _S.LOST),
    _S.RETIRED: (_S.IN_STOCK, _S.DISPOSED, _S.LOST),
    _S.LOST: (_S.IN_STOCK, _S.DEPLOYED, _S.RETIRED, _S.DISPOSED),
    _S.DISPOSED: (),
}
"""What may follow on what. Nothing follows on a disposal; what is lost may be found."""


def refuse_step(now: AssetStatus, wanted: AssetStatus) -> None:
    """Refuse a status that cannot follow: what is deployed is retired before it is disposed of.

    Raises `RefusedError` at `status`. [ISO/IEC 19770-1:2017, 8]
    """
    if wanted is now or wanted in NEXT[now]:
        return
    after = ", ".join(each.label.lower() for each in NEXT[now])
    says = f"An asset that is {now.label.lower()} cannot become {wanted.label.lower()}."
    follows = f"It can become: {after}." if after else "Nothing follows on that; record a new asset."
    raise RefusedError((Reason(f"{says} {follows}", LIFE_CYCLE),), "status")


@dataclass(frozen=True, slots=True)
class Ending:
    """What an end of an asset is judged by: what is said of it, whether somebody answers for it, what hangs on it."""

    reason: str
    disposal_is_held: bool
    installations: int = 0
    """Of software, not yet removed."""
    seats: int = 0
    """Of licences, checked out to it."""
    guests: int = 0
    """Virtual machines that run on it."""


def refuse_end(wanted: AssetStatus, ending: Ending) -> None:
    """Refuse a loss or a disposal that says nothing, that nobody answers for, or that leaves something behind.

    Raises `RefusedError`, at `reason` where words are missing. [ISO/IEC 27001:2022, A.7.14]
    """
    if wanted is AssetStatus.LOST and not ending.reason.strip():
        raise RefusedError(Reason("Say how it was lost, and what data was on it.", DISPOSAL), "reason")
    if wanted is not AssetStatus.DISPOSED:
        return
    why: list[Reason] = []
    if not ending.disposal_is_held:
        why.append(Reason("Nobody answers for its disposal. Name who does among its duties first.", RESPONSIBILITY))
    for count, one, many, step in (
        (ending.installations, "installation is", "installations are", "Record that they were removed"),
        (ending.seats, "seat of a licence is", "seats of licences are", "Check them in"),
        (ending.guests, "virtual machine runs", "virtual machines run", "Move them"),
    ):
        if count:
            says = f"{count} {one if count == 1 else many} still on it. {step} first."
            why.append(Reason(says, LICENCES))
    if why:
        raise RefusedError(why)
    if not ending.reason.strip():
        says = "Say what became of it, and of the data on it: wiped, destroyed, or never any."
        raise RefusedError(Reason(says, DISPOSAL), "reason")


def normal_tag(tag: str) -> str:
    """A tag as the register writes it: without spaces around, and with single ones inside."""
    return " ".join(tag.split())


def refuse_tag(tag: str) -> None:
    """Refuse a tag that no label could show: none, too long, or with signs that nobody can type.

    Raises `RefusedError` at `tag`.
    """
    if not tag:
        raise RefusedError("An asset has a tag: what stands on its label.", "tag")
    if len(tag) > LONGEST_TAG:
        raise RefusedError(f"A tag has {LONGEST_TAG} signs at most.", "tag")
    if not tag.isprintable():
        raise RefusedError("A tag has only signs that can be printed.", "tag")


def normal_keywords(text: str) -> str:
    """Keywords as they are kept: in small letters, each once, in order, with a space on both sides of each."""
    found = sorted({word for word in text.replace(",", " ").casefold().split() if word})
    return f" {' '.join(found)} " if found else ""


def found_by(*told: str) -> str:
    """What a free search looks through: what is told of an asset, in small letters.

    Of the longest, the first 600 signs: no entry of an index is larger, in whatever script.
    """
    return " ".join(" ".join(told).casefold().split())[:600]


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What of an asset the rules look at when it is recorded or edited."""

    in_scope: bool = True
    scope_reason: str = ""
    cost_minor: int | None = None
    purchased_on: date | None = None
    warranty_ends_on: date | None = None
    sockets: int | None = None
    cores: int | None = None
    threads: int | None = None


def refuse_impossible(facts: AssetFacts, today: date) -> None:
    """Refuse what cannot be: out of scope without a reason, a price below nothing, a warranty before the purchase.

    Raises one `RefusedError` for all of it, each at its field. [ISO/IEC 19770-1:2017, 4.3]
    """
    refuse_together([RefusedError(why, field) for field, why in _impossible(facts, today)])


def _impossible(facts: AssetFacts, today: date) -> Iterator[tuple[str, Reason]]:
    bought_on, cores = facts.purchased_on, facts.cores
    if not facts.in_scope and not facts.scope_reason.strip():
        yield "scope_reason", Reason("Say why the ITAM system does not cover it.", SCOPE)
    if facts.cost_minor is not None and facts.cost_minor < 0:
        yield "cost", Reason("A cost is not below nothing.")
    if bought_on is not None and bought_on > today:
        yield "purchased_on", Reason(f"{say(bought_on)} has not come yet: an asset that is ordered has none.")
    if bought_on and facts.warranty_ends_on and facts.warranty_ends_on < bought_on:
        yield "warranty_ends_on", Reason(f"The warranty would end before the purchase on {say(bought_on)}.")
    counts = {"sockets": facts.sockets, "cores": cores, "threads": facts.threads}
    none = [name for name, value in counts.items() if value is not None and value < 1]
    for name in none:
        yield name, Reason(f"It has at least one of its {name}, or none is given.")
    if facts.sockets and cores and cores < facts.sockets and not {"sockets", "cores"}.intersection(none):
        yield "cores", Reason(f"{facts.sockets} sockets have at least {facts.sockets} cores.")
    if cores and facts.threads and facts.threads < cores and not {"cores", "threads"}.intersection(none):
        yield "threads", Reason(f"{cores} cores run at least {cores} threads.")
