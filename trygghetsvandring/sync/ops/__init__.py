"""What each operation means, one file per room. Decisions are pure; the engine does the I/O."""
