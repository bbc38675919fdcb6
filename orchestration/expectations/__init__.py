"""Great Expectations at the two doors: what lands fits its contract, and what leaves is safe to send.

Suites are generated, never written by hand: from the stream contracts for what lands, from the syncs seed
for what leaves. Great Expectations is imported only when a suite is judged, for it takes seconds to load.
"""
