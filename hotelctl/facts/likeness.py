"""What makes two releases the same to people who use them."""

# A release's fields: with all of them equal, going from one to the other changes nothing but the id.
LIKENESS = ("commit", "artifact_sha256", "env_fingerprints", "image")
