"""Every rule against the vendors' own libraries and pages; where the two differ, the page that overrules is named."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest
from facebook_business.adobjects.customaudience import CustomAudience
from facebook_business.adobjects.serverside.normalize import Normalize
from hypothesis import given, settings
from hypothesis import strategies as st

from syncs.identifiers import RULES

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

# (rules, kind, value, country, normal form). The form is what the vendor's page shows, unless it says otherwise.
VECTORS = [
    ("meta", "email", " John.Smith@Example.com ", "", "john.smith@example.com"),
    ("meta", "email", "no address", "", ""),
    ("meta", "phone", "+1 (555) 010-0199", "", "15550100199"),
    ("meta", "phone", "0044 20 7946 0018", "GB", "442079460018"),
    ("meta", "phone", "020 7946 0018", "GB", "442079460018"),
    ("meta", "phone", "020 7946 0018", "", ""),
    ("meta", "first_name", "Mary", "", "mary"),
    ("meta", "first_name", "Zoë-Ann", "", "zoëann"),
    ("meta", "last_name", "O'Neil", "", "oneil"),
    ("meta", "city", "San Francisco", "", "sanfrancisco"),
    ("meta", "postcode", "94035-1234", "US", "94035"),
    ("meta", "postcode", "M1 1AE", "GB", "m11ae"),
    ("meta", "country", "US", "", "us"),
    ("meta", "country", "USA", "", ""),
    ("google", "email", "cloudy.sanfrancisco+shopping@gmail.com", "", "cloudysanfrancisco@gmail.com"),
    ("google", "email", "Cloudy.SanFrancisco@GoogleMail.com", "", "cloudysanfrancisco@googlemail.com"),
    ("google", "email", " user.name+NYC @example.com", "", "user.name+nyc@example.com"),
    ("google", "phone", "(800) 555-0100", "US", "+18005550100"),
    ("google", "phone", "(800) 555-0100", "", ""),
    ("google", "phone", "+1 555 010 0199", "", "+15550100199"),
    ("google", "first_name", " Zoë-Ann ", "", "zoëann"),
    ("google", "last_name", "van der Berg", "", "van der berg"),
    ("google", "postcode", " 94043 ", "", "94043"),
    ("google", "country", "us", "", "US"),
    ("tiktok", "email", "User.Name+shop@Example.com", "", "user.name+shop@example.com"),
    ("tiktok", "phone", "1 657 777 0000", "US", "+16577770000"),
    ("tiktok", "phone", "657 777 0000", "", ""),
    ("plain", "phone", "030 123456", "DE", "+4930123456"),
    ("plain", "phone", "12", "DE", ""),
]  # fmt: skip

# Printed by the vendors, or computed from the text they print.
HASHES = [
    ("meta", "email", "john.smith@example.com", "8e621e3d0368631d263d07a351fa8d34fba0d17c15fbcdec11a5f58008d022a0"),
    ("meta", "phone", "+1 (555) 010-0199", "90be998a6e4b5bec4f18e14bc56a618ba6dd57100b89276067e3a77ff7140b4a"),
    ("meta", "first_name", "Zoë-Ann", "4e97a517d572f98382276c2ab4a7f26e2826a34231de07902498d46302725cc6"),
    ("google", "phone", "+15550100199", "82fea6c5f54083ef6e2302f364430f7ca4e0daa597c74c81d61db3aa7bef6436"),
    ("google", "email", "cloudysanfrancisco@gmail.com",
     "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4"),
    ("google", "email", "user.name+nyc@example.com",
     "f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac"),
]  # fmt: skip


@dataclass(frozen=True)
class Disagreement:
    """A vendor's library says one thing and its page another: what each makes of `value`, and the page."""

    rules: str
    kind: str
    value: str
    library: str
    ours: str
    page: str
    country: str = ""


DISAGREEMENTS = [
    Disagreement("google", "email", "cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco+shopping@gmail.com",
                 "cloudysanfrancisco@gmail.com", "Data Manager API, Format user data"),
    Disagreement("google", "phone", "(800) 555-0100", "+8005550100", "+18005550100",
                 "Data Manager API, Format user data", "US"),
    Disagreement("meta", "first_name", "Zoë-Ann", "zoann", "zoëann", "Customer File Custom Audiences, 28 April 2026"),
    Disagreement("meta", "phone", "0044 20 7946 0018", "00442079460018", "442079460018",
                 "Customer File Custom Audiences, 28 April 2026", "GB"),
    Disagreement("meta", "phone", "020 7946 0018", "2079460018", "",
                 "Customer File Custom Audiences, 28 April 2026: with the country code"),
    Disagreement("meta", "email", ".john@example.com.", "john@example.com", "",
                 "Customer File Custom Audiences, 28 April 2026: trim and lower-case, no more"),
    Disagreement("meta", "postcode", "M1 1AE", "m1 1ae", "m11ae",
                 "Customer File Custom Audiences, 28 April 2026: no spaces", "GB"),
    Disagreement("meta", "country", "USA", "us", "", "Customer File Custom Audiences, 28 April 2026: two letters"),
    Disagreement("tiktok", "email", "a.b@example.com", "ab@example.com", "a.b@example.com",
                 "List of supported IDs and formats for a customer file"),
]  # fmt: skip
META = {
    "email": CustomAudience.Schema.MultiKeySchema.email,
    "phone": CustomAudience.Schema.MultiKeySchema.phone,
    "first_name": CustomAudience.Schema.MultiKeySchema.fn,
    "last_name": CustomAudience.Schema.MultiKeySchema.ln,
    "postcode": CustomAudience.Schema.MultiKeySchema.zip,
    "country": CustomAudience.Schema.MultiKeySchema.country,
}


def hashed_by_meta(kind: str, value: str) -> str:
    """What Meta's library would send for this raw value."""
    sent = CustomAudience.format_params([META[kind]], [[value]], is_raw=True)
    return str(sent["payload"]["data"][0][0])


@pytest.mark.parametrize(("rules", "kind", "value", "country", "normal"), VECTORS)
def test_a_value_takes_the_form_its_vendor_publishes(rules, kind, value, country, normal):
    assert RULES[rules].normal(kind, value, country) == normal


@pytest.mark.parametrize(("rules", "kind", "value", "hashed"), HASHES)
def test_a_value_becomes_the_hash_its_vendor_publishes(rules, kind, value, hashed):
    assert RULES[rules].ready(kind, value) == hashed
    assert RULES[rules].ready(kind, hashed) == hashed


@pytest.mark.parametrize(
    ("kind", "value", "country"),
    [(kind, value, country) for rules, kind, value, country, normal in VECTORS
     if rules == "meta" and kind in META and normal and value not in {each.value for each in DISAGREEMENTS}],
)  # fmt: skip
def test_metas_own_library_makes_the_same_hash(kind, value, country):
    assert RULES["meta"].ready(kind, value, country) == hashed_by_meta(kind, value)


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(
        r"[a-zA-Z0-9]([a-zA-Z0-9.+_-]{0,20}[a-zA-Z0-9])?@[a-z0-9]{1,12}\.(com|org|co\.uk)", fullmatch=True
    ),
    st.from_regex(r"\+1 ?\(?[2-9][0-9]{2}\)? ?[2-9][0-9]{2}-?[0-9]{4}", fullmatch=True),
)
def test_metas_own_library_agrees_about_any_address_and_number(email, phone):
    assert RULES["meta"].ready("email", f" {email}") == hashed_by_meta("email", f" {email}")
    assert RULES["meta"].ready("phone", phone) == hashed_by_meta("phone", phone)
    assert RULES["meta"].normal("email", email) == Normalize.normalize_field_skip_hashing("em", email)


@pytest.mark.parametrize("each", DISAGREEMENTS, ids=lambda each: f"{each.rules}-{each.kind}-{each.value}")
def test_where_a_library_and_its_page_differ_the_page_is_followed(each):
    """If a vendor mends its library, this fails and the row can go."""
    assert RULES[each.rules].normal(each.kind, each.value, each.country) == each.ours
    assert each.library != each.ours
    if each.rules == "meta":
        assert library_of_meta(each.kind, each.value) == sha256(each.library.encode()).hexdigest()


def library_of_meta(kind: str, value: str) -> str:
    """The list schema, but for a national number, which only the library of the Conversions API takes."""
    if kind == "phone" and not value.startswith("00"):
        return sha256(Normalize.normalize_field_skip_hashing("ph", value).encode()).hexdigest()
    return hashed_by_meta(kind, value)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("value", ["", "  ", None, "\t"])
def test_nothing_is_never_hashed(rules, value):
    """Meta's library sends the hash of nothing for an empty cell; its page wants an empty text."""
    for kind in RULES[rules].kinds:
        assert RULES[rules].ready(kind, value) == ""
    assert hashed_by_meta("email", "") == NOTHING


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(RULES)), st.sampled_from(["email", "phone"]), st.text(max_size=30))
def test_no_text_whatever_becomes_the_hash_of_nothing_and_normal_forms_stay(rules, kind, text):
    ready, normal = RULES[rules].ready(kind, text), RULES[rules].normal(kind, text)
    assert ready != NOTHING
    assert RULES[rules].normal(kind, normal) == normal or not normal


def test_every_rule_says_which_page_it_follows():
    assert all(rules.version for rules in RULES.values())
