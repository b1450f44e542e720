"""What the tracks of a library are analysed with."""

from dataclasses import dataclass

from vocal_explorer.analysis.pipeline import Embedder, separator_key
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.separation.separator import Separator


@dataclass(frozen=True)
class Analyser:
    """A separator and an encoder pair."""

    separator: Separator
    embedder: Embedder

    @property
    def key(self) -> EmbeddingKey:
        """What makes its embeddings comparable."""
        return EmbeddingKey(self.embedder.model_id, separator_key(self.separator))
