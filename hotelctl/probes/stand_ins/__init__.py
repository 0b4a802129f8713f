"""What answers in the stead of other probes, each module in one kind of run."""
