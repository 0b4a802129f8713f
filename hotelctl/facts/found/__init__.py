"""What a project shows of itself in its files, read without running anything of it."""
