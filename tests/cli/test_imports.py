"""`flask assets import` and `flask licences import`: the same as the pages, all or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.itam.asset import AssetKind, AssetStatus
from app.models.asset import Asset
from app.models.journal import JournalEntry
from app.models.software import Installation
from tests.operations.test_imports import BOUGHT, pooled
from tests.stage import on_stage

FILES = Path(__file__).parents[1] / "inputs" / "files"
GOOD = "Asset Tag,Asset Name,Purchase Cost\nA-1,First,EUR 10\nA-2,Second,\n"


@pytest.fixture
def bring(runner, cast, tmp_path):
    def run(text, *options, noun="assets"):
        path = text
        if isinstance(text, str):
            path = tmp_path / "file.csv"
            path.write_text(text)
        return runner.invoke(args=[noun, "import", str(path), f"--organisation={cast.organisation.slug}", *options])

    return run


def count(app, cast, model):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count(model.id)))


def test_a_file_comes_in_and_a_second_time_changes_nothing(bring, app, cast):
    done = bring(GOOD, "--dry-run")
    assert (done.exit_code, count(app, cast, Asset)) == (0, 0)
    assert "2 would be added" in done.output
    assert bring(GOOD).output == "file.csv: 2 added, 0 changed, 0 left as they are.\n"
    assert bring(GOOD).output == "file.csv: 0 added, 0 changed, 2 left as they are.\n"


def test_each_faulty_line_is_a_line_and_nothing_is_changed(bring, app, cast):
    with on_stage(app, cast.organisation) as w:
        before = w.session.scalar(select(func.count(JournalEntry.id)))
    done = bring(GOOD + "A-1,Again,\n,Nameless,\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "Line 4, Asset tag: A-1 stands in line 2 too.",
        "Line 5, Asset tag: It is empty.",
    ]
    assert count(app, cast, Asset) == 0
    with on_stage(app, cast.organisation) as w:
        assert w.session.scalar(select(func.count(JournalEntry.id))) == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--kind=installations",), "Product is needed. Choose its column."),
        (("--organisation=nowhere",), "There is no organisation nowhere."),
        (("--kind=cyclonedx",), "Say --asset"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(bring, options, says):
    done = bring(GOOD, *options)
    assert done.exit_code == 2
    assert says in done.stderr


def test_a_file_that_is_not_there(bring, tmp_path):
    done = bring(tmp_path / "none.csv")
    assert (done.exit_code, "No such file" in done.stderr) == (2, True)


def test_software_of_public_tools_comes_in_as_it_is(bring, app, cast):
    with on_stage(app, cast.organisation) as w:
        w.add(Asset(tag="A-1", name="x", kind=AssetKind.HARDWARE, status=AssetStatus.DEPLOYED, created_at=w.now))
    for name, kind in (("hostname.swidtag", "swid"), ("pillow-13.0.0.cdx.json", "cyclonedx")):
        done = bring(FILES / name, f"--kind={kind}", "--asset=A-1")
        assert (done.exit_code, " 0 changed, 0 left" in done.output) == (0, True), done.stderr
        found = count(app, cast, Installation)
        again = bring(FILES / name, f"--kind={kind}", "--asset=A-1")
        assert (" 0 added, 0 changed" in again.output, count(app, cast, Installation)) == (True, found)


def test_a_file_in_the_layout_of_snipe_it_comes_in_as_it_is(bring, app, cast):
    done = bring(FILES / "snipe-it-assets.csv", "--currency=EUR", "--source=Snipe-IT")
    assert (done.exit_code, done.output) == (0, "snipe-it-assets.csv: 4 added, 0 changed, 0 left as they are.\n"), (
        done.stderr
    )
    with on_stage(app, cast.organisation) as w:
        rows = {row.tag: row for row in w.all(select(Asset))}
    laptop, switch, screen, projector = (rows[f"SN-010{number}"] for number in range(1, 5))
    assert (laptop.name, laptop.maker, laptop.model) == ("Laptop of Stella", "Dell", "Latitude 7450")
    assert (laptop.serial, laptop.cost_minor, laptop.currency, laptop.supplier) == ("5CG4411", 124990, "EUR", "Bechtle")
    assert (laptop.notes, laptop.keywords) == ("Dock on the desk, key with the porter", " laptops ")
    assert (laptop.purchased_on.isoformat(), switch.cost_minor) == ("2025-03-14", 231000)
    assert (switch.name, screen.name) == ("Switch, second floor", "Dell U2723QE")
    statuses = (AssetStatus.IN_STOCK, AssetStatus.IN_STOCK, AssetStatus.ORDERED, AssetStatus.RETIRED)
    assert tuple(row.status for row in (laptop, switch, screen, projector)) == statuses
    again = bring(FILES / "snipe-it-assets.csv", "--currency=EUR", "--source=Snipe-IT")
    assert again.output == "snipe-it-assets.csv: 0 added, 0 changed, 4 left as they are.\n"


def test_entitlements_come_in(bring, app, cast):
    with on_stage(app, cast.organisation) as w:
        pooled(w)
    table = BOUGHT.strip().replace(",", ".").replace(" | ", ";").replace("| ", ";").replace(" |", ";").replace("|", ";")
    done = bring(table, noun="licences")
    assert (done.exit_code, done.output) == (0, "file.csv: 2 added, 0 changed, 0 left as they are.\n"), done.stderr
