"""Who is on the watch-list, and why that is lawful."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models


class Kind(models.TextChoices):
    SOUGHT = "sought", "Sought"
    STAFF = "staff", "Consenting member of staff"


LONGEST_CONSENT = dt.timedelta(days=31)


class Category(models.TextChoices):
    """The closed list of the College of Policing's guidance; there is no catch-all, by ruling of the Court of Appeal
    (R (Bridges) v South Wales Police [2020] EWCA Civ 1058, paras 120-130)."""

    WANTED_BY_COURTS = "wanted", "Wanted by the courts"
    SUSPECTED_OFFENCE = "suspected", "Suspected of an offence, or about to commit one"
    CONDITIONS = "conditions", "Subject to bail conditions or a court order"
    MISSING = "missing", "Missing and at increased risk"
    RISK_OF_HARM = "harm", "At risk of harm to self or others"
    ASSOCIATE = "associate", "Close associate of a listed person"
    WITNESS = "witness", "Possible witness"
    VICTIM = "victim", "Possible victim"


NEEDS_JUSTIFICATION = frozenset({Category.ASSOCIATE, Category.WITNESS, Category.VICTIM})


class LegalBasis(models.TextChoices):
    WARRANT = "warrant", "Court warrant"
    ARREST_POWER = "arrest_power", "Power of arrest on reasonable grounds"
    COURT_ORDER = "court_order", "Court order or bail condition"
    SAFEGUARDING = "safeguarding", "Safeguarding duty"
    CONSENT = "consent", "Consent of the person"


class Risk(models.TextChoices):
    """The response an officer prepares for; South Wales Police's traffic lights."""

    RED = "red", "Red: immediate response"
    AMBER = "amber", "Amber: arrest or detain"
    GREEN = "green", "Green: identify, for intelligence or safeguarding"


class Subject(models.Model):
    """A person listed: sought, or staff who consent to be recognised so that recognition can be measured.

    Personal detail lives here and in sealed images, nowhere else. Of staff there is no category, risk or instruction:
    nobody looks for them, and nothing follows from an alert on them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SOUGHT, editable=False)
    name = models.CharField(max_length=200, help_text="As officers will address the person.")
    record_number = models.CharField(
        max_length=60,
        unique=True,
        help_text="Your system's reference for this person, such as a warrant or case number.",
    )
    category = models.CharField(max_length=20, choices=Category.choices)
    justification = models.TextField(blank=True, help_text="Required for associates, witnesses and victims.")
    legal_basis = models.CharField(max_length=20, choices=LegalBasis.choices)
    risk = models.CharField(max_length=10, choices=Risk.choices)
    instructions = models.TextField(help_text="What the officer should do, in one or two sentences.")
    expires_on = models.DateField(help_text="The entry stops being searched after this day.")
    consented_on = models.DateField(
        null=True, blank=True, help_text="The day of the person's consent, in writing; it ends by itself after 31 days."
    )
    consent_withdrawn_at = models.DateTimeField(null=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "record_number")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.SOUGHT, category__in=Category.values)
                | models.Q(kind=Kind.STAFF, category=""),
                name="subject_category_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(category__in=sorted(NEEDS_JUSTIFICATION)) | ~models.Q(justification=""),
                name="subject_justified",
                violation_error_message="Associates, witnesses and victims need a justification: write one.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.SOUGHT, consented_on__isnull=True, consent_withdrawn_at__isnull=True)
                | models.Q(
                    kind=Kind.STAFF,
                    legal_basis=LegalBasis.CONSENT,
                    consented_on__isnull=False,
                    justification="",
                    risk="",
                    instructions="",
                ),
                name="subject_staff_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(consented_on__isnull=True)
                | models.Q(
                    expires_on__gte=models.F("consented_on"),
                    expires_on__lte=models.F("consented_on") + LONGEST_CONSENT,
                ),
                name="subject_consent_short",
                violation_error_message="A consent lasts at most 31 days: let the entry expire by then, and ask anew.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.record_number})"

    @property
    def listed_as(self) -> str:
        """Why they are listed, in words."""
        return self.get_category_display() or self.get_kind_display()
