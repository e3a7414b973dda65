"""Work with no one waiting, taken from rows written in the same transaction as the change."""
