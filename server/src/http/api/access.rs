//! Who may call what: one table of every route. What has no row here is closed to everyone.

use axum::http::Method;
use schemas::access::Role;

/// Who may call a route. What they see of it is also scoped by their area, office and the schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Also those who are not signed in.
    Anyone,
    /// Signed-in people of these roles.
    Roles(&'static [Role]),
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method. HEAD goes with GET.
    pub method: Method,
    /// The path under /api/v1, as axum matches it.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
}

const CONSOLE: &[Role] = &[
    Role::Supervisor,
    Role::OfficeClerk,
    Role::OfficeHead,
    Role::Administrator,
    Role::Auditor,
];
const READERS: &[Role] = &[Role::Supervisor, Role::OfficeClerk, Role::OfficeHead];
/// Who may see that a draw was fair.
const WITNESSES: &[Role] = &[
    Role::Supervisor,
    Role::OfficeClerk,
    Role::OfficeHead,
    Role::Auditor,
];
const OFFICE: &[Role] = &[Role::OfficeClerk, Role::OfficeHead];
const REVIEW: &[Role] = &[Role::Supervisor];
const FIELD: &[Role] = &[Role::Supervisor, Role::Administrator];
const ADMIN: &[Role] = &[Role::Administrator];
const AUDIT: &[Role] = &[Role::Auditor];

/// Every route under /api/v1.
pub static ROUTES: &[Route] = &[
    anyone(Method::GET, "/openapi.json"),
    // Signing in, and what everybody may do with their own account.
    anyone(Method::POST, "/session"),
    row(Method::GET, "/session", CONSOLE),
    row(Method::DELETE, "/session", CONSOLE),
    row(Method::POST, "/session/password", CONSOLE),
    row(Method::POST, "/session/factor", CONSOLE),
    row(Method::PUT, "/session/factor", CONSOLE),
    // Accounts.
    row(Method::GET, "/accounts", ADMIN),
    row(Method::POST, "/accounts", ADMIN),
    row(Method::GET, "/accounts/{id}", ADMIN),
    row(Method::PUT, "/accounts/{id}", ADMIN),
    row(Method::POST, "/accounts/{id}/recovery", ADMIN),
    row(Method::GET, "/audit", AUDIT),
    // Records.
    row(Method::GET, "/records", READERS),
    row(Method::GET, "/records/{id}", READERS),
    row(Method::GET, "/records/{id}/dossier", READERS),
    row(Method::GET, "/records/{id}/history", READERS),
    row(Method::POST, "/records/{id}/reveal", READERS),
    row(Method::GET, "/records/{id}/files/{sha256}", READERS),
    row(Method::POST, "/records/{id}/edits", READERS),
    row(Method::POST, "/records/{id}/move", REVIEW),
    row(Method::POST, "/records/moves", REVIEW),
    row(Method::POST, "/records/{id}/merge", REVIEW),
    row(Method::POST, "/records/{id}/unmerge", REVIEW),
    row(Method::GET, "/duplicates", REVIEW),
    row(Method::POST, "/duplicates/dismissals", REVIEW),
    // Lists as files: each for those who may read the list.
    row(Method::GET, "/exports/{file}", CONSOLE),
    // Review.
    row(Method::GET, "/conflicts", REVIEW),
    row(Method::POST, "/conflicts/decisions", REVIEW),
    row(Method::GET, "/conflicts/{record}/{key}", REVIEW),
    row(Method::POST, "/conflicts/{record}/{key}/decision", REVIEW),
    row(Method::POST, "/conflicts/{record}/{key}/confirm", REVIEW),
    row(Method::POST, "/conflicts/{record}/{key}/reopen", REVIEW),
    row(Method::GET, "/held", REVIEW),
    row(Method::GET, "/refused", REVIEW),
    row(Method::POST, "/held/{id}/release", REVIEW),
    row(Method::POST, "/held/{id}/refuse", REVIEW),
    row(Method::POST, "/held/{id}/takeover", REVIEW),
    // Items and cases.
    row(Method::GET, "/items", OFFICE),
    row(Method::GET, "/items/{id}", OFFICE),
    row(Method::POST, "/items/{id}/marks", OFFICE),
    row(Method::POST, "/items/{id}/case", OFFICE),
    row(Method::GET, "/rosters/{month}", OFFICE),
    row(Method::POST, "/rosters/{month}/filings", OFFICE),
    row(Method::GET, "/cases", READERS),
    row(Method::POST, "/cases", OFFICE),
    row(Method::GET, "/cases/{id}", READERS),
    row(Method::POST, "/cases/{id}/steps", READERS),
    row(Method::POST, "/cases/{id}/files", OFFICE),
    row(Method::GET, "/cases/{id}/files/{sha256}", READERS),
    row(Method::POST, "/cases/{id}/offices", OFFICE),
    row(Method::POST, "/cases/{id}/opinions", OFFICE),
    row(Method::POST, "/cases/{id}/licences", OFFICE),
    // Spot checks.
    row(Method::GET, "/checks", WITNESSES),
    row(Method::POST, "/checks", REVIEW),
    row(Method::GET, "/checks/{id}", WITNESSES),
    row(Method::GET, "/checks/{id}/list", WITNESSES),
    row(Method::PUT, "/checks/{id}/list", REVIEW),
    row(Method::POST, "/checks/{id}/draw", REVIEW),
    row(Method::POST, "/checks/{id}/lock", REVIEW),
    row(Method::GET, "/checks/{id}/figures", READERS),
    row(Method::GET, "/checks/{id}/doors", READERS),
    row(Method::GET, "/checks/{id}/doors/{door}", READERS),
    row(Method::PUT, "/checks/{id}/doors/{door}/checker", REVIEW),
    row(Method::POST, "/checks/{id}/doors/{door}/judgement", REVIEW),
    row(Method::POST, "/checks/{id}/doors/{door}/appeal", REVIEW),
    row(Method::POST, "/checks/{id}/doors/{door}/decision", REVIEW),
    // Registration lists.
    row(Method::GET, "/registrations", READERS),
    row(Method::POST, "/registrations", READERS),
    row(Method::GET, "/registrations/{id}", READERS),
    row(Method::GET, "/registrations/{id}/rows", READERS),
    row(
        Method::POST,
        "/registrations/{id}/rows/{row}/marks",
        READERS,
    ),
    row(Method::POST, "/registrations/{id}/rows/{row}/task", READERS),
    row(Method::POST, "/registrations/{id}/erasure", REVIEW),
    // Inspectors and their phones.
    row(Method::GET, "/inspectors", FIELD),
    row(Method::POST, "/inspectors", FIELD),
    row(Method::GET, "/inspectors/{id}", FIELD),
    row(Method::PUT, "/inspectors/{id}", FIELD),
    row(Method::POST, "/inspectors/{id}/tickets", FIELD),
    row(Method::PUT, "/inspectors/{id}/grids/{grid}", FIELD),
    row(Method::DELETE, "/inspectors/{id}/grids/{grid}", FIELD),
    row(Method::GET, "/devices", FIELD),
    row(Method::GET, "/devices/{id}", FIELD),
    row(Method::POST, "/devices/{id}/confirm", FIELD),
    row(Method::POST, "/devices/{id}/revoke", FIELD),
    row(Method::POST, "/devices/{id}/recovery", FIELD),
    row(Method::GET, "/devices/{id}/revert", REVIEW),
    row(Method::POST, "/devices/{id}/revert", REVIEW),
    // What is where, and how much.
    row(Method::GET, "/grids", CONSOLE),
    row(Method::PUT, "/grids/{grid}/outline", FIELD),
    row(Method::POST, "/grids/{grid}/handover", FIELD),
    row(Method::GET, "/areas", CONSOLE),
    row(Method::GET, "/offices", CONSOLE),
    row(Method::GET, "/offices/{office}/handlers", READERS),
    row(Method::GET, "/schemas", CONSOLE),
    row(Method::GET, "/schemas/versions", FIELD),
    row(Method::POST, "/schemas/versions", ADMIN),
    row(Method::POST, "/schemas/checks", ADMIN),
    row(Method::GET, "/schemas/versions/{version}", FIELD),
    row(Method::PUT, "/schemas/versions/{version}/trial", ADMIN),
    row(
        Method::POST,
        "/schemas/versions/{version}/publication",
        ADMIN,
    ),
    row(
        Method::POST,
        "/schemas/versions/{version}/withdrawal",
        ADMIN,
    ),
    row(Method::GET, "/overview", CONSOLE),
    row(Method::GET, "/figures", READERS),
    row(Method::GET, "/ledgers/{kind}", READERS),
    row(Method::GET, "/live", CONSOLE),
];

/// Paths that stay open to a person who has to change their password first.
pub const BEFORE_PASSWORD: &[&str] = &["/session", "/session/password"];

/// Paths that stay open to a person who has to set up a second factor first.
pub const BEFORE_FACTOR: &[&str] = &["/session", "/session/password", "/session/factor"];

const fn row(method: Method, path: &'static str, roles: &'static [Role]) -> Route {
    Route {
        method,
        path,
        who: Who::Roles(roles),
    }
}

const fn anyone(method: Method, path: &'static str) -> Route {
    Route {
        method,
        path,
        who: Who::Anyone,
    }
}

/// The row of a method and path.
pub fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let is_it = |route: &&Route| route.path == path && route.method == *method;
    ROUTES.iter().find(is_it)
}

/// The methods that a path takes, as `Allow` wants them.
pub fn methods(path: &str) -> String {
    let of_path = ROUTES.iter().filter(|route| route.path == path);
    let mut all: Vec<&str> = of_path.map(|route| route.method.as_str()).collect();
    if all.contains(&"GET") {
        all.push("HEAD");
    }
    all.join(", ")
}
