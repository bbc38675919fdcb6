"""`make bench`: every benchmark, each printing ratios against a lower bound or a peer in the same run.

python -m tests.benchmarks [NAME] [its own options]; NAME is one of CHOICES, the first if there is none.
"""

import importlib
import sys

CHOICES = (
    "stages",
    "components",
    "protection",
    "incremental",
    "why_same",
    "faults",
    "speak",
    "decide",
    "micro_run",
    "optimum",
    "random_worlds",
    "recount",
    "why",
    "replay_days",
    "lift_at_retailer",
)

chosen = sys.argv.pop(1) if sys.argv[1:] and sys.argv[1] in CHOICES else "stages"
importlib.import_module(f"tests.benchmarks.{chosen}").main()
