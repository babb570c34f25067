"""Files that somebody broke, by accident or on purpose: a sentence, nothing changed, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bakery.core.transfer.problems import UnreadableFileError
from bakery.transfer.importing import import_file
from bakery.transfer.tests.files import exported
from bakery.transfer.tests.random_bakery import RandomBakery
from proof.sizes import size

pytestmark = pytest.mark.django_db

MUTATIONS = size(30, 1000)
SECONDS = 2

HEAD = '{"format": "bakehouse", "version": 1, "exported_at": "2026-01-01T00:00:00+00:00"'
UUID = "6f1c44e5-95ce-4ab5-a1c8-0a4a0a27b0a2"

VALUES: list[Any] = [
    *(None, True, -1, 0, 1.5, 2**31, 10**25, "", "0", "-0", "1e400", "NaN", "Infinity", "1E+999999999", "\0", "\ud800"),
    *("x" * 300, [], [[]], {}, {"a": 1}, "2026-02-30", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00"),
    *(UUID, "ingredient/flour", "'; DROP TABLE inventory_lot; --", "99999999999999.9999", "1.00001", "٣", "1_000"),
]  # fmt: skip


def broken_text(content: str, draw: Callable[..., Any]) -> bytes:
    """A good file with some bytes changed, cut out, put in, or with two lines exchanged."""
    data = bytearray(content.encode())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(data) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                data[place] = draw(st.integers(0, 255))
            case 1:
                del data[place : place + draw(st.integers(1, 200))]
            case 2:
                inserted = st.sampled_from(
                    [b"[" * 40, b"NaN", b"1e400", b'"', b"\\ud800", b"\xff", b",", b"{}", b"\n"]
                )
                data[place:place] = draw(inserted)
            case 3:
                lines = data.split(b"\n")
                one, two = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
                lines[one], lines[two] = lines[two], lines[one]
                data = bytearray(b"\n".join(lines))
            case _:
                del data[place:]
        if not data:
            break
    return bytes(data)


def broken_values(content: str, draw: Callable[..., Any]) -> bytes:
    """A good file with wrong values, fields missing, new ones, rows twice or exchanged, in one of two layouts."""
    document = json.loads(content)
    arrays = [name for name, rows in document.items() if isinstance(rows, list) and rows]
    for _ in range(draw(st.integers(1, 3))):
        rows = document[draw(st.sampled_from(arrays))]
        row = draw(st.integers(0, len(rows) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                rows.append(deepcopy(rows[row]))
            case 1:
                rows[row] = deepcopy(draw(st.sampled_from(VALUES)))
            case 2 if isinstance(rows[row], dict):
                rows[row].pop(draw(st.sampled_from(sorted(rows[row]))), None)
            case 3 if isinstance(rows[row], dict):
                rows[row][draw(st.sampled_from(["id", "colour", "\ud800", "kind"]))] = draw(
                    st.sampled_from(VALUES)
                )
            case 4:
                document[draw(st.sampled_from(arrays))] = deepcopy(draw(st.sampled_from(VALUES)))
                return json.dumps(document).encode()
            case _ if isinstance(rows[row], dict) and rows[row]:
                rows[row][draw(st.sampled_from(sorted(rows[row])))] = deepcopy(draw(st.sampled_from(VALUES)))
    return json.dumps(document).encode()


@pytest.mark.parametrize("broken", [broken_text, broken_values])
def test_a_broken_copy_is_refused_in_words_or_means_what_it_says(tmp_path, broken, reached):
    RandomBakery(1).fill(20)
    good, path = exported(), tmp_path / "broken.json"

    @settings(
        max_examples=MUTATIONS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def try_one(data: st.DataObject) -> None:
        path.write_bytes(broken(good, data.draw))
        began = time.process_time()
        try:
            outcome = import_file(path, replaces=data.draw(st.booleans()), is_trial=True)
        except UnreadableFileError as error:
            assert str(error).endswith("Nothing was changed.")
            str(error).encode()
        else:
            "".join(map(str, outcome.problems)).encode()
        assert time.process_time() - began < SECONDS

    try_one()
    assert exported() == good
    reached(
        f"R9 {broken.__name__.replace('_', ' ')}",
        f"{MUTATIONS} files: no traceback, 0 rows changed, under {SECONDS} s",
        "0 tracebacks, 0 rows",
    )


def test_a_broken_copy_that_is_refused_for_good_changes_no_row(tmp_path, take):
    RandomBakery(2).fill(20)
    good = exported()
    for place in range(200, len(good), len(good) // 8):
        cut = good[:place] + good[place + 7 :]
        try:
            outcome = take(cut, replaces=True)
        except UnreadableFileError:
            continue
        assert outcome.problems or exported() != good  # a note of seven letters less is a good file too
        if not outcome.problems:
            take(good, replaces=True)
        assert exported() == good


def suppliers(inside: str) -> str:
    return f'{HEAD}, "suppliers": [{inside}]}}'


# The large ones are made when they are asked for.
REFUSED: dict[str, str | bytes | Callable[[], str]] = {
    "nothing at all": "",
    "not JSON": b"\x89PNG\r\n\x1a\n",
    "not UTF-8": b'{"format": "\xff"}',
    "a zip": b"PK\x03\x04" + b"\0" * 1000,
    "ten million brackets, packed": gzip.compress(b"[" * 10_000_000),
    "sixty million brackets": lambda: "[" * 60_000_000,
    "sixty million brackets in a row": lambda: HEAD + ',\n"suppliers": [\n{"name": ' + "[" * 60_000_000,
    "a million brackets": lambda: "[" * 1_000_000,
    "objects a million deep": lambda: '{"a":' * 1_000_000,
    "six million small lists": lambda: suppliers("[]," * 6_000_000 + "[]"),
    "half a million names": lambda: suppliers("{" + ",".join(f'"{n}":0' for n in range(600_000)) + "}"),
    "a number of a million digits": lambda: suppliers('{"name": ' + "9" * 1_000_000 + "}"),
    "thirty-three deep": suppliers("[" * 33 + "]" * 33),
    "1e400": suppliers('{"name": 1e400}'),
    "1e5000000": suppliers('{"name": 1e5000000}'),
    "NaN": suppliers('{"name": NaN}'),
    "-Infinity": suppliers('{"name": -Infinity}'),
    "a name twice": suppliers('{"name": "a", "name": "b"}'),
    "half a character": suppliers('{"name": "\\ud800"}'),
    "NUL": suppliers('{"name": "\\u0000"}'),
    "an array twice": HEAD + ', "suppliers": [], "suppliers": []}',
    "an array that is none": HEAD + ', "suppliers": {}}',
    "an unknown array": HEAD + ', "accounts": []}',
    "another format": '{"format": "cookbook", "version": 1}',
    "a format that is no text": '{"format": [], "version": 1}',
    "a later version": '{"format": "bakehouse", "version": 2}',
    "a version that is true": '{"format": "bakehouse", "version": true}',
    "a list": "[]",
}

# Read to some depth, then refused: by its problems (1) or altogether (2).
COSTLY: dict[str, str | bytes | Callable[[], str]] = {
    "a million empty rows": lambda: HEAD + ',\n"suppliers": [\n' + "{},\n" * 1_000_000 + "{}\n]\n}\n",
    "many rows of one uuid": lambda: suppliers('{"uuid":"","name":"x"},' * 160_000 + "{}"),
    "many small objects": lambda: suppliers('{"a":1},' * 240_000 + "{}"),
    "many small numbers": lambda: suppliers('{"a":[' + "1000," * 240_000 + "1]}"),
    "a long text": lambda: suppliers('{"name": "x", "notes": "' + "é" * 2_600_000 + '"}, {}'),
    **{name: REFUSED[name] for name in ("sixty million brackets", "six million small lists")},
    **{name: REFUSED[name] for name in ("half a million names", "objects a million deep")},
}


def made(content: str | bytes | Callable[[], str]) -> bytes:
    text = content() if callable(content) else content
    return text.encode() if isinstance(text, str) else text


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_should_read_is_refused_in_one_sentence(take, name):
    RandomBakery(3).stock_the_pantry()
    before, began = exported(), time.process_time()
    with pytest.raises(UnreadableFileError, match=r"\. ?Nothing was changed\.$") as refused:
        take(made(REFUSED[name]))
    assert time.process_time() - began < SECONDS
    assert len(str(refused.value)) < 300
    assert exported() == before


LIMITED = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (1200 * 1024 * 1024,) * 2)
import django
django.setup()
from django.core.management import call_command, CommandError
began = time.process_time()
try:
    call_command("import", sys.argv[1], verbosity=0)
    status = 0
except CommandError as error:
    status = error.returncode
print(status, time.process_time() - began, int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.parametrize("name", COSTLY)
def test_the_worst_are_refused_within_two_seconds_and_300_mebibytes(
    bakery_of_its_own, tmp_path: Path, name, reached
):
    path = tmp_path / "worst.json"
    path.write_bytes(made(COSTLY[name]))
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)],
        env=bakery_of_its_own,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    status, seconds, mebibytes = done.stdout.split()
    assert status in {"1", "2"}
    assert float(seconds) < SECONDS
    assert int(mebibytes) < 300
    reached(f"R9 {name}", "refused within 2 s and 300 MiB", f"{float(seconds):.1f} s, {mebibytes} MiB")
