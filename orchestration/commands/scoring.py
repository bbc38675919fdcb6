"""`learn-scores` and `learn-words`: what customers will probably do, and what their words say."""

from __future__ import annotations

from typing import Any

import click

from orchestration.paths import Home


@click.command("learn-scores")
def learn_scores() -> None:
    """Learn every score from the warehouse and contest it on the last days; the next run uses what won."""
    from orchestration.scoring.learning import CannotLearn, learn_all
    from orchestration.transform import TransformFailed, last_built, warehouse_lane

    home = Home.from_environment()
    try:
        with warehouse_lane(home):
            verdicts = learn_all(home, last_built(home), is_forced=True)
    except (CannotLearn, TransformFailed) as problem:
        raise click.ClickException(str(problem)) from None
    for verdict in verdicts:
        word = "published" if verdict.is_published else "not published"
        click.echo(f"{verdict.version:24} {word:14} {verdict.reason}")
        for row in verdict.measures:
            if row["measure"] in ("log_loss", "auc", "recall_at_10", "squared_error", "amount_squared_error"):
                click.echo(f"    {row['competitor']:34} {row['measure']:20} {row['value']:.5f}")


@click.command("learn-words")
@click.argument("version")
def learn_words(version: str) -> None:
    """Learn what words say from seeds/labelled_texts.csv, and add it to seeds/text_word_weights.csv as VERSION.

    Nothing uses it until the var text_version in dbt_project.yml names it.
    """
    from orchestration.scoring.words import CannotLearnWords, add_version, learned_words

    try:
        weights = learned_words()
        path = add_version(version, weights)
    except CannotLearnWords as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(
        f"{len(weights)} weights added to {path.name}; to use them, set text_version: {version} in dbt_project.yml"
    )


COMMANDS: tuple[Any, ...] = (learn_scores, learn_words)
