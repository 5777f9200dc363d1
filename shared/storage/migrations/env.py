"""Alembic's entry: works on the connection that `shared.storage.migrate` opened."""

from shared.storage.migrate import run_environment

run_environment()
