"""Every clause that the rules rely on, once: its number only, since the standards' words are theirs."""

from app.domain.explained import Clause

_BODIES = "ISO/IEC 17021-1:2015"

CERTIFICATE = Clause(_BODIES, "8.2.2")
PROGRAMME = Clause(_BODIES, "9.1.3.2")
SURVEILLANCE_FREQUENCY = Clause(_BODIES, "9.1.3.3")
STAGES = Clause(_BODIES, "9.3.1")
STAGE_1_CONCLUSIONS = Clause(_BODIES, "9.3.1.2.3")
STAGE_INTERVAL = Clause(_BODIES, "9.3.1.2.4")
FINDINGS = Clause(_BODIES, "9.4.5.2")
NONCONFORMITY = Clause(_BODIES, "9.4.5.3")
CONCLUSIONS = Clause(_BODIES, "9.4.8.3")
RESPONSES = Clause(_BODIES, "9.4.9")
RESOLUTION = Clause(_BODIES, "9.4.10")
BEFORE_DECISION = Clause(_BODIES, "9.5.2")
STAGE_2_MAJORS = Clause(_BODIES, "9.5.3.2")
MAINTAINING = Clause(_BODIES, "9.6.1")
SURVEILLANCE_CONTENT = Clause(_BODIES, "9.6.2.2")
RECERTIFICATION_MAJORS = Clause(_BODIES, "9.6.3.2.2")
RECERTIFICATION_EXPIRY = Clause(_BODIES, "9.6.3.2.3")
NOT_RENEWED = Clause(_BODIES, "9.6.3.2.4")
RESTORATION = Clause(_BODIES, "9.6.3.2.5")
SPECIAL_AUDITS = Clause(_BODIES, "9.6.4")
SUSPENSION = Clause(_BODIES, "9.6.5.2")
SUSPENSION_EFFECT = Clause(_BODIES, "9.6.5.3")
SUSPENSION_RESOLVED = Clause(_BODIES, "9.6.5.4")
WITHDRAWAL = Clause(_BODIES, "9.6.5.5")

TRANSFER = Clause("IAF MD 2:2023", "")
INTEGRATED_AUDITS = Clause("IAF MD 11", "")
REMOTE_AUDITS = Clause("IAF MD 4:2025", "")

INTERNAL_AUDIT_PROGRAMME = Clause("ISO 19011", "5")
