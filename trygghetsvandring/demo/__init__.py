"""The Lidköping demo: a municipality as data, six people to be, and a walk to join."""
