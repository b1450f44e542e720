import csv
import json
import os
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from cli_fakes import (
    SECONDS,
    BandEmbedder,
    command_line,
    document,
    no_session,
    open_session,
    services,
    write_songs,
)

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.records.library import ScanSummary, SeparatorChoice
from vocal_explorer.cli.entry import run


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    return write_songs(tmp_path / "songs")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Songs, and a library of them beside them."""
    folder = tmp_path_factory.mktemp("scanned")
    assert command_line("scan", write_songs(folder / "songs"), "--library", folder / "library") == 0
    return folder


@pytest.fixture
def library(tmp_path: Path, scanned: Path) -> Path:
    """A copy of the library; its songs are shared, so nobody may change them."""
    return shutil.copytree(scanned / "library", tmp_path / "library")


class TestScan:
    def test_names_what_failed_and_goes_on(self, tmp_path, songs, capsys):
        (songs / "broken.mp3").write_bytes(b"no sound at all")
        code = command_line("scan", songs, "--json", "--library", tmp_path / "L")
        out, err = capsys.readouterr()
        told = json.loads(out)
        assert code == 1
        assert told["analysed"] == 5
        assert told["unchanged"] == 0
        assert [failed["path"] for failed in told["failed"]] == [str(songs / "broken.mp3")]
        assert told["audio_seconds"] == pytest.approx(5 * SECONDS)
        assert told["failed"][0]["reason"] in err
        assert str(songs / "broken.mp3") in err

    def test_second_scan_changes_nothing(self, scanned, library, capsys):
        assert command_line("scan", scanned / "songs", "--json", "--library", library) == 0
        told = document(capsys)
        assert (told["analysed"], told["unchanged"]) == (0, 5)

    def test_nothing_found_is_an_exit_code_of_its_own(self, tmp_path, capsys):
        (tmp_path / "empty").mkdir()
        code = command_line("scan", tmp_path / "empty", "--library", tmp_path / "L")
        assert code == 3
        assert "No audio files" in capsys.readouterr().err

    def test_nothing_but_failures_is_the_same(self, tmp_path, capsys):
        code = command_line("scan", tmp_path / "absent", "--library", tmp_path / "L", "--json")
        assert code == 3
        assert document(capsys)["failed"][0]["path"] == str(tmp_path / "absent")

    def test_progress_is_told_on_the_standard_error(self, tmp_path, songs, capsys):
        assert command_line("scan", songs, "--library", tmp_path / "L") == 0
        out, err = capsys.readouterr()
        assert "Scanning" in err
        assert "100%" in err
        assert "Scanning" not in out


class TestStopping:
    @pytest.mark.parametrize(
        ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "term"]
    )
    def test_a_signal_stops_the_job_and_keeps_what_is_done(
        self, tmp_path, songs, capsys, number, code
    ):
        before = signal.getsignal(number)
        stop_at_first = stopping_embedder(number)

        def session(library: Path):
            return open_session(library, make_embedder=stop_at_first)

        library = tmp_path / "L"
        arguments = ("scan", songs, "--library", library, "--json")
        assert command_line(*arguments, open_session=session) == code
        out, err = capsys.readouterr()
        assert "error" in json.loads(out)
        assert "Stopped" in err
        assert "Traceback" not in err
        assert signal.getsignal(number) is before
        assert command_line(*arguments) == 0
        assert document(capsys)["unchanged"] == 1

    def test_a_second_signal_ends_a_job_that_does_not_listen(self, tmp_path, songs):
        def scan(*_arguments: object, **_options: object) -> ScanSummary:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            return ScanSummary()

        only = SeparatorChoice("auto", "Automatic", "", True, chosen=True, current=True)
        choices = SimpleNamespace(choices=lambda: [only], choose=lambda _name: None)
        stubborn = SimpleNamespace(
            scans=SimpleNamespace(run=scan),
            choices=SimpleNamespace(separators=choices),
            close=lambda: None,
        )
        assert command_line("scan", songs, open_session=lambda _library: stubborn) == 130

    def test_a_short_command_ends_at_once(self, capsys):
        def find(text: str) -> None:
            os.kill(os.getpid(), signal.SIGINT)

        session = SimpleNamespace(library=SimpleNamespace(find=find), close=lambda: None)
        assert command_line("similar", "x", open_session=lambda _library: session) == 130
        assert "Traceback" not in capsys.readouterr().err


def stopping_embedder(number: int):
    class Embedder(BandEmbedder):
        n_embedded = 0

        def embed(self, mix, vocals, sample_rate, progress):
            vectors = super().embed(mix, vocals, sample_rate, progress)
            type(self).n_embedded += 1
            if self.n_embedded == 2:
                os.kill(os.getpid(), number)
                progress.report(1.0)
            return vectors

    return Embedder


class TestRankings:
    def test_similar_tracks(self, library, capsys):
        assert command_line("similar", "Ann Song 1", "--json", "--library", library) == 0
        told = document(capsys)
        assert told["track"]["title"] == "Song 1"
        assert told["space"] == "M,V"
        assert [track["rank"] for track in told["tracks"]] == [1, 2, 3, 4]
        assert [track["singer"] for track in told["tracks"]] == ["Ann", "Ann", "Bob", "Bob"]
        similarities = [track["similarity"] for track in told["tracks"]]
        assert similarities == sorted(similarities, reverse=True)
        assert all(Path(track["path"]).is_file() for track in told["tracks"])

    def test_singers(self, scanned, library, capsys):
        path = scanned / "songs" / "Bob" / "Bob - Song 1.flac"
        options = ("--json", "--library", library, "--space", "m+v", "--top", "5")
        assert command_line("singers", path, *options) == 0
        told = document(capsys)
        assert told["space"] == "M+V"
        assert [(s["rank"], s["singer"], s["tracks"]) for s in told["singers"]] == [
            (1, "Bob", 1),
            (2, "Ann", 3),
        ]

    def test_top_limits_the_ranking(self, library, capsys):
        query = ("similar", "Ann Song 1", "--top", "1")
        assert command_line(*query, "--json", "--library", library) == 0
        assert len(document(capsys)["tracks"]) == 1

    def test_options_may_stand_before_the_command(self, library, capsys):
        assert command_line("--json", "--library", library, "similar", "Ann Song 1") == 0
        assert len(document(capsys)["tracks"]) == 4

    def test_without_json_the_ranking_is_lines(self, library, capsys):
        assert command_line("singers", "Ann Song 1", "--library", library) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 3
        assert "Ann (2 tracks)" in lines[1]

    def test_an_unknown_track_is_one_sentence(self, library, capsys):
        assert command_line("similar", "nobody", "--json", "--library", library) == 3
        out, err = capsys.readouterr()
        assert json.loads(out)["error"] == err.strip()

    def test_an_ambiguous_text_lists_the_candidates(self, library, capsys):
        assert command_line("similar", "Song 1", "--library", library) == 3
        err = capsys.readouterr().err
        assert "Ann" in err
        assert "Bob" in err


class TestMatch:
    def test_renders_each_match_with_its_settings(self, tmp_path, library, capsys):
        out = tmp_path / "out"
        query = ("match", "Ann Song 1", "--top", "2", "--render", out)
        assert command_line(*query, "--json", "--library", library) == 0
        matches = document(capsys)["matches"]
        assert [found["rank"] for found in matches] == [1, 2]
        for found in matches:
            waveform, rate = read_audio(Path(found["rendered"]))
            assert waveform.shape[1] / rate == pytest.approx(SECONDS)
            settings = json.loads(Path(found["rendered"]).with_suffix(".json").read_text())
            assert settings["accompaniment_title"] == found["title"]

    def test_says_the_parts_of_the_score_tempo_and_key(self, library, capsys):
        assert command_line("match", "Ann Song 1", "--json", "--library", library) == 0
        for found in document(capsys)["matches"]:
            assert set(found["parts"]) == {"similarity", "tempo", "key", "overlap", "energy"}
            assert 0 <= found["score"] <= 1
            assert found["key"] is None or found["camelot"][-1] in "AB"
        assert command_line("match", "Ann Song 1", "--library", library) == 0
        assert "score 0." in capsys.readouterr().out

    def test_the_papers_ranking_and_own_weights(self, library, capsys):
        query = ("match", "Ann Song 1", "--json", "--library", library)
        assert command_line(*query, "--paper") == 0
        similarities = [found["similarity"] for found in document(capsys)["matches"]]
        assert similarities == sorted(similarities, reverse=True)
        assert command_line(*query, "--weight", "similarity=0", "--weight", "key=3") == 0
        scores = [found["score"] for found in document(capsys)["matches"]]
        assert scores == sorted(scores, reverse=True)
        for wrong in ("key", "key=much", "melody=1", "key=-1"):
            assert command_line(*query, "--weight", wrong) == 2
            assert "PART=NUMBER" in capsys.readouterr().err

    def test_voices_for_an_accompaniment(self, tmp_path, library, capsys):
        query = ("match", "Ann Song 1", "--voices", "--top", "1", "--render", tmp_path)
        assert command_line(*query, "--json", "--library", library) == 0
        (found,) = document(capsys)["matches"]
        settings = json.loads(Path(found["rendered"]).with_suffix(".json").read_text())
        assert settings["vocals_title"] == found["title"]

    def test_a_mashup_is_rendered_again_from_its_settings(self, tmp_path, library, capsys):
        out, again = tmp_path / "out", tmp_path / "again"
        options = ("--format", "flac", "--stems", "--json", "--library", library)
        fit = ("--moved", "nothing", "--semitones", "2", "--no-stretch", "--no-transpose")
        query = ("match", "Ann Song 1", "--top", "1", "--render", out)
        assert command_line(*query, *fit, *options) == 0
        first = Path(document(capsys)["matches"][0]["rendered"])
        assert len(list(out.glob("*.flac"))) == 3
        assert command_line("mashup", first.with_suffix(".json"), "--out", again, *options) == 0
        (second,) = document(capsys)["rendered"]
        np.testing.assert_array_equal(read_audio(first)[0], read_audio(Path(second))[0])

    def test_settings_that_are_none_are_named(self, tmp_path, library, capsys):
        wrong, other = tmp_path / "wrong.json", tmp_path / "other.json"
        wrong.write_text("no JSON")
        other.write_text("[1]")
        paths = (wrong, other, tmp_path / "missing.json")
        assert command_line("mashup", *paths, "--out", tmp_path, "--library", library) == 3
        err = capsys.readouterr().err
        assert "wrong.json: It is no JSON document." in err
        assert "other.json: These are not the settings of a mashup." in err
        assert "missing.json: It cannot be read" in err

    def test_without_render_nothing_is_written(self, library, capsys):
        assert command_line("match", "Ann Song 1", "--json", "--library", library) == 0
        matches = document(capsys)["matches"]
        assert {found["rendered"] for found in matches} == {None}

    def test_a_match_whose_file_is_gone_is_named(self, tmp_path, songs, capsys):
        library = tmp_path / "library"
        assert command_line("scan", songs, "--library", library) == 0
        capsys.readouterr()
        gone = songs / "Ann" / "Ann - Song 2.flac"
        for stem in (library / "stems").rglob("*"):
            if stem.is_file():
                stem.unlink()
        gone.unlink()
        query = ("match", "Ann Song 1", "--render", tmp_path / "out")
        assert command_line(*query, "--json", "--library", library) == 1
        out, err = capsys.readouterr()
        rendered = {Path(m["path"]): m["rendered"] for m in json.loads(out)["matches"]}
        assert rendered[gone] is None
        assert str(gone) in err
        assert sum(path is not None for path in rendered.values()) == 3


class TestMap:
    def test_table_of_both_maps(self, tmp_path, library, capsys):
        out = tmp_path / "new" / "maps.csv"
        assert command_line("map", "--out", out, "--json", "--library", library) == 0
        assert document(capsys)["tracks"] == 5
        with out.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["space"] for row in rows] == ["V"] * 5 + ["M"] * 5
        assert {row["singer"] for row in rows} == {"Ann", "Bob"}
        assert all(0 <= float(row[axis]) <= 1 for row in rows for axis in "xy")

    def test_picture_of_one_map(self, tmp_path, library):
        out = tmp_path / "maps.png"
        assert command_line("map", "--out", out, "--space", "M", "--library", library) == 0
        assert out.read_bytes().startswith(b"\x89PNG")

    def test_other_kinds_of_files_are_refused(self, tmp_path, library, capsys):
        out = tmp_path / "maps.gif"
        assert command_line("map", "--out", out, "--library", library) == 2
        assert ".csv, .png or .svg" in capsys.readouterr().err

    def test_picture_as_vectors(self, tmp_path, library):
        out = tmp_path / "maps.svg"
        assert command_line("map", "--out", out, "--library", library) == 0
        assert "<svg" in out.read_text(encoding="utf-8")


class TestExport:
    def test_whole_library(self, tmp_path, library, capsys):
        out = tmp_path / "new" / "all.csv"
        assert command_line("export", "--out", out, "--json", "--library", library) == 0
        assert document(capsys) == {"out": str(out), "tracks": 5}
        assert len(out.read_text(encoding="utf-8").splitlines()) == 6

    def test_what_is_like_a_track(self, tmp_path, library, capsys):
        out = tmp_path / "like.m3u8"
        asked = ("export", "--out", out, "--like", "Ann Song 1", "--top", "2", "--json")
        assert command_line(*asked, "--library", library) == 0
        assert document(capsys)["tracks"] == 3
        assert "Song 1" in out.read_text(encoding="utf-8").splitlines()[1]

    def test_other_kinds_of_files_are_refused(self, tmp_path, library, capsys):
        assert command_line("export", "--out", tmp_path / "a.txt", "--library", library) == 2
        assert ".parquet" in capsys.readouterr().err


class TestWindow:
    @pytest.fixture
    def opened(self) -> list:
        return []

    @pytest.fixture
    def window(self, opened):
        def run_window(library: Path, folders: tuple[Path, ...]) -> int:
            opened.append((library, list(folders)))
            return 0

        return run_window

    def test_is_what_happens_without_a_command(self, tmp_path, opened, window):
        assert command_line("--library", tmp_path, run_window=window) == 0
        assert opened == [(tmp_path, [])]

    def test_scans_the_folders_given(self, tmp_path, opened, window):
        assert command_line(tmp_path, run_window=window) == 0
        assert command_line("gui", tmp_path, run_window=window) == 0
        assert [folders for _, folders in opened] == [[tmp_path], [tmp_path]]

    def test_a_mistyped_command_is_wrong_usage(self, opened, window, capsys):
        assert command_line("simlar", "x", run_window=window) == 2
        assert "'simlar' is neither a command nor a file or folder" in capsys.readouterr().err
        assert opened == []

    def test_without_a_display_the_demo_is_proposed(self, opened, window, monkeypatch, capsys):
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("sys.platform", "linux")
        assert command_line("gui", run_window=window) == 3
        assert "demo --no-window" in capsys.readouterr().err
        assert opened == []


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["scan"],
            ["similar"],
            ["similar", "x", "--space", "Q"],
            ["similar", "x", "--top", "0"],
            ["embed", "x.wav"],
            ["embed", "x.wav", "--out", "x.npz", "--model", "absent"],
            ["train", "nosuch", "--data", ".", "--out", "x"],
            ["--nosuch"],
        ],
        ids=" ".join,
    )
    def test_wrong_usage(self, arguments, capsys):
        assert run(arguments, services(open_session=no_session)) == 2
        assert capsys.readouterr().out == ""

    def test_help_names_every_command(self, capsys):
        assert command_line("--help") == 0
        out = capsys.readouterr().out
        for command in ("gui", "demo", "scan", "similar", "singers", "match", "separate", "embed"):
            assert f"  {command} " in out
        for command in ("map", "train", "models", "doctor"):
            assert f"  {command} " in out

    def test_a_place_that_cannot_be_written_is_one_sentence(self, tmp_path, songs, capsys):
        (tmp_path / "file").write_text("in the way")
        path = next(songs.rglob("*.flac"))
        assert command_line("embed", path, "--out", tmp_path / "file" / "x.npz") == 3
        err = capsys.readouterr().err
        assert str(tmp_path / "file") in err
        assert "Traceback" not in err
