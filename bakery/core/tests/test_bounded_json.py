from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakery.core import bounded_json
from bakery.core.bounded_json import JsonError, load, loads, loads_line

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBERS = st.integers(-(10**29), 10**29) | st.floats(
    allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12
).filter(lambda number: not number or abs(number) >= 1e-12)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


def sentence(data: bytes | str) -> str:
    with pytest.raises(JsonError) as refused:
        loads(data)
    return str(refused.value)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_written_is_read_back_exactly(document, escaped, indent):
    text = json.dumps(document, ensure_ascii=escaped, indent=indent)
    as_standard = json.loads(text, parse_float=Decimal)
    assert loads(text.encode()) == as_standard
    assert loads_line(text) == as_standard


@given(VALUES)
def test_no_number_is_a_float(document):
    def walk(value):
        assert not isinstance(value, float)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    walk(loads(json.dumps(document)))


JSON_LIKE = st.text('[]{}:,"\\0123456789eE+-.NaInfity ultrs\n\x00\ud800é', max_size=60)


@given(st.binary(max_size=60) | JSON_LIKE)
def test_anything_else_is_refused_with_one_sentence_or_read(data):
    try:
        loads(data)
    except JsonError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)


@given(VALUES, st.data())
def test_a_valid_file_with_a_byte_changed_is_refused_or_read(document, data):
    text = bytearray(json.dumps({"row": document}), "utf-8")
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        loads(bytes(text))
    except JsonError as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "There is nothing in it."),
        (" \n ", "There is nothing in it."),
        ("{", "It is not JSON: expecting property name enclosed in double quotes (line 1, column 2)."),
        ('{"a": 1} x', "It is not JSON: extra data (line 1, column 10)."),
        ('{"a":\n "b', "It is not JSON: unterminated string starting (line 2, column 2)."),
        ('["\x00"]', "It is not JSON: invalid control character (line 1, column 3)."),
        ('["NaN",\n NaN]', "NaN is not a number that can be counted with (line 2, column 2)."),
        ("[-Infinity]", "-Infinity is not a number that can be counted with (line 1, column 2)."),
        ("[1e400]", "A number is too large or too small to count with (line 1, column 2)."),
        ("[1E-13]", "A number is too large or too small to count with (line 1, column 2)."),
        ("[1e5000000000000]", "A number is too large or too small to count with (line 1, column 2)."),
        ("[" + "1" * 31 + "]", "A number has more than 30 digits (line 1, column 2)."),
        ("[0." + "1" * 30 + "]", "A number has more than 30 digits (line 1, column 2)."),
        ('{"a": 1,\n "b": {"a": 1, "\\u0061": 2}}', "A key stands twice in one object (line 2, column 16)."),
        ('{"a": [{"b": 1}],\n "a": 2}', "A key stands twice in one object (line 2, column 2)."),
        ('["x\\u0000"]', "A text holds the character NUL, which no text may hold (line 1, column 2)."),
        ('["x", "\\ud800"]', "A text holds half a character (a lone surrogate) (line 1, column 7)."),
        ('{"\\udc00": 1}', "A text holds half a character (a lone surrogate) (line 1, column 2)."),
        (b'["\xed\xa0\x80"]', "The text is not UTF-8 (line 1)."),
        (b'["a",\n"\xff"]', "The text is not UTF-8 (line 2)."),
        ('"' + "x" * 2_621_441 + '"', "A text is longer than 2621440 characters (line 1, column 1)."),
        (
            "[" * 33 + "]" * 33,
            "Lists and objects stand more than 32 deep in one another (line 1, column 33).",
        ),
        ('1e400\0"a": {}}', "A number is too large or too small to count with (line 1, column 1)."),
        ('NaN\0"a"]', "NaN is not a number that can be counted with (line 1, column 1)."),
        ("[" * 5000, "Lists and objects stand more than 32 deep in one another (line 1, column 33)."),
        ("0," * 400_001, "It holds more than 250000 values, which is the most that is read at once."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(text, expected):
    assert sentence(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 32 + "1" + "]" * 32, None),
        ('["\\ud83c\\udf6a"]', ["🍪"]),
        ("\ufeff[1]", [1]),
        (b"\xef\xbb\xbf[1]", [1]),
        (
            "[1e12, 1E-12, 0.30000000000000004]",
            [Decimal("1e12"), Decimal("1e-12"), Decimal("0.30000000000000004")],
        ),
        ("[" + "1" * 30 + "]", [int("1" * 30)]),
    ],
)
def test_what_is_just_within_bounds_is_read(text, expected):
    assert expected is None or loads(text) == expected
    loads(text)


def test_a_row_names_the_line_of_the_file_it_stands_on():
    with pytest.raises(JsonError) as refused:
        loads_line(b'{"a": 1, "a": 2}\n', 17)
    assert (refused.value.line, refused.value.column) == (17, 10)
    assert str(refused.value) == "A key stands twice in one object (line 17, column 10)."
    with pytest.raises(JsonError) as refused:
        loads_line(b"  \n", 18)
    assert str(refused.value) == "There is nothing in it (line 18)."


def test_a_row_of_more_than_sixteen_megabytes_is_refused_unread():
    with pytest.raises(JsonError, match="longer than 16 MiB \\(line 3\\)"):
        loads_line(b'"' + b"x" * 16 * 1024 * 1024 + b'"', 3)


def test_a_folder_a_missing_file_and_a_large_one_are_refused(tmp_path):
    for path, expected in [
        (tmp_path, "That is a folder, not a file."),
        (tmp_path / "none.json", "There is no such file."),
        ("\0", "The file cannot be read: its name cannot be used."),
    ]:
        with pytest.raises(JsonError) as refused:
            load(path)
        assert str(refused.value) == expected
    large = tmp_path / "large.json"
    large.write_text("[1234]")
    with pytest.raises(JsonError, match="larger than"):
        load(large, max_bytes=5)
    assert load(large, max_bytes=6) == [1234]


HOSTILE = {
    "sixty megabytes of brackets": "'[' * 60_000_000",
    "twenty megabytes of brackets": "'[' * 20_000_000",
    "as many small objects as are read": "'[' + '{\"a\":1.5},' * 124_000 + '1]'",
    "as many keys as are read": "'{' + ','.join(f'\"{n}\":\"é\"' for n in range(240_000)) + '}'",
    "a duplicate at the end of many": "'{' + ','.join(f'\"{n}\":0.1' for n in range(240_000)) + ',\"0\":1}'",
    "long texts that are not Latin": "'[' + ','.join(['\"' + '🍪' * 90_000 + '\"'] * 55) + ']'",
    "many quotes": "'[\"a' + chr(92) + 'u0000\",' + '\"\",' * 235_000 + '\"'",
    "zeros without end": "'0' * 20_000_000",
    "an open text": "'\"' + 'x' * 20_000_000",
}
READER = """
import re, sys, time
from bakery.core.bounded_json import JsonError, load
before = time.process_time()
try:
    load(sys.argv[1])
except JsonError as error:
    print(error)
# Not ru_maxrss: a child begins with that of the test run it came from.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(time.process_time() - before, int(peak[1]) // 1024)
"""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_worst_files_take_less_than_two_seconds_and_300_mebibytes(text, tmp_path):
    path = tmp_path / "hostile.json"
    path.write_text(eval(text), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READER, path], capture_output=True, text=True, check=True, timeout=30
    )
    seconds, mebibytes = done.stdout.splitlines()[-1].split()
    assert Decimal(seconds) < 2
    assert int(mebibytes) < 300


def test_the_bounds_are_those_of_the_rules():
    assert (bounded_json.MAX_DEPTH, bounded_json.MAX_DIGITS, bounded_json.MAX_EXPONENT) == (32, 30, 12)
