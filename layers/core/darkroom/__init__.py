"""Darkroom's core: one set of jobs, one ledger and one store of assets behind every dialect."""

from darkroom import generated_methods

generated_methods.use()
