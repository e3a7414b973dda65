"""Measured workloads: `python -m bench [names]` prints figures beside controls and adds a line to history.jsonl."""
