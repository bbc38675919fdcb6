"""From lines to records: what is well formed goes to a spool that SQL reads without surprises, the rest aside.

The spool has one record per line: its number, its fields and, where quoting changed them, the line as delivered;
separated by the unit separator, with line breaks inside a field written as the record separator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from orchestration.ingestion.aside import Aside
from orchestration.ingestion.lines import Lines, Refused, lines_of
from orchestration.ingestion.quoting import RECORD, UNIT, BadRecord, Quoted, Record, header_fields

CONTROL = (b"\0", UNIT, RECORD)
LONGEST = 1 << 20


@dataclass
class Spool:
    """What one pass over a file found. header is empty for NDJSON; rows and aside_rows count records."""

    path: Path
    aside: Path
    header: tuple[str, ...] = ()
    delimiter: str = ","
    rows: int = 0
    aside_rows: int = 0
    has_line_breaks: bool = False
    is_cut: bool = False


def spool_in(scratch: Path) -> Spool:
    """A new spool among the scratch files of a load."""
    return Spool(scratch / "spool", scratch / "aside")


def spool_csv(path: Path, scratch: Path, declared: set[str]) -> Spool:
    """One pass over a CSV file. Refused when it has no usable header."""
    spool = spool_in(scratch)
    header, rest = header_and_rest(lines_of(path))
    spool.header, spool.delimiter = header_fields(header, declared)
    return Spooling(spool, Quoted(len(spool.header), spool.delimiter)).write(rest)


def spool_json(path: Path, scratch: Path) -> Spool:
    """One pass over an NDJSON file."""
    return Spooling(spool_in(scratch), None).write(lines_of(path))


def set_everything_aside(path: Path | None, scratch: Path, reason: str) -> Spool:
    """Every line of a text file that is refused as a whole; one row without a line where there are no lines to show."""
    spool = spool_in(scratch)
    aside = Aside(spool.aside)
    try:
        for block in lines_of(path) if path else ():
            for number, line in enumerate(block.lines, block.first):
                if line.strip():
                    aside.add(number, line, reason)
    except Refused:
        aside.add(0, b"", reason)
    if not aside.count:
        aside.add(0, b"", reason)
    aside.close()
    spool.aside_rows = aside.count
    return spool


def header_and_rest(blocks: Iterator[Lines]) -> tuple[bytes, Iterator[Lines]]:
    """The first line that is not blank, and everything after it."""
    for block in blocks:
        for index, line in enumerate(block.lines):
            if line.strip() and not block.is_cut:
                after = Lines(block.first + index + 1, block.lines[index + 1 :], block.is_cut)
                return line.removesuffix(b"\r"), chained(after, blocks)
    raise Refused("refused: the file is empty, without even a header")


def chained(first: Lines, rest: Iterator[Lines]) -> Iterator[Lines]:
    """One block, then the others."""
    if first.lines:
        yield first
    yield from rest


class Spooling:
    """Writes every record to the spool or aside. quoted is None for NDJSON."""

    def __init__(self, spool: Spool, quoted: Quoted | None) -> None:
        self.spool = spool
        self.quoted = quoted
        self.aside = Aside(spool.aside)
        self.out: BinaryIO

    def write(self, blocks: Iterable[Lines]) -> Spool:
        """All blocks, quickly where nothing is odd."""
        with self.spool.path.open("wb") as self.out:
            for block in blocks:
                if block.is_cut:
                    self.cut(block)
                elif not self.plain(block):
                    self.careful(block)
            self.place(self.quoted.finish() if self.quoted else ())
        self.aside.close()
        self.spool.aside_rows = self.aside.count
        return self.spool

    def cut(self, block: Lines) -> None:
        """The half line where a file was cut off."""
        self.spool.is_cut = True
        if block.lines[0]:
            self.aside.add(block.first, block.lines[0], "the file is cut off here")

    def plain(self, block: Lines) -> bool:
        """The quick way for a block of ordinary lines; False if it is not such a block."""
        text = b"\n".join(block.lines).replace(b"\r\n", b"\n").removesuffix(b"\r")
        if any(mark in text for mark in (*CONTROL, b"\r")) or not is_text(text):
            return False
        lines = text.split(b"\n")
        if max(map(len, lines)) > LONGEST or (self.quoted and self.quoted.pending):
            return False
        if self.quoted is None:
            written: list[bytes] | None = numbered(lines, block.first)
        elif b'"' in text:
            written = self.quoted.on_one_line(lines, block.first)
        else:
            lines = text.replace(self.quoted.separator, UNIT).split(b"\n")
            written = list(self.fields_as_they_are(lines, block.first))
        self.out.writelines(written or ())
        self.spool.rows += len(written or ())
        return written is not None

    def fields_as_they_are(self, lines: list[bytes], first: int) -> Iterator[bytes]:
        """Lines without quotes, already split; those with another number of fields go aside."""
        assert self.quoted
        breaks = self.quoted.width - 1
        for number, line in enumerate(lines, first):
            if line.count(UNIT) == breaks and line:
                yield b"%d\x1f%b\x1f\n" % (number, line)
            elif line.strip():
                raw = line.replace(UNIT, self.quoted.separator)
                self.aside.add(number, raw, self.quoted.miscounted(line.count(UNIT) + 1))

    def careful(self, block: Lines) -> None:
        """Line by line: odd bytes go aside, quotes are read as quotes."""
        for number, delivered in enumerate(block.lines, block.first):
            line = delivered.removesuffix(b"\r")
            why = what_is_odd(line)
            if why:
                self.aside.add(number, delivered, why)
            else:
                self.place(self.quoted.records(number, line) if self.quoted else [(number, line, None)])

    def place(self, found: Iterable[Record]) -> None:
        """Records to the spool, what is none aside."""
        for start, raw, fields in found:
            if isinstance(fields, BadRecord):
                self.aside.add(start, raw, fields.why)
            elif raw.strip():
                self.out.write(self.spooled(start, raw, fields))
                self.spool.rows += 1

    def spooled(self, number: int, raw: bytes, fields: list[str] | None) -> bytes:
        """One record as a line of the spool."""
        if fields is None:
            return b"%d\x1f%b\n" % (number, raw.replace(b"\r", b" "))
        text = UNIT.join([b"%d" % number, *(f.encode() for f in fields), raw])
        if b"\n" in text or b"\r" in text:
            self.spool.has_line_breaks = True
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", RECORD)
        return text + b"\n"


def numbered(lines: list[bytes], first: int) -> list[bytes]:
    """Lines of JSON with their numbers, without blank ones."""
    return [b"%d\x1f%b\n" % (number, line) for number, line in enumerate(lines, first) if line.strip()]


def is_text(line: bytes) -> bool:
    """Whether it is UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def what_is_odd(line: bytes) -> str | None:
    """Why a line cannot be a record at all, in words; None if it can."""
    if b"\0" in line:
        return "NUL byte in the line"
    if not is_text(line):
        return "not UTF-8"
    if UNIT in line or RECORD in line:
        return "control character in the line"
    return "line longer than 1 MiB" if len(line) > LONGEST else None
