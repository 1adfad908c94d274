"""Consenting staff listed to measure recognition: consent, alerts apart, passages, and what no row may hold."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- Whether an alert counts in the figures, and whether an officer is told of it, is settled when it is raised.
CREATE FUNCTION watchlist_seeded_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'whether an alert is on consenting staff never changes' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER watchlist_alert_seeded_stays
    BEFORE UPDATE OF seeded ON watchlist_alert
    FOR EACH ROW WHEN (OLD.seeded IS DISTINCT FROM NEW.seeded) EXECUTE FUNCTION watchlist_seeded_stays();
CREATE FUNCTION watchlist_no_stop_on_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM watchlist_alert WHERE id = NEW.alert_id AND seeded) THEN
        RAISE EXCEPTION 'no stop rests on an alert on consenting staff' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER watchlist_stop_not_on_staff
    BEFORE INSERT OR UPDATE OF alert_id ON watchlist_stop
    FOR EACH ROW EXECUTE FUNCTION watchlist_no_stop_on_staff();
-- When and where somebody passed is kept of consenting staff alone.
CREATE FUNCTION watchlist_staff_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM watchlist_subject WHERE id = NEW.subject_id AND kind = 'staff') THEN
        RAISE EXCEPTION 'only consenting staff are noted as they pass' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER watchlist_passage_of_staff
    BEFORE INSERT OR UPDATE OF subject_id ON watchlist_passage
    FOR EACH ROW EXECUTE FUNCTION watchlist_staff_alone();
CREATE TRIGGER watchlist_staffsighting_of_staff
    BEFORE INSERT OR UPDATE OF subject_id ON watchlist_staffsighting
    FOR EACH ROW EXECUTE FUNCTION watchlist_staff_alone();
"""

BACKWARD = """
DROP TRIGGER watchlist_staffsighting_of_staff ON watchlist_staffsighting;
DROP TRIGGER watchlist_passage_of_staff ON watchlist_passage;
DROP TRIGGER watchlist_stop_not_on_staff ON watchlist_stop;
DROP TRIGGER watchlist_alert_seeded_stays ON watchlist_alert;
DROP FUNCTION watchlist_staff_alone();
DROP FUNCTION watchlist_no_stop_on_staff();
DROP FUNCTION watchlist_seeded_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("watchlist", "0010_reference_without_template"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                ("struck_because", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ("-noted_at",),
            },
        ),
        migrations.CreateModel(
            name="StaffSighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("captured_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("captured_at",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="subject",
            name="subject_category_known",
        ),
        migrations.AddField(
            model_name="alert",
            name="seeded",
            field=models.BooleanField(default=False, verbose_name="on consenting staff"),
        ),
        migrations.AddField(
            model_name="deployment",
            name="seeded_staff",
            field=models.BooleanField(
                default=False,
                help_text="Staff who consent are listed too, and noted as they pass: how well it recognises here is measured.",
            ),
        ),
        migrations.AddField(
            model_name="subject",
            name="consent_withdrawn_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="subject",
            name="consented_on",
            field=models.DateField(
                blank=True,
                help_text="The day of the person's consent, in writing; it ends by itself after 31 days.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="subject",
            name="kind",
            field=models.CharField(
                choices=[("sought", "Sought"), ("staff", "Consenting member of staff")],
                default="sought",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "category__in",
                            ["wanted", "suspected", "conditions", "missing", "harm", "associate", "witness", "victim"],
                        ),
                        ("kind", "sought"),
                    ),
                    models.Q(("category", ""), ("kind", "staff")),
                    _connector="OR",
                ),
                name="subject_category_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consent_withdrawn_at__isnull", True), ("consented_on__isnull", True), ("kind", "sought")
                    ),
                    models.Q(
                        ("consented_on__isnull", False),
                        ("instructions", ""),
                        ("justification", ""),
                        ("kind", "staff"),
                        ("legal_basis", "consent"),
                        ("risk", ""),
                    ),
                    _connector="OR",
                ),
                name="subject_staff_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consented_on__isnull", True),
                    models.Q(
                        ("expires_on__gte", models.F("consented_on")),
                        (
                            "expires_on__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("consented_on"), "+", models.Value(datetime.timedelta(days=31))
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="subject_consent_short",
                violation_error_message="A consent lasts at most 31 days: let the entry expire by then, and ask anew.",
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="watchlist.camera"
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="deployment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="passages", to="watchlist.deployment"
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="watchlist.subject"
            ),
        ),
        migrations.AddField(
            model_name="staffsighting",
            name="alert",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="watchlist.alert"
            ),
        ),
        migrations.AddField(
            model_name="staffsighting",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="watchlist.camera"
            ),
        ),
        migrations.AddField(
            model_name="staffsighting",
            name="deployment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="staff_sightings", to="watchlist.deployment"
            ),
        ),
        migrations.AddField(
            model_name="staffsighting",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="watchlist.subject"
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(fields=["deployment", "subject", "camera", "-ends_at"], name="passage_recent"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("noted_at")), ("starts_at__lte", models.F("noted_at"))),
                name="passage_about_when_noted",
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("struck_at__isnull", True), ("struck_because", "")),
                    models.Q(("struck_at__isnull", False), models.Q(("struck_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="passage_struck_whole",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
