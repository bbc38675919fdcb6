"""Identifiers as each vendor wants them: normalised by its own published rules, hashed where it takes hashes.

A value that cannot be brought into form becomes the empty text and is left out: an empty value is never hashed. What
is a SHA-256 already passes through. `RULES` says which page, by its date, each vendor's rules follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import phonenumbers

SHA256 = re.compile(r"[0-9a-f]{64}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
GMAIL = ("gmail.com", "googlemail.com")


def email_trimmed(value: str) -> str:
    """Without white space around, lower case; nothing where it is no address."""
    text = value.strip().lower()
    return text if EMAIL.fullmatch(text) else ""


def email_of_google(value: str) -> str:
    """Without any white space, lower case; at Gmail also without dots and +suffix, which it ignores itself."""
    text = email_trimmed(re.sub(r"\s", "", value))
    name, _, domain = text.rpartition("@")
    if domain in GMAIL:
        name = name.partition("+")[0].replace(".", "")
    return f"{name}@{domain}" if name else ""


def phone_e164(value: str, country: str = "") -> str:
    """E.164, such as +442079460018. A number in national form needs its country; where none is known, no phone."""
    try:
        number = phonenumbers.parse(value, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    text = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    # Seven digits are the fewest that reach anybody from abroad.
    return text if phonenumbers.is_possible_number(number) and len(text) > 7 else ""


def letters_only(value: str) -> str:
    """Lower case, without punctuation, digits and white space; letters of every alphabet stay."""
    return "".join(character for character in value.lower() if character.isalpha())


def name_of_google(value: str) -> str:
    """Lower case, trimmed, without punctuation; a space inside a name stays."""
    kept = "".join(character for character in value.lower() if character.isalpha() or character.isspace())
    return " ".join(kept.split())


def postcode(value: str, country: str = "") -> str:
    """Lower case without spaces; of the United States the first five digits."""
    text = re.sub(r"\s", "", value.lower())
    return text.partition("-")[0][:5] if country.upper() == "US" else text


def country_code(value: str, _: str = "") -> str:
    """Two letters, lower case; nothing for anything else."""
    text = value.strip().lower()
    return text if len(text) == 2 and text.isascii() and text.isalpha() else ""


Rule = Callable[[str, str], str]


@dataclass(frozen=True)
class Rules:
    """One vendor's rules by kind of identifier. `plain` kinds are not hashed; `version`: date of the page followed."""

    version: str
    kinds: Mapping[str, Rule]
    plain: frozenset[str] = frozenset()

    def normal(self, kind: str, value: object, country: str = "") -> str:
        """The value in the vendor's form before hashing; the empty text where it has none."""
        text = str(value or "")
        return self.kinds[kind](text, country) if text.strip() else ""

    def ready(self, kind: str, value: object, country: str = "") -> str:
        """The value as it goes out: hashed unless the kind is plain, a hash as it is, nothing where there is none."""
        if kind not in self.plain and SHA256.fullmatch(str(value or "")):
            return str(value)
        text = self.normal(kind, value, country)
        return text if not text or kind in self.plain else sha256(text.encode()).hexdigest()


def _any(rule: Callable[[str], str]) -> Rule:
    return lambda value, _: rule(value)


RULES = {
    "meta": Rules("2026-04-28", {
        "email": _any(email_trimmed),
        "phone": lambda value, country: phone_e164(value, country).removeprefix("+"),
        "first_name": _any(letters_only),
        "last_name": _any(letters_only),
        "city": _any(letters_only),
        "postcode": postcode,
        "country": country_code,
    }),
    "google": Rules("2026-03-04", {
        "email": _any(email_of_google),
        "phone": phone_e164,
        "first_name": _any(name_of_google),
        "last_name": _any(name_of_google),
        "postcode": lambda value, _: value.strip(),
        "country": lambda value, _: country_code(value).upper(),
    }, plain=frozenset({"postcode", "country"})),
    "tiktok": Rules("2026-06-01", {
        "email": _any(lambda value: email_trimmed(re.sub(r"\s", "", value))),
        "phone": phone_e164,
    }),
    "plain": Rules("1", {"email": _any(email_trimmed), "phone": phone_e164}, plain=frozenset({"email", "phone"})),
}  # fmt: skip
