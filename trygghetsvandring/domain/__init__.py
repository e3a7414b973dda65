"""Values and decisions: no framework, no clock, no network."""
