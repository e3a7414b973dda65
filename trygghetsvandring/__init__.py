"""Trygghetsvandring: safety walks that are never lost and always answered."""
