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

/// Somebody takes a step.
pub(crate) type Taken = (&'static str, &'static str);

const FINDING_WAY: &[Taken] = &[
    ("centre.clerk", "accept"),
    ("centre.clerk", "assign"),
    ("sanitation.clerk", "handle"),
    ("sanitation.clerk", "report"),
    ("supervisor", "verify_pass"),
    ("centre.clerk", "close"),
];

const BUSINESS_WAY: &[Taken] = &[
    ("economics.clerk", "accept"),
    ("economics.clerk", "assign"),
    ("business.clerk", "guide"),
    ("business.clerk", "adjust"),
    ("business.clerk", "settle"),
    ("economics.clerk", "close"),
];

/// How to bring a case to a state: who takes which steps after it was taken in.
pub(crate) fn way(case: &str, state: &str) -> Vec<Taken> {
    let finding = case == "finding";
    let (lead, head, joiner, handler) = if finding {
        (FINDING_WAY, "centre.head", "centre.clerk", "sanitation")
    } else {
        (
            BUSINESS_WAY,
            "economics.head",
            "economics.clerk",
            "business",
        )
    };
    let (clerk, returner) = if handler == "sanitation" {
        ("sanitation.clerk", "sanitation.head")
    } else {
        ("business.clerk", "business.head")
    };
    let (common, rest): (usize, &[Taken]) = match state {
        "pending" => (0, &[]),
        "filed" => (1, &[]),
        "assigned" => (2, &[]),
        "handling" | "guided" => (3, &[]),
        "reported" | "adjusted" => (4, &[]),
        "verified" | "settled" => (5, &[]),
        "closed" => (6, &[]),
        "returned" => (2, &[(returner, "return")]),
        "extension_requested" => (3, &[(clerk, "request_extension")]),
        "postponement_requested" => (3, &[(clerk, "request_postponement")]),
        "postponed" => {
            let steps = [
                (clerk, "request_postponement"),
                (head, "grant_postponement"),
            ];
            return [&lead[..3], &steps].concat();
        }
        "void" => (0, &[(head, "void")]),
        "joined" => (0, &[(joiner, "join")]),
        other => panic!("no way to {other}"),
    };
    [&lead[..common], rest].concat()
}
