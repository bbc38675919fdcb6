"""`make bench`: every benchmark, each printing ratios against a lower bound or a peer in the same run."""

from tests.benchmarks.stages import main

main()
