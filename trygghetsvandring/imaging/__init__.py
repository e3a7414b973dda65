"""Bytes in, bytes out, in a capped child process."""
