"""Copies of the whole database: made while people work, verified, kept for a while, and put back."""

from bakery.backup.keeping import Keep, thin_out
from bakery.backup.making import Backup, BackupError, make_backup
from bakery.backup.restoring import restore

__all__ = ["Backup", "BackupError", "Keep", "make_backup", "restore", "thin_out"]
