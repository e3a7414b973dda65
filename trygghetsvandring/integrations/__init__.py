"""Outbound traffic, one file per party; each takes its client as an argument."""
