"""The area of comparisons with other registers."""

from flask import abort

from app.models.reconciliation import Reconciliation
from app.queries.reconciliations import run_by
from app.web.gate import Area
from app.work import Work

area = Area("reconciliations", __name__, url_prefix="/reconciliations")


def run_or_404(work: Work, reference: str, *, for_update: bool = False) -> Reconciliation:
    """The run of a reference; 404 where the organisation has none."""
    run = run_by(work, reference, for_update=for_update)
    if run is None:
        abort(404)
    return run
