"""Alembic's entry: works on the connection that `shared.migrate` opened."""

from shared.migrate import run_environment

run_environment()
