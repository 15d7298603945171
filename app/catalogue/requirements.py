"""What a checklist can ask of a standard: its clauses, the controls of its annex, its process areas."""

from functools import lru_cache

from app.catalogue import ClauseTitle, _load, process_areas, standards

_ITAM = "ISO/IEC 19770-1:2017"


@lru_cache(maxsize=32)
def clauses_of(standard: str) -> tuple[ClauseTitle, ...]:
    """The clauses of a standard that have none below them; nothing of one that the catalogue does not hold."""
    known = next((each.clauses for each in standards() if each.full_name == standard), ())
    parents = {each.parent for each in known}
    return tuple(each for each in known if each.number not in parents)


@lru_cache(maxsize=32)
def controls_of(standard: str) -> tuple[ClauseTitle, ...]:
    """What a standard has beside its clauses: the controls of its annex, or its process areas; mostly nothing."""
    if standard == _ITAM:
        return tuple(ClauseTitle(area.id, area.name.capitalize()) for area in process_areas())
    record = _load("controls.yaml")
    if standard != record["standard"]:
        return ()
    return tuple(ClauseTitle(number, title) for number, title in record["controls"])


def beside_clauses(standard: str) -> str:
    """What the pages call those: Annex A controls, process areas."""
    return "process areas" if standard == _ITAM else "Annex A controls"


@lru_cache(maxsize=32)
def titles_of(standard: str) -> dict[str, str]:
    """Every clause, control and process area of a standard, by number, with its title."""
    known = next((each.clauses for each in standards() if each.full_name == standard), ())
    return {each.number: each.title for each in (*known, *controls_of(standard))}
