"""The journal on screen: who did what, from which value to which, why, and whether it is whole."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, SearchField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.domain.journal import MADE, noun_of
from app.domain.permission import Permission
from app.outputs.sheet import as_csv
from app.queries.journal import Wanted, actions_in, actors_in, all_lines, count_of, head_of, nouns_in, page_of
from app.queries.journal_proof import prove
from app.web.fields import DayField
from app.web.gate import Area, unseen_nouns
from app.work import Work

area = Area("journal", __name__, url_prefix="/journal")

AT_ONCE = 200_000
"""Entries that a page proves while somebody waits; longer chains are for the command."""
HEAD = ("Number", "When", "Who", "Did", "What", "From and to", "Reason", "Reference", "Hash")


class FilterForm(Form):  # type: ignore[misc]
    """Which entries; sent by GET, so that a choice has an address."""

    noun = SelectField("About", validators=[Optional()])
    row = HiddenField(validators=[Optional(), Length(max=60)])
    action = SelectField("What was done", validators=[Optional()])
    person = SelectField("By", validators=[Optional()])
    reference = StringField("Reference", validators=[Optional(), Length(max=80)])
    since = DayField("From", validators=[Optional()])
    until = DayField("Until", validators=[Optional()])
    text = SearchField("Holds", validators=[Optional(), Length(max=200)])


def _form(work: Work) -> FilterForm:
    form = FilterForm(request.args)
    form.noun.choices = [("", "Everything"), *((noun, noun_of(noun).capitalize()) for noun in nouns_in(work))]
    form.action.choices = [
        ("", "Anything"),
        *((a, MADE.get(a, a.replace("-", " ")).capitalize()) for a in actions_in(work)),
    ]
    form.person.choices = [("", "Anybody"), *((str(id_), name) for id_, name in actors_in(work))]
    return form


def _wanted(form: FilterForm) -> Wanted:
    return Wanted(
        noun=form.noun.data or "",
        row=form.row.data or "",
        reference=(form.reference.data or "").strip(),
        person_id=int(form.person.data) if form.person.data else None,
        action=form.action.data or "",
        since=form.since.data,
        until=form.until.data,
        text=(form.text.data or "").strip(),
    )


@area.get("/", needs=Permission.READ_JOURNAL)
def index(work: Work) -> ResponseReturnValue:
    """The entries, newest first."""
    form = _form(work)
    if not form.validate():
        return render_template("journal/index.html", form=form, wanted=Wanted(), page=None, chain=head_of(work)), 422
    wanted = _wanted(form)
    page = page_of(work, wanted, unseen_nouns(), request.args.get("before", type=int))
    asked = {name: value for name, value in request.args.items() if value and name in form}
    return render_template(
        "journal/index.html",
        form=form,
        wanted=wanted,
        page=page,
        chain=head_of(work),
        asked=asked,
        found=count_of(work, wanted, unseen_nouns()) if wanted.narrows else None,
    )


@area.get("/proof", needs=Permission.READ_JOURNAL)
def proof(work: Work) -> ResponseReturnValue:
    """Read every entry and say whether the chain is whole."""
    chain = head_of(work)
    proved = prove(work.session, chain.name, _kept()) if chain.length <= AT_ONCE else None
    return render_template("journal/proof.html", chain=chain, proof=proved, kept=_kept(), at_once=AT_ONCE)


def _kept() -> str | None:
    return request.args.get("kept", "").strip().lower() or None


@area.get("/entries.csv", needs=Permission.READ_JOURNAL)
def export(work: Work) -> Response:
    """The entries as asked, oldest first, for a spreadsheet."""
    form = _form(work)
    wanted = _wanted(form) if form.validate() else Wanted()
    unseen = unseen_nouns()
    rows = (
        (
            line.number,
            line.at,
            line.who,
            line.verb,
            line.what,
            "; ".join(map(str, line.changes)),
            line.reason,
            line.reference,
            line.hash,
        )
        for line in all_lines(work, wanted, unseen)
    )
    response = make_response(as_csv(HEAD, rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"journal-{work.organisation.slug}-{work.today.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


__all__ = ["area"]
