"""Each check with facts that are good and facts that are bad."""
