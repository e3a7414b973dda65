"""Inbound HTTP, one file per surface. Reads may go straight to storage; every write goes through sync."""
