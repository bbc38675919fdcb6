"""A retailer whose truth is known, and the channel tools it uses. Demo, tests and benchmarks run on it."""
