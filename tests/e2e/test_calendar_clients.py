"""Real calendar programs at the feed: vdirsyncer subscribes, khal reads, and libical checks what RFC 5545 allows."""

import ctypes
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.models.audit import Audit, AuditProgress
from app.operations import feeds
from app.operations.verdicts import judge_again
from app.work import work
from tests.cast import Cast
from tests.stories import add_audit, add_certificate, add_decision

REFERENCES = ("S1-2030-01", "IA-2030-01", "SA-2031-01", "SP-2031-01")


@pytest.fixture
def address(app: Flask, cast: Cast) -> str:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certificate = add_certificate(w)
        add_decision(w, certificate, date(2026, 3, 2))
        add_audit(
            w, REFERENCES[0], AuditKind.STAGE_1, date(2030, 1, 7), certificate, outside=("Öz Ø", "oz@body.example")
        )
        add_audit(w, REFERENCES[1], AuditKind.INTERNAL, date(2030, 3, 30), ends_on=date(2030, 4, 1))
        add_audit(w, REFERENCES[2], AuditKind.SURVEILLANCE, date(2031, 2, 10), certificate, timed=False)
        add_audit(w, REFERENCES[3], AuditKind.SPECIAL, date(2031, 5, 5), progress=AuditProgress.CANCELLED)
        judge_again(w)
        _feed, token = feeds.subscribe(w, name="Clients", only_mine=False)
    return f"/feeds/{token}.ics"


class Subscription:
    """A calendar program's own folder, synchronised from an address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.events = folder, folder / "events" / "programme"
        self.events.mkdir(parents=True)
        config = folder / "vdirsyncer.conf"
        config.write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            f'[pair programme]\na = "feed"\nb = "here"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage feed]\ntype = "http"\nurl = "{url}"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.events}"\nfileext = ".ics"\n',
            encoding="utf-8",
        )
        (folder / "khal.conf").write_text(
            f"[calendars]\n[[programme]]\npath = {self.events}\n[locale]\nlocal_timezone = Europe/Berlin\n"
            "default_timezone = Europe/Berlin\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {folder}/khal.db\n",
            encoding="utf-8",
        )

    def _run(self, program: str, *words: str) -> str:
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *words],
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def synchronise(self) -> None:
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), "discover", "programme")
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), "sync", "--force-delete")

    def listed(self, first: str, last: str) -> str:
        shown = "{start-date} {start-time} {end-date} {end-time} {title}"
        return self._run("khal", "-c", str(self.folder / "khal.conf"), "list", "--once", "-f", shown, first, last)


def known(client: FlaskClient, address: str) -> dict[str, str]:
    """The events of the feed: their UIDs, each with its SEQUENCE. (vdirsyncer names what it keeps in its own way.)"""
    feed = icalendar.Calendar.from_ical(client.get(address).data)
    return {str(event["UID"]): str(event["SEQUENCE"]) for event in feed.walk("VEVENT")}


def test_vdirsyncer_subscribes_and_khal_reads_every_event(
    app: Flask, client: FlaskClient, cast: Cast, live_server: str, address: str, tmp_path: Path
) -> None:
    subscription = Subscription(tmp_path, f"{live_server}{address}")
    subscription.synchronise()
    before = known(client, address)
    # Four audits and the five limits of a first cycle, each an event of its own.
    assert len(list(subscription.events.iterdir())) == len(before) == len(REFERENCES) + 5
    shown = subscription.listed("2026-01-01", "2031-12-31")
    assert all(reference in shown for reference in REFERENCES)
    assert "2030-03-30 09:00 2030-04-01 16:30 IA-2030-01" in shown
    assert "Last day: first surveillance, C-27001-1" in shown

    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        audit = w.session.scalars(select(Audit).where(Audit.reference == "IA-2030-01")).one()
        audit.starts_on, audit.ends_on, audit.sequence = date(2030, 6, 3), date(2030, 6, 4), 1
        moved = audit.uid
    subscription.synchronise()
    after = known(client, address)
    assert after == {**before, moved: "1"}
    assert len(list(subscription.events.iterdir())) == len(before)
    assert "2030-06-03 09:00 2030-06-04 16:30 IA-2030-01" in subscription.listed("2030-01-01", "2030-12-31")


def libical() -> Any:
    try:
        library = ctypes.CDLL("libical.so.3")
    except OSError:
        pytest.fail("libical was not found; script/test installs it", pytrace=False)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
    return library


def test_libical_finds_nothing_against_the_standard(client: FlaskClient, address: str) -> None:
    library = libical()
    calendar = library.icalparser_parse_string(client.get(address).data)
    assert library.icalrestriction_check(calendar) == 1
    assert library.icalcomponent_count_errors(calendar) == 0


def test_libical_would_have_found_a_fault() -> None:
    library = libical()
    broken = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:20300101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    calendar = library.icalparser_parse_string(broken)
    library.icalrestriction_check(calendar)
    assert library.icalcomponent_count_errors(calendar) > 0
