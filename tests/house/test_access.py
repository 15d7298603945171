"""Every route is tried signed out, as a stranger and as each role; the result is tests/access.txt.

A change of access is a change of that file, to be read like any other. `script/access --write` writes it anew.
"""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.domain.permission import Permission, Role, granted
from app.operations.attachments import folder
from app.operations.verdicts import judge_again
from app.storage.files import keep
from app.web import gate
from app.work import work
from tests.cast import Cast, add_person, sign_in
from tests.examples import arguments
from tests.rows import fill

TABLE = Path(__file__).resolve().parents[1] / "access.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEAD = """Who reaches which address. Written by `script/access --write`, compared by tests/house/test_access.py.

  yes      the view runs and answers, whatever it answers
  own      the view runs, and shows what is one's own: this example is not
  403      a member who may not
  404      not there for this visitor
  sign in  sent to the page that signs in

"""


def routes(app: Flask) -> list[tuple[Rule, str]]:
    return sorted(
        ((rule, method) for rule in app.url_map.iter_rules() for method in METHODS if method in (rule.methods or ())),
        key=lambda route: (route[0].rule, route[0].endpoint, route[1]),
    )


@pytest.fixture
def tried(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Rule, str, list[str]]]:
    """What each visitor got, by route. Nothing is kept of what the routes do, so that each finds the same house."""
    with app.app_context():
        with work(None) as w:
            someone = add_person(w, "Sam Example")
        with work(cast.organisation.id) as w:
            rows = fill(w, someone.id)
            judge_again(w)
        keep(folder(), BytesIO(b"example"))
    visitors = [app.test_client(), sign_in(app.test_client(), cast.stranger)]
    visitors += [sign_in(app.test_client(), cast.of(role)) for role in Role]
    entered: list[str] = []
    real_open, real_close = gate.open_work, gate.close_work

    def opened(*given, **named):
        entered.append("yes")
        return real_open(*given, **named)

    monkeypatch.setattr(gate, "open_work", opened)
    monkeypatch.setattr(gate, "close_work", lambda opened, *, commit: real_close(opened, commit=False))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    # What it counts is kept whatever becomes of the request, and the last visitors would find the door shut.
    monkeypatch.setattr("app.operations.throttle.spend", lambda limit, subject: None)
    found: list[tuple[Rule, str, list[str]]] = []
    for rule, method in routes(app):
        given = {"slug": cast.organisation.slug} if "slug" in rule.arguments else {}
        given |= arguments(rule.endpoint, rule.arguments - {"slug"}, rows)
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, given, method=method)
        answers = []
        for visitor in visitors:
            entered.clear()
            before = visitor.get_cookie(app.config["SESSION_COOKIE_NAME"])
            answer = visitor.open(url, method=method, data={})
            # What the page put into the session, its signing out too, is nothing to the next one.
            visitor.delete_cookie(app.config["SESSION_COOKIE_NAME"])
            if before is not None:
                visitor.set_cookie(before.key, before.value)
            inside = bool(entered) or rule.endpoint in gate.PUBLIC_BY_NAME
            assert answer.status_code < 500 or rule.endpoint == "status.ready", f"{method} {url}: {answer.status}"
            if inside:
                answers.append("own" if answer.status_code in (403, 404) else "yes")
            elif answer.status_code in (302, 303):
                assert "/sign-in" in answer.headers["Location"], f"{method} {url}: {answer.headers['Location']}"
                answers.append("sign in")
            else:
                answers.append(str(answer.status_code))
        if "yes" not in answers:
            # Nobody's: the example is of nothing that there is, such as a secret.
            answers = ["yes" if answer == "own" else answer for answer in answers]
        found.append((rule, method, answers))
    return found


def written(app: Flask, tried: list[tuple[Rule, str, list[str]]]) -> str:
    heads = ["", "needs", "signed out", "stranger", *(role.value for role in Role)]
    lines = [
        [f"{method} {rule.rule}", gate.needed(app, rule.endpoint).value, *answers] for rule, method, answers in tried
    ]
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads))]
    table = ("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) for line in [heads, *lines])
    return HEAD + "".join(f"{line.rstrip()}\n" for line in table)


@pytest.mark.one_database
def test_every_route_answers_each_visitor_as_the_grants_and_the_table_say(app, tried, request):
    now = written(app, tried)
    if request.config.getoption("--write-access"):
        TABLE.write_text(now)
    for rule, method, answers in tried:
        said = ["yes" if answer == "own" else answer for answer in answers]
        assert said == expected(app, rule), f"{method} {rule.rule}"
    assert now == TABLE.read_text(), "who reaches what has changed; if it was meant, run script/access --write"


def expected(app: Flask, rule: Rule) -> list[str]:
    needs = gate.needed(app, rule.endpoint)
    if needs is Permission.PUBLIC:
        return ["yes"] * (2 + len(Role))
    if needs is Permission.SIGNED_IN:
        return ["sign in"] + ["yes"] * (1 + len(Role))
    return ["sign in", "404", *("yes" if needs in granted(frozenset({role})) else "403" for role in Role)]
