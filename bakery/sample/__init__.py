"""The sample bakery: a household's kitchen in TOML files, and the code that loads it."""
