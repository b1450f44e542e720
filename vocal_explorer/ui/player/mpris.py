"""The player for Linux desktops: media keys, headset buttons and panels, by D-Bus.

See https://specifications.freedesktop.org/mpris-spec/latest/. The length of a track is not
told: it has to be a 64-bit number in a map, which PySide6 cannot make.
"""

import os

from PySide6.QtCore import ClassInfo, Property, QObject, Signal, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection, QDBusMessage, QDBusObjectPath
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.paths import APP_NAME
from vocal_explorer.ui.player.media_keys import Remote
from vocal_explorer.ui.player.player_bar import PlayerBar
from vocal_explorer.ui.state.listening import Listening

SERVICE = f"org.mpris.MediaPlayer2.{APP_NAME.replace('-', '_')}"
PATH = "/org/mpris/MediaPlayer2"
ROOT, PLAYER = "org.mpris.MediaPlayer2", "org.mpris.MediaPlayer2.Player"
PROPERTIES = "org.freedesktop.DBus.Properties"
TRACK = "/vocal_explorer/track"
MICRO = 1_000_000  # MPRIS counts microseconds


@ClassInfo({"D-Bus Interface": ROOT})
class _Root(QDBusAbstractAdaptor):
    def __init__(self, parent: QObject, window: QWidget) -> None:
        super().__init__(parent)
        self._window = window

    @Slot()
    def Raise(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @Slot()
    def Quit(self) -> None:
        self._window.close()

    Identity = Property(str, lambda _self: "Vocal Explorer")
    DesktopEntry = Property(str, lambda _self: APP_NAME)
    CanQuit = Property(bool, lambda _self: True)
    CanRaise = Property(bool, lambda _self: True)
    HasTrackList = Property(bool, lambda _self: False)
    SupportedUriSchemes = Property("QStringList", lambda _self: [])
    SupportedMimeTypes = Property("QStringList", lambda _self: [])


@ClassInfo({"D-Bus Interface": PLAYER})
class _Player(QDBusAbstractAdaptor):
    Seeked = Signal("qlonglong")

    def __init__(
        self, parent: QObject, bar: PlayerBar, listening: Listening, remote: Remote
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._listening = listening
        self._remote = remote

    def status(self) -> str:
        if self._bar.playing:
            return "Playing"
        return "Paused" if self._bar.loaded else "Stopped"

    def metadata(self) -> dict[str, object]:
        heard = self._listening.heard
        title, artist = ("", "") if heard is None else heard.names
        path = QDBusObjectPath(TRACK)
        return {"mpris:trackid": path, "xesam:title": title, "xesam:artist": [artist]}

    def can_go_next(self) -> bool:
        return bool(self._listening.waiting)

    def can_go_previous(self) -> bool:
        return self._listening.queued is not None

    @Slot()
    def PlayPause(self) -> None:
        self._remote.toggle()

    @Slot()
    def Play(self) -> None:
        if not self._bar.playing:
            self._remote.toggle()

    @Slot()
    def Pause(self) -> None:
        if self._bar.playing:
            self._remote.toggle()

    @Slot()
    def Stop(self) -> None:
        self._remote.stop()

    @Slot()
    def Next(self) -> None:
        self._remote.next()

    @Slot()
    def Previous(self) -> None:
        self._remote.previous()

    @Slot("qlonglong")
    def Seek(self, offset: int) -> None:
        self._go_to(self._bar.seconds + offset / MICRO)

    @Slot(QDBusObjectPath, "qlonglong")
    def SetPosition(self, _track: QDBusObjectPath, position: int) -> None:
        self._go_to(position / MICRO)

    def _go_to(self, seconds: float) -> None:
        self._bar.seek(max(seconds, 0.0))
        self.Seeked.emit(round(self._bar.seconds * MICRO))

    PlaybackStatus = Property(str, status)
    Metadata = Property("QVariantMap", metadata)
    Position = Property("qlonglong", lambda self: round(self._bar.seconds * MICRO))
    Rate = Property(float, lambda _self: 1.0)
    MinimumRate = Property(float, lambda _self: 1.0)
    MaximumRate = Property(float, lambda _self: 1.0)
    Volume = Property(float, lambda _self: 1.0)
    CanGoNext = Property(bool, can_go_next)
    CanGoPrevious = Property(bool, can_go_previous)
    CanPlay = Property(bool, lambda _self: True)
    CanPause = Property(bool, lambda _self: True)
    CanSeek = Property(bool, lambda _self: True)
    CanControl = Property(bool, lambda _self: True)


class Mpris(QObject):
    """The window's player on the bus of the user's session, as long as the window lives.

    Parameters
    ----------
    window, bar
        What is shown, and what says where playback is.
    listening
        What is heard.
    remote
        Controls it.
    bus
        A bus that is connected.
    """

    def __init__(
        self,
        window: QWidget,
        bar: PlayerBar,
        listening: Listening,
        remote: Remote,
        bus: QDBusConnection,
    ) -> None:
        super().__init__(window)
        self._bus = bus
        self._root = _Root(self, window)
        self._player = _Player(self, bar, listening, remote)
        bus.registerObject(PATH, self, QDBusConnection.RegisterOption.ExportAdaptors)
        if not bus.registerService(SERVICE):  # another window has it
            bus.registerService(f"{SERVICE}.instance{os.getpid()}")
        for changed in (bar.changed, listening.changed, listening.queue_changed):
            changed.connect(self._tell)

    @classmethod
    def on_session_bus(
        cls, window: QWidget, bar: PlayerBar, listening: Listening, remote: Remote
    ) -> "Mpris | None":
        """Join the session's bus, or return None where there is none."""
        bus = QDBusConnection.sessionBus()
        return cls(window, bar, listening, remote, bus) if bus.isConnected() else None

    def _tell(self) -> None:
        changed = {
            "PlaybackStatus": self._player.status(),
            "Metadata": self._player.metadata(),
            "CanGoNext": self._player.can_go_next(),
            "CanGoPrevious": self._player.can_go_previous(),
        }
        message = QDBusMessage.createSignal(PATH, PROPERTIES, "PropertiesChanged")
        message.setArguments([PLAYER, changed, ["Position"]])  # an empty list has no D-Bus type
        self._bus.send(message)
