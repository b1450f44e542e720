"""Numbers that several layers share. Units are in the comments."""

from dataclasses import dataclass

STEM_SAMPLE_RATE = 44_100  # Hz; what separators take and give
WEIGHTS_FILE = "weights.safetensors"  # in every model's folder
FAR_BELOW_SILENCE = 1e-4  # amplitude, about -80 dB: a file that never exceeds it is silent


@dataclass(frozen=True)
class MelConfig:
    """The paper's front end (section 3.1): 3 s segments of 129 frames and 128 mel bins."""

    sample_rate: int = 22_050  # Hz
    n_fft: int = 1024  # samples
    hop_length: int = 512  # samples
    n_mels: int = 128
    n_frames: int = 129  # frames of one segment

    @property
    def segment_samples(self) -> int:
        """Samples that give exactly `n_frames` centred frames."""
        return (self.n_frames - 1) * self.hop_length
