"""What can go wrong with a copy, said to whoever keeps the machine."""

from bakery.core.errors import BakeryError


class BackupError(BakeryError):
    """A copy could not be made, is not right, or cannot be put back. Nothing was changed."""
