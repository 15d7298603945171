"""Keep what counts right: of several versions of a product on one asset, one stands for it on each day."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from app.domain.licensing.counting import Presence, counted
from app.models.software import Installation
from app.work import Work

_AT_ONCE = 500


def recount(work: Work, pairs: Iterable[tuple[int, int]]) -> None:
    """Say anew which rows stand for a product on an asset; `pairs` are ids of an asset and a product."""
    work.flush()
    wanted = sorted(set(pairs))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = work.all(
            select(Installation).where(
                Installation.asset_id.in_({asset for asset, _ in some}),
                Installation.product_id.in_({product for _, product in some}),
            )
        )
        together: dict[tuple[int, int], list[Installation]] = defaultdict(list)
        for row in rows:
            together[row.asset_id, row.product_id].append(row)
        for pair in some:
            days = counted(Presence(row.id, row.found_on, row.removed_on) for row in together[pair])
            for row in together[pair]:
                row.counted_from, row.counted_until = days[row.id] or (None, None)
    work.flush()
