"""Words say something on sentences nobody learned from: the sandbox's own tickets, written by other hands."""

from __future__ import annotations

import csv

from estimators.words import WordWeight, learn_words, weigh, words_of
from orchestration.paths import PROJECT
from orchestration.scoring.words import SIGNALS, learned_words
from sandbox.ticket_texts import COMPLAINT, DELIVERY, LEAVING, OPTOUT, QUESTION, TEXTS

MEANING = {
    COMPLAINT: "complaint",
    LEAVING: "churn_intent",
    QUESTION: "product_interest",
    OPTOUT: "opt_out_request",
    DELIVERY: "none",
}


def test_words_are_parted_by_whatever_is_no_letter() -> None:
    assert words_of("Don't STOP, stop! Größe 42 für mich") == ["don", "für", "größe", "mich", "stop", "t"]


def test_a_word_that_only_one_label_uses_speaks_for_it() -> None:
    texts = ["tea please", "more tea", "tea now", "coffee please", "more coffee", "coffee now"]
    labels = ["t", "t", "t", "c", "c", "c"]
    weights = {one.word: one.weight for one in learn_words(texts, labels, ["t"])}
    assert weights["tea"] > 0 > weights["coffee"]
    assert abs(weights.get("please", 0)) < 10
    assert weigh([WordWeight("t", "", -5), WordWeight("t", "tea", 7)], "Tea, tea!") == {"t": 2}


def test_the_seed_holds_what_is_learned_from_its_texts() -> None:
    with (PROJECT / "seeds" / "text_word_weights.csv").open(encoding="utf-8") as file:
        kept = [
            (r["signal"], r["word"], int(r["weight"]))
            for r in csv.DictReader(file)
            if r["version"] == "start"
        ]
    assert kept == [(one.label, one.word, one.weight) for one in learned_words()]


def test_signals_are_found_in_tickets_of_other_hands() -> None:
    weights = [one for one in learned_words() if one.label in SIGNALS]
    found = right = said = 0
    for kind, group in TEXTS.items():
        for _, subject, body in group:
            told = weigh(weights, f"{subject}. {body}".format(product="Lamp", order="W123"))
            heard = {signal for signal, evidence in told.items() if evidence > 0}
            found += len(heard)
            right += MEANING[kind] in heard
            said += MEANING[kind] != "none"
    assert right / found > 0.85, (right, found)
    assert right / said > 0.55, (right, said)


def test_the_language_of_tickets_of_other_hands_is_told() -> None:
    weights = [one for one in learned_words() if one.label.startswith("language_")]
    told = []
    for group in TEXTS.values():
        for language, subject, body in group:
            evidence = weigh(weights, f"{subject}. {body}")
            told.append(max(evidence, key=lambda label: evidence[label]) == f"language_{language}")
    assert sum(told) / len(told) > 0.9
