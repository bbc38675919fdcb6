"""Weights of words, learned from seeds/labelled_texts.csv and written down as a new version for people to read."""

from __future__ import annotations

from pathlib import Path

from estimators.words import WordWeight, learn_words
from orchestration.lint.rows import Seeds
from orchestration.paths import PROJECT
from orchestration.versioned_seed import VersionTaken, append_version

SIGNALS = ("complaint", "churn_intent", "opt_out_request", "product_interest")


class CannotLearnWords(Exception):
    """No weights were learned, and no seed was changed. The message says what is missing."""


def learned_words(project: Path = PROJECT) -> list[WordWeight]:
    """Weights for every signal and language, from the texts that are there to learn from."""
    texts = [row for row in Seeds(project).of("labelled_texts") if row["part"] == "learn"]
    words = [row["words"] for row in texts]
    tongues = [f"language_{row['language']}" for row in texts]
    try:
        return [
            *learn_words(words, [row["signal"] for row in texts], SIGNALS),
            *learn_words(words, tongues, sorted(set(tongues))),
        ]
    except ValueError as problem:
        raise CannotLearnWords(
            f"{problem}: label texts of every signal in seeds/labelled_texts.csv"
        ) from None


def add_version(version: str, weights: list[WordWeight], project: Path = PROJECT) -> Path:
    """Append a version to the seed. CannotLearnWords where its name is taken: versions are added, never changed."""
    rows = [[version, one.label, one.word, str(one.weight)] for one in weights]
    try:
        return append_version("text_word_weights", "version", version, rows, project)
    except VersionTaken as problem:
        raise CannotLearnWords(str(problem)) from None
