"""The knowledge: records, their checks, releases and look-ups. The only room that opens data files."""
