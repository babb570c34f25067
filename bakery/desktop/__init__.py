"""Coming from the desktop application: reading its exports, and saying what needs a hand."""

from bakery.desktop.loading import take_over
from bakery.desktop.report import Report
from bakery.desktop.rows import DesktopFileError

__all__ = ["DesktopFileError", "Report", "take_over"]
