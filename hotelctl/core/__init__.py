"""Pure vocabulary: findings, checks, reports, evidence, errors and the ports to the world."""
