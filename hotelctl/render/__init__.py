"""What people and programs read: one document, one file a format."""
