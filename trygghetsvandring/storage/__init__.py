"""All SQL and all bytes on disk, one file per room."""
