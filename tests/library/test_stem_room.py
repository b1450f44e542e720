"""Stems that move to another place: nothing is lost, whatever happens on the way."""

from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Stem, Stems
from vocal_explorer.library.stem_room import NAME, StemSettings
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.store import Store
from vocal_explorer.separation import stem_cache
from vocal_explorer.separation.stem_cache import StemCache

TRACKS = ("aa1", "ab2", "cd3")
KEY = "separator-1"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Database(tmp_path / "library"))


@pytest.fixture
def settings(tmp_path: Path, store: Store, rng: np.random.Generator) -> StemSettings:
    settings = StemSettings(tmp_path / "library" / "stems", store)
    for track_id in TRACKS:
        vocals = rng.uniform(-0.5, 0.5, (2, 20_000)).astype(np.float32)
        with settings.cache.writing(track_id, KEY) as writer:
            writer.write(Stems(vocals, -vocals, 44_100))
    return settings


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    drive = tmp_path / "drive"
    drive.mkdir()
    return drive


def vocals(cache: StemCache) -> dict[str, bytes]:
    loaded = {track_id: cache.load(track_id, KEY, Stem.VOCALS) for track_id in TRACKS}
    return {track_id: stem[0].tobytes() for track_id, stem in loaded.items() if stem}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_stems_go_along_and_are_found_at_the_next_start(
    settings: StemSettings, store: Store, drive: Path, tmp_path: Path
) -> None:
    before, room = vocals(settings.cache), settings.room()
    shares: list[float] = []
    moved = settings.move(drive, True, Progress(lambda share, _text: shares.append(share)))
    assert moved.folder == drive / NAME
    assert moved.used == room.used
    assert vocals(settings.cache) == before
    assert files(room.folder) == []
    assert shares == sorted(shares)
    assert len(shares) == len(TRACKS)
    again = StemSettings(tmp_path / "library" / "stems", store)
    assert vocals(again.cache) == before


def test_stems_stay_when_they_are_to_stay(settings: StemSettings, drive: Path) -> None:
    old = settings.room().folder
    before = vocals(settings.cache)
    assert settings.move(drive, False).used == 0
    assert vocals(settings.cache) == {}
    assert vocals(StemCache(old)) == before


@pytest.mark.parametrize("failure", ["full", "cancelled"])
def test_nothing_changes_when_it_does_not_come_to_its_end(
    settings: StemSettings, drive: Path, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, room = vocals(settings.cache), settings.room()
    control, copies, copytree = Control(), [], stem_cache.shutil.copytree

    def failing(source: Path, target: Path) -> object:
        copies.append(source)
        if len(copies) == 2:
            if failure == "full":
                reason = "[Errno 28] No space left on device: 'x'"
                raise stem_cache.shutil.Error([(str(source), str(target), reason)])
            control.cancel()
        return copytree(source, target)

    monkeypatch.setattr(stem_cache.shutil, "copytree", failing)
    expected = VocalExplorerError if failure == "full" else Cancelled
    match = "No space left on device" if failure == "full" else None
    with pytest.raises(expected, match=match):
        settings.move(drive, True, Progress(control=control))
    assert len(copies) == 2
    assert settings.room() == room
    assert vocals(settings.cache) == before
    assert files(drive) == []


def test_a_place_that_cannot_be_used_is_told(settings: StemSettings, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    before = settings.room()
    for place in (file, before.folder):
        with pytest.raises(VocalExplorerError):
            settings.move(place, True)
    assert settings.room() == before


def test_without_the_drive_stems_go_to_the_library(
    settings: StemSettings, store: Store, drive: Path, tmp_path: Path
) -> None:
    settings.move(drive, True)
    away = drive.rename(tmp_path / "away")
    library = tmp_path / "library" / "stems"
    assert StemSettings(library, store).room().folder == library
    away.rename(drive)
    assert StemSettings(library, store).room().folder == drive / NAME


def test_other_folders_in_the_chosen_place_are_left_alone(
    settings: StemSettings, drive: Path
) -> None:
    song = drive / "Music" / "Album" / "Song" / "song.flac"
    song.parent.mkdir(parents=True)
    song.write_bytes(b"music")
    settings.move(drive, True)
    settings.clear()
    assert settings.room().used == 0
    assert song.read_bytes() == b"music"
