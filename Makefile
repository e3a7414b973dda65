# The commands are written in .ci/house.py, which needs Python 3.11 or newer and nothing else.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run dev test check night power-cuts bench build lock

help run dev test check night power-cuts bench build lock:
	@$(PYTHON) .ci/house.py $@
