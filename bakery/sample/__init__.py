"""The sample bakery: a household's kitchen in TOML files, and the code that loads it."""

from bakery.sample.loading import SampleSummary, load

__all__ = ["SampleSummary", "load"]
