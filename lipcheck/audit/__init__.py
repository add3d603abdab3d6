"""The audit: how steep is a network, in which norm, and is what it claims true?"""

from lipcheck.audit.report import Audit
from lipcheck.audit.request import AuditError
from lipcheck.audit.run import AuditInterrupted, audit

__all__ = ["Audit", "AuditError", "AuditInterrupted", "audit"]
