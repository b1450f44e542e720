"""What can go wrong, said in one sentence for the person who uses the program."""

from pathlib import Path


class VocalExplorerError(Exception):
    """Base of every failure that is not a bug; its text is one sentence for the user."""

    @property
    def clause(self) -> str:
        """The sentence to be put behind the name of a file, without a full stop."""
        return str(self).removesuffix(".")


class Cancelled(Exception):  # noqa: N818 - not a failure: the user asked for it
    """Raised inside a job by its Progress after the user cancelled it."""


class AudioFileError(VocalExplorerError):
    """A file that cannot be read, decoded or written.

    Parameters
    ----------
    path
        The file, or the name to show for it.
    reason
        Why, as a clause without a full stop: "it is empty".
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{self.path.name}: {reason}.")

    @property
    def clause(self) -> str:
        """The reason."""
        return self.reason

    def __reduce__(self) -> tuple[type["AudioFileError"], tuple[Path, str]]:
        """Let another process hear of it."""
        return type(self), (self.path, self.reason)


# reasons for an AudioFileError
NO_MEMORY = "there is not enough memory to analyse it"
NO_SOUND = "it contains no sound"


class StorageError(VocalExplorerError):
    """A place for what the program makes that is full or cannot be written: no file's fault."""


class WeightsError(VocalExplorerError):
    """Weights that are missing, damaged, or made for another network."""


class DownloadError(VocalExplorerError):
    """A file that could not be loaded from the internet."""


class TrackNotFoundError(VocalExplorerError):
    """No track, or more than one, fits what was asked for."""


class NotAnalysedError(VocalExplorerError):
    """A track without current embeddings was asked to be compared."""


class InstrumentalError(VocalExplorerError):
    """A track without a voice was asked to be compared by its vocals."""


class DeviceError(VocalExplorerError):
    """The sound card cannot be used."""
