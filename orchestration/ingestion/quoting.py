"""CSV's one hard question: does this line go on? Asked only of lines that hold a quote."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.ingestion.lines import Refused

UNIT, RECORD = b"\x1f", b"\x1e"
MOST_LINES = 100
MOST_BYTES = 1 << 20
csv.field_size_limit(2 * MOST_BYTES)  # a field is as long as its line may be, quoted or not
Record = tuple[int, bytes, "list[str] | BadRecord | None"]


@dataclass(frozen=True)
class BadRecord:
    """Why a line is no record."""

    why: str


class Quoted:
    """Records of a CSV file, of `width` fields each; a quoted field may run over at most 100 lines or 1 MiB.

    A quote that never closes costs the line it stands on, never the lines after it.
    """

    def __init__(self, width: int, delimiter: str) -> None:
        self.width = width
        self.delimiter = delimiter
        self.separator = delimiter.encode()
        self.pending: list[tuple[int, bytes]] = []

    def on_one_line(self, lines: list[bytes], first: int) -> list[bytes] | None:
        """Lines for the spool when each is one whole record of the right width; None when one is not."""
        reader = csv.reader((line.decode() for line in lines), delimiter=self.delimiter, strict=True)
        written = []
        try:
            for number, line, fields in zip(range(first, first + len(lines)), lines, reader, strict=True):
                if len(fields) == self.width:
                    raw = line if b'"' in line else b""
                    written.append(b"%d\x1f%b\x1f%b\n" % (number, "\x1f".join(fields).encode(), raw))
                elif line.strip():
                    return None
        except (csv.Error, ValueError):  # a line that is wrong, or a record over several lines
            return None
        return written

    def records(self, number: int, line: bytes) -> Iterator[Record]:
        """The records that end with this line; none while a quote is open."""
        waiting = [(number, line)]
        while waiting:
            self.pending.append(waiting.pop(0))
            if len(self.pending) > 1 and b'"' not in self.pending[-1][1] and not self.is_too_long():
                continue
            fields = self.read()
            if fields is None and not self.is_too_long():
                continue
            start, raw = self.pending[0][0], b"\n".join(text for _, text in self.pending)
            if isinstance(fields, list) or len(self.pending) == 1:
                self.pending = []
                yield start, raw, fields
                continue
            yield start, self.pending[0][1], BadRecord("a quote is not closed")
            waiting = self.pending[1:] + waiting
            self.pending = []

    def read(self) -> list[str] | BadRecord | None:
        """The pending lines as one record; None while a quote is open."""
        text = b"\n".join(line for _, line in self.pending)
        if not text.strip():  # of bytes: a line that only looks blank as text is a record of too few fields
            return []
        try:
            fields = next(csv.reader([text.decode()], delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            return None if "unexpected end" in str(error) else BadRecord(in_words(error))
        return fields if len(fields) == self.width else BadRecord(self.miscounted(len(fields)))

    def is_too_long(self) -> bool:
        """Whether the quote has been open for longer than any field may be."""
        return len(self.pending) > MOST_LINES or sum(len(line) for _, line in self.pending) > MOST_BYTES

    def finish(self) -> Iterator[Record]:
        """What is left when the file ends with a quote open: its line is bad, those after it are read again."""
        while self.pending:
            (start, raw), rest = self.pending[0], self.pending[1:]
            self.pending = []
            yield start, raw, BadRecord("a quote is not closed")
            for number, line in rest:
                yield from self.records(number, line)

    def miscounted(self, count: int) -> str:
        return f"{count} fields where the header has {self.width}"


def in_words(error: csv.Error) -> str:
    """csv's complaint without anything of the line."""
    if "field larger" in str(error):
        return "a field is too long"
    return "a line break outside quotes" if "new-line" in str(error) else "text after a closing quote"


def header_fields(line: bytes, declared: set[str]) -> tuple[tuple[str, ...], str]:
    """The header's names (trimmed, lower case) and the delimiter that makes most of them known names."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Refused("refused: the header is not UTF-8; send the file as UTF-8") from None
    readings = {
        mark: tuple(n.strip().lower() for n in next(csv.reader([text], delimiter=mark))) for mark in ",;\t|"
    }
    delimiter = max(readings, key=lambda mark: len(declared & set(readings[mark])))
    header = readings[delimiter]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Refused(f"refused: column {twice[0] or '(without a name)'} stands twice in the header")
    return header, delimiter
