"""Two steps ahead: how the tumour may come back on an option, and what would then be left."""
