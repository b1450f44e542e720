from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.records.signals import Stem, Stems
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.stem_export import copy_stem
from vocal_explorer.separation.stem_cache import StemCache

TRACK = Track("0123456789", Path("/music/a.mp3"), "Who/What?", "Ann")


@pytest.fixture
def cache(tmp_path: Path) -> StemCache:
    cache = StemCache(tmp_path / "stems")
    vocals = np.full((2, 4410), 0.25, np.float32)
    with cache.writing(TRACK.track_id, "one") as writer:
        writer.write(Stems(vocals, -vocals, 44_100))
    return cache


def test_a_stem_is_given_under_the_name_of_its_song(cache: StemCache, tmp_path: Path) -> None:
    file = copy_stem(cache, TRACK, "one", Stem.VOCALS, tmp_path / "given")
    assert file.name == "Ann - Who_What_ (vocals).flac"
    np.testing.assert_allclose(read_audio(file)[0], 0.25, atol=1e-4)


def test_a_copy_that_another_program_may_use_stays(cache: StemCache, tmp_path: Path) -> None:
    file = copy_stem(cache, TRACK, "one", Stem.VOCALS, tmp_path / "given")
    file.write_bytes(b"changed")
    assert copy_stem(cache, TRACK, "one", Stem.VOCALS, tmp_path / "given") == file
    assert file.read_bytes() == b"changed"


def test_what_is_not_kept_is_named(cache: StemCache, tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"a\.mp3: its stems were removed"):
        copy_stem(cache, TRACK, "other", Stem.VOCALS, tmp_path / "given")


def test_a_folder_that_cannot_be_written_is_named(cache: StemCache, tmp_path: Path) -> None:
    (tmp_path / "given").write_text("a file")
    with pytest.raises(VocalExplorerError, match="cannot be written"):
        copy_stem(cache, TRACK, "one", Stem.VOCALS, tmp_path / "given")
