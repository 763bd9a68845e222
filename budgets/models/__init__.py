"""The database: regions and people, drafts with their leaf rows and records, and what was published."""

from budgets.models.audit import AuditEntry, AuditHead, AuditPending, Happening
from budgets.models.comments import Comment, Reply, ReplyKind
from budgets.models.disclosures import Action, Disclosure, LogEntry, Status
from budgets.models.export_mappings import ExportMapping
from budgets.models.file_batches import Batch, BatchFile, FileState, Verdict
from budgets.models.first_set_ups import FirstSetUp
from budgets.models.fiscal_years import ChapterText, DepartmentYear, FiscalYear
from budgets.models.intake import Intake
from budgets.models.jobs import Job, JobKind, JobState
from budgets.models.last_years import LastYearLine
from budgets.models.lines import (
    LINES,
    BasicByClassLine,
    BasicExpenditureLine,
    BudgetedLine,
    ByEconomicLine,
    EventLine,
    ExpenditureLine,
    FundItemLine,
    FundLine,
    RevenueLine,
    ThreePublicBudgetedLine,
    ThreePublicLine,
)
from budgets.models.narrative import Explanation, Narrative, Wording
from budgets.models.people import DEPARTMENT_ROLES, REGION_ROLES, Person, Role
from budgets.models.publications import (
    Publication,
    PublicationState,
    PublicationStatus,
    Release,
    SearchEntry,
    YearSum,
)
from budgets.models.questions import Question, QuestionState
from budgets.models.records import (
    AssetLine,
    Goal,
    Indicator,
    Organization,
    ProcurementItem,
    Project,
    PurchasedService,
    UnitRow,
)
from budgets.models.region_exports import Export, ExportKind
from budgets.models.region_terms import RegionTerm
from budgets.models.regions import Department, Region
from budgets.models.rehearsals import Rehearsal
from budgets.models.roster_imports import RosterImport, SubjectImport
from budgets.models.sign_ins import SignIn
from budgets.models.sign_offs import SignOff
from budgets.models.subjects import Scheme, Subject, SubjectMove
from budgets.models.submissions import Submission
from budgets.models.upload_counts import UploadCount

__all__ = [
    "DEPARTMENT_ROLES",
    "LINES",
    "REGION_ROLES",
    "Action",
    "AssetLine",
    "AuditEntry",
    "AuditHead",
    "AuditPending",
    "BasicByClassLine",
    "BasicExpenditureLine",
    "BudgetedLine",
    "Comment",
    "ChapterText",
    "Batch",
    "BatchFile",
    "Department",
    "DepartmentYear",
    "Disclosure",
    "ByEconomicLine",
    "EventLine",
    "Explanation",
    "ExportMapping",
    "ExpenditureLine",
    "FirstSetUp",
    "FiscalYear",
    "Export",
    "ExportKind",
    "FileState",
    "FundItemLine",
    "FundLine",
    "Goal",
    "Happening",
    "Indicator",
    "Intake",
    "Job",
    "JobKind",
    "JobState",
    "LastYearLine",
    "LogEntry",
    "Narrative",
    "Organization",
    "Person",
    "ProcurementItem",
    "Project",
    "Publication",
    "PublicationState",
    "PublicationStatus",
    "PurchasedService",
    "Question",
    "QuestionState",
    "Region",
    "RegionTerm",
    "Rehearsal",
    "Release",
    "Reply",
    "ReplyKind",
    "RevenueLine",
    "Role",
    "RosterImport",
    "Scheme",
    "SearchEntry",
    "SignOff",
    "SignIn",
    "Status",
    "Subject",
    "SubjectImport",
    "SubjectMove",
    "Submission",
    "ThreePublicBudgetedLine",
    "ThreePublicLine",
    "UploadCount",
    "Verdict",
    "Wording",
    "YearSum",
    "UnitRow",
]
