"""A calibration is stored as it was measured and stays: what was approved rests on it. Drafts have no threshold yet."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION watchlist_calibration_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a calibration stays as it was stored: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER watchlist_calibration_stays
    BEFORE UPDATE OR DELETE OR TRUNCATE ON watchlist_calibration
    FOR EACH STATEMENT EXECUTE FUNCTION watchlist_calibration_refuse();
CREATE FUNCTION watchlist_calibration_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of a calibration is of another text' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER watchlist_calibration_is_whole
    BEFORE INSERT ON watchlist_calibration
    FOR EACH ROW EXECUTE FUNCTION watchlist_calibration_is_whole();
UPDATE watchlist_deployment SET threshold = NULL WHERE state = 'draft';
"""

BACKWARD = """
DROP TRIGGER watchlist_calibration_stays ON watchlist_calibration;
DROP TRIGGER watchlist_calibration_is_whole ON watchlist_calibration;
DROP FUNCTION watchlist_calibration_refuse();
DROP FUNCTION watchlist_calibration_is_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("watchlist", "0012_calibration")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
