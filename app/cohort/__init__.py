"""Cohorts beyond one machine: the same pure function over the partitions of a table, run by Dask or another engine."""
