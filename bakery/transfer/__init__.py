"""The whole bakery as one file, out and in."""
