-- Lets a migration be watched from inside: what it did so far to each table that was there before, and what it locks.

CREATE SCHEMA prove;

-- Rows of its own: what partitions and children hold is theirs.
CREATE TABLE prove.existing AS
    SELECT oid AS relation, oid::regclass::text AS name, relkind AS kind, 0::bigint AS rows
    FROM pg_class WHERE relkind IN ('r', 'p', 'm') AND relnamespace::regnamespace::text IN ('public', 'archive');

CREATE TABLE prove.columns AS
    SELECT attrelid AS relation, attnum, attname AS name, format_type(atttypid, atttypmod) AS type,
        0::bigint AS filled, '' AS digest
    FROM pg_attribute JOIN prove.existing ON relation = attrelid
    WHERE attnum > 0 AND kind = 'r';

CREATE TABLE prove.indexes AS SELECT indexrelid AS relation FROM pg_index;

-- Of the values of a column, each as it would look in `type`.
CREATE FUNCTION prove.digest(target regclass, named name, type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format(
        'SELECT md5(string_agg(value, '','' ORDER BY value COLLATE "C"))'
        ' FROM (SELECT %I::text::%s::text AS value FROM ONLY %s) AS old', named, type, target) INTO found;
    RETURN coalesce(found, '');
END
$$;

-- Null where the table is gone.
CREATE FUNCTION prove.counted(target regclass, what text DEFAULT '*') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = target) THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT count(%s) FROM ONLY %s', what, target) INTO found;
    RETURN found;
END
$$;

UPDATE prove.existing SET rows = prove.counted(relation);
UPDATE prove.columns SET
    filled = prove.counted(relation, quote_ident(name)), digest = prove.digest(relation, name, type);

-- Tables that lost rows, or a column with values, or whose values are not what they were.
CREATE FUNCTION prove.lost() RETURNS SETOF text LANGUAGE sql SET search_path = public, pg_catalog AS $$
    SELECT name FROM prove.existing WHERE kind = 'r' AND coalesce(prove.counted(relation), 0) < rows
    UNION
    SELECT known.name FROM prove.existing AS known
    JOIN prove.columns AS before USING (relation)
    JOIN pg_attribute AS now ON attrelid = relation AND now.attnum = before.attnum
    WHERE filled > 0 AND CASE
        WHEN attisdropped THEN true
        WHEN format_type(atttypid, atttypmod) = type THEN false
        ELSE prove.digest(relation, attname, type) <> digest
    END
$$;

CREATE FUNCTION prove.emptied() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT name FROM prove.existing WHERE kind = 'r' AND rows > 0 AND prove.counted(relation) = 0
$$;

-- The most rows of each table that one transaction changed among those that began with `first` or later.
CREATE FUNCTION prove.changed_since(first xid8) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known record;
    most bigint;
    found jsonb := '{}';
BEGIN
    FOR known IN SELECT * FROM prove.existing JOIN pg_class ON oid = relation WHERE kind = 'r' LOOP
        EXECUTE format('SELECT max(rows) FROM (SELECT count(*) AS rows FROM ONLY %s'
            ' WHERE xmin::text::bigint >= %L::bigint GROUP BY xmin) AS changed',
            known.relation::regclass, first::text) INTO most;
        found := found || jsonb_build_object(known.name, coalesce(most, 0));
    END LOOP;
    RETURN found;
END
$$;

-- By table: its file, the files of its indexes by their oids, rows read one after the other and changed in this
-- transaction, and whether this session keeps writers out; of a materialized view, its readers.
CREATE FUNCTION prove.state() RETURNS jsonb LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT jsonb_object_agg(known.name, jsonb_build_object(
        'file', pg_relation_filenode(relation),
        'indexes', (
            SELECT coalesce(jsonb_object_agg(indexrelid, pg_relation_filenode(indexrelid)), '{}')
            FROM pg_index WHERE indrelid = relation
        ),
        'read', pg_stat_get_xact_tuples_returned(relation),
        'changed', pg_stat_get_xact_tuples_updated(relation) + pg_stat_get_xact_tuples_deleted(relation),
        'locked', EXISTS (
            SELECT FROM pg_locks
            WHERE pid = pg_backend_pid() AND granted AND locktype = 'relation' AND pg_locks.relation = known.relation
            AND (
                mode = 'AccessExclusiveLock'
                OR kind <> 'm' AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock')
            )
        )
    ))
    FROM prove.existing AS known JOIN pg_class ON oid = relation
$$;

CREATE FUNCTION prove.locked(state jsonb) RETURNS jsonb LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(key ORDER BY key), '[]') FROM jsonb_each(state) WHERE value->>'locked' = 'true'
$$;

-- Adds the state of now to those noted in this statement. Of several with the same locks the first and the last are kept.
CREATE FUNCTION prove.note() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    noted jsonb := coalesce(nullif(current_setting('prove.noted', true), ''), '[]');
    fresh jsonb := prove.state();
BEGIN
    IF jsonb_array_length(noted) > 1 AND prove.locked(noted->-1) = prove.locked(fresh)
        AND prove.locked(noted->-2) = prove.locked(fresh) THEN
        noted := noted - (-1);
    END IF;
    PERFORM set_config('prove.noted', (noted || jsonb_build_array(fresh))::text, false);
END
$$;

CREATE FUNCTION prove.on_command() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM prove.note();
END
$$;
CREATE FUNCTION prove.on_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM prove.note();
    RETURN NULL;
END
$$;

-- In the middle of a block or a function a statement begins here.
DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT * FROM prove.existing JOIN pg_class ON oid = relation WHERE kind <> 'm' LOOP
        EXECUTE format('CREATE TRIGGER prove_change BEFORE UPDATE OR DELETE ON %s EXECUTE FUNCTION prove.on_change()',
            known.name);
    END LOOP;
END
$$;
CREATE EVENT TRIGGER prove_command ON ddl_command_start EXECUTE FUNCTION prove.on_command();
