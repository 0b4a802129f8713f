"""What is asked of the server between two statements of a watched session, in one round trip each."""

from hotelctl.facts.catalogue import CATALOGUE

# Names come out the same, whatever schemas a session has set itself.
PLAIN_CATALOGUE = f"SET LOCAL search_path = ''; {CATALOGUE}"
GIVE_UP = "ROLLBACK TO SAVEPOINT hotelctl; RELEASE SAVEPOINT hotelctl"
# The server locks a table to write down its expressions, and another session may have it for itself. The
# session's own limits are for its own statements.
CATALOGUE_WITHIN = (
    "SAVEPOINT hotelctl; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '1s'; "
    f"{PLAIN_CATALOGUE}; {GIVE_UP}"
)
# In the watched session itself: nobody else sees what its open transaction has read and changed.
# What `pg_stat_xact_user_tables` is made of, without the indexes, which take longest to count.
WORK = """
SELECT pg_catalog.json_build_object(
'rows', (SELECT coalesce(json_agg(json_build_array(c.oid::int8, pg_catalog.pg_stat_get_xact_numscans(c.oid),
    pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
    pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid))),
    '[]')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 't', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname !~ '^pg_toast' AND (pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0
      OR pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) > 0
      OR pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) > 0
      OR pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0)),
'wal', pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::int8,
'wrote', pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL,
'lock_timeout_ms', (SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'))::text
"""
# A session hands its counts in when it finds the time, or is told to.
HAND_IN = "SELECT pg_catalog.pg_stat_force_next_flush()"
COUNTED = """
SELECT relid::int8, seq_scan, seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del, coalesce(idx_scan, 0)
FROM pg_catalog.pg_stat_user_tables
"""
LOCKS = """
SELECT relation::int8, mode, granted FROM pg_catalog.pg_locks
WHERE pid = %s AND locktype = 'relation'
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_catalog.pg_stat_activity WHERE pid = %s"
# Those that a column of a table counts with.
SEQUENCES = """
SELECT d.objid::int8, d.refobjid::int8 FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
  AND d.deptype IN ('a', 'i')
"""
