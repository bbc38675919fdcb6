"""The mail house: a CSV of letters and its manifest by SFTP."""

from __future__ import annotations

from collections.abc import Sequence

from syncs.drops import FileDrop
from syncs.errors import BadSetup
from syncs.shape import Member, Outcome


class LettersSftp(FileDrop):
    """A letter carries its decision. A second file would be a second letter, and none is taken back."""

    name = "letters_sftp"
    base_url_variable = "LETTERS_SFTP_HOST"
    secret_variables = (
        "LETTERS_SFTP_KEY_FILE",
        "LETTERS_SFTP_HOST_KEY",
        "LETTERS_SFTP_USER",
        "LETTERS_SFTP_PORT",
    )
    is_repeatable = False

    def write(self, change: str, object: str, members: Sequence[Member]) -> list[Outcome]:
        if change == "remove":
            raise BadSetup("a letter once handed over cannot be taken back")
        return super().write(change, object, members)

    def row(self, change: str, member: Member) -> dict[str, object]:  # noqa: ARG002
        return {"decision_id": member.decision_id or ""} | member.identity | member.payload
