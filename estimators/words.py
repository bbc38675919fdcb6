"""What words say: for each label a logistic model over the words of a text, as whole numbers people can read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimators.logistic import Outcomes, fit

NO_LETTER = re.compile("[^a-zà-öø-ÿœß]+")
LEAST_TEXTS = 2
RIDGE = 2.0


@dataclass(frozen=True)
class WordWeight:
    """What a word adds to the evidence for a label, in thousandths of a logit; the empty word holds before any."""

    label: str
    word: str
    weight: int


def words_of(text: str) -> list[str]:
    """The distinct words of a text in lower case, in the order of the alphabet; whatever is no letter parts them."""
    return sorted(set(NO_LETTER.sub(" ", text.lower()).split()))


def learn_words(texts: Sequence[str], labels: Sequence[str], wanted: Sequence[str]) -> list[WordWeight]:
    """One model per wanted label against all others. Words of fewer than LEAST_TEXTS texts say nothing."""
    held = [words_of(text) for text in texts]
    counts = Counter(word for words in held for word in words)
    vocabulary = sorted(word for word, count in counts.items() if count >= LEAST_TEXTS)
    place = {word: n for n, word in enumerate(vocabulary)}
    design = np.zeros((len(texts), len(vocabulary)))
    for row, words in enumerate(held):
        design[row, [place[word] for word in words if word in place]] = 1
    learned = []
    for label in wanted:
        hit = np.array([one == label for one in labels], np.float64)
        found = fit(Outcomes(design, np.ones(len(texts)), hit), RIDGE)
        slopes = found.coefficients / found.scale
        before = found.intercept - float((slopes * found.center).sum())
        learned.append(WordWeight(label, "", round(1000 * before)))
        learned += [
            WordWeight(label, word, round(1000 * float(slope)))
            for word, slope in zip(vocabulary, slopes, strict=True)
            if round(1000 * float(slope))
        ]
    return learned


def weigh(weights: Sequence[WordWeight], text: str) -> dict[str, int]:
    """By label, the evidence in a text: above 0 it says so."""
    table: dict[str, dict[str, int]] = {}
    for one in weights:
        table.setdefault(one.label, {})[one.word] = one.weight
    return {
        label: known[""] + sum(known.get(word, 0) for word in words_of(text))
        for label, known in table.items()
    }
