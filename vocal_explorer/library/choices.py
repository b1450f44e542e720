"""What a library is analysed with now: its separator and its encoder pair."""

from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.encoder_choice import PairChooser
from vocal_explorer.library.separator_choice import SeparatorChooser


class Choices:
    """What the user chose; every method is safe in any thread.

    Attributes
    ----------
    separators
        What vocals can be isolated with.
    pairs
        The encoder pairs that tracks can be heard with.
    """

    def __init__(self, separators: SeparatorChooser, pairs: PairChooser) -> None:
        self.separators = separators
        self.pairs = pairs

    def analyser(self) -> Analyser:
        """Return the separator and the encoder pair that are used now.

        Raises
        ------
        WeightsError
            If the weights of one of them are not usable.
        """
        return Analyser(self.separators.current(), self.pairs.current())
