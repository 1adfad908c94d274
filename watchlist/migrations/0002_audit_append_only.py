"""The record only grows: a trigger refuses every other statement, whoever sends it."""

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
-- A detail may be destroyed by a rule, never rewritten.
CREATE TRIGGER watchlist_auditdetail_no_rewriting
    BEFORE UPDATE OR TRUNCATE ON watchlist_auditdetail
    FOR EACH STATEMENT EXECUTE FUNCTION watchlist_audit_refuse();
"""

BACKWARD = """
DROP TRIGGER watchlist_auditentry_append_only ON watchlist_auditentry;
DROP TRIGGER watchlist_auditdetail_no_rewriting ON watchlist_auditdetail;
DROP FUNCTION watchlist_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("watchlist", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
