"""Pages of the pantry."""
