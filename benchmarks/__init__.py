"""Figures as ratios measured side by side in one run; never asserted as times."""
