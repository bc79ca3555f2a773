"""Many cases at once, without HTTP and without the engine: lines, compression, flat rows, files, journal, processes."""
