"""The native JSON of the service: what callers send and get, field by field. ``openapi.yaml`` is made of nothing else."""
