"""What is asked of the server between two statements of a watched session, in one round trip each."""

# Of the whole catalogue only what somebody made, as arrays in the order of `facts.catalogue`'s fields.
CATALOGUE = """
SELECT pg_catalog.json_build_object(
'relations', (SELECT coalesce(json_agg(json_build_array(
    c.oid::int8, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind::text,
    c.relpersistence::text,
    coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::int8, c.relam::int8,
    coalesce((SELECT i.inhparent FROM pg_catalog.pg_inherits i
        WHERE i.inhrelid = c.oid AND c.relispartition LIMIT 1), 0)::int8,
    coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false), c.relrowsecurity)), '[]')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
'columns', (SELECT coalesce(json_agg(json_build_array(
    a.attrelid::int8, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid),
    CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation::text END,
    CASE WHEN a.attgenerated::text <> '' THEN 'generated ' || a.attgenerated::text
      WHEN a.attidentity::text <> '' THEN 'identity ' || a.attidentity::text ELSE '' END)), '[]')
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
'constraints', (SELECT coalesce(json_agg(json_build_array(
    k.oid::int8, k.conname, k.conrelid::int8, k.contype::text, k.convalidated,
    pg_catalog.pg_get_constraintdef(k.oid), k.conkey, k.conindid::int8, k.confrelid::int8,
    k.condeferred)), '[]')
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  WHERE k.conrelid <> 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
'indexes', (SELECT coalesce(json_agg(json_build_array(
    i.indexrelid::int8, i.indrelid::int8, i.indisunique, i.indisvalid,
    pg_catalog.pg_get_indexdef(i.indexrelid))), '[]')
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
'labels', (SELECT coalesce(json_agg(json_build_array(
    pg_catalog.format_type(e.typ, NULL), e.labels)), '[]') FROM (
    SELECT enumtypid AS typ, json_agg(enumlabel ORDER BY enumsortorder) AS labels
    FROM pg_catalog.pg_enum GROUP BY enumtypid) e))::text
"""
# In the watched session itself: nobody else sees what its open transaction has read and changed.
WORK = """
SELECT pg_catalog.json_build_object(
'rows', (SELECT coalesce(json_agg(json_build_array(
    relid::int8, seq_scan, seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del)), '[]')
  FROM pg_catalog.pg_stat_xact_user_tables
  WHERE seq_scan > 0 OR n_tup_ins > 0 OR n_tup_upd > 0 OR n_tup_del > 0),
'wrote', pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL,
'lock_timeout_ms', (SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'))::text
"""
LOCKS = """
SELECT relation::int8, mode, granted FROM pg_catalog.pg_locks
WHERE pid = %s AND locktype = 'relation'
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_catalog.pg_stat_activity WHERE pid = %s"
