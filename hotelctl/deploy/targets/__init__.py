"""Places where releases run. Kept empty of imports: the supervisor starts through here."""
