"""A ledger of any length leaves, and comes in, in little memory."""

import subprocess
import sys
from pathlib import Path

from proof.sizes import size

MOVEMENTS = size(20_000, 500_000)

FILL = """
import sys, django
django.setup()
from benchmarks.transfer import fill
fill(int(sys.argv[1]))
"""

EXPORT = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("export", sys.argv[1])
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024)
"""


def test_a_long_ledger_leaves_in_150_mebibytes(bakery_of_its_own, tmp_path: Path, reached):
    def run(code: str, *arguments: object) -> str:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        done = subprocess.run(command, env=bakery_of_its_own, capture_output=True, text=True, check=True)
        return done.stdout

    file = tmp_path / "large.json"
    run(FILL, MOVEMENTS)
    mebibytes = int(run(EXPORT, file))
    with file.open() as lines:
        assert sum(line.startswith('{"entry": ') for line in lines) == MOVEMENTS // 51 * 51
    assert mebibytes < 150
    reached("R10 memory", f"{MOVEMENTS} movements leave in 150 MiB", f"{mebibytes} MiB")
