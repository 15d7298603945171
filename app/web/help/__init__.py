"""Help that everybody may read."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.web.gate import Area
from app.work import Work

area = Area("help", __name__, url_prefix="/help", of_organisation=False)


@area.get("/keyboard", needs=Permission.PUBLIC)
def keyboard(_work: Work) -> ResponseReturnValue:
    """The shortcuts, as a page of its own; a script shows the same above the page one is reading."""
    return render_template("help/keyboard.html")
