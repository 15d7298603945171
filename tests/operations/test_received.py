"""An entry that is sent again after a lost answer is made once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.explained import RefusedError
from app.models.process import Process
from app.models.received_entry import ReceivedEntry
from app.operations.received import Received, once
from app.work import Work
from tests.cast import Cast
from tests.stage import on_stage

KEY = "0d0b3c1e-1c39-4a6e-9a60-0d1b6d8e5b11"


def adds(w: Work, name: str = "Purchasing") -> Callable[[], str]:
    """A deed that makes one row."""
    return lambda: str(w.add(Process(reference=f"P-{name}", name=name)).id)


def send(app: Flask, cast: Cast, name: str = "Purchasing", key: str = KEY) -> Received:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        return once(w, key, "processes.create", {"name": name}, adds(w, name))


def kept(app: Flask, cast: Cast) -> int:
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count(Process.id))) or 0


def test_what_is_sent_again_is_made_once_and_gives_the_same_answer(app: Flask, cast: Cast) -> None:
    first, second = send(app, cast), send(app, cast)
    assert (first.again, second.again) == (False, True)
    assert first.result == second.result
    assert kept(app, cast) == 1


def test_of_many_that_come_at_once_one_is_made(app: Flask, cast: Cast) -> None:
    ready = Barrier(5)

    def one(number: int) -> Received:
        ready.wait(timeout=20)
        return send(app, cast)

    with ThreadPoolExecutor(5) as pool:
        came = list(pool.map(one, range(5)))
    assert len({each.result for each in came}) == 1
    assert sorted(each.again for each in came) == [False, True, True, True, True]
    assert kept(app, cast) == 1


def test_the_same_number_with_other_words_is_refused(app: Flask, cast: Cast) -> None:
    send(app, cast)
    with pytest.raises(RefusedError, match="said something else"):
        send(app, cast, "Sales")
    assert kept(app, cast) == 1


def test_the_same_number_from_another_person_is_another_entry(app: Flask, cast: Cast) -> None:
    send(app, cast)
    with on_stage(app, cast.organisation, cast.auditor) as w:
        came = once(w, KEY, "processes.create", {"name": "Sales"}, adds(w, "Sales"))
    assert not came.again
    assert kept(app, cast) == 2


def test_an_entry_that_is_refused_may_come_again(app: Flask, cast: Cast) -> None:
    def refuse() -> str:
        raise RefusedError("Not like this.")

    with pytest.raises(RefusedError, match="Not like this"), on_stage(app, cast.organisation, cast.auditor) as w:
        once(w, KEY, "processes.create", {}, refuse)
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(ReceivedEntry)) == []


@pytest.mark.parametrize("key", ["", "x" * 41])
def test_an_entry_without_a_number_is_refused(app: Flask, cast: Cast, key: str) -> None:
    with pytest.raises(RefusedError, match="without its number"):
        send(app, cast, key=key)
