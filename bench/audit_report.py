"""The memory that a long report of an audit takes, by how many photographs lie in it."""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from PIL import Image
from sqlalchemy import select

import config
from app import create_app
from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.checklist import ItemField, ItemSource, Question
from app.domain.programme.wish import When, Wish
from app.jobs import print_reports
from app.models.checklist import ChecklistItem
from app.models.person import Person
from app.models.report_run import ReportRun
from app.operations import audit_reports, audits, checklist, organisations
from app.operations.attachments import Place
from app.operations.checklist import Said
from app.operations.evidence_files import keep_evidence
from app.queries.audits import audit_of
from app.work import Work, work
from bench.target import Target
from tests.databases import open_database

PAGES = 90
QUESTIONS = 430
FEW, MANY = 6, 60
SEEN = (
    "Walked through with the people who do it; ten of the records of the last year were drawn, and each was there. " * 4
)


def measure() -> list[Target]:
    """The peak with many photographs as a share of the peak with few, and how many pages the long one has."""
    few, many = (_printed_with(photographs) for photographs in (FEW, MANY))
    return [
        Target(f"Pages of a report with {MANY} photographs", many["pages"], PAGES, at_most=False),
        Target(
            f"Peak memory of a report with {MANY} photographs, as a share of one with {FEW}",
            many["peak"] / few["peak"],
            1.5,
        ),
    ]


def _printed_with(photographs: int) -> dict[str, int]:
    """Fill a database in one process and print in another: the peak of the second is the print's alone."""
    with tempfile.TemporaryDirectory() as folder, open_database("sqlite", Path(folder)) as database:
        database.reset()
        environment = {**os.environ, "DATABASE_URL": database.url, "SECRET_KEY": "k" * 40, "TRIENNIUM_INSTANCE": folder}
        for deed in (["fill", str(photographs)], ["print"]):
            command = [sys.executable, "-m", "bench.audit_report", *deed]
            said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - its own words
    found: dict[str, int] = json.loads(said.splitlines()[-1])
    return found


def _fill(photographs: int) -> None:
    """An audit with its checklist and photographs, and a draft of its report that is asked for."""
    with work(None) as opened:
        home = organisations.found(opened, name="Bench", country="DE", time_zone="Europe/Berlin")
        person = opened.add(Person(name="Bench", email="bench@bench.example", created_at=opened.now, theme="system"))
        organisations.join(opened, home, person, frozenset({Role.QUALITY_MANAGER}))
        home_id, person_id = home.id, person.id
    with work(home_id, person_id) as opened:
        wish = Wish(kind=AuditKind.INTERNAL, when=When(opened.today, opened.today), certificates={})
        reference = audits.plan(opened, wish).reference
        audit = audit_of(opened, reference, lock=True)
        if audit is None:
            raise LookupError(reference)
        questions = [
            Question(ItemSource.OWN, "", f"{n // 20 + 4}.{n % 20 + 1}", f"Is topic {n} in place? What shows it?")
            for n in range(QUESTIONS)
        ]
        checklist.add_questions(opened, audit, questions)
        items = opened.all(select(ChecklistItem).order_by(ChecklistItem.id))
        for item in items:
            said = {ItemField.RESULT: Said("conforms"), ItemField.EVIDENCE: Said(SEEN)}
            checklist.say(opened, audit, item, said)
        for number in range(photographs):
            _photograph(opened, items[number].id, number)
        audit_reports.print_draft(opened, audit, audit_reports.begin(opened, audit))


def _photograph(opened: Work, item_id: int, number: int) -> None:
    """A picture as a telephone sends it, each another."""
    picture = Image.effect_noise((1000, 750), 40).resize((4000, 3000)).convert("RGB")
    picture.paste((number * 4, 90, 120), (0, 0, 2000, 1500))
    sent = io.BytesIO()
    picture.save(sent, "JPEG", quality=90)
    keep_evidence(opened, Place(item_id=item_id), SimpleNamespace(filename=f"photo-{number}.jpg", stream=sent))


def _print() -> dict[str, int]:
    """Print what was asked for; gives the peak of this process and the pages."""
    print_reports.TOLD_EVERY = 0
    if list(print_reports.print_due()) != [True]:
        raise RuntimeError("the report was not printed")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with work(1, writes=False) as reading:
        run = reading.all(select(ReportRun))[0]
        return {"peak": peak, "pages": run.pages or 0, "size": run.size or 0}


if __name__ == "__main__":
    with create_app(replace(config.from_environment(), testing=False)).app_context():
        if sys.argv[1] == "fill":
            _fill(int(sys.argv[2]))
        else:
            print(json.dumps(_print()))
