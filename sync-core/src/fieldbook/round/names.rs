//! The names of kinds, fields and codes that the round's rules are about: the only place where the
//! fieldbook knows them. A test holds them against the schemas.

pub(super) const SHOP: &str = "shop";
pub(super) const RESIDENT: &str = "resident";
pub(super) const WORKER: &str = "worker";
pub(super) const VISIT: &str = "visit";
pub(super) const FINDING: &str = "finding";

pub(super) const DOOR: &str = "door_no";
pub(super) const UNIT: &str = "unit_no";
pub(super) const SIGN: &str = "sign_name";
pub(super) const LOCATION: &str = "location";
pub(super) const BUSINESS_TYPE: &str = "business_type";
pub(super) const OPERATING_STATE: &str = "operating_state";
pub(super) const LEASE_END: &str = "lease_end";
pub(super) const MERGED_INTO: &str = "merged_into";
pub(super) const LANDLORD: &str = "landlord";
pub(super) const TENANT: &str = "tenant";
pub(super) const OPERATOR: &str = "operator";
pub(super) const LICENCES: &str = "licences";
pub(super) const LICENCE_TYPE: &str = "type";
pub(super) const EXPIRES: &str = "expires";
pub(super) const LONG_TERM: &str = "long_term";

pub(super) const OUTCOME: &str = "outcome";
pub(super) const VISITED_AT: &str = "visited_at";
pub(super) const FIXED_ON_SITE: &str = "fixed_on_site";
pub(super) const FOUND_AT: &str = "found_at";
/// State of a resident, a worker or a task.
pub(super) const STATE: &str = "state";

/// Outcomes after which a shop need not be visited again.
pub const SETTLING: [&str; 3] = ["unchanged", "changed", "not-found"];
pub(super) const SHUT: &str = "shut";
pub(super) const REFUSED: &str = "refused";
/// The operating state of a shop that is there to be visited no more.
pub(super) const DEMOLISHED: &str = "demolished";
/// The operating state in which licences are needed.
pub(super) const OPEN: &str = "open";
/// The state of a resident who lives elsewhere now.
pub const MOVED_OUT: &str = "moved-out";
pub(super) const LEFT: &str = "left";
/// The state of a task that is not answered.
pub(super) const TO_DO: &str = "open";

pub(super) const BUSINESS_TYPES: &str = "business-type";
pub(super) const LICENCE_TYPES: &str = "licence-type";
pub(super) const TASK_TYPES: &str = "task-type";

#[cfg(test)]
mod tests {
    use schemas::{FieldPath, FieldType, SchemaSet};

    use super::*;

    #[test]
    fn the_schemas_have_every_name() {
        let schemas = SchemaSet::builtin().unwrap();
        let fields = [
            (
                SHOP,
                vec![
                    DOOR,
                    UNIT,
                    SIGN,
                    LOCATION,
                    BUSINESS_TYPE,
                    OPERATING_STATE,
                    LEASE_END,
                    MERGED_INTO,
                    LANDLORD,
                    TENANT,
                    OPERATOR,
                    "licences.type",
                    "licences.expires",
                    "licences.long_term",
                ],
            ),
            (RESIDENT, vec![SHOP, STATE]),
            (WORKER, vec![SHOP, STATE]),
            (VISIT, vec![SHOP, OUTCOME, VISITED_AT]),
            (FINDING, vec![SHOP, FIXED_ON_SITE, FOUND_AT]),
            ("task", vec![SHOP, STATE, "resident", "finding", "type"]),
        ];
        for (kind, names) in fields {
            let kind = schemas.kind(kind).unwrap();
            for name in names {
                let path = FieldPath::parse(name).unwrap();
                assert!(kind.field(&path).is_some(), "{} {name}", kind.name());
            }
        }
        assert_eq!(
            format!("{LICENCES}.{LICENCE_TYPE} {LICENCES}.{EXPIRES} {LICENCES}.{LONG_TERM}"),
            "licences.type licences.expires licences.long_term"
        );
        let has = |list: &str, codes: &[&str]| {
            let list = schemas.codes(list).unwrap();
            assert!(
                codes.iter().all(|code| list.get(code).is_some()),
                "{codes:?}"
            );
        };
        has("visit-outcome", &SETTLING);
        has("visit-outcome", &[SHUT, REFUSED]);
        has("operating-state", &[DEMOLISHED, OPEN]);
        has("resident-state", &[MOVED_OUT]);
        has("worker-state", &[LEFT]);
        has("task-state", &[TO_DO]);
        for (kind, field, list) in [
            (SHOP, BUSINESS_TYPE, BUSINESS_TYPES),
            (SHOP, "licences.type", LICENCE_TYPES),
            ("task", "type", TASK_TYPES),
        ] {
            let path = FieldPath::parse(field).unwrap();
            let ty = &schemas.kind(kind).unwrap().field(&path).unwrap().ty;
            assert_eq!(
                *ty,
                FieldType::Choice {
                    codes: list.to_owned()
                }
            );
        }
    }
}
