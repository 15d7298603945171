"""All organisations of a person on one page."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.web.gate import Area
from app.work import Work

area = Area("portfolio", __name__, of_organisation=False)


@area.get("/", needs=Permission.SIGNED_IN)
def show(_work: Work) -> ResponseReturnValue:
    """One organisation opens at once; several are listed."""
    if len(g.standings) == 1:
        return redirect(url_for("dashboard.show", slug=g.standings[0].organisation.slug), 303)
    return render_template("portfolio/show.html")
