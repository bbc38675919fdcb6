"""A delivered file as numbered lines of bytes, whatever was done to it: zipped, cut off, begun with a BOM."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 8 << 20
LONGEST_LINE = 64 << 20


class Refused(Exception):
    """Nothing of this file can be trusted; the message says why and what its sender must change."""


@dataclass(frozen=True)
class Lines:
    """Whole lines without their ends; first is the number of the first one, from 1. is_cut: the file broke off here."""

    first: int
    lines: list[bytes]
    is_cut: bool = False


class BrokenOff(EOFError):
    """The zipped stream ends before its end."""


def unpacked(path: Path) -> Iterator[bytes]:
    """The file's bytes, unzipped where its name ends in .gz. BrokenOff when a zip is cut, Refused when damaged."""
    with path.open("rb") as file:
        if path.suffix != ".gz":
            yield from iter(lambda: file.read(BLOCK), b"")
            return
        unzip = zlib.decompressobj(wbits=31)
        rest = b""
        while chunk := rest or file.read(BLOCK >> 3):
            try:
                yield unzip.decompress(chunk, BLOCK)
            except zlib.error as error:
                raise Refused("refused: the gzip is damaged; send the file again") from error
            rest = unzip.unconsumed_tail
            if unzip.eof:
                rest = unzip.unused_data.lstrip(b"\0") or file.read(BLOCK >> 3).lstrip(b"\0")
                unzip = zlib.decompressobj(wbits=31)
                if not rest:
                    return
        raise BrokenOff


def lines_of(path: Path) -> Iterator[Lines]:
    """Blocks of whole lines. A last line without an end is a line, unless a zip was cut in the middle of it."""
    number, carry, is_cut = 1, b"", False
    blocks = unpacked(path)
    try:
        for block in blocks:
            block = carry + without_mark(block) if number == 1 and not carry else carry + block
            *lines, carry = block.split(b"\n")
            if len(carry) > LONGEST_LINE:
                raise Refused("refused: a line is longer than 64 MiB; send one record per line")
            if lines:
                yield Lines(number, lines)
            number += len(lines)
    except BrokenOff:
        is_cut = True
    if carry or is_cut:
        yield Lines(number, [carry], is_cut)


def without_mark(block: bytes) -> bytes:
    """The first bytes without a UTF-8 byte order mark."""
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused("refused: the file is UTF-16; send it as UTF-8")
    return block.removeprefix(codecs.BOM_UTF8)
