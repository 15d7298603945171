"""How the journal names a row: by a column of its own, or by what it is part of."""

from typing import Any

from sqlalchemy import select

from app.models.agreement import Agreement
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.attempt_request import AttemptRequest
from app.models.audit import Audit, AuditAsset, AuditCertificate, AuditSite, TeamMember
from app.models.audit_guest import AuditGuest
from app.models.audit_plan import AgendaItem, AgendaPerson, AuditClause, AuditCriterion, AuditProcess, AuditProgramme
from app.models.audit_report import AuditReport
from app.models.calendar_feed import CalendarFeed
from app.models.capacity import Cluster, ClusterHost, Placement, UsageRecord
from app.models.certificate import (
    BodyNonconformity,
    Certificate,
    CertificateSite,
    CertificationBody,
    Decision,
    Deviation,
    SignificantChange,
)
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.checklist import ChecklistItem, ChecklistTemplate, TemplateQuestion
from app.models.competence import CompetenceEvidence, CompetenceRequirement, RequiredCourse
from app.models.completion import Completion
from app.models.corrective_action import (
    Action,
    Cause,
    CorrectiveAction,
    CorrectiveStep,
    DeadlineExtension,
    SimilarCase,
)
from app.models.course import (
    Course,
    CourseClause,
    CoursePrerequisite,
    CourseSection,
    CourseVersion,
    LearningPath,
    Lesson,
    PathCourse,
)
from app.models.document import (
    Document,
    DocumentAcknowledgement,
    DocumentAudience,
    DocumentClause,
    DocumentVersion,
)
from app.models.employee import Employee
from app.models.enrolment import AttemptAnswer, Enrolment, LessonProgress, QuizAttempt
from app.models.finding import Finding, FindingLink
from app.models.implementation import Implementation, ImplementationTask, TaskDependency
from app.models.import_batch import ImportBatch
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.invoice import Invoice, InvoiceLine, Payment
from app.models.licence import Entitlement, EntitlementTerm, LicencePool, LicenceSeat, PoolProduct
from app.models.management_review import ManagementReview, ReviewTopic
from app.models.organisation import BlackoutPeriod, Membership, Site
from app.models.person import Person
from app.models.plan import Plan
from app.models.process import Process, ProcessClause, ProcessPerformer
from app.models.question import Question, QuestionOption
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.report_run import ReportRun
from app.models.seat import SeatAssignment, SeatPool, SeatWaiting
from app.models.software import Installation, Product, ProductAlias, Publisher, Release
from app.models.subscription import Subscription, SubscriptionAddition, SubscriptionPause
from app.models.support import SupportAbsence, SupportAction, SupportBooking, SupportHours, SupportPerson
from app.models.training_assignment import TrainingAssignment, TrainingExemption, TrainingRule

_NAME_OF_SUPPORT = select(Person.name).where(Person.id == SupportPerson.person_id).scalar_subquery()
NAMED: dict[str, tuple[Any, Any]] = {
    "certificate": (Certificate.id, Certificate.reference),
    "audit": (Audit.id, Audit.reference),
    "body_nonconformity": (BodyNonconformity.id, BodyNonconformity.reference),
    "site": (Site.id, Site.name),
    "certification_body": (CertificationBody.id, CertificationBody.name),
    "blackout_period": (BlackoutPeriod.id, BlackoutPeriod.name),
    "asset": (Asset.id, Asset.tag),
    "employee": (Employee.id, Employee.name),
    "inventory_check": (InventoryCheck.id, InventoryCheck.reference),
    "change_request": (ChangeRequest.id, ChangeRequest.reference),
    "cluster": (Cluster.id, Cluster.name),
    "reconciliation": (Reconciliation.id, Reconciliation.reference),
    "publisher": (Publisher.id, Publisher.name),
    "product": (Product.id, Product.name),
    "import_batch": (ImportBatch.id, ImportBatch.file_name),
    "licence_pool": (LicencePool.id, LicencePool.reference),
    "entitlement": (Entitlement.id, Entitlement.reference),
    "report_run": (ReportRun.id, ReportRun.report),
    "process": (Process.id, Process.reference),
    "audit_programme": (AuditProgramme.id, AuditProgramme.reference),
    "checklist_template": (ChecklistTemplate.id, ChecklistTemplate.name),
    "finding": (Finding.id, Finding.reference),
    "corrective_action": (CorrectiveAction.id, CorrectiveAction.reference),
    "action": (Action.id, Action.reference),
    "management_review": (ManagementReview.id, ManagementReview.reference),
    "course": (Course.id, Course.reference),
    "document": (Document.id, Document.reference),
    "document_version": (DocumentVersion.id, DocumentVersion.number),
    "course_version": (CourseVersion.id, CourseVersion.number),
    "course_section": (CourseSection.id, CourseSection.title),
    "lesson": (Lesson.id, Lesson.title),
    "question": (Question.id, Question.text),
    "learning_path": (LearningPath.id, LearningPath.title),
    "training_rule": (TrainingRule.id, TrainingRule.reference),
    "competence_requirement": (CompetenceRequirement.id, CompetenceRequirement.reference),
    "seat_pool": (SeatPool.id, SeatPool.kind),
    "agreement": (Agreement.id, Agreement.addressed_to),
    "plan": (Plan.id, Plan.name),
    "subscription": (Subscription.id, Subscription.reference),
    "implementation": (Implementation.id, Implementation.reference),
    "implementation_task": (ImplementationTask.id, ImplementationTask.title),
    "invoice": (Invoice.id, Invoice.reference),
    "support_booking": (SupportBooking.id, SupportBooking.reference),
    "support_person": (SupportPerson.id, _NAME_OF_SUPPORT),
}
_AUDIT_OF_ITEM = select(AgendaItem.audit_id).where(AgendaItem.id == AgendaPerson.item_id).scalar_subquery()
_COURSE_OF_OPTION = (
    select(CourseVersion.course_id)
    .join(CourseSection, CourseSection.version_id == CourseVersion.id)
    .join(Lesson, Lesson.section_id == CourseSection.id)
    .join(Question, Question.lesson_id == Lesson.id)
    .where(Question.id == QuestionOption.question_id)
    .scalar_subquery()
)
_ACKNOWLEDGED = (
    select(DocumentVersion.document_id)
    .where(DocumentVersion.id == DocumentAcknowledgement.document_version_id)
    .scalar_subquery()
)
PARTS: dict[str, tuple[Any, Any]] = {
    "audit_certificate": (AuditCertificate.id, AuditCertificate.audit_id),
    "audit_site": (AuditSite.id, AuditSite.audit_id),
    "team_member": (TeamMember.id, TeamMember.audit_id),
    "subscription_pause": (SubscriptionPause.id, SubscriptionPause.subscription_id),
    "subscription_addition": (SubscriptionAddition.id, SubscriptionAddition.subscription_id),
    "invoice_line": (InvoiceLine.id, InvoiceLine.invoice_id),
    "payment": (Payment.id, Payment.invoice_id),
    "certificate_site": (CertificateSite.id, CertificateSite.certificate_id),
    "decision": (Decision.id, Decision.certificate_id),
    "significant_change": (SignificantChange.id, SignificantChange.certificate_id),
    "deviation": (Deviation.id, Deviation.certificate_id),
    "membership": (Membership.id, Membership.person_id),
    "calendar_feed": (CalendarFeed.id, CalendarFeed.person_id),
    "asset_ownership": (AssetOwnership.id, AssetOwnership.asset_id),
    "asset_duty": (AssetDuty.id, AssetDuty.asset_id),
    "inventory_line": (InventoryLine.id, InventoryLine.check_id),
    "audit_asset": (AuditAsset.id, AuditAsset.audit_id),
    "change_asset": (ChangeAsset.id, ChangeAsset.change_id),
    "cluster_host": (ClusterHost.id, ClusterHost.cluster_id),
    "placement": (Placement.id, Placement.guest_id),
    "reconciliation_line": (ReconciliationLine.id, ReconciliationLine.run_id),
    "product_alias": (ProductAlias.id, ProductAlias.product_id),
    "product_release": (Release.id, Release.product_id),
    "installation": (Installation.id, Installation.product_id),
    "usage_record": (UsageRecord.id, UsageRecord.product_id),
    "licence_seat": (LicenceSeat.id, LicenceSeat.pool_id),
    "pool_product": (PoolProduct.id, PoolProduct.pool_id),
    "entitlement_term": (EntitlementTerm.id, EntitlementTerm.entitlement_id),
    "process_performer": (ProcessPerformer.id, ProcessPerformer.process_id),
    "process_clause": (ProcessClause.id, ProcessClause.process_id),
    "audit_criterion": (AuditCriterion.id, AuditCriterion.audit_id),
    "audit_clause": (AuditClause.id, AuditClause.audit_id),
    "audit_process": (AuditProcess.id, AuditProcess.audit_id),
    "agenda_item": (AgendaItem.id, AgendaItem.audit_id),
    "agenda_person": (AgendaPerson.id, _AUDIT_OF_ITEM),
    "template_question": (TemplateQuestion.id, TemplateQuestion.template_id),
    "checklist_item": (ChecklistItem.id, ChecklistItem.audit_id),
    "finding_link": (FindingLink.id, FindingLink.finding_id),
    "cause": (Cause.id, Cause.case_id),
    "similar_case": (SimilarCase.id, SimilarCase.case_id),
    "deadline_extension": (DeadlineExtension.id, DeadlineExtension.case_id),
    "corrective_step": (CorrectiveStep.id, CorrectiveStep.case_id),
    "review_topic": (ReviewTopic.id, ReviewTopic.review_id),
    "audit_report": (AuditReport.id, AuditReport.audit_id),
    "audit_guest": (AuditGuest.id, AuditGuest.audit_id),
    "course_version": (CourseVersion.id, CourseVersion.course_id),
    "document_version": (DocumentVersion.id, DocumentVersion.document_id),
    "document_clause": (DocumentClause.id, DocumentClause.document_id),
    "document_audience": (DocumentAudience.id, DocumentAudience.document_id),
    "document_acknowledgement": (DocumentAcknowledgement.id, _ACKNOWLEDGED),
    "question_option": (QuestionOption.id, _COURSE_OF_OPTION),
    "course_clause": (CourseClause.id, CourseClause.course_id),
    "course_prerequisite": (CoursePrerequisite.id, CoursePrerequisite.course_id),
    "path_course": (PathCourse.id, PathCourse.path_id),
    "training_assignment": (TrainingAssignment.id, TrainingAssignment.course_id),
    "training_exemption": (TrainingExemption.id, TrainingExemption.course_id),
    "required_course": (RequiredCourse.id, RequiredCourse.requirement_id),
    "competence_evidence": (CompetenceEvidence.id, CompetenceEvidence.requirement_id),
    "enrolment": (Enrolment.id, Enrolment.course_id),
    "lesson_progress": (LessonProgress.id, LessonProgress.lesson_id),
    "quiz_attempt": (QuizAttempt.id, QuizAttempt.lesson_id),
    "attempt_request": (AttemptRequest.id, AttemptRequest.lesson_id),
    "attempt_answer": (AttemptAnswer.id, AttemptAnswer.question_id),
    "completion": (Completion.id, Completion.course_id),
    "implementation_task": (ImplementationTask.id, ImplementationTask.implementation_id),
    "task_dependency": (TaskDependency.id, TaskDependency.task_id),
    "support_hours": (SupportHours.id, SupportHours.support_person_id),
    "support_absence": (SupportAbsence.id, SupportAbsence.support_person_id),
    "support_action": (SupportAction.id, SupportAction.booking_id),
    "seat_assignment": (SeatAssignment.id, SeatAssignment.person_id),
    "seat_waiting": (SeatWaiting.id, SeatWaiting.person_id),
}
