"""Folders of singers: `singer/track.ext` and `singer/track/{mix,vocals,accompaniment}.ext`."""

from collections import defaultdict
from pathlib import Path, PurePath

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.library.scanning.finder import find_files

STEMS = frozenset(Stem)  # the names of the files in a track's own folder


def load_folder(folder: Path) -> list[LabelledTrack]:
    """Return the tracks of a folder of singers, sorted by name.

    Both layouts may occur side by side. Folders between the singer's and the track's are
    albums: they become the track's group. Files directly in `folder`, hidden ones and
    accompaniments without a mix or vocals are no tracks.

    Parameters
    ----------
    folder
        Its subfolders are named after singers.

    Raises
    ------
    VocalExplorerError
        If there is no track in it.
    """
    whole: list[LabelledTrack] = []
    stems: dict[PurePath, dict[str, Path]] = defaultdict(dict)
    for path in sorted(find_files([folder]).files):
        place = path.relative_to(folder.absolute())
        if path.stem.casefold() in STEMS and len(place.parts) > 2:
            stems[place.parent].setdefault(path.stem.casefold(), path)
        elif len(place.parts) > 1:
            whole.append(LabelledTrack(place.as_posix(), place.parts[0], path, group=_album(place)))
    tracks = whole + [
        LabelledTrack(
            place.as_posix(),
            place.parts[0],
            files.get(Stem.MIX),
            files.get(Stem.VOCALS),
            files.get(Stem.ACCOMPANIMENT),
            _album(place),
        )
        for place, files in stems.items()
        if files.keys() & {Stem.MIX, Stem.VOCALS}
    ]
    if not tracks:
        raise VocalExplorerError(
            f"{folder} has no tracks: they are expected as singer/track.flac or as"
            " singer/track/mix.flac, vocals.flac and accompaniment.flac."
        )
    return sorted(tracks, key=lambda track: track.name)


def _album(place: PurePath) -> str:
    return "/".join(place.parts[1:-1])
