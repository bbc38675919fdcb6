"""A retailer whose truth is known, and the channel tools it uses. Demo, tests and benchmarks run on it.

Start at retailer.py. A world (world.py) is people (people.py, contacts.py), shelves and messages (catalogue.py) and
chance (noise.py); state.py is how everyone is doing. A day (day.py) is messages arriving (reactions.py), visits
(browsing.py), purchases (shopping.py), tickets (service.py) and what follows (aftermath.py). What true people did is
in books.py and truth.py and stays there; what systems wrote down is rendered by the *_exports.py, one per system,
and leaves through history.py, landing.py and exports.py. siloed.py is marketing without Downbeat; received.py turns
what the tools were told into messages to true people; scoreboard.py compares.
"""
