"""The first page of a register of 100,000 assets against the same page over 100, under the same server."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import config
from app import create_app
from app.database import gather_statistics
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality, found_by
from app.domain.itam.ownership import Duty, OwnershipKind
from app.domain.permission import Role
from app.domain.secret import new_token, token_hash
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.organisation import Organisation, Site
from app.models.person import Person, SignIn, SignInStage
from app.operations import organisations
from app.work import Work, work
from bench.target import Target
from tests.databases import open_database

MANY, FEW = 100_000, 100
ROUNDS = 25
INDEXED, FREE = 1.5, 5.0
FILTERS = (
    ("without a filter", "", INDEXED),
    ("of one kind", "kind=virtual-machine", INDEXED),
    ("of one status", "status=deployed", INDEXED),
    ("of one site", "site={site}", INDEXED),
    ("of one criticality", "criticality=high", INDEXED),
    ("sorted by name", "order=name", INDEXED),
    ("with a free text that many hold", "q=laptop", FREE),
    ("with a free text that few hold", "q=sn-0099", FREE),
    ("with a free text that none holds", "q=nothing", FREE),
)


def measure() -> list[Target]:
    """Each filter on each database, as a multiple of the time that the page of 100 assets takes."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            database.reset()
            targets += _measure(kind, database.url, Path(folder))
    return targets


def _measure(kind: str, url: str, folder: Path) -> list[Target]:
    token = new_token()
    app = create_app(replace(config.from_environment(), secret_key="k" * 40, database_url=url, instance=folder))
    with app.app_context():
        with work(None) as opened:
            sites = _furnish(opened, token_hash(token))
        with work(None) as opened:
            # What the daily job does, and PostgreSQL within minutes.
            gather_statistics(opened.session)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True

    def page(slug: str, asked: str) -> Callable[[], None]:
        address = f"/o/{slug}/assets?{asked.format(site=sites[slug])}"

        def ask() -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status}")

        return ask

    targets = []
    for says, asked, limit in FILTERS:
        ratio = _ratio(page("many", asked), page("few", ""))
        targets.append(Target(f"The first page of {MANY:,} assets {says} on {kind}, against {FEW}", ratio, limit))
    return targets


def _ratio(ours: Callable[[], None], bare: Callable[[], None]) -> float:
    """The median of ours over the median of the other, measured in turn, so that a busy machine slows both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 2):
        for task, times in zip((ours, bare), taken, strict=True):
            began = time.perf_counter()
            task()
            if turn > 1:
                times.append(time.perf_counter() - began)
    return statistics.median(taken[0]) / statistics.median(taken[1])


def _furnish(opened: Work, token_hash_: str) -> dict[str, int]:
    """Two organisations, one of many and one of few assets, with an asset manager of both; gives a site of each."""
    person = opened.add(Person(email="bench@example.org", name="Bench", created_at=opened.now))
    opened.add(
        SignIn(
            person_id=person.id,
            token_hash=token_hash_,
            stage=SignInStage.COMPLETE,
            began_at=opened.now,
            expires_at=opened.now + timedelta(hours=12),
        )
    )
    sites = {}
    for slug, count in (("many", MANY), ("few", FEW)):
        home = organisations.found(opened, name=slug, country="DE", time_zone="Europe/Berlin", slug=slug)
        organisations.join(opened, home, person, frozenset({Role.ASSET_MANAGER}))
        with opened.within(home.id) as inside:
            sites[slug] = _fill(inside, home, count)
    return sites


def _fill(inside: Work, home: Organisation, count: int) -> int:
    sites = [
        inside.add(Site(name=f"Branch {number}", country="DE", time_zone=home.time_zone)).id for number in range(20)
    ]
    ids = inside.insert_many(Asset, [_asset(inside, number, sites) for number in range(count)])
    owned = [
        {"asset_id": each, "kind": OwnershipKind.OWNED, "starts_on": inside.today - timedelta(days=400)} for each in ids
    ]
    inside.insert_many(AssetOwnership, owned)
    held = [{"asset_id": each, "duty": Duty.SECURITY, "party": "IT"} for each in ids]
    inside.insert_many(AssetDuty, held)
    return sites[3]


def _asset(inside: Work, number: int, sites: list[int]) -> dict[str, object]:
    tag, name, serial = f"NW-{number:06d}", f"Laptop of branch {number % 977}", f"SN-{number * 7919 % 1_000_003:07d}"
    kinds, statuses, weights = list(AssetKind), list(AssetStatus), list(Criticality)
    return {
        "tag": tag,
        "name": name,
        "kind": kinds[number % len(kinds)],
        "status": statuses[number * 7 % len(statuses)],
        "serial": serial,
        "maker": "Lenovo",
        "model": f"T{number % 20}",
        "site_id": sites[number % len(sites)],
        "criticality": weights[number % len(weights)],
        "warranty_ends_on": inside.today + timedelta(days=number % 900),
        "currency": "",
        "found_by": found_by(tag, name, serial, "Lenovo", f"T{number % 20}"),
        "created_at": inside.now,
        "version": 1,
    }
