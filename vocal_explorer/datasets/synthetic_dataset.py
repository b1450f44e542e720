"""Labelled datasets of synthetic singers, of any size, with what each voice is made of."""

import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import write_text
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.synthesis.names import album_title, singer_name, song_title
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song, write_song

STEMS_FACTS = "song.json"
POLL_SECONDS = 0.5  # between two looks at whether the job was cancelled


@dataclass(frozen=True)
class SyntheticPlan:
    """Which songs a dataset has.

    Parameters
    ----------
    n_singers, n_songs
        How many singers, and songs of each.
    seconds
        Length of every song.
    seed
        Which world of singers.
    first_singer
        Number of the first singer: other ranges of one world have no singer in common.
    n_albums
        Where there are any, songs lie in so many album folders, one after the other.
    stems
        Whether the true stems are written too; without, a dataset is like a user's songs.
    """

    n_singers: int
    n_songs: int
    seconds: float
    seed: int = 0
    first_singer: int = 0
    n_albums: int = 0
    stems: bool = False

    def songs(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers of singer and song of each song."""
        for singer in range(self.first_singer, self.first_singer + self.n_singers):
            for song in range(self.n_songs):
                yield singer, song

    def album(self, singer: int, song: int) -> str:
        """Return the title of a song's album."""
        number = song % max(1, self.n_albums)
        title = album_title(singer, self.seed)
        return f"{title} (Part {number + 1})" if self.n_albums else title

    def place(self, folder: Path, singer: int, song: int) -> Path:
        """Return the folder in which a song's file, or its folder of stems, lies."""
        of_singer = folder / singer_name(singer, self.seed)
        return of_singer / self.album(singer, song) if self.n_albums else of_singer


def render_dataset(
    folder: Path, plan: SyntheticPlan, *, n_processes: int = 0, progress: Progress | None = None
) -> int:
    """Write a dataset in the layout of datasets.folder; what is there is kept.

    Beside each song's audio, TITLE.json (without stems) or TITLE/song.json says what it was
    made from; see `song_facts`. It is written last, so a song with it is whole.

    Parameters
    ----------
    folder
        Gets a folder for each singer.
    plan
        Which songs.
    n_processes
        How many songs are rendered at once; 0 is one for each processor.
    progress
        Hears about every song; cancelling keeps those that are finished.

    Returns
    -------
    int
        How many songs were rendered now.

    Raises
    ------
    VocalExplorerError
        If a file cannot be written.
    Cancelled
        If the job was cancelled.
    """
    progress = progress or Progress()
    missing = [numbers for numbers in plan.songs() if not _is_done(folder, plan, *numbers)]
    context = multiprocessing.get_context("spawn")  # forks of a process with threads may hang
    with ProcessPoolExecutor(n_processes or os.cpu_count(), mp_context=context) as pool:
        pending = {pool.submit(_render, folder, plan, *numbers) for numbers in missing}
        try:
            _watch(pending, progress)
        finally:
            pool.shutdown(cancel_futures=True)
    progress.report(1.0, "done")
    return len(missing)


def song_facts(track: LabelledTrack) -> dict[str, Any]:
    """Return what a track of a rendered dataset was made from.

    `singer`, `song`, `seed` and `seconds` are synthetic_song's arguments; `tempo` and `key`
    those of the song; `voice` the parameters of SingerVoice as they are on it; `pitches`
    lists the sung MIDI numbers, one a syllable, and `note_seconds` how long they last.

    Raises
    ------
    VocalExplorerError
        If the track is not from such a dataset.
    """
    path = track.path
    beside_stems = path.parent / STEMS_FACTS
    place = beside_stems if beside_stems.is_file() else path.with_suffix(".json")
    try:
        facts: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VocalExplorerError(
            f"{track.name} was not rendered from known parameters: {place} cannot be read."
        ) from error
    return facts


def _watch(pending: "set[Future[str]]", progress: Progress) -> None:
    n_songs, name = len(pending), ""
    while pending:
        progress.report((n_songs - len(pending)) / n_songs, name)
        done, pending = wait(pending, POLL_SECONDS, "FIRST_COMPLETED")
        for future in done:
            name = future.result()


def _render(folder: Path, plan: SyntheticPlan, singer: int, song: int) -> str:
    made = synthetic_song(singer, song, seconds=plan.seconds, seed=plan.seed)
    place = plan.place(folder, singer, song)
    write_song(place, made, plan.album(singer, song), plan.stems)
    facts = json.dumps(_facts(plan, singer, song, made), indent=1)
    write_text(_facts_file(folder, plan, singer, song), facts)
    return f"{made.singer}: {made.title}"


def _facts(plan: SyntheticPlan, singer: int, song: int, made: SyntheticSong) -> dict[str, Any]:
    return {
        **_arguments(plan, singer, song),
        "tempo": made.tempo,
        "key": made.key,
        "voice": asdict(made.voice),
        "pitches": [note.pitch for note in made.notes],
        "note_seconds": [round(note.seconds, 4) for note in made.notes],
    }


def _arguments(plan: SyntheticPlan, singer: int, song: int) -> dict[str, Any]:
    return {"singer": singer, "song": song, "seed": plan.seed, "seconds": plan.seconds}


def _facts_file(folder: Path, plan: SyntheticPlan, singer: int, song: int) -> Path:
    title = song_title(singer, song, plan.seed)
    place = plan.place(folder, singer, song)
    return place / title / STEMS_FACTS if plan.stems else place / f"{title}.json"


def _is_done(folder: Path, plan: SyntheticPlan, singer: int, song: int) -> bool:
    """Whether a song is there, made from the same arguments."""
    try:
        path = _facts_file(folder, plan, singer, song)
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return _arguments(plan, singer, song).items() <= facts.items()
