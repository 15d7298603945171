"""A file between two steps: found by its token, by who sent it, in its organisation, for its purpose, for a while."""

import io
from datetime import timedelta

import pytest
import time_machine

from app.domain.explained import RefusedError
from app.operations.waiting_files import UnknownFileError, wait, waiting
from app.work import work
from tests.stage import on_stage


class Sent:
    def __init__(self, data: bytes, filename: str | None = "assets.csv") -> None:
        self.filename, self.stream = filename, io.BytesIO(data)


def test_what_was_sent_waits_with_what_was_said_of_it(app, cast):
    with on_stage(app, cast.organisation) as w:
        token = wait(w, Sent(b"tag\nA-1\n", "../../assets.csv"), "import", {"kind": "assets"}).token
        found = waiting(w, token, "import")
        assert (found.name, found.said, found.path.read_bytes()) == (
            "assets.csv",
            {"kind": "assets"},
            b"tag\nA-1\n",
        )


def test_a_token_of_another_house_purpose_or_making_names_nothing(app, cast):
    with on_stage(app, cast.organisation) as w:
        token = wait(w, Sent(b"tag\nA-1\n"), "import", {}).token
        for made_up, purpose in ((token, "reconciliation"), (token[:-2] + "xx", "import"), ("", "import")):
            with pytest.raises(UnknownFileError):
                waiting(w, made_up, purpose)
    with app.app_context(), work(cast.elsewhere.id) as w, pytest.raises(UnknownFileError):
        waiting(w, token, "import")


def test_a_token_serves_who_sent_the_file_alone(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        token = wait(w, Sent(b"tag\nA-1\n"), "import", {}).token
        assert waiting(w, token, "import").name == "assets.csv"
    for somebody in (cast.quality_manager, None):
        with on_stage(app, cast.organisation, somebody) as w, pytest.raises(UnknownFileError):
            waiting(w, token, "import")


def test_it_waits_less_than_the_sweeper(app, cast):
    with on_stage(app, cast.organisation) as w:
        kept = wait(w, Sent(b"tag\nA-1\n"), "import", {})
        with (
            time_machine.travel(w.now + timedelta(hours=21)),
            pytest.raises(RefusedError, match="Choose it again"),
        ):
            waiting(w, kept.token, "import")
        kept.path.unlink()
        with pytest.raises(RefusedError, match="Choose it again"):
            waiting(w, kept.token, "import")


def test_nothing_is_kept_of_a_file_that_is_refused(app, cast):
    with on_stage(app, cast.organisation) as w:
        for data, name, says in (
            (b"", "a.csv", "is empty"),
            (b"x", "", "Choose a file"),
            (b"x" * (21 << 20), "a.csv", "too large"),
        ):
            with pytest.raises(RefusedError, match=says):
                wait(w, Sent(data, name), "import", {})
