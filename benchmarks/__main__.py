"""What recording a bake and an assembly costs, as ratios: against bare SQL, and against a small bakery.

Both sides of a figure are measured by turns in this one process on scratch SQLite files, so that a slow machine
changes both alike. Run it with `make bench`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from itertools import chain
from pathlib import Path


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bakehouse-bench-") as folder:
        os.environ["BAKERY_DATA_DIR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "bakery.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from benchmarks import figures, transfer

        print(f"{'':<58}{'ours':>9}{'other':>9}{'ratio':>8}{'goal':>7}")
        missed = 0
        for figure in chain(figures.measure(), transfer.measure()):
            print(figure, flush=True)
            missed += not figure.is_reached
        print("All goals are reached." if not missed else f"{missed} of the goals are missed.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
