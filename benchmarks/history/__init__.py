"""How long the search through a history takes, beside the programs that it is built on."""
