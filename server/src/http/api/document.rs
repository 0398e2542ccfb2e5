//! The `OpenAPI` document: what handlers say of themselves, and what holds for all of them, which
//! the guard and the extractors answer before any handler.

use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        ContentBuilder, Header, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response,
        ResponseBuilder, Server,
        header::HeaderBuilder,
        path::{Operation, ParameterIn},
        schema::Type,
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    CSRF_HEADER, PREFIX,
    access::{self, Who},
    router,
};
use crate::http::problem::Problem;

/// The document.
pub fn document() -> OpenApi {
    let mut document = router().split_for_parts().1;
    document.servers = Some(vec![Server::new(PREFIX)]);
    let components = document.components.get_or_insert_with(Default::default);
    components
        .schemas
        .insert(Problem::name().into_owned(), Problem::schema());
    let mut nested = Vec::new();
    Problem::schemas(&mut nested);
    components.schemas.extend(nested);
    let cookie = ApiKey::Cookie(ApiKeyValue::new("gridbook"));
    let token = ApiKey::Header(ApiKeyValue::new(CSRF_HEADER));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    components.add_security_scheme("token", SecurityScheme::ApiKey(token));
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [
            ("GET", item.get.as_mut()),
            ("POST", item.post.as_mut()),
            ("PUT", item.put.as_mut()),
            ("PATCH", item.patch.as_mut()),
            ("DELETE", item.delete.as_mut()),
        ] {
            if let Some(operation) = operation {
                name(path, method, operation);
                guarded(path, method, operation);
                answers(path, operation);
            }
        }
    }
    document
}

/// What stands above all routes.
pub(super) fn about() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Gridbook console")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Errors are problem details (RFC 9457). Changes repeat the session's CSRF token in \
             X-CSRF-Token, and the ETag that they were made on in If-Match.",
        ));
    OpenApiBuilder::new().info(info.build()).build()
}

/// Names an operation by its method and path: those of the functions are not unique.
fn name(path: &str, method: &str, operation: &mut Operation) {
    let words = path
        .split(['/', '{', '}', '.'])
        .filter(|word| !word.is_empty());
    let method = method.to_lowercase();
    let id = std::iter::once(method.as_str())
        .chain(words)
        .collect::<Vec<_>>();
    operation.operation_id = Some(id.join("_"));
}

/// Says what a request has to bring.
fn guarded(path: &str, method: &str, operation: &mut Operation) {
    if !is_open(path, method) {
        let none: [&str; 0] = [];
        let mut needs = SecurityRequirement::new("session", none);
        if method != "GET" {
            needs = needs.add("token", none);
        }
        operation.security = Some(vec![needs]);
    }
}

fn is_open(path: &str, method: &str) -> bool {
    let method = method.parse().unwrap_or_default();
    access::find(&method, path).is_some_and(|route| route.who == Who::Anyone)
}

/// Adds the problems that any handler of this shape may answer; every problem has its form.
fn answers(path: &str, operation: &mut Operation) {
    let parameters = operation.parameters.iter().flatten();
    let parameters = parameters.filter_map(|one| match one {
        RefOr::T(one) => Some(one),
        RefOr::Ref(_) => None,
    });
    let has = |place: &ParameterIn| parameters.clone().any(|one| one.parameter_in == *place);
    let versioned = parameters.clone().any(|one| one.name == "If-Match");
    let mut all = vec![
        (500, "A fault of the server"),
        (503, "Busy: Retry-After says when to come again"),
        (507, "No room is left"),
    ];
    if operation.security.is_some() {
        all.push((401, "Nobody is signed in"));
        all.push((403, "Not for this role, or the token is not right"));
    }
    if has(&ParameterIn::Query) {
        all.push((400, "The query cannot be read"));
        all.push((422, "Not acceptable"));
    }
    if has(&ParameterIn::Path) {
        all.push((404, "It is not there, or not within one's areas"));
        all.push((410, "It was erased"));
    }
    if operation.request_body.is_some() {
        all.push((400, "The body is not JSON"));
        all.push((
            403,
            "The request comes from another site, or is not for this role",
        ));
        all.push((408, "The body did not come in time"));
        all.push((409, "The state of things does not allow it"));
        all.push((413, "The body is too large"));
        all.push((415, "The body is not application/json"));
        all.push((422, "Not acceptable"));
    }
    if path.starts_with("/session") && operation.request_body.is_some() {
        all.push((401, "The login, password or code is wrong"));
        all.push((
            429,
            "Too many attempts: Retry-After says when to come again",
        ));
    }
    if versioned {
        all.push((412, "It was changed meanwhile"));
        all.push((428, "If-Match is missing"));
    }
    let known = &mut operation.responses.responses;
    for (status, words) in all {
        known
            .entry(status.to_string())
            .or_insert_with(|| RefOr::T(Response::new(words)));
    }
    for (status, response) in known.iter_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        if response.description.is_empty() {
            "Done".clone_into(&mut response.description);
        }
        if status.starts_with(['4', '5']) {
            *response = problem(status, &response.description);
        }
    }
}

/// A problem of this status.
fn problem(status: &str, words: &str) -> Response {
    let form = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    let content = ContentBuilder::new().schema(Some(form)).build();
    let mut built = ResponseBuilder::new()
        .description(words)
        .content("application/problem+json", content);
    if ["429", "503"].contains(&status) {
        let seconds = HeaderBuilder::new()
            .schema(Some(utoipa::openapi::Object::with_type(Type::Integer)))
            .description(Some("Seconds to wait"));
        let seconds: Header = seconds.build();
        built = built.header("Retry-After", seconds);
    }
    built.build()
}
