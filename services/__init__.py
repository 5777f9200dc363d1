"""The services of Rapport; none imports another, `embedded` and `cli` compose them."""
