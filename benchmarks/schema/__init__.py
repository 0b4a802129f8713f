"""How right the schema checks are, and how quick."""
