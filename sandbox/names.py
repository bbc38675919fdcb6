"""Words people, streets and shelves are called by. Domains and phone ranges are the reserved ones."""

from __future__ import annotations


def _words(text: str, between: str | None = None) -> list[str]:
    return [word.strip() for word in text.strip().split(between)]


FIRST = _words("""
James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
Jessica Thomas Karen Carlos Sarah Daniel Nancy Matthew Lisa Anthony Margaret Mark Sandra Donald Ashley Steven
Emily Andrew Donna Paul Michelle Joshua Carol Kenneth Amanda Kevin Melissa Brian Deborah George Stephanie
Timothy Rebecca Ronald Laura Jason Helen Edward Sharon Jeffrey Cynthia Ryan Kathleen Jacob Amy Gary Angela
Nicholas Shirley Eric Anna Jonathan Brenda Larry Emma Justin Nicole Scott Samantha Brandon Katherine Frank
Christine Priya Wei Aisha Mateo Sofia Luis Olga Hiroshi Fatima Ivan Ingrid Kofi Amara Noor Diego Lucia
""")

LAST = _words("""
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson
Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell
Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris
Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward
Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel
Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher
Vasquez Simmons Romero Jordan Patterson Hamilton Graham Reynolds Griffin Wallace West Cole Hayes Chen Okafor
Haddad Novak Silva Sato Ahmed Khan Popov Larsen O'Brien O'Neill
""")

GERMAN_FIRST = _words("""
Anna Peter Sabine Thomas Ursula Jürgen Monika Stefan Petra Andreas Birgit Klaus Heike Uwe Katrin Jörg Lena Felix
Johanna Maximilian Käthe Günter Martina Holger Greta Björn Frieda Matthias Silke Dirk
""")

GERMAN_LAST = _words("""
Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann
Köhler Maier Böhm Vogel Jäger Winkler Busch Kühn
""")

STREETS = _words("""
Maple Oak Pine Cedar Elm Walnut Lake Hill Park Spring Ridge Church Mill River Sunset Highland Forest Meadow
Willow Chestnut Franklin Madison Lincoln Garden Prospect
""")

GERMAN_STREETS = _words("""
Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Birkenweg Lindenallee Kirchgasse
Waldweg
""")

CITIES = _words(
    """
Alder Falls, Brookhaven Point, Cedar Hollow, Dunmore Bay, Eastwick, Fairmead, Glenrock Heights, Harlow Junction,
Ironbridge, Juniper Springs, Kingsford, Larkspur
""",
    ",",
)

GERMAN_CITIES = _words(
    """
Altenfeld, Birkenau am See, Dornheim, Eschenbrück, Falkenrode, Grünwalde
""",
    ",",
)

# Two mailbox providers hold most addresses, as in life; all names are reserved (RFC 2606).
DOMAINS = _words(
    "example.com mail.example.com example.net inbox.example.net example.org letterbox.test work.test"
)
DOMAIN_SHARES = [0.42, 0.22, 0.12, 0.09, 0.07, 0.05, 0.03]

CATEGORIES = {
    "kitchen": ["skillet", "stock pot", "chef knife", "mixing bowl", "kettle", "cutting board", "whisk"],
    "garden": ["pruning shears", "watering can", "planter", "trowel", "seed tray", "garden hose"],
    "toys": ["wooden train", "puzzle", "plush bear", "building bricks", "board game", "kite"],
    "books": ["novel", "cookbook", "atlas", "picture book", "diary", "field guide"],
    "coffee": ["espresso beans", "filter beans", "moka pot", "grinder", "cup set", "cold brew kit"],
    "skincare": ["face cream", "sun lotion", "hand balm", "cleanser", "lip care", "body oil"],
    "running": ["running shoes", "running shorts", "rain jacket", "socks", "cap", "water belt"],
    "outdoor": ["tent", "head lamp", "sleeping mat", "camp stove", "day pack", "trekking poles"],
    "bedding": ["duvet", "pillow", "linen set", "blanket", "mattress pad", "bed throw"],
    "lighting": ["desk lamp", "pendant lamp", "string lights", "floor lamp", "night light", "lantern"],
    "pets": ["dog bed", "cat tree", "dry food", "lead", "scratching post", "food bowl"],
    "stationery": ["notebook", "fountain pen", "desk pad", "pencil case", "calendar", "paper set"],
}
CATEGORY_PRICES = [32.0, 24.0, 22.0, 16.0, 18.0, 15.0, 48.0, 62.0, 54.0, 44.0, 26.0, 12.0]
COLOURS = _words("""
Ash Birch Coral Dune Ember Fjord Grove Harbour Indigo Jade
""")


def plain(word: str) -> str:
    """Lower case, ASCII, as it stands in an address."""
    table = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "'": ""}
    return "".join(table.get(letter, letter) for letter in word.lower())


def mistyped(word: str) -> str:
    """The word with its third letter lost."""
    return word[:2] + word[3:] if len(word) > 3 else word + word[-1]
