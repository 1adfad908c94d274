"""Each reference's template moves to a row of its own. What is sealed is bound to its column and row: sealed anew."""

import uuid
from typing import Any

from django.db import migrations

from watchlist import vault


def move(apps: Any, schema_editor: Any) -> None:
    template = apps.get_model("watchlist", "Template")
    held = apps.get_model("watchlist", "ReferenceImage").objects.filter(template__isnull=False)
    for reference in held.only("pk", "template", "pack", "added_at", "checked_at").iterator(chunk_size=500):
        pk = uuid.uuid4()
        vector = vault.unseal(
            bytes(reference.template),
            key=vault.LIST_KEY,
            context=f"watchlist.referenceimage.template:{reference.pk}",
        )
        template.objects.create(
            pk=pk,
            reference=reference,
            pack=reference.pack,
            state="made",
            vector=vault.seal(vector, key=vault.LIST_KEY, context=f"watchlist.template.vector:{pk}"),
            asked_at=reference.added_at,
            settled_at=reference.checked_at or reference.added_at,
        )


class Migration(migrations.Migration):
    dependencies = [("watchlist", "0008_template")]
    operations = [migrations.RunPython(move)]
