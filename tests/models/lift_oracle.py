"""gbstats over sums read from standard input, as JSON on standard output. Runs in the environment of gbstats."""

from __future__ import annotations

import json
import sys
from typing import Any


def statistic(arm: dict[str, float]) -> Any:
    """An arm's figure with what it was before, as gbstats holds it."""
    from gbstats.models.statistics import RegressionAdjustedStatistic, SampleMeanStatistic

    after = SampleMeanStatistic(n=int(arm["n"]), sum=arm["sum_y"], sum_squares=arm["sum_yy"])
    before = SampleMeanStatistic(n=int(arm["n"]), sum=arm["sum_x"], sum_squares=arm["sum_xx"])
    return RegressionAdjustedStatistic(
        n=int(arm["n"]),
        post_statistic=after,
        pre_statistic=before,
        post_pre_sum_of_products=arm["sum_xy"],
        theta=0.0,
    )


def told(pair: dict[str, Any]) -> dict[str, float]:
    """What gbstats says of one pair of arms, differences absolute."""
    from gbstats.frequentist.tests import (
        FrequentistConfig,
        SequentialConfig,
        SequentialTwoSidedTTest,
        TwoSidedTTest,
    )
    from gbstats.gbstats import check_srm
    from gbstats.models.statistics import compute_theta

    a, b = statistic(pair["held_out"]), statistic(pair["treated"])
    plain = TwoSidedTTest(a.post_statistic, b.post_statistic, FrequentistConfig(difference_type="absolute"))
    slope = compute_theta(a, b)
    a.theta = b.theta = slope
    settings = SequentialConfig(difference_type="absolute", sequential_tuning_parameter=pair["planned"])
    looked = SequentialTwoSidedTTest(a, b, settings).compute_result()
    counts = [pair["held_out"]["n"], pair["treated"]["n"]]
    return {
        "difference": plain.compute_result().expected,
        "standard_error": plain.variance**0.5,
        "cuped_difference": looked.expected,
        "low": looked.ci[0],
        "high": looked.ci[1],
        "srm_p": check_srm(counts, [0.5, 0.5]),
    }


if __name__ == "__main__":
    json.dump([told(pair) for pair in json.load(sys.stdin)], sys.stdout)
