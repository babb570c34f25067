"""Reads of the pantry."""
