"""Forgetting a person everywhere: files, releases, ledgers and tools, with a receipt that names nobody."""
