"""`make bench`: every benchmark, each printing ratios against a lower bound or a peer in the same run.

python -m tests.benchmarks [stages | components | protection | incremental] [options of that one]; without a name, stages.
"""

import importlib
import sys

CHOICES = ("stages", "components", "protection", "incremental")

chosen = sys.argv.pop(1) if sys.argv[1:] and sys.argv[1] in CHOICES else "stages"
importlib.import_module(f"tests.benchmarks.{chosen}").main()
