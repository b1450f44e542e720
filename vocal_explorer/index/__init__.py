"""The library: which tracks there are, and who sounds like whom."""
