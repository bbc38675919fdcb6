"""Splink on the same records: the same comparisons, blocks and training blocks as the models."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_level_library import (
    CustomLevel,
    ElseLevel,
    ExactMatchLevel,
    LevenshteinLevel,
    NullLevel,
)
from splink.comparison_library import CustomComparison

from tests.benchmarks.matched_sets import COLUMNS

INITIAL = (
    "least(length(given_name_l), length(given_name_r)) = 1"
    " and substr(given_name_l, 1, 1) = substr(given_name_r, 1, 1)"
)
NAMES = ("given_name", "family_name")
CERTAIN = [["number", "given_name"], ["given_name", "family_name", "birth_date"]]  # for Splink's own prior


def comparison(field: str) -> CustomComparison:
    """The levels of the macro match_level."""
    levels: list[Any] = [NullLevel(field)]
    if field in NAMES:
        for rarity, words in ((2, "same and rare"), (1, "same and uncommon")):
            levels.append(CustomLevel(f"{field}_l = {field}_r and {field}_rarity_l = {rarity}", words))
    levels.append(ExactMatchLevel(field))
    if field == "given_name":
        levels.append(CustomLevel(INITIAL, "initial"))
    levels += [LevenshteinLevel(field, 1), LevenshteinLevel(field, 2), ElseLevel()]
    return CustomComparison(levels, output_column_name=field)


def splink_pairs(records: pd.DataFrame, rules: list[list[str]], learning: list[list[str]]) -> pd.DataFrame:
    """left_key, right_key, weight in bits of every pair above -15 bits. records: int_match_records."""
    filled = [field for field in COLUMNS if records[field].notna().any()]
    with duckdb.connect() as connection:
        settings = SettingsCreator(
            "dedupe_only",
            [comparison(field) for field in filled],
            [block_on(*rule) for rule in rules if set(rule) <= set(filled)],
            unique_id_column_name="record_key",
        )
        linker = Linker(DuckDBAPI(connection).register(records), settings, log_level=logging.ERROR)
        train = linker.training
        train.estimate_probability_two_random_records_match([block_on(*c) for c in CERTAIN], recall=0.7)
        train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in learning:
            if set(rule) <= set(filled):
                train.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        scored = linker.inference.predict(threshold_match_weight=-15)
        query = "select record_key_l as left_key, record_key_r as right_key, match_weight as weight from "
        return connection.execute(query + scored.physical_name).df()


THRESHOLDS = np.arange(-10, 24, 0.5)
