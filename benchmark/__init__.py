"""A public benchmark of checkers of budget disclosures: documents, frozen truth, a runner, a report. See `benchmark/README.md`."""
