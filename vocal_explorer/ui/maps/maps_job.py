"""The job that asks for both maps, and shows each better one while it is made."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.maps.attributes import Attribute
from vocal_explorer.ui.maps.map_layout import MapLayout, lay_out_maps

MapLayouts = dict[Domain, MapLayout]
ShowLayouts = Callable[[MapLayouts], None]


def maps_job(
    explorer: Explorer, attribute: Attribute, show: ShowLayouts
) -> Callable[[Progress], MapLayouts]:
    """Return a job that lays out both maps; `show` is given, in its thread, what there is so far.

    Parameters
    ----------
    explorer
        Knows the tracks and where they lie.
    attribute
        What the points are coloured by.
    show
        Is given one map at a time, each better than the one before.
    """

    def job(progress: Progress) -> MapLayouts:
        tracks = explorer.tracks()
        clusters = explorer.clusters() if attribute.uses_clusters else {}
        maps: dict[Domain, list[MapPoint]] = {}
        for number, domain in enumerate(Domain):

            def show_so_far(
                ids: Sequence[str], points: NDArray[np.float64], domain: Domain = domain
            ) -> None:
                places = zip(ids, points.tolist(), strict=True)
                so_far = [MapPoint(track_id, x, y) for track_id, (x, y) in places]
                show(lay_out_maps({domain: so_far}, tracks, attribute, clusters))

            span = progress.part(number / len(Domain), (number + 1) / len(Domain))
            span.report(0.0)
            maps[domain] = explorer.track_map(domain, span, show_so_far)
        return lay_out_maps(maps, explorer.tracks(), attribute, clusters)

    return job
