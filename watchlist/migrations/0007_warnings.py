"""Kinds of warning about a face where there was one, the answers that fit each, and what each of two people is known by."""

from django.db import migrations, models


def call_them_alike(apps, schema_editor):
    """What was found so far was above the lower of the two limits, and nothing more is known of it."""
    apps.get_model("watchlist", "Resemblance").objects.filter(kind="face").update(kind="alike")


def call_them_one(apps, schema_editor):
    apps.get_model("watchlist", "Resemblance").objects.filter(kind="alike").update(kind="face")


class Migration(migrations.Migration):
    dependencies = [
        ("watchlist", "0006_deployment_pack"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="resemblance",
            options={"ordering": ("answered_at", "-noticed_at"), "verbose_name": "warning"},
        ),
        migrations.AddField(
            model_name="resemblance",
            name="marks",
            field=models.TextField(blank=True, default="", verbose_name="how the person of the new image is known"),
        ),
        migrations.AddField(
            model_name="resemblance",
            name="other_marks",
            field=models.TextField(blank=True, default="", verbose_name="how the person listed before is known"),
        ),
        migrations.AlterField(
            model_name="resemblance",
            name="kind",
            field=models.CharField(
                choices=[
                    ("file", "The same file is listed under someone else"),
                    ("face", "This person seems to be listed already, as someone else"),
                    ("alike", "This face is much like someone else's on the watch-list"),
                    ("misfit", "This image is unlike this person's other images"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="resemblance",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("two_people", "Two people who look alike: keep both"),
                    ("same_person", "The same person: withdraw this image"),
                    ("fits", "It does show this person: keep it"),
                    ("somebody_else", "It shows somebody else: withdraw it"),
                    ("other_wrong", "The image listed before shows somebody else: withdraw that one"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(call_them_alike, call_them_one),
        migrations.AddConstraint(
            model_name="resemblance",
            constraint=models.CheckConstraint(
                condition=models.Q(kind="misfit", answer__in=["", "fits", "somebody_else", "other_wrong"])
                | models.Q(kind__in=["file", "face", "alike"], answer__in=["", "two_people", "same_person"]),
                name="resemblance_answer_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="resemblance",
            constraint=models.CheckConstraint(
                condition=models.Q(marks="", other_marks="") | models.Q(answer="two_people"),
                name="resemblance_marks_of_two",
            ),
        ),
    ]
