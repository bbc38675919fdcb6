"""What stands between an edited seed and a run: every finding names file, line and remedy."""
