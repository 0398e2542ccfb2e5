//! What may be done to a case, written by hand from the rules that offices work by, not from the
//! table that the server has. Anything else is refused.

/// State, step, who may, state then. `H` is the office that the case is assigned to.
pub(crate) type Legal = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const CENTRE: &[&str] = &["centre.clerk", "centre.head"];
const CENTRE_HEAD: &[&str] = &["centre.head"];
const HANDLER: &[&str] = &["sanitation.clerk", "sanitation.head"];
const HANDLER_HEAD: &[&str] = &["sanitation.head"];
const VERIFIERS: &[&str] = &["centre.clerk", "centre.head", "supervisor"];
const RESUMERS: &[&str] = &[
    "centre.clerk",
    "centre.head",
    "sanitation.clerk",
    "sanitation.head",
];

/// Findings, here assigned to the sanitation office.
pub(crate) const FINDING: &[Legal] = &[
    ("pending", "accept", CENTRE, "filed"),
    ("pending", "void", CENTRE_HEAD, "void"),
    ("pending", "join", CENTRE, "joined"),
    ("filed", "assign", CENTRE, "assigned"),
    ("filed", "void", CENTRE_HEAD, "void"),
    ("filed", "join", CENTRE, "joined"),
    ("returned", "assign", CENTRE, "assigned"),
    ("returned", "void", CENTRE_HEAD, "void"),
    ("returned", "join", CENTRE, "joined"),
    ("assigned", "handle", HANDLER, "handling"),
    ("assigned", "return", HANDLER_HEAD, "returned"),
    ("assigned", "void", CENTRE_HEAD, "void"),
    ("assigned", "join", CENTRE, "joined"),
    ("handling", "reach", HANDLER, "handling"),
    ("handling", "report", HANDLER, "reported"),
    ("handling", "return", HANDLER_HEAD, "returned"),
    (
        "handling",
        "request_extension",
        HANDLER,
        "extension_requested",
    ),
    (
        "handling",
        "request_postponement",
        HANDLER,
        "postponement_requested",
    ),
    ("handling", "void", CENTRE_HEAD, "void"),
    ("handling", "join", CENTRE, "joined"),
    ("extension_requested", "report", HANDLER, "reported"),
    (
        "extension_requested",
        "grant_extension",
        CENTRE_HEAD,
        "handling",
    ),
    (
        "extension_requested",
        "decline_extension",
        CENTRE_HEAD,
        "handling",
    ),
    ("postponement_requested", "report", HANDLER, "reported"),
    (
        "postponement_requested",
        "grant_postponement",
        CENTRE_HEAD,
        "postponed",
    ),
    (
        "postponement_requested",
        "decline_postponement",
        CENTRE_HEAD,
        "handling",
    ),
    ("postponed", "resume", RESUMERS, "handling"),
    ("reported", "verify_pass", VERIFIERS, "verified"),
    ("reported", "verify_fail", VERIFIERS, "handling"),
    ("verified", "close", CENTRE, "closed"),
];

const ECONOMICS: &[&str] = &["economics.clerk", "economics.head"];
const ECONOMICS_HEAD: &[&str] = &["economics.head"];
const BUSINESS: &[&str] = &["business.clerk", "business.head"];
const BUSINESS_HEAD: &[&str] = &["business.head"];
const BOTH: &[&str] = &[
    "economics.clerk",
    "economics.head",
    "business.clerk",
    "business.head",
];

/// Business-type changes, assigned to the business-type office. The request states are reached
/// from `guided`.
pub(crate) const BUSINESS_CHANGE: &[Legal] = &[
    ("pending", "accept", ECONOMICS, "filed"),
    ("pending", "void", ECONOMICS_HEAD, "void"),
    ("pending", "join", ECONOMICS, "joined"),
    ("filed", "assign", ECONOMICS, "assigned"),
    ("filed", "void", ECONOMICS_HEAD, "void"),
    ("filed", "join", ECONOMICS, "joined"),
    ("returned", "assign", ECONOMICS, "assigned"),
    ("returned", "void", ECONOMICS_HEAD, "void"),
    ("returned", "join", ECONOMICS, "joined"),
    ("assigned", "guide", BUSINESS, "guided"),
    ("assigned", "return", BUSINESS_HEAD, "returned"),
    ("assigned", "void", ECONOMICS_HEAD, "void"),
    ("assigned", "join", ECONOMICS, "joined"),
    ("guided", "adjust", BUSINESS, "adjusted"),
    (
        "guided",
        "request_postponement",
        BUSINESS,
        "postponement_requested",
    ),
    ("guided", "void", ECONOMICS_HEAD, "void"),
    ("guided", "join", ECONOMICS, "joined"),
    ("adjusted", "settle", BUSINESS, "settled"),
    (
        "adjusted",
        "request_postponement",
        BUSINESS,
        "postponement_requested",
    ),
    (
        "postponement_requested",
        "grant_postponement",
        ECONOMICS_HEAD,
        "postponed",
    ),
    (
        "postponement_requested",
        "decline_postponement",
        ECONOMICS_HEAD,
        "guided",
    ),
    ("postponed", "resume", BOTH, "guided"),
    ("settled", "close", ECONOMICS, "closed"),
];

/// How to bring a finding to a state: who takes which steps after it was taken in.
pub(crate) fn way(case: &str, state: &str) -> &'static [(&'static str, &'static str)] {
    const PENDING: &[(&str, &str)] = &[];
    const FILED: &[(&str, &str)] = &[("centre.clerk", "accept")];
    const ASSIGNED: &[(&str, &str)] = &[("centre.clerk", "accept"), ("centre.clerk", "assign")];
    match (case, state) {
        (_, "pending") => PENDING,
        ("finding", "filed") => FILED,
        ("finding", "assigned") => ASSIGNED,
        ("finding", "returned") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.head", "return"),
        ],
        ("finding", "handling") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
        ],
        ("finding", "extension_requested") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "request_extension"),
        ],
        ("finding", "postponement_requested") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "request_postponement"),
        ],
        ("finding", "postponed") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "request_postponement"),
            ("centre.head", "grant_postponement"),
        ],
        ("finding", "reported") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "report"),
        ],
        ("finding", "verified") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "report"),
            ("supervisor", "verify_pass"),
        ],
        ("finding", "closed") => &[
            ("centre.clerk", "accept"),
            ("centre.clerk", "assign"),
            ("sanitation.clerk", "handle"),
            ("sanitation.clerk", "report"),
            ("supervisor", "verify_pass"),
            ("centre.clerk", "close"),
        ],
        ("finding", "void") => &[("centre.head", "void")],
        ("finding", "joined") => &[("centre.clerk", "join")],
        ("business", "filed") => &[("economics.clerk", "accept")],
        ("business", "assigned") => &[("economics.clerk", "accept"), ("economics.clerk", "assign")],
        ("business", "returned") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.head", "return"),
        ],
        ("business", "guided") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
        ],
        ("business", "adjusted") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
            ("business.clerk", "adjust"),
        ],
        ("business", "settled") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
            ("business.clerk", "adjust"),
            ("business.clerk", "settle"),
        ],
        ("business", "closed") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
            ("business.clerk", "adjust"),
            ("business.clerk", "settle"),
            ("economics.clerk", "close"),
        ],
        ("business", "postponement_requested") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
            ("business.clerk", "request_postponement"),
        ],
        ("business", "postponed") => &[
            ("economics.clerk", "accept"),
            ("economics.clerk", "assign"),
            ("business.clerk", "guide"),
            ("business.clerk", "request_postponement"),
            ("economics.head", "grant_postponement"),
        ],
        ("business", "void") => &[("economics.head", "void")],
        ("business", "joined") => &[("economics.clerk", "join")],
        other => panic!("no way to {other:?}"),
    }
}
