"""Record certificates, and what the cycle is judged by beside audits and decisions."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.certification.verdict import Rule
from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.models.certificate import (
    Certificate,
    CertificateSite,
    CertificationBody,
    Deviation,
    SignificantChange,
)
from app.models.organisation import Organisation, Site
from app.operations.conflict import refuse_if_changed
from app.operations.verdicts import judge_again
from app.queries.catalogue import EditionChoice, edition_named
from app.work import Work

DEVIABLE = (Rule.STAGE_2_MAJORS, Rule.CALENDAR_YEAR)
"""The rules that a recorded justification turns into a warning."""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
_WORDS_THAT_ARE_PAGES = frozenset({"new", "bodies"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A certification body that is not known yet, and the accreditation it certifies under."""

    name: str
    accreditation_body: str = ""
    accreditation_number: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDetails:
    """What is said of a certificate; `standard` is the full name of the edition first certified or applied for."""

    standard: str
    scope: str = ""
    number: str = ""
    body: int | NewBody | None = None
    site_ids: Collection[int] = ()
    notes: str = ""


def create(work: Work, details: CertificateDetails, reference: str = "") -> Certificate:
    """Record a certification, or the application for one; a reference is proposed where none is given."""
    edition = _known_edition(work, details.standard)
    certificate = Certificate(
        reference=_free_reference(work, reference.strip(), edition),
        standard=edition.standard,
        first_edition=edition.edition,
        edition=edition.edition,
        scope=details.scope.strip(),
        number=details.number.strip(),
        certification_body_id=_body_id(work, details.body),
        notes=details.notes.strip(),
        created_at=work.now,
        certificate_sites=[CertificateSite(site_id=each) for each in _known_sites(work, details.site_ids)],
    )
    work.add(certificate)
    judge_again(work, [certificate.id])
    return certificate


def edit(work: Work, certificate: Certificate, details: CertificateDetails, seen: int | None = None) -> None:
    """Change what is said of a certificate that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(certificate, seen, certificate.reference)
    edition = _known_edition(work, details.standard)
    was = f"{certificate.standard}:{certificate.first_edition}"
    if edition.name != was and certificate.decisions:
        says = f"It was first decided on as {was}. Another edition comes by a decision of transition."
        raise RefusedError(says, "standard")
    certificate.standard, certificate.first_edition = edition.standard, edition.edition
    certificate.scope, certificate.number = details.scope.strip(), details.number.strip()
    certificate.notes = details.notes.strip()
    certificate.certification_body_id = _body_id(work, details.body)
    wanted = set(_known_sites(work, details.site_ids))
    kept = {each.site_id: each for each in certificate.certificate_sites}
    for site_id, row in kept.items():
        if site_id not in wanted:
            certificate.certificate_sites.remove(row)
    for site_id in sorted(wanted - set(kept)):
        certificate.certificate_sites.append(CertificateSite(site_id=site_id))
    work.flush()
    judge_again(work, [certificate.id])


def edit_body(work: Work, body: CertificationBody, told: NewBody) -> None:
    """Change what is said of a certification body."""
    name = told.name.strip()
    _refuse_taken_body(work, name, body.id)
    body.name, body.contact = name, told.contact.strip()
    body.accreditation_body = told.accreditation_body.strip()
    body.accreditation_number = told.accreditation_number.strip()
    work.flush()


def record_change(
    work: Work, certificate: Certificate, changed_on: date, description: str, significant: bool = True
) -> SignificantChange:
    """Record a change of the system or its context: stage 1 may have to be repeated. [17021-1:2015, 9.3.1.2.4]"""
    _refuse_future(work, changed_on, "changed_on")
    row = work.add(
        SignificantChange(
            certificate_id=certificate.id,
            changed_on=changed_on,
            significant=significant,
            description=description.strip(),
        )
    )
    judge_again(work, [certificate.id])
    return row


def remove_change(work: Work, certificate: Certificate, row: SignificantChange, reason: str) -> None:
    """Take back a change that was recorded by mistake; the journal keeps it and why."""
    work.reason = _given(reason)
    work.session.delete(row)
    judge_again(work, [certificate.id])


def record_deviation(
    work: Work, certificate: Certificate, rule: Rule, justification: str, year: int | None = None
) -> Deviation:
    """Record the justification by which the breach of a rule counts as a warning. [ISO/IEC 17021-1:2015, 9.5.3.2]"""
    if rule not in DEVIABLE:
        raise RefusedError("Only a late verification of majors and a missed calendar year can be justified.", "rule")
    if rule is Rule.CALENDAR_YEAR and year is None:
        raise RefusedError("Say for which calendar year.", "year")
    if not justification.strip():
        raise RefusedError("Write down the justification that the certification body accepted.", "justification")
    year = year if rule is Rule.CALENDAR_YEAR else None
    if any((each.rule, each.year) == (rule.value, year) for each in certificate.deviations):
        raise RefusedError("A justification for this is on record already.", "rule")
    row = work.add(
        Deviation(
            certificate_id=certificate.id,
            rule=rule.value,
            year=year,
            justification=justification.strip(),
            recorded_at=work.now,
            recorded_by_id=work.actor_id,
        )
    )
    judge_again(work, [certificate.id])
    return row


def remove_deviation(work: Work, certificate: Certificate, row: Deviation, reason: str) -> None:
    """Take back a justification; the breach counts as one again."""
    work.reason = _given(reason)
    work.session.delete(row)
    judge_again(work, [certificate.id])


def proposed_reference(work: Work, standard: str) -> str:
    """The next free reference of a standard: C-27001-2 after C-27001-1."""
    stem = f"C-{stem_of(standard)}-"
    taken = work.all(select(Certificate.reference).where(Certificate.reference.startswith(stem, autoescape=True)))
    numbers = [int(each.removeprefix(stem)) for each in taken if each.removeprefix(stem).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}"


def stem_of(standard: str) -> str:
    """The number by which people call a standard: 27001 for ISO/IEC 27001, 20000-1 for ISO/IEC 20000-1:2018."""
    number = re.search(r"\d[\d-]*\d|\d", standard.rpartition(":")[0] or standard)
    return number.group() if number else re.sub(r"[^A-Za-z0-9]+", "-", standard).strip("-")[:20] or "1"


def _known_edition(work: Work, name: str) -> EditionChoice:
    edition = edition_named(work, name.strip())
    if edition is None:
        says = (
            f"“{name.strip()}” is no edition that is known here. An administrator can add it to the organisation's own."
        )
        raise RefusedError(says, "standard")
    return edition


def _free_reference(work: Work, wanted: str, edition: EditionChoice) -> str:
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    if not wanted:
        return proposed_reference(work, edition.standard)
    if not _REFERENCE.fullmatch(wanted) or wanted.casefold() in _WORDS_THAT_ARE_PAGES:
        raise RefusedError("A reference is up to 40 letters, digits, dots and hyphens, such as C-27001-1.", "reference")
    if work.one_or_none(select(Certificate.id).where(Certificate.reference == wanted)) is not None:
        raise RefusedError(f"{wanted} is the reference of another certificate.", "reference")
    return wanted


def _body_id(work: Work, body: int | NewBody | None) -> int | None:
    if body is None:
        return None
    if isinstance(body, NewBody):
        _refuse_taken_body(work, body.name.strip())
        row = CertificationBody(
            name=body.name.strip(),
            accreditation_body=body.accreditation_body.strip(),
            accreditation_number=body.accreditation_number.strip(),
            contact=body.contact.strip(),
        )
        return work.add(row).id
    known = work.one_or_none(select(CertificationBody.id).where(CertificationBody.id == body))
    if known is None:
        raise RefusedError("Choose one of the certification bodies that are listed.", "body")
    return known


def _refuse_taken_body(work: Work, name: str, own_id: int | None = None) -> None:
    if not name:
        raise RefusedError("A certification body has a name.", "body_name")
    found = work.one_or_none(select(CertificationBody.id).where(CertificationBody.name == name))
    if found is not None and found != own_id:
        raise RefusedError(f"{name} is known already. Choose it from the list.", "body_name")


def _known_sites(work: Work, ids: Collection[int]) -> list[int]:
    if not ids:
        return []
    known = work.all(select(Site.id).where(Site.id.in_(ids)))
    if len(known) != len(set(ids)):
        raise RefusedError("Choose sites from the list.", "sites")
    return sorted(known)


def _refuse_future(work: Work, day: date, field: str) -> None:
    if day > work.today:
        raise RefusedError(f"{say(day)} has not come yet.", field)
    if day.year < 1980:
        raise RefusedError(f"{say(day)} cannot be right.", field)


def _given(reason: str) -> str:
    if not reason.strip():
        raise RefusedError(Reason("Say why: the journal keeps the reason."), "reason")
    return reason.strip()
