"""Help inside the application: what it is and is not, the words, the pages, and every rule with its clause."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.certification.choices import CHOICES
from app.domain.certification.rulebook import RULEBOOK
from app.domain.findings.choices import CHOICES as AUDIT_CHOICES
from app.domain.permission import Permission
from app.web.gate import Area
from app.work import Work

area = Area("help", __name__, url_prefix="/help", of_organisation=False)


@area.get("/", needs=Permission.SIGNED_IN)
def show(_work: Work) -> ResponseReturnValue:
    """One page, so that the browser's own search finds everything."""
    return render_template("help/show.html", rulebook=RULEBOOK, choices=CHOICES, audit_choices=AUDIT_CHOICES)


@area.get("/keyboard", needs=Permission.PUBLIC)
def keyboard(_work: Work) -> ResponseReturnValue:
    """The shortcuts, as a page of its own; a script shows the same above the page one is reading."""
    return render_template("help/keyboard.html")
