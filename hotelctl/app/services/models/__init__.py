"""The models of the registry that are built: each counts what the hotel's tables hold."""
