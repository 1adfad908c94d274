"""The record only grows: triggers refuse every other statement, and every row that does not continue the chain."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION watchlist_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record only grows: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER watchlist_auditentry_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON watchlist_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION watchlist_audit_refuse();
-- Whoever holds the application's role can add an entry, but not fork the chain, leave a gap or start it anew.
CREATE FUNCTION watchlist_audit_continues() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head_seq bigint;
    head_hash text;
BEGIN
    SELECT seq, hash INTO head_seq, head_hash FROM watchlist_auditentry ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(head_seq, 0) + 1
        OR NEW.previous <> coalesce(head_hash, repeat('0', 64))
        OR NEW.hash <> encode(sha256(convert_to(NEW.previous || E'\\n' || NEW.body, 'UTF8')), 'hex')
    THEN
        RAISE EXCEPTION 'the record only grows: entry % does not continue it', NEW.seq
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER watchlist_auditentry_continues
    BEFORE INSERT ON watchlist_auditentry
    FOR EACH ROW EXECUTE FUNCTION watchlist_audit_continues();
-- A detail may be destroyed by a rule, never rewritten.
CREATE TRIGGER watchlist_auditdetail_no_rewriting
    BEFORE UPDATE OR TRUNCATE ON watchlist_auditdetail
    FOR EACH STATEMENT EXECUTE FUNCTION watchlist_audit_refuse();
"""

BACKWARD = """
DROP TRIGGER watchlist_auditentry_append_only ON watchlist_auditentry;
DROP TRIGGER watchlist_auditentry_continues ON watchlist_auditentry;
DROP TRIGGER watchlist_auditdetail_no_rewriting ON watchlist_auditdetail;
DROP FUNCTION watchlist_audit_continues();
DROP FUNCTION watchlist_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("watchlist", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
