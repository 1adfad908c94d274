"""What was measured of a pack: kept as it was stored, for whatever rests on it."""

from django.db import models


class Calibration(models.Model):
    """The text of one calibration (`watchlist.calibration.to_json`). Never changed nor deleted: a trigger refuses."""

    pack = models.CharField(max_length=60, help_text="Name and version of the models it was measured with.")
    source = models.TextField(help_text="Whose photographs it was measured on.")
    measured_on = models.DateField()
    content = models.TextField(help_text="The text itself, and not a JSON column, which would rewrite its numbers.")
    sha256 = models.CharField(max_length=64)
    shipped = models.BooleanField(help_text="Came with the software, instead of being measured here.")
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("shipped", "-pk")  # one measured here counts before the one that came with the software
        constraints = [models.UniqueConstraint(fields=["pack", "sha256"], name="calibration_once")]

    def __str__(self) -> str:
        return f"{self.pack}, measured on {self.measured_on}: {self.source}"
