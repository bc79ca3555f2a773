"""Case to Interpretation: history, samples, clones, mechanisms."""
