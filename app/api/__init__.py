"""HTTP only. Nothing here knows oncology."""
