"""Deploy: a pure fold over a write-ahead journal, driven through ten repeatable steps."""
