"""Writing the 2-D maps of a library as a picture or a table."""

from collections.abc import Sequence
from pathlib import Path

from vocal_explorer.base.files import writing
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.demo import map_drawing
from vocal_explorer.export.map_picture import MapDrawing, draw_maps
from vocal_explorer.export.table import write_table
from vocal_explorer.session import Session

DOMAINS = {"V": Domain.VOCALS, "M": Domain.MIX}
COLUMNS = ("space", "x", "y", "singer", "title", "path", "track_id")


def write_maps(session: Session, spaces: Sequence[str], out: Path) -> int:
    """Write the maps named by `spaces` to a .png, .svg or .csv file; return how many tracks."""
    drawings = {space: map_drawing(session, DOMAINS[space]) for space in spaces}
    if out.suffix.lower() != ".csv":
        draw_maps(list(drawings.values()), out)
    else:
        _write_table(drawings, out)
    return max(len(drawing.points) for drawing in drawings.values())


def _write_table(drawings: dict[str, MapDrawing], out: Path) -> None:
    rows = []
    for space, drawing in drawings.items():
        for point in drawing.points:
            track = drawing.tracks[point.track_id]
            named = (track.singer, track.title, track.path, track.track_id)
            rows.append((space, point.x, point.y, *named))
    with writing(out) as temporary:
        write_table(temporary, COLUMNS, rows)
