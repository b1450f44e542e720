import csv
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.music import Key, MusicSummary
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.export.files import N_NEIGHBOURS, Exported, gather, write_export

N = 40
BAD_NAME = "/music/\udcff.mp3"  # a file name that is no valid text


@pytest.fixture
def exported() -> Exported:
    """The last track failed, and the one before is instrumental: no place among vocals."""
    rng = np.random.default_rng(0)
    tracks = [Track(f"id{n}", Path(f"/music/{n}.mp3"), f"Song {n}", "Ann") for n in range(N - 1)]
    tracks[0] = replace(tracks[0], music=MusicSummary(123.456, 1.0, Key(9, True), 1.0))
    tracks.append(
        Track(BAD_NAME, Path(BAD_NAME), "Bad", "", state=TrackState.FAILED, error="It is empty.")
    )
    vectors = {
        domain: {t.track_id: rng.normal(size=8).astype(np.float32) for t in tracks[:-1]}
        for domain in Domain
    }
    maps = {
        Domain.VOCALS: [MapPoint(t.track_id, 0.25, 0.5) for t in tracks[:-2]],
        Domain.MIX: [MapPoint(t.track_id, 0.75, 1.0) for t in tracks[:-1]],
    }
    return gather(tracks, vectors, maps)


def test_a_playlist_has_what_can_be_played(exported: Exported, tmp_path: Path) -> None:
    write_export(exported, tmp_path / "new" / "list.m3u8")
    text = (tmp_path / "new" / "list.m3u8").read_bytes()
    assert text.startswith(b"#EXTM3U\n")
    assert text.count(b"#EXTINF") == N - 1


def test_a_table_has_every_track_and_its_places(exported: Exported, tmp_path: Path) -> None:
    write_export(exported, tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [track.title for track in exported.tracks]
    assert (rows[0]["vocals_x"], rows[0]["mix_y"]) == ("0.25", "1.0")
    assert [rows[0][name] for name in ("tempo", "key", "camelot")] == ["123.46", "A minor", "8A"]
    assert (rows[1]["tempo"], rows[1]["key"]) == ("", "")
    assert (rows[-2]["vocals_x"], rows[-2]["mix_x"]) == ("", "0.75")
    assert (rows[-1]["path"], rows[-1]["error"]) == (BAD_NAME, "It is empty.")


def test_arrays_have_the_tracks_with_embeddings(exported: Exported, tmp_path: Path) -> None:
    write_export(exported, tmp_path / "all.npz")
    with np.load(tmp_path / "all.npz", allow_pickle=False) as arrays:
        assert arrays["titles"].tolist() == [track.title for track in exported.tracks[:-1]]
        assert arrays["vocals"].dtype == np.float32
        np.testing.assert_allclose(arrays["mix"], exported.embeddings[Domain.MIX][:-1])


def test_parquet_names_the_nearest_rows(exported: Exported, tmp_path: Path) -> None:
    write_export(exported, tmp_path / "all.parquet")
    rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
    vectors = np.array([row["mix"] for row in rows[:-1]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for row, found in enumerate(rows[:-1]):
        distances = 1 - vectors @ vectors[row]
        distances[row] = np.inf
        nearest = np.argsort(distances)[:N_NEIGHBOURS]
        assert found["mix_neighbors"]["ids"] == nearest.tolist()
        np.testing.assert_allclose(
            found["mix_neighbors"]["distances"], distances[nearest], atol=1e-5
        )
    assert rows[-1]["mix_neighbors"] is None
    assert rows[-1]["path"] == "/music/\ufffd.mp3"


def test_parquet_has_the_same_types_whatever_is_known(exported: Exported, tmp_path: Path) -> None:
    bare = gather([Track("a", Path("/a.mp3"), "A", "")], {}, {domain: [] for domain in Domain})
    schemas = []
    for name, content in (("all", exported), ("bare", bare)):
        write_export(content, tmp_path / f"{name}.parquet")
        schemas.append(pq.read_schema(tmp_path / f"{name}.parquet"))
    of_both = set(schemas[1].names)
    assert {"year", "tempo", "key", "camelot", "vocals_x"} <= of_both
    for name in of_both:
        assert schemas[0].field(name).type == schemas[1].field(name).type


@pytest.mark.parametrize("suffix", [".m3u8", ".csv", ".npz", ".parquet", ".png", ".svg"])
def test_an_empty_library_can_be_exported(tmp_path: Path, suffix: str) -> None:
    nothing = gather([], {domain: {} for domain in Domain}, {domain: [] for domain in Domain})
    write_export(nothing, tmp_path / f"list{suffix}")
    assert (tmp_path / f"list{suffix}").stat().st_size > 0


def test_a_drawing_names_the_singer_once_for_each_map_and_the_legend(
    exported: Exported, tmp_path: Path
) -> None:
    write_export(exported, tmp_path / "maps.svg")
    text = (tmp_path / "maps.svg").read_text(encoding="utf-8")
    assert "<!-- Ann -->" in text
    assert "<!-- Vocals: who sounds alike -->" in text


def test_another_suffix_is_refused(exported: Exported, tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match=r"list\.txt: its name must end in \.m3u8"):
        write_export(exported, tmp_path / "list.txt")


def test_a_failure_leaves_the_old_file(exported: Exported, tmp_path: Path) -> None:
    place = tmp_path / "list.csv"
    place.mkdir()
    with pytest.raises(VocalExplorerError, match=r"list\.csv cannot be written"):
        write_export(exported, place)
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_no_text_of_a_table_is_a_formula(exported: Exported, tmp_path: Path) -> None:
    odd = ["=1+1", "+44", "-", "@SUM(A1)", "\tx", "fine"]
    tracks = [replace(t, title=title) for t, title in zip(exported.tracks, odd, strict=False)]
    write_export(gather(tracks, {}, {}), tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert titles == ["'=1+1", "'+44", "'-", "'@SUM(A1)", "'\tx", "fine"]


def test_a_picture_of_any_tags_is_xml(exported: Exported, tmp_path: Path) -> None:
    named = [replace(t, title="x\x1b]0;y\x07", singer="a\x02\ufffe") for t in exported.tracks]
    write_export(replace(exported, tracks=named[:9], maps=_first(exported, 9)), tmp_path / "x.svg")
    assert ElementTree.parse(tmp_path / "x.svg").getroot().tag.endswith("svg")


def _first(exported: Exported, n: int) -> dict[Domain, np.ndarray]:
    return {domain: places[:n] for domain, places in exported.maps.items()}
