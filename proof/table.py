"""The table at the end: what was asked, what was reached. A full proof keeps it in docs/proof.md."""

from __future__ import annotations

import platform
import sqlite3
from datetime import date
from typing import Any

import django

from proof.databases import ROOT, psql
from proof.sizes import IS_FULL

# A proof of a part is shown, and not written down as if it were all of it.
WHOLE = {
    *(f"R{number}" for number in range(1, 15)),
    "S1",
    "S2",
    "S3",
    "S4",
    "S5",
    "S6",
    "S7",
    "P1",
    "P2",
    "A1",
}

HEAD = ["goal", "database", "asked", "reached", "seconds"]


def rows_of(reporter: Any) -> list[list[str]]:
    """What the tests reported, sorted by goal; what failed says so."""
    rows = []
    for outcome in ("passed", "failed"):
        for report in reporter.stats.get(outcome, []):
            for name, row in getattr(report, "user_properties", ()):
                if name == "proof" and report.when == "call":
                    reached = row[3] if outcome == "passed" else f"FAILED: {row[3]}"
                    rows.append([*row[:3], reached, f"{report.duration:.0f}"])
    return sorted(rows, key=lambda row: (order(row[0]), row[1]))


def order(goal: str) -> tuple[str, int, str]:
    """R2 before R11, and S after R."""
    number, _, rest = goal.partition(" ")
    return (str("RSPA".index(number[0])), int(number[1:]), rest)


def show(reporter: Any) -> None:
    """Print the table; after a full proof in which nothing failed also write it down."""
    rows = rows_of(reporter)
    if not rows:
        return
    reporter.write_sep("-", "the proof")
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    for row in [HEAD, *rows]:
        reporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    is_whole = {row[0].split()[0] for row in rows} >= WHOLE
    if IS_FULL and is_whole and not reporter.stats.get("failed") and not reporter.stats.get("error"):
        (ROOT / "docs/proof.md").write_text(page(rows), encoding="utf-8")


def page(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(
        [
            "# The proof",
            "",
            "What `make prove` reached the last time it was run in full. `proof/` has the code; each checker is shown",
            "to catch a planted fault (R2, and the tests beside each goal). SIGKILL is not a power cut: what a power cut",
            "leaves rests on `synchronous=FULL` and the disk. None lost in N kills is evidence, not a proof of never.",
            "",
            f"{date.today():%Y-%m-%d}, {versions()}",
            "",
            f"| {' | '.join(HEAD)} |",
            "|---|---|---|---|---|",
            *lines,
            "",
        ]
    )


def versions() -> str:
    server = psql("SHOW server_version").stdout.split()
    return (
        f"Python {platform.python_version()}, Django {django.get_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {server[0] if server else 'none'}, {platform.system()} {platform.machine()}"
    )
