"""Listening: what the world delivers becomes immutable raw loads, typed by contract; what does not fit, quarantine."""
