"""Any SFTP server: each request as a CSV of changes and its manifest, for tools that only take files."""

from __future__ import annotations

from syncs.drops import FileDrop


class SftpDrop(FileDrop):
    """A column says add, update or remove; the same request twice is the same file."""

    name = "sftp_drop"
    base_url_variable = "SFTP_DROP_HOST"
    secret_variables = ("SFTP_DROP_KEY_FILE", "SFTP_DROP_HOST_KEY", "SFTP_DROP_USER", "SFTP_DROP_PORT")
