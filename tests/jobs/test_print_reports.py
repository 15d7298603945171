"""Long reports are printed in the background: once, for who asked, however often a runner dies or a print fails."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import Engine, event, select

from app import create_app
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.permission import Role
from app.domain.printing import KEPT_DAYS, MOST_AT_ONCE, MOST_WAITING, TRIES, PrintState
from app.extensions import db
from app.jobs import print_reports, queue, sweep
from app.models.asset import Asset
from app.models.attachment import Attachment
from app.models.journal import JournalEntry
from app.models.organisation import Membership
from app.models.report_run import ReportRun
from app.operations import erasure, outbox
from app.storage import keep, path_of
from app.work import now_utc, work
from config import Settings
from tests.cast import Cast, House, post, sign_in
from tests.stage import site

PAPER = b"%PDF-1.7 the words of the report"


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for the maker of PDFs, which takes its time: what it was given, in order."""
    given: list[Any] = []

    def make(document: Any) -> bytes:
        given.append(document)
        return PAPER

    monkeypatch.setattr(print_reports, "as_pdf", make)
    return given


@pytest.fixture
def url(app: Flask, cast: Cast, client: FlaskClient) -> str:
    """The reports of an organisation with more assets than come at once, and a member who may see them."""
    stock(app, cast.organisation, MOST_AT_ONCE + 1)
    sign_in(client, cast.auditor)
    return f"/o/{cast.organisation.slug}/reports"


def stock(app: Flask, house: House, count: int) -> None:
    with app.app_context(), work(house.id) as w:
        row = {
            "name": "Laptop",
            "kind": AssetKind.HARDWARE,
            "status": AssetStatus.DEPLOYED,
            "criticality": Criticality.MEDIUM,
            "created_at": w.now,
        }
        w.session.add_all([Asset(tag=f"LT-{number:05}", **row) for number in range(count)])
        w.flush()


def ask(client: FlaskClient, url: str, **said: str) -> str:
    """Ask for a print; gives the address of its page."""
    answer = post(client, f"{url}/asset-register/print", said)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def words(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def print_now(app: Flask, **more: Any) -> list[bool | None]:
    with app.app_context():
        return list(print_reports.print_due(**more))


def runs(app: Flask, house: House) -> list[ReportRun]:
    with app.app_context(), work(house.id, writes=False) as w:
        found = w.all(select(ReportRun).order_by(ReportRun.id))
        w.session.expunge_all()
    return found


def test_a_short_report_comes_at_once_and_no_row_is_made(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    for answer in (
        post(client, f"{url}/asset-register/print", {"kind": "software"}),
        client.get(f"{url}/asset-register/download/pdf?kind=software"),
    ):
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.data.startswith(b"%PDF-")
        assert 'filename="asset-register-' in answer.headers["Content-Disposition"]
    assert runs(app, cast.organisation) == []


@pytest.mark.one_database
def test_a_long_one_is_really_printed(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    page = ask(client, url)
    assert print_now(app) == [True]
    got = client.get(f"{page}/file")
    assert got.data.startswith(b"%PDF-1.7")
    assert b"Asset register" in got.data or len(got.data) > 10_000


def test_a_long_report_is_asked_for_waited_for_and_fetched(
    app: Flask, cast: Cast, client: FlaskClient, runner: FlaskCliRunner, url: str, printer: list[Any]
) -> None:
    shown = words(client, f"{url}/asset-register?kind=hardware")
    assert f'action="{url}/asset-register/print"' in shown
    assert '<input type="hidden" name="kind" value="hardware">' in shown
    sent = client.get(f"{url}/asset-register/download/pdf?kind=hardware")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{url}/asset-register?kind=hardware")
    assert f"The report has {MOST_AT_ONCE + 1} rows" in words(client, sent.headers["Location"])
    # The workbook comes at once, however long it is.
    assert client.get(f"{url}/asset-register/download/xlsx").data.startswith(b"PK")

    page = ask(client, url, kind="hardware")
    waits = client.get(page)
    assert waits.headers["Refresh"] == "4"
    text = unescape(waits.get_data(as_text=True))
    assert "It is being printed." in text
    assert "<dt>Kind</dt><dd>Hardware</dd>" in text
    still = client.get(f"{page}?still=")
    assert "Refresh" not in still.headers
    assert client.get(f"{page}/file").status_code == 404
    assert ask(client, url, kind="hardware") == page, "asked twice, it is printed twice"
    assert "Being printed" in words(client, f"{url}/")

    done = runner.invoke(args=["jobs", "run-due", "print-reports"])
    assert done.exit_code == 0, done.output
    (document,) = printer
    assert (document.made_by, document.narrowed) == (cast.auditor.name, (("Kind", "Hardware"),))
    assert document.row_count == MOST_AT_ONCE + 1
    printed = client.get(page)
    assert "Refresh" not in printed.headers
    assert f'href="{page}/file"' in printed.get_data(as_text=True)
    assert f'href="{page}/file"' in words(client, f"{url}/")
    got = client.get(f"{page}/file")
    assert (got.status_code, got.data, got.mimetype) == (200, PAPER, "application/pdf")
    assert got.headers["Content-Disposition"] == f"attachment; filename={document.name}-{document.day}.pdf"
    assert "no-store" in got.headers["Cache-Control"]
    assert print_now(app) == [], "what is printed is printed again"

    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        entries = w.all(select(JournalEntry).where(JournalEntry.noun == "report_run").order_by(JournalEntry.number))
        assert [(entry.action, entry.actor_id) for entry in entries] == [
            ("created", cast.auditor.id),
            ("changed", None),
        ]
        assert '"kind":"hardware"' in entries[0].changes.replace(" ", "")
        assert '"state":["waiting","printed"]' in entries[1].changes.replace(" ", "")
        assert "claimed" not in entries[1].changes
    sign_in(client, cast.asset_manager)
    told = words(client, f"/o/{cast.organisation.slug}/journal/?noun=report_run")
    assert "print asset-register" in told
    assert "waiting → printed" in told


def test_nobody_else_sees_it(app: Flask, cast: Cast, client: FlaskClient, url: str, printer: list[Any]) -> None:
    page = ask(client, url)
    assert print_now(app) == [True]
    there = page.replace(cast.organisation.slug, cast.elsewhere.slug)
    for who, address, status in (
        (cast.asset_manager, page, 404),
        (cast.administrator, page, 404),
        (cast.staff, page, 404),
        (cast.assessor, page, 404),
        (cast.stranger, page, 404),
        (cast.stranger, there, 404),
    ):
        sign_in(client, who)
        for each in (address, f"{address}/file"):
            assert client.get(each).status_code == status, (who.name, each)
    sign_in(client, cast.asset_manager)
    assert "Your latest prints" not in words(client, f"{url}/")
    sign_in(client, cast.staff)
    assert post(client, f"{url}/asset-register/print").status_code == 403
    sign_in(client, cast.stranger)
    assert post(client, f"{url}/asset-register/print").status_code == 404
    # Who may no longer see the assets no longer fetches what they printed of them.
    with app.app_context(), work(cast.organisation.id) as w:
        membership = w.one_or_none(select(Membership).where(Membership.person_id == cast.auditor.id))
        assert membership is not None
        membership.roles = frozenset({Role.STAFF})
    sign_in(client, cast.auditor)
    assert client.get(f"{page}/file").status_code == 404


def test_what_nothing_answers_and_too_many_at_once_are_refused(
    app: Flask, cast: Cast, client: FlaskClient, url: str
) -> None:
    refused = post(client, f"{url}/asset-register/print", {"site": "1'--"})
    assert refused.status_code == 422
    assert "Site: there is no" in unescape(refused.get_data(as_text=True))
    assert post(client, f"{url}/no-such-report/print").status_code == 404
    for asked in ({}, {"kind": "hardware"}, {"status": "deployed"}, {"scope": "yes"}, {"criticality": "medium"}):
        ask(client, url, **asked)
    assert len(runs(app, cast.organisation)) == MOST_WAITING
    further = post(client, f"{url}/asset-register/print", {"kind": "hardware", "status": "deployed"})
    assert further.status_code == 422
    assert f"You have {MOST_WAITING} prints waiting already." in further.get_data(as_text=True)
    assert len(runs(app, cast.organisation)) == MOST_WAITING


def test_the_journal_tells_in_words_what_was_asked(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    with app.app_context(), work(cast.organisation.id) as w:
        munich = site(w, "Munich, depot").id
        assets = w.all(select(Asset))
        for each in assets:
            each.site_id = munich
    ask(client, url)
    ask(client, url, kind="hardware", status="deployed", site=str(munich))
    sign_in(client, cast.quality_manager)
    journal = words(client, f"/o/{cast.organisation.slug}/journal/?noun=report_run")
    assert "<dd>kind hardware; site Munich, depot; status deployed</dd>" in journal
    assert "<dd>everything</dd>" in journal
    assert "{" not in journal.partition("<tbody>")[2].partition("</tbody>")[0]


def test_asking_wakes_the_runner(
    app: Flask, cast: Cast, client: FlaskClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setitem(app.extensions, outbox.POKE, lambda: woken.append(1))
    ask(client, url)
    assert woken == [1]


def test_a_print_that_fails_is_tried_again_and_then_told_of(
    app: Flask, cast: Cast, client: FlaskClient, url: str, printer: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(document: Any) -> bytes:
        raise ValueError("a fault with a secret in it")

    now = now_utc()
    with monkeypatch.context() as breaking, time_machine.travel(now, tick=False) as clock:
        breaking.setattr(print_reports, "as_pdf", broken)
        page = ask(client, url)
        for number in range(1, TRIES):
            assert print_now(app) == [None]
            assert print_now(app) == [], "it is tried again without a pause"
            assert client.get(page).headers["Refresh"] == "4"
            assert runs(app, cast.organisation)[0].tries == number
            clock.shift(timedelta(minutes=6))
        assert print_now(app) == [False]
        clock.shift(timedelta(days=1))
        assert print_now(app) == []
    told = words(client, page)
    assert "could not be printed, by a fault of the program" in told
    assert "secret" not in told
    assert "Print again" in told
    again = ask(client, url)
    assert again != page
    assert print_now(app) == [True]
    assert client.get(f"{again}/file").data == PAPER


def test_a_full_disk_and_what_changed_meanwhile_are_said_in_words(
    app: Flask, cast: Cast, client: FlaskClient, url: str, printer: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(client, url), ask(client, url, kind="hardware")
    with app.app_context(), work(cast.organisation.id) as w:
        for run in w.all(select(ReportRun)):
            if first.endswith(f"/{run.id}"):
                run.tries = TRIES - 1
            else:
                run.asked = {"site": "999"}

    def full(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(print_reports, "keep", full)
    assert sorted(print_now(app)) == [False, False]
    assert "the server has no room for it" in words(client, first)
    assert "Site: there is no “999”" in words(client, second)


def _begun_elsewhere(app: Flask, settings: Settings, run: Callable[[Flask], None]) -> int:
    """A process that prints, and never gets done; gives its number once it has begun."""
    with app.app_context():
        db.engine.dispose()
    begun, begin = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(begun)
            mine = create_app(settings)

            def hang(document: Any) -> bytes:
                os.write(begin, b"!")
                threading.Event().wait()
                return b""

            print_reports.as_pdf = hang  # type: ignore[assignment]
            with mine.app_context():
                run(mine)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(begin)
    # Without an end of the pipe that could be written to, a child that died would be read as nothing.
    said = os.read(begun, 1)
    os.close(begun)
    assert said == b"!", "the process ended before it printed"
    return process


def test_a_killed_runner_loses_nothing_and_doubles_nothing(
    app: Flask, cast: Cast, client: FlaskClient, settings: Settings, url: str, printer: list[Any]
) -> None:
    page = ask(client, url)
    process = _begun_elsewhere(app, settings, lambda _: list(print_reports.print_due(lease=timedelta(minutes=1))))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert print_now(app) == [], "the dead runner's claim is not honoured"
    with time_machine.travel(now_utc() + timedelta(minutes=2), tick=False):
        assert print_now(app) == [True]
    assert client.get(f"{page}/file").data == PAPER
    (run,) = runs(app, cast.organisation)
    assert (run.tries, run.state) == (2, PrintState.PRINTED)


def _work_on(mine: Flask) -> None:
    queue.PATIENCE = 0
    queue.work_until_stopped(mine)


def _run_due(mine: Flask) -> None:
    done = mine.test_cli_runner().invoke(args=["jobs", "run-due", print_reports.NAME])
    assert done.exit_code == 128 + signal.SIGTERM


@pytest.mark.parametrize("run", [_work_on, _run_due])
def test_a_runner_that_is_told_to_stop_uses_no_try_up(
    app: Flask,
    cast: Cast,
    client: FlaskClient,
    settings: Settings,
    url: str,
    printer: list[Any],
    run: Callable[[Flask], None],
) -> None:
    page = ask(client, url)
    process = _begun_elsewhere(app, settings, run)
    os.kill(process, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    (waiting,) = runs(app, cast.organisation)
    assert (waiting.tries, waiting.claimed_until, waiting.state) == (0, None, PrintState.WAITING)
    assert print_now(app) == [True], "the next runner does not begin at once"
    assert client.get(f"{page}/file").data == PAPER


@pytest.mark.parametrize("asked", [KeyboardInterrupt, SystemExit])
def test_a_command_that_is_broken_off_uses_no_try_up(
    app: Flask,
    cast: Cast,
    client: FlaskClient,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    asked: type[BaseException],
) -> None:
    ask(client, url)
    with app.app_context(), work(cast.organisation.id) as w:
        w.all(select(ReportRun))[0].tries = TRIES - 1

    def broken_off(document: Any) -> bytes:
        raise asked

    monkeypatch.setattr(print_reports, "as_pdf", broken_off)
    with pytest.raises(asked):
        print_now(app)
    (run,) = runs(app, cast.organisation)
    assert (run.tries, run.claimed_until, run.state) == (TRIES - 1, None, PrintState.WAITING)


def test_a_runner_that_lost_its_claim_keeps_nothing(
    app: Flask, cast: Cast, client: FlaskClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it prints, its lease runs out and another prints the same."""
    ask(client, url)
    deep: list[int] = []

    def slow(document: Any) -> bytes:
        deep.append(1)
        if len(deep) == 1:
            assert list(print_reports.print_due()) == [True]
            return b"%PDF- late"
        return PAPER

    monkeypatch.setattr(print_reports, "as_pdf", slow)
    assert print_now(app, lease=timedelta(seconds=-1)) == [None]
    (run,) = runs(app, cast.organisation)
    assert (run.size, run.tries) == (len(PAPER), 2)


def test_killed_too_often_it_is_failed(
    app: Flask, cast: Cast, client: FlaskClient, url: str, printer: list[Any]
) -> None:
    page = ask(client, url)
    with app.app_context(), work(cast.organisation.id) as w:
        run = w.all(select(ReportRun))[0]
        run.tries, run.claimed_until, run.claimed_by = TRIES, w.now - timedelta(seconds=1), "a dead runner"
    assert print_now(app) == []
    assert printer == []
    assert "was stopped 3 times before it was done" in words(client, page)


def test_the_sweep_keeps_a_print_for_a_week_and_the_content_while_it_is_wanted(
    app: Flask, cast: Cast, client: FlaskClient, settings: Settings, url: str, printer: list[Any]
) -> None:
    page = ask(client, url)
    assert print_now(app) == [True]
    (run,) = runs(app, cast.organisation)
    path = path_of(settings.uploads, run.sha256 or "")
    stray = path_of(settings.uploads, keep(settings.uploads, BytesIO(b"nobody's")).sha256)
    for days in range(1, KEPT_DAYS + 3):
        now = run.asked_at + timedelta(days=days, minutes=1)
        for each in (path, stray):
            if each.exists():
                old = (now - timedelta(days=2)).timestamp()
                os.utime(each, (old, old))
        with app.app_context():
            list(sweep.run(now))
        assert not stray.exists()
        assert bool(runs(app, cast.organisation)) is (days < KEPT_DAYS), days
        assert path.exists() or days >= KEPT_DAYS
    assert not path.exists()
    sign_in(client, cast.auditor)
    assert client.get(page).status_code == 404
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        swept = w.all(select(JournalEntry).where(JournalEntry.noun == "report_run", JournalEntry.action == "swept"))
        assert len(swept) == 1
        assert w.all(select(Attachment)) == []


def test_the_prints_of_an_erased_person_go(
    app: Flask, cast: Cast, client: FlaskClient, url: str, printer: list[Any]
) -> None:
    ask(client, url)
    assert print_now(app) == [True]
    with app.app_context(), work(cast.organisation.id, cast.administrator.id) as w:
        erasure.erase(w, cast.auditor.id)
    assert runs(app, cast.organisation) == []


def test_where_no_runner_is_the_page_says_so_in_the_end(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    page = ask(client, url)
    assert "job runner" not in words(client, page)
    with app.app_context(), work(cast.organisation.id) as w:
        w.all(select(ReportRun))[0].asked_at = w.now - timedelta(minutes=10)
    assert "Perhaps the job runner of this installation is not running" in words(client, page)


def test_the_list_asks_as_often_however_many_there_are(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    def count() -> int:
        said = []

        def hear(*heard: Any) -> None:
            said.append(heard[2])

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            words(client, f"{url}/")
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
        return len(said)

    ask(client, url)
    count()
    one = count()
    for kind in ("hardware", "", "hardware"):
        ask(client, url, kind=kind, status="deployed")
    assert count() == one
