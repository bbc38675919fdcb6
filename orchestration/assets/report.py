"""The page of numbers and the page of who is who as assets, with their main plots shown in Dagster itself."""

from collections.abc import Mapping

import dagster as dg

from orchestration.assets.plots import IDENTITY_QUESTIONS, plots
from orchestration.assets.release import KEY as RELEASE
from orchestration.assets.release import must_be_current
from orchestration.paths import Home
from orchestration.recognition.page import write_identity_report
from orchestration.release import Release
from orchestration.report import write_report
from orchestration.report.measured import measured


def report_asset(home: Home) -> dg.AssetsDefinition:
    """reports/numbers.html, made anew for every release."""

    @dg.asset(
        key=["publish", "numbers"],
        deps=[RELEASE],
        group_name="publish",
        description="One honest page: reach, collisions avoided, suppressed by reason, orders by last click.",
        kinds={"html"},
        owners=["team:marketing"],
    )
    def numbers() -> dg.MaterializeResult:
        release = must_be_current(home)
        page = write_report(home, release)
        return dg.MaterializeResult(
            metadata={
                "page": dg.MetadataValue.path(page),
                **pictures(plots(release)),
                **pictures(measured(release).charts()),
                **changes(release),
            }
        )

    return numbers


def identity_asset(home: Home) -> dg.AssetsDefinition:
    """reports/identity.html, made anew for every release; it stands among the models of identity."""

    @dg.asset(
        key=["identity", "who_is_who"],
        deps=[RELEASE],
        group_name="identity",
        description="Recognition in figures: sizes, shared identifiers, refused links, growth, limits still broken.",
        kinds={"html"},
        owners=["team:data"],
    )
    def who_is_who() -> dg.MaterializeResult:
        release = must_be_current(home)
        page = write_identity_report(home, release)
        shown = pictures(plots(release, IDENTITY_QUESTIONS))
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(page), **shown})

    return who_is_who


def changes(release: Release) -> dict[str, dg.MarkdownMetadataValue]:
    """What to change today, as a table."""
    rows = [f"| {row[0]} | {row[8]} | {row[1]} |" for row in measured(release).rows["changes"]]
    lines = ["| what | row | advice |", "|---|---|---|", *rows]
    return {"what to change": dg.MetadataValue.md("\n".join(lines))} if rows else {}


def pictures(drawn: Mapping[str, str]) -> dict[str, dg.MarkdownMetadataValue]:
    """Plots as Dagster shows them in place."""
    return {name: dg.MetadataValue.md(f"![{name}]({image})") for name, image in drawn.items()}
