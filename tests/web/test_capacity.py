"""Capacity on screen: clusters, hosts and guests as of a day, moves that never overlap, and what cannot be counted."""

import threading
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind
from app.extensions import db
from app.models.capacity import Cluster, ClusterHost, Placement
from app.operations import capacity
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.inventory import asset
from tests.stage import on_stage

VM = AssetKind.VIRTUAL_MACHINE


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/capacity"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def ids(app: Flask, cast: Cast) -> dict[str, int]:
    """Three hosts, one of which says nothing of its sockets; two virtual machines."""
    with on_stage(app, cast.organisation) as w:
        rows = [asset(w, f"HW-{n}", sockets=2 if n < 3 else None, cores=32, threads=64) for n in (1, 2, 3)]
        rows += [asset(w, "VM-1", VM), asset(w, "VM-2", VM)]
        return {row.tag: row.id for row in rows}


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def clustered(app: Flask, cast: Cast) -> int:
    """Blue, with the first two hosts since 1 and 10 May."""
    with on_stage(app, cast.organisation) as w:
        blue = capacity.add_cluster(w, "Blue")
        capacity.join(w, blue, "HW-1", date(2026, 5, 1))
        capacity.join(w, blue, "HW-2", date(2026, 5, 10))
        return blue.id


def test_from_a_cluster_to_where_licences_are_needed(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    assert "No host has a guest" in text(manager.get(url))
    made = post(manager, f"{url}/clusters/new", {"name": "Blue"})
    assert made.status_code == 303
    assert post(manager, f"{made.location}/hosts/new", {"host": "HW-1", "on": "2026-05-01"}).status_code == 303
    assert post(manager, f"{made.location}/hosts/new", {"host": "HW-2", "on": "2026-05-10"}).status_code == 303
    on_host = post(manager, f"{url}/place", {"guest": "VM-1", "host": "HW-3", "on": "2026-05-05"})
    assert on_host.location == f"{url}/guests/{ids['VM-1']}"
    blue = made.location.rpartition("/")[2]
    assert post(manager, f"{url}/place", {"guest": "VM-1", "cluster": blue, "on": "2026-05-20"}).status_code == 303
    with on_stage(app, cast.organisation) as w:
        stays = [(row.starts_on, row.ends_on) for row in w.all(select(Placement).order_by(Placement.id))]
    assert stays == [(date(2026, 5, 5), date(2026, 5, 19)), (date(2026, 5, 20), None)]
    for day, needed, spared in (
        ("2026-05-04", ["Nothing says where it ran on 4 May 2026"], []),
        ("2026-05-19", ["It ran on one host"], ["It ran in a cluster"]),
        ("2026-05-20", ["every host that was in the cluster is counted", "Asset HW-1", "Asset HW-2"], []),
    ):
        page = text(manager.get(f"{url}/guests/{ids['VM-1']}?on={day}"))
        assert all(words in page for words in needed), day
        assert not any(words in page for words in spared), day
    floor = text(manager.get(url))
    assert "2 hosts with 1 guest." in floor
    assert "64 cores" in floor
    assert "1 virtual machine in use runs nowhere that is recorded." in floor
    then = text(manager.get(f"{url}?on=2026-05-05"))
    assert "1 host cannot be counted in full." in then
    assert "HW-3 has no sockets recorded: licences by processor cannot be counted on it." in then
    cluster = text(manager.get(made.location))
    assert "1 May 2026" in cluster
    assert "VM-1" in cluster


def test_what_cannot_be_is_refused_at_its_field(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    blue = clustered(app, cast)
    post(manager, f"{url}/place", {"guest": "VM-1", "host": "HW-3", "on": "2026-05-05"})
    for typed, says in (
        ({"guest": "VM-1", "host": "VM-1", "on": "2026-05-06"}, "cannot run on itself"),
        ({"guest": "VM-1", "host": "VM-2", "on": "2026-05-06"}, "a host is hardware"),
        (
            {"guest": "HW-1", "host": "HW-2", "on": "2026-05-06"},
            "only a virtual machine or a container image is placed",
        ),
        ({"guest": "VM-9", "host": "HW-2", "on": "2026-05-06"}, "The register has no asset VM-9."),
        ({"guest": "VM-1", "host": "HW-1", "cluster": str(blue), "on": "2026-05-06"}, "one of the two"),
        ({"guest": "VM-1", "on": "2026-05-06"}, "one of the two"),
        ({"guest": "VM-1", "host": "HW-1", "on": "2026-05-04"}, "would overlap"),
        ({"guest": "VM-1", "host": "HW-1", "on": "2026-06-02"}, "a day that has come"),
        ({"guest": "VM-1", "host": "HW-3", "on": "2026-05-09"}, "has been there since 5 May 2026"),
        ({"guest": "VM-1", "cluster": "999", "on": "2026-05-09"}, "Choose a cluster from the list."),
    ):
        answer = post(manager, f"{url}/place", typed)
        assert answer.status_code == 422, typed
        assert says in text(answer), typed
    joined = post(manager, f"{url}/clusters/{blue}/hosts/new", {"host": "HW-1", "on": "2026-05-20"})
    assert "a host is in one cluster at a time" in text(joined)
    assert "There is a cluster blue already." in text(post(manager, f"{url}/clusters/new", {"name": "blue"}))
    refused = post(manager, f"{url}/clusters/{blue}/remove")
    assert refused.status_code == 422
    assert "Hosts: HW-1, HW-2." in text(refused)
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(Placement))) == 1
        assert len(w.all(select(Cluster))) == 1


def test_hosts_leave_guests_are_taken_off_and_the_days_before_stay(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    blue = clustered(app, cast)
    post(manager, f"{url}/place", {"guest": "VM-1", "cluster": str(blue), "on": "2026-05-12"})
    with on_stage(app, cast.organisation) as w:
        first = w.all(select(ClusterHost.id).order_by(ClusterHost.id))[0]
        placement = w.all(select(Placement.id))[0]
    assert post(manager, f"{url}/clusters/{blue}/hosts/{first}/end", {"ends_on": "2026-05-15"}).status_code == 303
    again = post(manager, f"{url}/clusters/{blue}/hosts/{first}/end", {"ends_on": "2026-05-16"})
    assert "ended on 15 May 2026 already" in text(again)
    assert post(manager, f"{url}/placements/{placement}/end", {"ends_on": "2026-05-20"}).status_code == 303
    page = f"{url}/guests/{ids['VM-1']}"
    assert "Asset HW-1" in text(manager.get(f"{page}?on=2026-05-15"))
    assert "Asset HW-1" not in text(manager.get(f"{page}?on=2026-05-16"))
    assert "Nothing says where it ran" in text(manager.get(f"{page}?on=2026-05-21"))
    # A cluster that nothing was ever in goes; its name is free again.
    empty = post(manager, f"{url}/clusters/new", {"name": "Mistake"}).location
    assert post(manager, f"{empty}/rename", {"name": "Slip"}).status_code == 303
    assert "Slip" in text(manager.get(f"{empty}/remove"))
    assert post(manager, f"{empty}/remove").location == url
    assert manager.get(empty).status_code == 404


def test_of_two_who_place_one_machine_at_once_one_is_refused(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    told: list[str] = []

    def place(host: str) -> None:
        try:
            with on_stage(app, cast.organisation) as w:
                capacity.place(w, "VM-1", host_tag=host, on=date(2026, 5, 5 if host == "HW-1" else 4))
        except RefusedError as refusal:
            told.append(str(refusal))

    with on_stage(app, cast.organisation) as w:
        capacity.place(w, "VM-1", host_tag="HW-3", on=date(2026, 5, 1))
    threads = [threading.Thread(target=place, args=(host,)) for host in ("HW-1", "HW-1", "HW-1", "HW-1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 3
    with on_stage(app, cast.organisation) as w:
        rows = [(row.starts_on, row.ends_on) for row in w.all(select(Placement).order_by(Placement.starts_on))]
    assert rows == [(date(2026, 5, 1), date(2026, 5, 4)), (date(2026, 5, 5), None)]


def test_another_organisation_has_neither_hosts_nor_clusters_here(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    with on_stage(app, cast.elsewhere) as w:
        theirs = asset(w, "XX-1", VM)
        red = capacity.add_cluster(w, "Red")
    for path in (f"/clusters/{red.id}", f"/guests/{theirs.id}", f"/clusters/{red.id}/rename"):
        assert manager.get(f"{url}{path}").status_code == 404
    assert "no asset XX-1" in text(post(manager, f"{url}/place", {"guest": "XX-1", "host": "HW-1", "on": "2026-05-06"}))
    answer = post(manager, f"{url}/place", {"guest": "VM-1", "cluster": str(red.id), "on": "2026-05-06"})
    assert "Choose a cluster from the list." in text(answer)
    assert "Red" not in text(manager.get(url))


def test_the_floor_asks_the_same_number_of_questions_however_full_it_is(
    manager: FlaskClient, app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    clustered(app, cast)
    counts = []
    for more in (1, 60):
        with on_stage(app, cast.organisation) as w:
            for n in range(more):
                asset(w, f"HV-{more}-{n}", sockets=1, cores=8, threads=8)
                asset(w, f"VV-{more}-{n}", VM)
                capacity.place(w, f"VV-{more}-{n}", host_tag=f"HV-{more}-{n}", on=date(2026, 5, 5))
        manager.get(url)
        asked: list[str] = []

        def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = asked) -> None:
            into.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert manager.get(url).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "HV-60-59" in text(manager.get(f"{url}?page=2"))
