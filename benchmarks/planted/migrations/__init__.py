"""Migrations of a shop's database, each with the hazards that a real server proved of it."""
