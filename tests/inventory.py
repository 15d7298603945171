"""Assets and software for the tests, in a few words each."""

from datetime import date
from typing import Any

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.domain.itam.version import version_key
from app.models.asset import Asset
from app.models.software import Installation, Product, Publisher
from app.operations.installations import recount
from app.work import Work


def asset(w: Work, tag: str, kind: AssetKind = AssetKind.HARDWARE, **columns: Any) -> Asset:
    """An asset that is deployed."""
    given = {"name": f"Asset {tag}", "status": AssetStatus.DEPLOYED, "found_by": tag.lower(), **columns}
    return w.add(Asset(tag=tag, kind=kind, created_at=w.now, **given))


def product(w: Work, name: str = "Visio", publisher: str = "Microsoft", **columns: Any) -> Product:
    """A product of a publisher of its own."""
    by = w.add(Publisher(name=publisher))
    return w.add(Product(publisher_id=by.id, name=name, created_at=w.now, **columns))


def installation(w: Work, on: Asset, of: Product, version: str = "1.0", **columns: Any) -> Installation:
    """What discovery found, with nothing behind it."""
    row = w.add(
        Installation(
            asset_id=on.id,
            product_id=of.id,
            version=version,
            version_key=version_key(version),
            **{
                "source": InstallationSource.SPREADSHEET,
                "found_on": date(2026, 1, 5),
                "authorisation": Authorisation.UNAUTHORISED,
                **columns,
            },
        )
    )
    recount(w, [(on.id, of.id)])
    return row
