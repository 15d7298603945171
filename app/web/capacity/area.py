"""The address under which the pages of capacity stand."""

from flask import abort

from app.models.capacity import Cluster
from app.queries.capacity import cluster_by
from app.web.gate import Area
from app.work import Work

area = Area("capacity", __name__, url_prefix="/capacity")


def cluster_or_404(work: Work, cluster_id: int, *, for_update: bool = False) -> Cluster:
    """The cluster of the address."""
    cluster = cluster_by(work, cluster_id, for_update=for_update)
    if cluster is None:
        abort(404)
    return cluster
