"""Files and forms without an end, sent to the real server: refused, and neither kept nor unpacked (S7)."""

from __future__ import annotations

import http.client
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User

from inventory.models import StockEntry
from proof.checker import faults
from proof.stage import cookies_of, full_shelf
from proof.web import Visitor, server, visitors, workers_of

MEBIBYTE = 1024 * 1024
MOST_MEMORY = 50 * MEBIBYTE
MOST_WRITTEN = MEBIBYTE
QUICKLY = 10  # seconds, on a machine that has other things to do

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=crumb"}
PACKED = {"Content-Encoding": "gzip"}
CHUNKED = {"Transfer-Encoding": "chunked"}

TOO_MUCH = (413,)
# What Django does not read at all is answered as the empty form it is to it, or as nonsense.
UNREAD = (200, 302, 400, 403, 422)

END = b"--crumb--\r\n"


@dataclass
class Parcel:
    """Something that no page should take, in pieces, and what it may be answered."""

    name: str
    headers: dict[str, str]
    pieces: list[bytes]
    expected: tuple[int, ...] = TOO_MUCH


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--crumb\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def parcels(form: dict[str, Any]) -> list[Parcel]:
    """All of them would be a bake if somebody took them: the fields of one stand before the rest."""
    much, text = [b"\0" * 64 * 1024] * 960, [b"a" * 64 * 1024] * 960
    asked = urlencode(form).encode()
    fields = b"".join(part(name, str(value).encode()) for name, value in form.items())
    photo = [fields + part("photo", b"", '; filename="oven.jpg"'), *much, END]
    slip = [fields + part("photo", b"#!/bin/sh", '; filename="../../../tmp/crumb.sh"'), END]
    unpacked = [asked + b"&notes=", *text, *text, *text]
    return [
        Parcel("a file of 60 MiB", PARTS, photo),
        Parcel("a file whose end nobody knows", PARTS | CHUNKED, photo, UNREAD),
        Parcel("a file of a wicked name", PARTS, slip),
        Parcel("a text of 60 MiB", FORM, [asked + b"&notes=", *text]),
        Parcel("a text whose end nobody knows", FORM | CHUNKED, [asked + b"&notes=", *text], UNREAD),
        Parcel("a part of 60 MiB", PARTS, [fields + part("notes", b""), *text, END]),
        Parcel("180 MiB packed", FORM | PACKED, packed(unpacked), UNREAD),
        Parcel("180 MiB packed, as a file", PARTS | PACKED, packed([fields, *much, *much, *much]), UNREAD),
        Parcel("twenty thousand fields", FORM, [asked, b"&a=1" * 20_000]),
        Parcel("twenty thousand parts", PARTS, [fields, part("a", b"1") * 20_000, END]),
        Parcel("twenty thousand files", PARTS, [fields, part("a", b"1", '; filename="a"') * 20_000, END]),
        Parcel("a photo that is no form", {"Content-Type": "image/jpeg"}, much, UNREAD),
    ]


def packed(pieces: list[bytes]) -> list[bytes]:
    """A bomb: a hundredth of what it unpacks to."""
    press = zlib.compressobj(1, wbits=31)
    return [b"".join([*map(press.compress, pieces), press.flush()])]


def send_parcels(addresses: list[str], **variables: str) -> dict[str, Any]:
    """Send all of them to each address: what the server takes of memory and disk meanwhile, and what was wrong."""
    (cookie,) = cookies_of(full_shelf(items=3, lots=20), count=1)
    drawer = Path(settings.DATA_DIR) / "drawer"
    drawer.mkdir()
    User.objects.create_superuser("mira")
    wrong, waits = [], []
    with server(TMPDIR=str(drawer), **variables) as (port, master):
        (person,) = visitors(port, 1)
        for _ in range(40):
            person.look("/production/")
        workers = [Worker(pid) for pid in workers_of(master)]
        before = kept()
        for parcel in parcels(bake_of(cookie)):
            for address in addresses:
                began = time.perf_counter()
                if (status := send(person, address, parcel)) not in parcel.expected:
                    wrong.append(f"{parcel.name} to {address}: answered {status}")
                waits.append(time.perf_counter() - began)
        person.look("/production/")
        wrong += person.strange
        wrong += [f"{name} is new" for name in kept() - before]
        if workers_of(master) == [worker.pid for worker in workers]:
            wrong += [fault for worker in workers for fault in worker.faults()]
        else:
            wrong.append("a worker has ended")
        grown = max(worker.grown for worker in workers)
    if max(waits) > QUICKLY:
        wrong.append(f"an answer took {max(waits):.1f} s")
    if baked := StockEntry.objects.filter(kind="production").count():
        wrong.append(f"{baked} baked with it")
    return {
        "sent": len(waits),
        "grown": grown / MEBIBYTE,
        "slowest": max(waits),
        "wrong": wrong,
        "faults": faults(in_order=True),
    }


def bake_of(cookie: Any) -> dict[str, Any]:
    form = {"uuid": uuid.uuid4(), "recipe": cookie.recipe_id, "finished_unit": cookie.pk, "event": ""}
    return form | {"num_batches": 1, "actual_yield": 9, "produced_at": ""}


def send(person: Visitor, address: str, parcel: Parcel) -> int:
    """The status of the answer, which may come before everything is sent; 0 where there was none."""
    cookies = f"{settings.SESSION_COOKIE_NAME}={person.session}; csrftoken={person.token}"
    headers = {"Cookie": cookies, "X-CSRFToken": person.token} | parcel.headers
    is_chunked = "Transfer-Encoding" in headers
    if not is_chunked:
        headers["Content-Length"] = str(sum(map(len, parcel.pieces)))
    with closing(http.client.HTTPConnection("127.0.0.1", person.port, timeout=60)) as line:
        with suppress(OSError):  # cut off, after an answer
            line.request("POST", address, iter(parcel.pieces), headers, encode_chunked=is_chunked)
        # `request` is done only when all is sent: whoever was cut off reads what came before.
        answer = http.client.HTTPResponse(line.sock, method="POST")
        try:
            answer.begin()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0


class Worker:
    """A process of the server: the most memory it ever had, and the bytes it gave to files, gone ones included."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.memory, self.written = self.peak(), self.bytes_written()

    def faults(self) -> Iterator[str]:
        if self.grown > MOST_MEMORY:
            yield f"a worker took {self.grown // MEBIBYTE} MiB more memory"
        if (written := self.bytes_written() - self.written) > MOST_WRITTEN:
            yield f"a worker wrote {written // MEBIBYTE} MiB"

    @property
    def grown(self) -> int:
        return self.peak() - self.memory

    def peak(self) -> int:
        return int(self.read("status").split("VmHWM:")[1].split()[0]) * 1024

    def bytes_written(self) -> int:
        return int(self.read("io").split("wchar:")[1].split()[0])

    def read(self, name: str) -> str:
        return Path(f"/proc/{self.pid}/{name}").read_text(encoding="ascii")


def kept() -> set[str]:
    """The files where the bakery keeps its own; its log comes and goes."""
    names = (str(path) for path in Path(settings.DATA_DIR).rglob("*"))
    return {name for name in names if not name.endswith(("-wal", "-shm"))}
