"""The database: regions and people, drafts with their leaf rows and records, and what was published."""

from budgets.models.disclosures import Action, Disclosure, LogEntry, Status
from budgets.models.export_mappings import ExportMapping
from budgets.models.intake import Intake
from budgets.models.jobs import Job, JobKind, JobState
from budgets.models.lines import (
    LINES,
    BasicExpenditureLine,
    ExpenditureLine,
    FundLine,
    RevenueLine,
    ThreePublicLine,
)
from budgets.models.narrative import Explanation, Narrative, Wording
from budgets.models.people import DEPARTMENT_ROLES, REGION_ROLES, Person, Role
from budgets.models.publications import Publication, PublicationState, PublicationStatus, Release
from budgets.models.records import AssetLine, Goal, Indicator, Organization, ProcurementItem, Project
from budgets.models.region_exports import Export, ExportKind
from budgets.models.regions import Department, Region
from budgets.models.subjects import Scheme, Subject, SubjectMove
from budgets.models.submissions import Submission

__all__ = [
    "DEPARTMENT_ROLES",
    "LINES",
    "REGION_ROLES",
    "Action",
    "AssetLine",
    "BasicExpenditureLine",
    "Department",
    "Disclosure",
    "Explanation",
    "ExportMapping",
    "ExpenditureLine",
    "Export",
    "ExportKind",
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
    "SubjectMove",
    "Submission",
    "ThreePublicLine",
    "Wording",
]
