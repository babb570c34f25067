"""Pages of the boxes."""
