import numpy as np
import pytest
import soundfile
from cli_fakes import (
    N_BANDS,
    RATE,
    HalfSeparator,
    command_line,
    document,
    no_session,
    tone,
    write_songs,
)

from vocal_explorer.audio.files import read_audio, write_audio
from vocal_explorer.base.errors import VocalExplorerError, WeightsError


class TestSeparate:
    def test_writes_stems_as_long_as_the_input(self, tmp_path, capsys):
        path = tmp_path / "song.wav"
        write_audio(path, np.full((1, 22_050), 0.5, np.float32), 22_050)
        out = tmp_path / "out"
        code = command_line("separate", path, "--out", out, "--json", open_session=no_session)
        assert code == 0
        assert document(capsys)["files"] == [{"path": str(path), "folder": str(out / "song")}]
        for name in ("vocals", "accompaniment"):
            waveform, rate = read_audio(out / "song" / f"{name}.wav")
            assert rate == RATE
            assert waveform.shape == (2, RATE)

    def test_bad_files_are_named_and_the_others_done(self, tmp_path, capsys):
        good = tone(tmp_path / "good.wav", 200)
        absent, noise = tmp_path / "absent.wav", tmp_path / "noise.mp3"
        noise.write_bytes(b"x" * 999)
        out = tmp_path / "out"
        assert command_line("separate", absent, noise, good, "--out", out) == 1
        err = capsys.readouterr().err
        assert str(absent) in err
        assert str(noise) in err
        assert sorted(path.name for path in out.iterdir()) == ["good"]

    def test_only_bad_files_is_nothing_done(self, tmp_path):
        assert command_line("separate", tmp_path / "absent.wav", "--out", tmp_path / "out") == 3

    def test_files_of_one_name_get_folders_of_their_own(self, tmp_path, capsys):
        paths = [tone(tmp_path / folder / "song.wav", 200) for folder in ("a", "b")]
        assert command_line("separate", *paths, paths[0], "--out", tmp_path / "out") == 0
        folders = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert folders == ["song", "song (2)"]

    @pytest.mark.parametrize("name", ["...wav", "..wav", ". .wav"])
    def test_stems_never_leave_their_folder(self, tmp_path, name):
        path = tone(tmp_path / "song.wav", 200).rename(tmp_path / name)
        out = tmp_path / "x" / "out"
        out.mkdir(parents=True)
        (tmp_path / "x" / "vocals.wav").write_text("mine")
        assert command_line("separate", path, "--out", out) == 0
        assert (tmp_path / "x" / "vocals.wav").read_text() == "mine"
        assert len(list(out.glob("*/vocals.wav"))) == 1

    def test_long_names_are_counted_in_bytes(self, tmp_path):
        name = "é" * 125 + ".wav"  # 254 bytes
        paths = [tone(tmp_path / f / "x.wav", 200).rename(tmp_path / f / name) for f in "ab"]
        assert command_line("separate", *paths, "--out", tmp_path / "out") == 0
        assert len(list((tmp_path / "out").glob("*/vocals.wav"))) == 2

    def test_what_is_too_loud_is_made_quieter_and_said(self, tmp_path, capsys):
        sound = np.sin(np.arange(RATE) / 20, dtype=np.float32)[np.newaxis] * 3
        soundfile.write(tmp_path / "hot.wav", sound.T, RATE, subtype="FLOAT")
        assert command_line("separate", tmp_path / "hot.wav", "--out", tmp_path / "out") == 0
        assert "dB quieter" in capsys.readouterr().err
        for name in ("vocals", "accompaniment"):
            stem, _ = read_audio(tmp_path / "out" / "hot" / f"{name}.wav")
            assert 0.3 < np.abs(stem).max() < 0.99

    def test_whatever_happens_to_one_file_the_others_are_done(self, tmp_path, capsys, caplog):
        class Odd(HalfSeparator):
            def stream(self, mix, n_samples, progress):
                if n_samples > RATE:
                    raise KeyError("odd")
                return super().stream(mix, n_samples, progress)

        paths = [tone(tmp_path / "a.wav", 200, 2.0), tone(tmp_path / "b.wav", 200)]
        arguments = ("separate", *paths, "--out", tmp_path / "out")
        assert command_line(*arguments, load_separator=lambda _name: Odd()) == 1
        assert "KeyError" in capsys.readouterr().err
        caplog.clear()

    def test_an_input_is_never_replaced(self, tmp_path, capsys):
        path = tone(tmp_path / "vocals" / "vocals.wav", 200)
        before = path.read_bytes()
        assert command_line("separate", path, "--out", tmp_path) == 3
        assert path.read_bytes() == before
        assert "choose another --out" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("failure", "reason"),
        [
            (VocalExplorerError("The vocals are lost."), "The vocals are lost."),
            (MemoryError(), "song.wav: there is not enough memory to analyse it."),
        ],
    )
    def test_a_failure_on_the_way_leaves_neither_stem(self, tmp_path, capsys, failure, reason):
        class Failing(HalfSeparator):
            def stream(self, mix, n_samples, progress):
                yield from super().stream(mix, n_samples, progress)
                raise failure

        path, out = tone(tmp_path / "song.wav", 200), tmp_path / "out"
        arguments = ("separate", path, "--out", out)
        assert command_line(*arguments, load_separator=lambda _name: Failing()) == 3
        assert reason in capsys.readouterr().err
        assert list(out.rglob("*")) == []

    def test_what_else_lies_in_the_folder_stays(self, tmp_path):
        path, out = tone(tmp_path / "song.wav", 200), tmp_path / "out"
        (out / "song").mkdir(parents=True)
        (out / "song" / "notes.txt").write_text("mine")
        (out / "song" / "vocals.wav").write_bytes(b"of an earlier time")
        assert command_line("separate", path, "--out", out) == 0
        names = sorted(file.name for file in (out / "song").iterdir())
        assert names == ["accompaniment.wav", "notes.txt", "vocals.wav"]
        assert read_audio(out / "song" / "vocals.wav")[0].shape == (2, RATE)

    def test_unusable_weights_are_one_sentence(self, tmp_path, capsys):
        def load(name: str) -> None:
            raise WeightsError(f"There is no separator {name!r}.")

        path = tone(tmp_path / "song.wav", 200)
        arguments = ("separate", path, "--out", tmp_path / "out", "--separator", "nosuch")
        assert command_line(*arguments, load_separator=load) == 3
        assert "There is no separator 'nosuch'." in capsys.readouterr().err


class TestEmbed:
    def test_rows_are_those_of_the_files_that_could_be_read(self, tmp_path, capsys):
        good = sorted(write_songs(tmp_path / "songs").rglob("*.flac"))
        out = tmp_path / "x.npz"
        absent = tmp_path / "absent.wav"
        assert command_line("embed", good[0], absent, good[1], "--out", out, "--json") == 1
        told = document(capsys)
        assert [failed["path"] for failed in told["failed"]] == [str(absent)]
        with np.load(out) as arrays:
            assert arrays["paths"].tolist() == [str(good[0]), str(good[1])]
            assert arrays["vocals"].shape == arrays["mix"].shape == (2, N_BANDS)
            assert arrays["vocals"].dtype == arrays["mix"].dtype == np.float32
            assert np.isfinite(arrays["mix"]).all()

    def test_vocals_need_no_separation_and_have_no_mix(self, tmp_path, capsys):
        def load(name: str) -> None:
            raise AssertionError("isolated vocals must not be separated")

        path = tone(tmp_path / "song.flac", 200)
        out = tmp_path / "x.npz"
        arguments = ("embed", path, "--out", out, "--input", "vocals")
        assert command_line(*arguments, load_separator=load, open_session=no_session) == 0
        with np.load(out) as arrays:
            assert np.isnan(arrays["mix"]).all()
            assert np.linalg.norm(arrays["vocals"][0]) == pytest.approx(1.0, abs=1e-5)

    def test_nothing_is_written_when_nothing_could_be_read(self, tmp_path, capsys):
        out = tmp_path / "x.npz"
        assert command_line("embed", tmp_path / "absent.wav", "--out", out, "--json") == 3
        assert document(capsys)["out"] is None
        assert not out.exists()
