"""`python -m tests.benchmarks.lift`: how often lift is wrong where nothing is, and right where something is.

The worlds and draws are those of tests/models/test_lift.py, which holds the figures to bounds; here they are told.
"""

from __future__ import annotations

import duckdb
import numpy as np

from tests.models.test_lift import FEW, LOOKS, PEOPLE, SALTS, WORLDS, column, judge, looked, worlds, wrong


def nothing_there() -> None:
    """False positives over draws of which none was treated otherwise."""
    looks = looked()
    last = looks[LOOKS - 1]
    plain = np.abs(column(last, "difference")) > 1.959963984540054 * column(last, "standard_error")
    ever = np.any([wrong(found, "low", "high") for found in looks.values()], axis=0)
    often = np.any([wrong(found, "fixed_low", "fixed_high") for found in looks.values()], axis=0)
    told = {
        "one look, plain": np.nanmean(plain),
        "one look, CUPED": wrong(last, "fixed_low", "fixed_high").mean(),
        f"{LOOKS} looks, fixed interval": often.mean(),
        f"{LOOKS} looks, anytime-valid": ever.mean(),
        "draws called bad (SRM)": np.mean(looks[0]["is_srm_failed"].to_pylist()),
    }
    print(f"nothing there: {SALTS:,} draws of {PEOPLE:,} people")
    for words, share in told.items():
        print(f"  {words:<34}{100 * share:6.2f} %")


def something_there() -> None:
    """How often the interval holds a known effect, and the effect on those reached where arms leak."""
    print(f"known effects: {WORLDS:,} worlds of {FEW:,} people")
    for effect in (0.0, 0.15, 0.3):
        with duckdb.connect() as connection:
            found = judge(connection, worlds(effect, 0.0, 5)[0], FEW)
        known = ~np.isnan(column(found, "fixed_low"))
        for low, high, words in (("fixed_low", "fixed_high", "95 %"), ("low", "high", "anytime-valid")):
            held = (column(found, low) <= effect) & (effect <= column(found, high))
            print(f"  effect {effect:.2f}, {words:<13} interval holds it in {100 * held[known].mean():.2f} %")
    with duckdb.connect() as connection:
        found = judge(connection, worlds(0.3, 0.3, 9)[0], FEW)
    effects, errors = column(found, "complier_effect"), column(found, "complier_error")
    bias, error = np.nanmean(effects) - 0.3, np.nanmean(errors)
    print(
        f"  30 % leak, effect 0.30 on those reached: {0.3 + bias:.4f}, standard error in one world {error:.4f}"
    )
    print(
        f"  its bias is {abs(bias) / error:.3f} of that, and {abs(bias) / error * WORLDS**0.5:.2f} of the mean's"
    )


if __name__ == "__main__":
    nothing_there()
    something_there()
