"""Which separator a library uses: what the user chose, and what "auto" stands for."""

from collections.abc import Callable
from functools import partial

from vocal_explorer.base.caching import Lazy, Versioned
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.records.library import SeparatorChoice
from vocal_explorer.library.store.store import Store
from vocal_explorer.separation.separator import SEPARATORS, Separator

AUTO, EMBEDDED, SPLEETER, REFERENCE = "auto", "embedded", "spleeter", "spleeter-reference"
CHOSEN, IN_USE = "separator", "separator in use"  # the library's settings

DESCRIPTIONS = {
    AUTO: (
        "Automatic",
        "Spleeter when its weights are installed, until then the embedded separator.",
    ),
    EMBEDDED: (
        "Embedded",
        "Comes with the program and is fast. Its weights are for non-commercial use.",
    ),
    SPLEETER: (
        "Spleeter",
        "Deezer's separator, the one of the paper. Needs its weights, a download of 73 MB"
        " (MIT licence). Its stems are silent above 11 kHz.",
    ),
    "spleeter-average": (
        "Spleeter, full band",
        "As Spleeter, but it also divides the sound above 11 kHz, by what it hears below."
        " As fast, with the same weights.",
    ),
    REFERENCE: (
        "Spleeter's own program",
        "For comparison: the same stems as Spleeter's, but slower and with far more memory."
        " Needs Spleeter's weights, and 2.4 GB that the command"
        " vocal-explorer models fetch spleeter-reference installs.",
    ),
}


def is_installed(name: str) -> bool:
    """Whether a separator can be used now; cheap, it reads no weights."""
    if name in (AUTO, EMBEDDED):
        return True
    from vocal_explorer.separation.spleeter import official_weights as spleeter_files

    if name == REFERENCE:
        from vocal_explorer.separation.spleeter.environment import reference_python

        return reference_python() is not None and spleeter_files.is_installed()
    return spleeter_files.is_installed()


class SeparatorChooser:
    """Knows the library's separator; every method may be called from any thread.

    With "auto", a library stays with the separator that it was scanned with until
    somebody chooses again: an installation alone makes no track stale.

    Parameters
    ----------
    store
        Keeps the choice.
    make
        Makes a separator of a name, at its first use.
    installed
        Says whether a separator can be used now.
    """

    def __init__(
        self, store: Store, make: Callable[[str], Separator], installed: Callable[[str], bool]
    ) -> None:
        self._store = store
        self._installed = installed
        self._current_name = Versioned(store.settings.version, self._look_up_current)
        self._made = {name: Lazy(partial(make, name)) for name in SEPARATORS if name != AUTO}

    def current(self) -> Separator:
        """Return the separator that is used now.

        What is installed is looked at when somebody chooses, asks for the choices, or
        settles, not each time.

        Raises
        ------
        WeightsError
            If its weights are not usable.
        """
        return self._made[self._current_name()]()

    def current_name(self) -> str:
        """Return the name of the separator that is used now; never "auto"."""
        return self._current_name()

    def choices(self) -> list[SeparatorChoice]:
        """Return all separators; one is chosen, and one other than "auto" is current."""
        chosen, current = self._chosen_name(), self._current_name.again()
        return [
            SeparatorChoice(
                name,
                *DESCRIPTIONS[name],
                installed=self._installed(name),
                chosen=name == chosen,
                current=name == current,
            )
            for name in SEPARATORS
        ]

    def choose(self, name: str) -> None:
        """Use a separator from now on; "auto" takes the best one that is installed now.

        Raises
        ------
        WeightsError
            If there is no such separator, or it is not installed.
        """
        if name not in SEPARATORS:
            known = ", ".join(SEPARATORS)
            raise WeightsError(f"There is no separator {name!r}; choose from {known}.")
        if not self._installed(name):
            raise WeightsError(
                f"{DESCRIPTIONS[name][0]} is not installed:"
                f" `vocal-explorer models fetch {_package(name)}` does that."
            )
        self._store.settings.change({CHOSEN: name, IN_USE: self._resolved(name)})

    def settle(self) -> None:
        """Stay with the current separator, because something is analysed with it now."""
        current = self._current_name.again()
        if self._store.settings.get(IN_USE) != current:
            self._store.settings.change({IN_USE: current})

    def _chosen_name(self) -> str:
        chosen = self._store.settings.get(CHOSEN)
        return chosen if chosen in SEPARATORS else AUTO

    def _look_up_current(self) -> str:
        chosen = self._chosen_name()
        wanted = self._store.settings.get(IN_USE) if chosen == AUTO else chosen
        usable = wanted in self._made and self._installed(wanted)
        return wanted if usable else self._resolved(AUTO)

    def _resolved(self, name: str) -> str:
        if name != AUTO:
            return name
        return SPLEETER if self._installed(SPLEETER) else EMBEDDED


def _package(name: str) -> str:
    return REFERENCE if name == REFERENCE else SPLEETER
