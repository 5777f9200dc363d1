"""The services of Rapport; none imports another, `rapport` composes them."""
