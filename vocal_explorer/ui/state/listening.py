"""What is heard."""

from dataclasses import dataclass

from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.texts import STEM_WORDS


@dataclass(frozen=True)
class Heard:
    """What is in the player.

    A part of a track; with `accompaniment` its vocals over that track (a mashup); with
    `compared` a passage of it and then one of that track.
    """

    track: Track
    part: Stem | None
    accompaniment: Track | None = None
    compared: Track | None = None

    @property
    def names(self) -> tuple[str, str]:
        """What is heard, and who sings it, in words."""
        title, singer = self.track.title, self.track.singer
        if self.accompaniment is not None:
            other = self.accompaniment
            return f"{title} over {other.title}", f"{singer}, instrumental: {other.singer}"
        if self.compared is not None:
            return f"{title}, then {self.compared.title}", f"{singer}, then {self.compared.singer}"
        return title, f"{singer}, {STEM_WORDS[self.part or Stem.MIX]}"

    @property
    def recording(self) -> str:
        """A name of the track if it is one from beginning to end, else nothing."""
        name = self.track.track_id or str(self.track.path)
        return name if self.part and self.compared is None else ""
