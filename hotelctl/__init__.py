"""Checks a service, puts it into production in ten repeatable steps and takes it back, with evidence for each line."""
