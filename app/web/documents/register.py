"""The list of documents, one of them, one version, two versions beside each other, and the clauses they cover."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.catalogue import points_of
from app.domain.documents.blanks import blank_numbers
from app.domain.documents.comparison import compared
from app.domain.documents.coverage import Coverage, Covering, cells
from app.domain.documents.version import Step
from app.domain.permission import Permission
from app.operations.documents import blanks_of, mark_of
from app.outputs.markdown import words_of
from app.queries.attachments import attachments_on
from app.queries.document_writers import writers_of
from app.queries.documents import document_stands, stand_of, standards_spoken_of, texts_of
from app.reports.document_register import COLUMNS, register_lines
from app.web.documents.area import area, document_or_404, html_of_text, is_open, version_or_404
from app.web.exporting import sheet_response
from app.web.forms import PageForm
from app.web.gate import may
from app.web.points import in_words
from app.work import Work


@area.get("", needs=Permission.SEE_DOCUMENTS)
def index(work: Work) -> ResponseReturnValue:
    """The documents by number; readers see those that are or were valid."""
    manages = may(Permission.MANAGE_DOCUMENTS)
    asked = _asked()
    stands = document_stands(work, asked["q"], asked["standard"])
    if not manages:
        stands = [each for each in stands if each.valid is not None]
    return render_template(
        "documents/index.html",
        stands=stands,
        asked={name: value for name, value in asked.items() if value},
        standards=standards_spoken_of(work),
        manages=manages,
        owed=sum(line.person_id == current_user.id for each in stands for line in each.waiting),
        late=sum(each.is_review_late(work.today) for each in stands),
    )


@area.get("/export/<kind>", needs=Permission.MANAGE_DOCUMENTS)
def export(work: Work, kind: str) -> ResponseReturnValue:
    """The register of what is filtered, as CSV or as a workbook."""
    asked = _asked()
    rows = register_lines(document_stands(work, asked["q"], asked["standard"]))
    return sheet_response(work, "document-register", kind, "Documents", [each.label for each in COLUMNS], rows)


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200] for name in ("q", "standard")}


@area.get("/coverage", needs=Permission.MANAGE_DOCUMENTS)
def coverage(work: Work) -> ResponseReturnValue:
    """For each standard that a document speaks of: its clauses, and the documents that cover each."""
    stands = document_stands(work, withdrawn=False)
    texts = texts_of(work, [each.valid.id for each in stands if each.valid is not None and not each.valid.file_name])
    covering = [
        Covering(
            each.document.reference,
            each.valid is not None,
            frozenset((clause.standard, clause.clause) for clause in each.document.clauses),
            blank_numbers(texts.get(each.valid.id, "")) if each.valid is not None else frozenset(),
        )
        for each in stands
    ]
    matrices = []
    for standard in standards_spoken_of(work):
        points = [each for each in points_of(standard) if each.is_leaf]
        lines = list(zip(points, cells(standard, [each.number for each in points], covering), strict=True))
        if lines:
            covered = sum(cell.state is Coverage.VALID for _, cell in lines)
            matrices.append((standard, lines, covered))
    titles = {each.document.reference: each.document.title for each in stands}
    return render_template("documents/coverage.html", matrices=matrices, titles=titles)


@area.get("/<reference>", needs=Permission.SEE_DOCUMENTS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """A document: its valid version to read and to acknowledge, and all that is said of it."""
    document = document_or_404(work, reference)
    stand = stand_of(work, document)
    manages = may(Permission.MANAGE_DOCUMENTS)
    return render_template(
        "documents/show.html",
        document=document,
        stand=stand,
        html=html_of_text(work, document, stand.valid.body) if stand.valid is not None else "",
        writers=writers_of(work, [stand.valid])[stand.valid.id] if stand.valid is not None else [],
        mine=next((each for each in stand.lines if each.person_id == current_user.id), None),
        covers=in_words((each.standard, each.clause) for each in document.clauses),
        versions=[each for each in reversed(document.versions) if is_open(stand, each.number)],
        files=attachments_on(work, document_id=document.id),
        manages=manages,
        form=PageForm(),
    )


@area.get("/<reference>/versions/<int:number>", needs=Permission.SEE_DOCUMENTS)
def version(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """One version, marked where it is not the valid one."""
    document = document_or_404(work, reference)
    wanted, stand = version_or_404(work, document, number)
    return render_template(
        "documents/version.html",
        document=document,
        version=wanted,
        standing=stand.standings[number],
        writers=writers_of(work, [wanted])[wanted.id],
        seen=mark_of(work, document, wanted),
        html=html_of_text(work, document, wanted.body),
        others=[each for each in document.versions if each.number != number and is_open(stand, each.number)],
        files=attachments_on(work, document_id=document.id),
        manages=may(Permission.MANAGE_DOCUMENTS),
        form=PageForm(),
        blanks=blanks_of(wanted) if wanted.step is not Step.APPROVED else (),
    )


@area.get("/<reference>/compare", needs=Permission.SEE_DOCUMENTS)
def compare(work: Work, reference: str) -> ResponseReturnValue:
    """Two versions, line by line: the two that the address names, or the latest two."""
    document = document_or_404(work, reference)
    stand = stand_of(work, document)
    versions = [each for each in document.versions if is_open(stand, each.number)]
    if len(versions) < 2:
        abort(404)
    by_number = {each.number: each for each in versions}
    earlier = by_number.get(request.args.get("earlier", versions[-2].number, type=int)) or abort(404)
    later = by_number.get(request.args.get("later", versions[-1].number, type=int)) or abort(404)
    lines = compared(earlier.body, later.body)
    return render_template(
        "documents/compare.html",
        document=document,
        versions=versions,
        earlier=earlier,
        later=later,
        # An empty line that stayed says nothing.
        lines=[each for each in lines if each.kind != "same" or each.text.strip()],
        words_of=words_of,
        differs=any(each.kind in ("gone", "new") for each in lines),
    )
