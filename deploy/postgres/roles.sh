#!/bin/sh
# Give each service a role of its own that reaches its own schema and nothing else, and operators one that may act as
# any of them. The database's container runs this at its first start; an older database is brought to it by hand:
#   docker compose exec postgres /docker-entrypoint-initdb.d/10-roles.sh
# It may be run again: passwords become those of the environment, what is there already stays.
set -eu

sql() { psql -v ON_ERROR_STOP=1 -qAt --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }

role() { # NAME PASSWORD
  case $2 in '' | *[!A-Za-z0-9]*) echo "the password of $1 must be letters and digits" >&2; exit 1 ;; esac
  [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = '$1'")" = 1 ] || sql -c "CREATE ROLE $1"
  sql -c "ALTER ROLE $1 LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT PASSWORD '$2'"
}

owner() { # SERVICE: its schema and all that lies in it, also what another role made before
  sql -c "CREATE SCHEMA IF NOT EXISTS $1 AUTHORIZATION $1" -c "ALTER SCHEMA $1 OWNER TO $1"
  sql -c "SELECT format('ALTER TABLE %I.%I OWNER TO $1;', schemaname, tablename) FROM pg_tables WHERE schemaname = '$1'" | sql
}

keep_entries() { # the entries of the audit log become the property of a role that nobody can log in as or act as:
  # the service may add to them and read them. Its first migration calls the function, when the table is there.
  [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = 'audit_keeper'")" = 1 ] || sql -c "CREATE ROLE audit_keeper NOLOGIN"
  sql <<'SQL'
ALTER SCHEMA audit OWNER TO audit_keeper;
GRANT USAGE, CREATE ON SCHEMA audit TO audit;
CREATE SCHEMA IF NOT EXISTS keeper;
GRANT USAGE ON SCHEMA keeper TO audit;
CREATE OR REPLACE FUNCTION keeper.take_entries() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF to_regclass('audit.entries') IS NOT NULL THEN
    ALTER TABLE audit.entries OWNER TO audit_keeper;
    ALTER FUNCTION audit.refuse_change() OWNER TO audit_keeper;
    GRANT SELECT, INSERT ON audit.entries TO audit;
  END IF;
END $$;
REVOKE ALL ON FUNCTION keeper.take_entries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keeper.take_entries() TO audit;
SELECT keeper.take_entries();
SQL
}

sql -c "REVOKE ALL ON DATABASE \"$POSTGRES_DB\" FROM PUBLIC" -c "REVOKE ALL ON SCHEMA public FROM PUBLIC"
role operator "$OPERATOR_PASSWORD"
sql -c "ALTER ROLE operator NOINHERIT" -c "GRANT CONNECT ON DATABASE \"$POSTGRES_DB\" TO operator"
for service in directory intake escalation scheduler agreements notify audit portal; do
  variable=$(echo "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD
  eval "password=\${$variable}"
  role "$service" "$password"
  sql -c "GRANT CONNECT ON DATABASE \"$POSTGRES_DB\" TO $service" -c "GRANT $service TO operator"
  owner "$service"
done
keep_entries
