"""A city's own files, laid over its profile: areas, places, school holidays."""
