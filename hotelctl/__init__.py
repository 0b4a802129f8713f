"""Checks a service, puts it into production in ten repeatable steps and takes it back."""
