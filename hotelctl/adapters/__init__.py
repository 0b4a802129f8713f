"""Effects: the ports of core over the real world."""
