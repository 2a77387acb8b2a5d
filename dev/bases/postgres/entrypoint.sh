#!/bin/sh
# Makes the cluster the first time, from POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and POSTGRES_INITDB_ARGS, then becomes the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Beside its place until it is whole: one that was cut off is made anew.
  new="$PGDATA.new"
  rm -rf "$new"
  mkdir -p "$new"
  (umask 077 && printf '%s' "$POSTGRES_PASSWORD" > /tmp/password)
  # The arguments are a list of words.
  # shellcheck disable=SC2086
  initdb --pgdata="$new" --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$new/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$new/postgresql.conf"
  echo "create database \"$POSTGRES_DB\"" | postgres --single -D "$new" postgres
  mv "$new" "$PGDATA"
fi
exec "$@"
