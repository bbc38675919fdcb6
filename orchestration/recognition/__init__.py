"""How recognition stands: sizes, shared identifiers, refused links, growth, and what a change of rules would do."""
