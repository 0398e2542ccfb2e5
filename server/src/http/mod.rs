//! HTTP: phones under /v1, the console under /api/v1, operators under /healthz and /metrics.

pub mod api;
pub mod etag;
pub mod problem;
