"""A finding filled in from what an everyday screen shows: the facts of a day, and the clause that they touch."""

from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Clause
from app.domain.findings.grading import FindingGrade
from app.domain.itam.change import AUTHORISATIONS, CHANGE_MANAGEMENT
from app.domain.itam.inventory import VERIFICATION
from app.domain.itam.ownership import MIXED_RESPONSIBILITY
from app.domain.licensing.metric import LICENSING


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form of a finding is filled in with; the auditor changes whatever they like."""

    title: str
    statement: str
    evidence: str
    against: Clause
    links: tuple[str, ...]
    """What it concerns, as one would type it."""
    grade: FindingGrade = FindingGrade.MINOR


def unauthorised(label: str, tag: str, asset: str, source: str, found_on: date, today: date, link: str) -> Draft:
    """Software that is installed with no authorisation behind it. [ISO/IEC 19770-1:2017, 7.6.3]"""
    return Draft(
        f"{label} on {tag} without an authorisation",
        f"{label} is installed on {tag} {asset}".rstrip() + ", and no authorisation stands behind it.",
        f"{label} was found on {tag} on {say(found_on)} ({source.lower()}). As of {say(today)} no change request "
        "authorised it, and nobody accepted it.",
        AUTHORISATIONS,
        (link, tag),
    )


def shortfall(
    reference: str, name: str, unit: str, entitled: int, needed: int, missing: int, on: date, cost: str = ""
) -> Draft:
    """More is in use than is entitled. [ISO/IEC 19770-1:2017, 8.4]"""
    price = f" The true-up would cost {cost}." if cost else ""
    return Draft(
        f"Shortfall of {missing:,} in {reference} {name}",
        f"{needed:,} {unit} are needed of {name}, and {missing:,} of them are covered by no entitlement.",
        f"Position of {reference} on {say(on)}: {entitled:,} entitled, {needed:,} needed, {missing:,} short.{price}",
        LICENSING,
        (reference,),
    )


def ownership_gap(tag: str, name: str, gaps: tuple[str, ...], today: date) -> Draft:
    """An asset that nobody owns or answers for. [ISO/IEC 19770-1:2017, 8.7]"""
    return Draft(
        f"{tag} has no clear ownership or responsibility",
        f"Of {tag} {name} it is not settled whose it is or who answers for it.",
        f"As of {say(today)}, of {tag}: {' '.join(gaps)}",
        MIXED_RESPONSIBILITY,
        (tag,),
    )


def not_found(tag: str, name: str, check: str, counted_on: date, resolution: str, today: date) -> Draft:
    """An asset that an inventory check did not find. [ISO/IEC 19770-1:2017, 8.3]"""
    stands = f"resolved as: {resolution.lower()}" if resolution else "not resolved"
    return Draft(
        f"{tag} was not found in {check}",
        f"{tag} {name}".rstrip() + " stands in the register, and was not found where it should be.",
        f"{check}, counted until {say(counted_on)}: {tag} was expected and is missing. As of {say(today)} the "
        f"difference is {stands}.",
        VERIFICATION,
        (tag,),
    )


def refused_emergency(
    reference: str,
    title: str,
    done_on: date,
    refused_on: date,
    undone_on: date | None,
    today: date,
    tags: tuple[str, ...],
) -> Draft:
    """A change done in an emergency and refused afterwards. [ISO/IEC 19770-1:2017, 8.2]"""
    stands = f"It was undone on {say(undone_on)}." if undone_on else f"As of {say(today)} it is not undone."
    return Draft(
        f"{reference} was done without an authorisation",
        f"The change “{title}” was done in an emergency, and its authorisation was refused afterwards.",
        f"{reference}: done on {say(done_on)}, refused on {say(refused_on)}. {stands}",
        CHANGE_MANAGEMENT,
        (reference, *tags),
    )
