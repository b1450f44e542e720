from pathlib import Path

import pytest
from audio_files import write_files

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.msd_singer import find_lists, load_msd_singer

IDS = ("TRAAAAA128F0000001", "TRBBBBB128F000000A", "TRCCCCC12903CCDB47")
HEADER = "artist_index,artist_id,artist_name,track_id,vocal_segments\n"


def row(artist: str, track: str) -> str:
    return f'0,{artist},"A name\n",{track},"[22.5, 24.0]"\n'  # as the data set has them


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_lists_of_the_data_set_with_nested_and_flat_audio(tmp_path: Path) -> None:
    model = write(tmp_path / "msd_unseen_model_data_500_a.csv", HEADER + row("AR1", IDS[0]))
    queries = write(tmp_path / "msd_unseen_eval_data_500_a.csv", HEADER + row("AR1", IDS[1]))
    write(tmp_path / "notes.txt", "nothing of interest, really\n")
    audio = write_files(tmp_path / "audio", f"A/A/A/{IDS[0]}.mp3", f"{IDS[1]}.ogg")
    assert find_lists(tmp_path) == [queries, model]
    tracks = load_msd_singer([model, queries], audio)
    assert [(t.name, t.singer, t.group, t.mix) for t in tracks] == [
        (IDS[0], "AR1", "unseen_model", audio / f"A/A/A/{IDS[0]}.mp3"),
        (IDS[1], "AR1", "unseen_eval", audio / f"{IDS[1]}.ogg"),
    ]
    assert [t.name for t in load_msd_singer([model, queries], audio, ["unseen_eval"])] == [IDS[1]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "<SEP>"])
def test_plain_lists_of_track_and_singer(tmp_path: Path, separator: str) -> None:
    lines = [separator.join((track, "Ann", "Title")) for track in IDS[:2]]
    path = write(tmp_path / "train.txt", "\n".join(lines) + "\n")
    audio = write_files(tmp_path / "audio", *(f"{track}.wav" for track in IDS))
    tracks = load_msd_singer([path], audio)
    assert [(t.name, t.singer, t.group) for t in tracks] == [(i, "Ann", "train") for i in IDS[:2]]
    assert find_lists(tmp_path) == [path]


def test_a_column_may_name_the_split(tmp_path: Path) -> None:
    text = f"split,singer,track_id\ntest,Ann,{IDS[0]}\ntrain,Ann,{IDS[1]}\n"
    path = write(tmp_path / "all.csv", text)
    audio = write_files(tmp_path / "audio", *(f"{track}.wav" for track in IDS))
    assert [t.group for t in load_msd_singer([path], audio)] == ["test", "train"]


def test_missing_audio_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "test.csv", HEADER + "".join(row("AR1", track) for track in IDS))
    missing: list[Failure] = []
    audio = write_files(tmp_path / "audio", f"{IDS[1]}.mp3")
    assert [t.name for t in load_msd_singer([path], audio, on_missing=missing.append)] == [IDS[1]]
    assert [str(failure.path) for failure in missing] == [IDS[0], IDS[2]]
    assert missing[0].reason == f"there is no audio of it in {audio}"


def test_no_audio_at_all_is_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "test.csv", HEADER + row("AR1", IDS[0]))
    with pytest.raises(VocalExplorerError, match="none of the 1 listed tracks"):
        load_msd_singer([path], tmp_path)


def test_a_list_without_singers_is_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "test.csv", f"track_id,year\n{IDS[0]},1999\n")
    with pytest.raises(VocalExplorerError, match="no column of singers"):
        load_msd_singer([path], tmp_path)
