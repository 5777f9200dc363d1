"""What every page stands in: template, words, formats, names, headers."""
