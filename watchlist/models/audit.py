"""The record: a hash chain that the application's own database role cannot change."""

from django.db import models


class AuditEntry(models.Model):
    """One link. `body` is the stored canonical text that was hashed: ids, codes and counts, no personal detail."""

    seq = models.BigIntegerField(primary_key=True, help_text="The previous entry's plus one; no gaps.")
    previous = models.CharField(max_length=64, unique=True, help_text="Hash of the previous entry.")
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of `previous`, a line feed and `body`.")
    body = models.TextField()
    # Copies out of the body, for filtering only; verification compares them with it.
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    deployment = models.UUIDField(null=True)

    class Meta:
        ordering = ("-seq",)
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["deployment", "-seq"], name="audit_by_deployment"),
            models.Index(fields=["action", "-seq"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditDetail(models.Model):
    """Personal detail of one entry and its salt; retention may purge it, the entry's hash of it stays."""

    entry = models.OneToOneField(AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="detail")
    salt = models.BinaryField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"Detail of {self.entry_id}"
