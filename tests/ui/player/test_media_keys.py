"""Media keys, in the window and by the desktop's bus."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest
from fake_player import FakePlayer
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_fakes import FakeSession

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.ui.main_window import MainWindow
from vocal_explorer.ui.player.media_keys import join_desktop
from vocal_explorer.ui.player.mpris import PATH, PLAYER, PROPERTIES, ROOT, SERVICE, Mpris

Filled = tuple[MainWindow, FakeSession]
Settle = Callable[[], None]
NAMES = iter(f"test-{i}" for i in range(100))


@pytest.fixture
def playing(filled: Filled, settle: Settle) -> MainWindow:
    window, _ = filled
    window.page.select("id3")
    window.player_bar.press_stem(Stem.MIX)
    settle()
    window.player_bar.poll()
    return window


@pytest.mark.qt_log_ignore("keyToAscii Unhandled key code")  # QTest says so of some of them
@pytest.mark.parametrize(
    "key", [Qt.Key.Key_MediaTogglePlayPause, Qt.Key.Key_MediaPlay, Qt.Key.Key_MediaPause]
)
def test_a_media_key_pauses_and_goes_on(
    playing: MainWindow, player: FakePlayer, settle: Settle, key: Qt.Key
) -> None:
    QTest.keyClick(playing, key)
    settle()
    assert not player.playing
    QTest.keyClick(playing, key)
    settle()
    assert player.playing


def test_the_stop_key_goes_back_to_the_beginning(playing: MainWindow, player: FakePlayer) -> None:
    player.position = 3.0
    QTest.keyClick(playing, Qt.Key.Key_MediaStop)
    assert (player.playing, player.position) == (False, 0.0)


@pytest.mark.qt_log_ignore("keyToAscii Unhandled key code")
def test_keys_go_on_and_back_in_a_set_that_is_played(
    filled: Filled, player: FakePlayer, settle: Settle
) -> None:
    window, session = filled
    tracks = session.tracks()[:3]
    window.selection.choose(tracks)
    window.page.maps.set_bar.buttons["Play all"].click()
    settle()
    titles = []
    keys = [Qt.Key.Key_MediaNext, Qt.Key.Key_MediaNext, Qt.Key.Key_MediaNext]
    keys += [Qt.Key.Key_MediaPrevious] * 3
    for key in keys:
        QTest.keyClick(window, key)
        settle()
        titles.append(window.player_bar.title.text())
    assert titles == [tracks[i].title for i in (1, 2, 2, 1, 0, 0)]
    assert window.selection.chosen == tracks
    assert len(player.loads) == 5  # at the end, next does nothing
    assert player.seeks == [0.0]  # the first one begins again


def test_without_a_bus_there_is_no_desktop(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    bar, listening = window.player_bar, window.listening
    assert join_desktop(window, bar, listening, window.remote) is None


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A bus of our own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon")
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


class Desktop:
    """A panel on the same bus."""

    def __init__(self, bus: QDBusConnection, qtbot: QtBot) -> None:
        self._bus = bus
        self._qtbot = qtbot

    def call(self, interface: str, method: str, *arguments: object) -> list[object]:
        message = QDBusMessage.createMethodCall(SERVICE, PATH, interface, method)
        message.setArguments(list(arguments))
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(message))
        self._qtbot.waitUntil(watcher.isFinished)
        assert not watcher.isError(), watcher.reply().errorMessage()
        return list(watcher.reply().arguments())

    def read(self, interface: str, name: str) -> object:
        value = self.call(PROPERTIES, "Get", interface, name)[0]
        return value.variant()


@pytest.fixture
def desktop(playing: MainWindow, address: str, qtbot: QtBot) -> Iterator[Desktop]:
    names = (next(NAMES), next(NAMES))
    ours, theirs = (QDBusConnection.connectToBus(address, name) for name in names)
    mpris = Mpris(playing, playing.player_bar, playing.listening, playing.remote, ours)
    yield Desktop(theirs, qtbot)
    ours.unregisterObject(PATH)
    mpris.deleteLater()
    for name in names:
        QDBusConnection.disconnectFromBus(name)


@pytest.mark.dbus
def test_the_desktop_sees_what_is_heard(desktop: Desktop, player: FakePlayer) -> None:
    player.position = 2500.5
    assert desktop.read(PLAYER, "PlaybackStatus") == "Playing"
    assert desktop.read(PLAYER, "Position") == 2_500_500_000
    assert desktop.read(ROOT, "Identity") == "Vocal Explorer"
    assert desktop.read(PLAYER, "CanGoNext") is False
    assert desktop.read(PLAYER, "CanGoPrevious") is False


@pytest.mark.dbus
def test_the_desktop_goes_on_and_back_in_a_set_that_is_played(
    desktop: Desktop, playing: MainWindow, settle: Settle
) -> None:
    tracks = playing.known.all()[:2]
    playing.selection.choose(tracks)
    playing.page.maps.set_bar.buttons["Play all"].click()
    settle()
    assert desktop.read(PLAYER, "CanGoNext") is True
    for method, track in (("Next", tracks[1]), ("Previous", tracks[0])):
        desktop.call(PLAYER, method)
        settle()
        assert playing.player_bar.title.text() == track.title
    assert desktop.read(PLAYER, "CanGoPrevious") is True


@pytest.mark.dbus
def test_the_desktop_pauses_and_seeks(desktop: Desktop, player: FakePlayer, settle: Settle) -> None:
    desktop.call(PLAYER, "Pause")
    assert not player.playing
    desktop.call(PLAYER, "Pause")
    assert desktop.read(PLAYER, "PlaybackStatus") == "Paused"
    desktop.call(PLAYER, "PlayPause")
    settle()
    assert player.playing
    desktop.call(PLAYER, "Stop")
    assert (player.playing, player.position) == (False, 0.0)


@pytest.mark.dbus
def test_the_desktop_is_told_of_changes(
    desktop: Desktop, playing: MainWindow, address: str, player: FakePlayer, qtbot: QtBot
) -> None:
    monitor = shutil.which("dbus-monitor")
    if monitor is None:
        pytest.skip("needs dbus-monitor")
    command = [monitor, "--address", address, f"interface='{PROPERTIES}'"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listening:
        said: list[str] = []
        assert listening.stdout is not None
        reading = threading.Thread(target=said.extend, args=(listening.stdout,))
        reading.start()
        qtbot.waitUntil(lambda: any("NameLost" in line for line in said))
        player.playing = False
        playing.player_bar.poll()
        qtbot.waitUntil(lambda: any('"Paused"' in line for line in said))
        listening.terminate()
        reading.join()
    heard = "".join(said)
    assert "member=PropertiesChanged" in heard
    assert playing.player_bar.title.text() in heard
