"""Which encoder pair a library is heard with: one that ships, or one that it was learnt with."""

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from vocal_explorer.analysis.embedder import DEFAULT_PAIR
from vocal_explorer.analysis.pipeline import Embedder
from vocal_explorer.base.caching import Lazy, Versioned
from vocal_explorer.base.errors import VocalExplorerError, WeightsError
from vocal_explorer.base.paths import PAIRS_FOLDER, models_folder
from vocal_explorer.base.records.library import PairChoice
from vocal_explorer.encoders.model_id import CONFIG, model_scheme
from vocal_explorer.library.store.store import Store

CHOSEN = "encoders"  # the library's setting
LEARNT = "learnt"
UNFINISHED = ".unfinished-"  # a pair on its way in; nobody looks into it

STANDARD_TEXT = "Comes with the program, and was trained on many singers."
OTHER_TEXT = "Comes with the program; trained with the paper's scheme {scheme}, for comparison."
LEARNT_TEXT = "Learnt from the artist tags of this library."


class PairChooser:
    """Knows the library's encoder pairs; every method may be called from any thread.

    Parameters
    ----------
    library
        Its folder; pairs learnt from it lie in its folder "pairs".
    store
        Keeps the choice.
    make
        Makes the embedder of the pair in a folder, at its first use.
    shipped
        Folder of the pairs that come with the program (default: the program's).
    """

    def __init__(
        self,
        library: Path,
        store: Store,
        make: Callable[[Path], Embedder],
        shipped: Path | None = None,
    ) -> None:
        self._learnt = library / PAIRS_FOLDER
        self._shipped = shipped or models_folder()
        self._store = store
        self.make = make
        self._current_folder = Versioned(store.settings.version, self._look_up_current)
        self._made: dict[Path, Lazy[Embedder]] = {}

    def current(self) -> Embedder:
        """Return the embedder of the pair that is used now.

        Raises
        ------
        WeightsError
            If its weights are not usable.
        """
        folder = self._current_folder()
        return self._made.setdefault(folder, Lazy(partial(self.make, folder)))()

    def current_folder(self) -> Path:
        """Return the folder of the pair that is used now."""
        return self._current_folder()

    def shipped(self, scheme: str) -> Path:
        """Return the folder of the pair of a scheme that ships, else of the standard one."""
        of_scheme = self._shipped / scheme
        return of_scheme if _is_pair(of_scheme) else self._shipped / DEFAULT_PAIR

    def folder(self, name: str) -> Path:
        """Return the folder of the pair `name`."""
        return next(choice.folder for choice in self.choices() if choice.name == name)

    def choices(self) -> list[PairChoice]:
        """Return all pairs, the standard one first and the newest last; one is chosen."""
        current = self._current_folder.again()
        standard = self._shipped / DEFAULT_PAIR
        others = [folder for folder in _pairs_in(self._shipped) if folder != standard]
        return [
            _described(folder, learnt=folder.parent == self._learnt, chosen=folder == current)
            for folder in (standard, *others, *_pairs_in(self._learnt))
        ]

    def choose(self, name: str) -> None:
        """Hear the library with a pair from now on.

        Raises
        ------
        WeightsError
            If there is no such pair.
        """
        names = [choice.name for choice in self.choices()]
        if name not in names:
            raise WeightsError(
                f"There are no encoders {name!r} for this library; choose from {', '.join(names)}."
            )
        self._store.settings.change({CHOSEN: name})

    def keep(self, files: Sequence[Path]) -> str:
        """Copy the files of a learnt pair into the library and return its name.

        It appears whole, beside all earlier ones, and is not chosen yet.

        Raises
        ------
        VocalExplorerError
            If it cannot be kept.
        """
        unfinished = self._learnt / f"{UNFINISHED}{uuid4().hex}"
        try:
            unfinished.mkdir(parents=True)
            for file in files:
                shutil.copyfile(file, unfinished / file.name)
            place = self._free_place()
            os.replace(unfinished, place)
        except OSError as error:
            raise VocalExplorerError(
                f"The learnt encoders cannot be kept in {self._learnt}: {error.strerror}."
            ) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return place.name

    def _free_place(self) -> Path:
        number = 1
        while (place := self._learnt / (LEARNT if number == 1 else f"{LEARNT}-{number}")).exists():
            number += 1
        return place

    def _look_up_current(self) -> Path:
        chosen = self._store.settings.get(CHOSEN)
        folders = {f.name: f for f in (*_pairs_in(self._learnt), *_pairs_in(self._shipped))}
        return folders.get(chosen, self._shipped / DEFAULT_PAIR)


def _pairs_in(folder: Path) -> list[Path]:
    """Return the folders of encoder pairs in `folder`, oldest numbers first."""
    found = [config.parent for config in folder.glob(f"[!.]*/{CONFIG}") if _is_pair(config.parent)]
    return sorted(found, key=lambda pair: (len(pair.name), pair.name))


def _is_pair(folder: Path) -> bool:
    try:
        model_scheme(folder)
    except WeightsError:
        return False  # of another kind
    return True


def _described(folder: Path, *, learnt: bool, chosen: bool) -> PairChoice:
    if learnt:
        number = folder.name.removeprefix(LEARNT).replace("-", " ")
        title, text = f"Learnt from my library{number}", LEARNT_TEXT
    elif folder.name == DEFAULT_PAIR:
        title, text = "Standard", STANDARD_TEXT
    else:
        scheme = model_scheme(folder).upper()
        title, text = f"Standard, {scheme}", OTHER_TEXT.format(scheme=scheme)
    return PairChoice(folder.name, title, text, folder, learnt, chosen)
