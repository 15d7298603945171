"""Northwind's documents: manuals filled in by the clauses of a standard, policies, procedures, and who read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.catalogue import points_of, read_yaml
from app.catalogue.outlines import QUESTIONS, clauses_of_outline, outline
from app.demonstration.audits.diary import Diary
from app.demonstration.cast import acting
from app.demonstration.telling import ago
from app.domain.dates import add_days
from app.domain.permission import Role
from app.domain.programme.scope import Numbered
from app.models.document import Document
from app.operations import documents
from app.operations.documents import DocumentDetails, VersionText
from app.queries.documents import document_by, stand_of

SECURITY, ASSETS = "ISO/IEC 27001:2022", "ISO/IEC 19770-1:2017"
MANAGERS = frozenset({Role.QUALITY_MANAGER, Role.AUDITOR, Role.ASSET_MANAGER, Role.ADMINISTRATOR})
EVERYBODY = MANAGERS | {Role.STAFF}
_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is said of a document that is no manual."""

    key: str
    title: str
    summary: str
    owner: str
    audience: frozenset[Role] = frozenset()
    clauses: frozenset[Numbered] = frozenset()
    acknowledge_days: int = 14


USE = Paper(
    key="acceptable-use",
    title="Acceptable use of IT",
    summary="What everybody may do with devices, accounts and software, and what not.",
    owner="ingrid",
    audience=EVERYBODY,
    clauses=frozenset({(SECURITY, "A.5.10"), (SECURITY, "A.6.2"), (SECURITY, "A.7.7"), (SECURITY, "A.8.1")}),
)
REQUESTS = Paper(
    key="software-requests",
    title="Software requests and licences",
    summary="How software is asked for, authorised, installed and taken back.",
    owner="priya",
    audience=frozenset({Role.ASSET_MANAGER, Role.ADMINISTRATOR}),
    clauses=frozenset({(SECURITY, "A.5.32"), (SECURITY, "A.8.19"), (ASSETS, "8.4"), (ASSETS, "F1")}),
)
ACCESS = Paper(
    key="access-control",
    title="Access control",
    summary="Who gets which access, and when it ends.",
    owner="jonas",
    audience=EVERYBODY,
    clauses=frozenset({(SECURITY, "A.5.15"), (SECURITY, "A.5.16"), (SECURITY, "A.5.18"), (SECURITY, "A.8.2")}),
)
MEDIA = Paper(
    key="removable-media",
    title="Removable media",
    summary="How memory sticks and external disks were handed out.",
    owner="ingrid",
    audience=EVERYBODY,
    clauses=frozenset({(SECURITY, "A.7.10")}),
)


def manuals(diary: Diary) -> None:
    """They are written, approved and read by those who belong on the day, in the diary of those who come and learn."""
    for chapter in (_security_manual, _asset_manual, _policies, _procedures):
        chapter(diary)


def _security_manual(diary: Diary) -> None:
    """Brought up to date five months ago; whoever leads has read both versions, but for the newest auditor."""
    said = _read("information-security")
    first, second = ago(diary.today, months=16, days=10), ago(diary.today, months=5)
    _write(diary, first, "ingrid", "security", _manual(diary, said, "ingrid", MANAGERS), filled(said))
    _approve(diary, first, "security", "jonas")
    _acknowledge(diary, first, "security")
    text = VersionText(body=filled(said, said["since_2"]), note=said["note"])
    diary.on(second, "ingrid", partial(_renew, diary, "security", text))
    _approve(diary, second, "security", "jonas")
    _acknowledge(diary, second, "security", but=("annika",))


def _asset_manual(diary: Diary) -> None:
    """Made ready for the certification to come, two months ago."""
    said, day = _read("asset-management"), ago(diary.today, months=2)
    _write(diary, day, "ingrid", "assets", _manual(diary, said, "priya", MANAGERS), filled(said))
    _approve(diary, day, "assets", "jonas")
    _acknowledge(diary, day, "assets")


def _policies(diary: Diary) -> None:
    """A policy whose second version is new, and one that waits for its approval."""
    first, second = ago(diary.today, months=14), ago(diary.today, days=6)
    _write(diary, first, "ingrid", USE.key, _details(diary, USE), _text("acceptable-use"))
    _approve(diary, first, USE.key, "jonas")
    _acknowledge(diary, first, USE.key)
    text = VersionText(
        body=_text("acceptable-use-2"),
        note="Memory sticks are no longer handed out; the second factor is for all; what assistants may be given.",
    )
    diary.on(second, "ingrid", partial(_renew, diary, USE.key, text))
    _approve(diary, second, USE.key, "jonas")
    _acknowledge(diary, second, USE.key, but=("tom", "annika", "samir", "chioma", "luca", "aoife"))
    asked = ago(diary.today, days=4)
    _write(diary, asked, "jonas", ACCESS.key, _details(diary, ACCESS), _text(ACCESS.key))


def _procedures(diary: Diary) -> None:
    """One that should have been reviewed a month ago, and one that is obsolete."""
    written = ago(diary.today, months=13)
    _write(diary, written, "ingrid", REQUESTS.key, _details(diary, REQUESTS), _text(REQUESTS.key))
    _approve(diary, written, REQUESTS.key, "jonas")
    _acknowledge(diary, written, REQUESTS.key, but=("saskia",))
    old = ago(diary.today, months=15)
    _write(diary, old, "ingrid", MEDIA.key, _details(diary, MEDIA), _text(MEDIA.key))
    _approve(diary, old, MEDIA.key, "jonas")
    _acknowledge(diary, old, MEDIA.key)
    reason = "Memory sticks are no longer handed out: the policy on acceptable use says so."
    diary.on(
        ago(diary.today, days=6), "ingrid", lambda: documents.withdraw(diary.work, _held(diary, MEDIA.key), reason)
    )


def filled(said: Mapping[str, Any], news: Mapping[str, Any] | None = None) -> str:
    """The outline of a standard with the answers of a file in the place of its questions."""
    standard = said["standard"]
    head, _, rest = outline(standard).partition("\n\n# ")
    text = f"{head.partition(chr(10))[0]}\n\n{said['intro']}\n\n# {rest}"
    for point in points_of(standard):
        what = (news or {}).get(point.number) or said["answers"].get(point.number)
        if what is not None:
            asked = f" {point.number} {point.title}\n\n{QUESTIONS}"
            told = "\n\n".join(f"{label} {answer}." for label, answer in zip(_labels(), what, strict=True))
            text = text.replace(asked, f" {point.number} {point.title}\n\n{told}\n")
    return text


def _labels() -> Iterable[str]:
    return [each for each in QUESTIONS.splitlines() if each]


def _read(key: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_yaml(_FOLDER / f"{key}.yaml")
    return content


def _text(key: str) -> str:
    return (_FOLDER / f"{key}.md").read_text(encoding="utf-8")


def _manual(diary: Diary, said: Mapping[str, Any], owner: str, audience: frozenset[Role]) -> DocumentDetails:
    return DocumentDetails(
        title=said["title"],
        summary=said["summary"],
        owner_id=diary.cast[owner].id,
        audience=audience,
        clauses=clauses_of_outline(said["standard"]),
    )


def _details(diary: Diary, paper: Paper) -> DocumentDetails:
    return DocumentDetails(
        title=paper.title,
        summary=paper.summary,
        owner_id=diary.cast[paper.owner].id,
        audience=paper.audience,
        clauses=paper.clauses,
        acknowledge_days=paper.acknowledge_days,
    )


def _write(diary: Diary, day: date, by: str, key: str, details: DocumentDetails, body: str) -> None:
    def write() -> None:
        diary.references[key] = documents.write(diary.work, details, body).reference
        documents.send(diary.work, _held(diary, key))

    diary.on(day, by, write)


def _renew(diary: Diary, key: str, text: VersionText) -> None:
    documents.begin_version(diary.work, _held(diary, key))
    documents.save(diary.work, _held(diary, key), text)
    documents.send(diary.work, _held(diary, key))


def _approve(diary: Diary, day: date, key: str, by: str) -> None:
    diary.on(day, by, lambda: documents.approve(diary.work, _held(diary, key), diary.work.today))


def _acknowledge(diary: Diary, day: date, key: str, but: tuple[str, ...] = ()) -> None:
    """Two days later whoever it is distributed to by then has read it, but for some."""

    def acknowledge() -> None:
        people = {person.id: person for name, person in diary.cast.items() if name not in but}
        stand = stand_of(diary.work, _held(diary, key))
        for line in stand.waiting:
            if stand.valid is not None and line.person_id in people:
                with acting(diary.work, people[line.person_id]):
                    documents.acknowledge(diary.work, _held(diary, key), stand.valid.number)

    diary.on(add_days(day, 2), "ingrid", acknowledge)


def _held(diary: Diary, key: str) -> Document:
    document = document_by(diary.work, diary.references[key], lock=True)
    if document is None:
        raise LookupError(f"the story has no document {key}")
    return document
