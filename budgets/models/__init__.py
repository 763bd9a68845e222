"""The database: regions and people, drafts with their leaf rows and records, and what was published."""

from .disclosures import Action, Disclosure, LogEntry, Status
from .intake import Intake
from .jobs import Job, JobKind, JobState
from .lines import (
    FISCAL_FUND_CHOICES,
    FISCAL_FUNDS,
    BasicExpenditureLine,
    ExpenditureLine,
    FundLine,
    RevenueLine,
    ThreePublicLine,
)
from .narrative import Explanation, Narrative, Wording
from .people import DEPARTMENT_ROLES, REGION_ROLES, Person, Role
from .publications import Publication, PublicationState, PublicationStatus, Release
from .records import AssetLine, Goal, Indicator, Organization, ProcurementItem, Project
from .regions import Department, Region
from .subjects import Confidence, Scheme, Subject

__all__ = [
    "DEPARTMENT_ROLES",
    "FISCAL_FUNDS",
    "FISCAL_FUND_CHOICES",
    "REGION_ROLES",
    "Action",
    "AssetLine",
    "BasicExpenditureLine",
    "Confidence",
    "Department",
    "Disclosure",
    "Explanation",
    "ExpenditureLine",
    "FundLine",
    "Goal",
    "Indicator",
    "Intake",
    "Job",
    "JobKind",
    "JobState",
    "LogEntry",
    "Narrative",
    "Organization",
    "Person",
    "ProcurementItem",
    "Project",
    "Publication",
    "PublicationState",
    "PublicationStatus",
    "Region",
    "Release",
    "RevenueLine",
    "Role",
    "Scheme",
    "Status",
    "Subject",
    "ThreePublicLine",
    "Wording",
]
