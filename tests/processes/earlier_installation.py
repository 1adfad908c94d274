"""Run by test_earlier_installation.py in an empty database: an installation is migrated whose templates stand in the
references' rows, and whose warnings know two kinds. Prints what there is afterwards."""

import json
import os

import django

BEFORE = [("watchlist", "0006_deployment_pack")]
VECTOR = bytes(range(256)) * 2


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    from watchlist import vault

    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    then = executor.loader.project_state(BEFORE).apps
    today = timezone.localdate()
    sam = then.get_model("watchlist", "User").objects.create(username="sam")
    subject = then.get_model("watchlist", "Subject").objects.create(
        name="Somebody", record_number="R-1", category="wanted", legal_basis="warrant", risk="amber",
        instructions="Ask.", expires_on=today, added_by=sam,
    )  # fmt: skip
    references = then.get_model("watchlist", "ReferenceImage").objects
    shared = {"subject": subject, "source": "court", "taken_on": today, "added_by": sam, "fingerprint": b"f"}
    enrolled = references.model(state="enrolled", image=b"i", pack="dlib-1", checked_at=timezone.now(), **shared)
    place = f"watchlist.referenceimage.template:{enrolled.pk}"
    enrolled.template = vault.seal(VECTOR, key=vault.LIST_KEY, context=place)
    enrolled.save()
    references.create(state="pending", image=b"i", **shared)
    references.create(state="withdrawn", pack="dlib-1", **shared)
    warnings = then.get_model("watchlist", "Resemblance").objects
    other = references.create(state="pending", image=b"i", **shared)
    between = {"reference": enrolled, "other": other}
    answered = {"answer": "two_people", "reason": "Brothers.", "answered_by": sam, "answered_at": timezone.now()}
    warnings.create(kind="face", score=0.97, **between, **answered)
    warnings.create(kind="file", **between)

    call_command("migrate", verbosity=0)
    from watchlist.models import ReferenceImage, Resemblance, Template
    from watchlist.selectors.gallery import listed_templates

    print(
        json.dumps(
            {
                "references": ReferenceImage.objects.count(),
                "templates": list(Template.objects.values_list("pack", "state")),
                "of the enrolled one": Template.objects.filter(reference=enrolled.pk).count(),
                "warnings": sorted(Resemblance.objects.values_list("kind", "answer", "reason")),
                "opens": [row.template == VECTOR for row in listed_templates("dlib-1")],
            }
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    main()
