from watchlist.models.alert import UNANSWERED, Alert, AlertState
from watchlist.models.audit import AuditDetail, AuditEntry
from watchlist.models.calibration import Calibration
from watchlist.models.decision import Answer, Decision
from watchlist.models.deployment import (
    LEAST_ONE_IN,
    MOST_ONE_IN,
    Camera,
    CameraUse,
    Deployment,
    DeploymentState,
    ListEntry,
    LocationGround,
    Membership,
)
from watchlist.models.passage import Passage, StaffSighting
from watchlist.models.proposal import Proposal, ProposalState
from watchlist.models.reference import ANSWERS, ImageSource, ReferenceImage, ReferenceState, Resemblance
from watchlist.models.stop import NEEDS_IDENTITY, NEVER_ALONE, Ground, IdentityCheck, Outcome, Stop, StopState
from watchlist.models.subject import (
    LONGEST_CONSENT,
    NEEDS_JUSTIFICATION,
    Category,
    Kind,
    LegalBasis,
    Risk,
    Subject,
)
from watchlist.models.template import Template, TemplateState
from watchlist.models.user import Appointment, Role, User

__all__ = [
    "ANSWERS",
    "LEAST_ONE_IN",
    "LONGEST_CONSENT",
    "MOST_ONE_IN",
    "NEEDS_IDENTITY",
    "NEEDS_JUSTIFICATION",
    "NEVER_ALONE",
    "UNANSWERED",
    "Alert",
    "AlertState",
    "Answer",
    "Appointment",
    "AuditDetail",
    "AuditEntry",
    "Calibration",
    "Camera",
    "CameraUse",
    "Category",
    "Decision",
    "Deployment",
    "DeploymentState",
    "Ground",
    "IdentityCheck",
    "ImageSource",
    "Kind",
    "LegalBasis",
    "ListEntry",
    "LocationGround",
    "Membership",
    "Outcome",
    "Passage",
    "Proposal",
    "ProposalState",
    "ReferenceImage",
    "ReferenceState",
    "Resemblance",
    "Risk",
    "Role",
    "StaffSighting",
    "Stop",
    "StopState",
    "Subject",
    "Template",
    "TemplateState",
    "User",
]
