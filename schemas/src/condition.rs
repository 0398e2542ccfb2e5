//! Conditions on a record's values: shown-when, rules and proposals use the same ones.

use std::collections::BTreeSet;

use crate::path::{Code, EntryId, FieldPath, RegisterKey};
use crate::value::Scalar;
use crate::values::Values;

/// What one field is asked. It holds if **any** visible value satisfies it, so that a conflict
/// hides no question and swallows no dispatch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// A choice, or one of the choices, is one of these codes.
    AnyOf(BTreeSet<Code>),
    /// No visible choice is one of these codes.
    NoneOf(BTreeSet<Code>),
    /// The value is this one: a flag, an integer, a text or a code.
    Equals(Scalar),
    /// The field holds something (`true`) or nothing (`false`).
    Set(bool),
}

/// A condition on a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// One question to one field.
    Field {
        /// The field; in a group it is read from the same entry.
        path: FieldPath,
        /// The question.
        test: Test,
    },
    /// All of these hold; of none, always true.
    All(Vec<Condition>),
    /// At least one of these holds; of none, never true.
    Any(Vec<Condition>),
}

impl Condition {
    /// Whether the condition holds on the visible values; `entry` is the entry it is asked for.
    pub fn holds(&self, values: &dyn Values, entry: Option<EntryId>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(values, entry)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(values, entry)),
            Self::Field { path, test } => test.holds(values, path, entry),
        }
    }

    /// Every single-field question in it, outermost first.
    pub fn fields(&self) -> Vec<(&FieldPath, &Test)> {
        match self {
            Self::Field { path, test } => vec![(path, test)],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
        }
    }

    /// Whether every record that satisfies `narrower` satisfies this one, as far as a comparison
    /// of their shapes can tell: `false` means "perhaps not".
    pub fn covers(&self, narrower: &Self) -> bool {
        match (self, narrower) {
            _ if self == narrower => true,
            (Self::All(parts), _) => parts.iter().all(|part| part.covers(narrower)),
            (_, Self::Any(parts)) if !parts.is_empty() => parts.iter().all(|p| self.covers(p)),
            (_, Self::All(parts)) => parts.iter().any(|part| self.covers(part)),
            (Self::Any(parts), _) => parts.iter().any(|part| part.covers(narrower)),
            (Self::Field { path: a, test: x }, Self::Field { path: b, test: y }) => {
                a == b && x.covers(y)
            }
            (Self::Field { .. }, Self::Any(_)) => false,
        }
    }
}

impl Test {
    fn holds(&self, values: &dyn Values, path: &FieldPath, entry: Option<EntryId>) -> bool {
        let of = |code: Option<&Code>| {
            let key = RegisterKey::of(path, entry, code.cloned());
            key.map(|key| values.values(&key)).unwrap_or_default()
        };
        let is_code = |code: &Code| {
            of(None)
                .iter()
                .any(|value| value.as_text() == Some(code.as_str()))
                || of(Some(code)).contains(&Scalar::Bool(true))
        };
        match self {
            Self::AnyOf(codes) => codes.iter().any(is_code),
            Self::NoneOf(codes) => !codes.iter().any(is_code),
            Self::Equals(wanted) => of(None).contains(wanted),
            Self::Set(wanted) => of(None).iter().any(|value| !value.is_null()) == *wanted,
        }
    }

    fn covers(&self, narrower: &Self) -> bool {
        match (self, narrower) {
            (Self::AnyOf(wide), Self::AnyOf(narrow)) => narrow.is_subset(wide),
            (Self::NoneOf(wide), Self::NoneOf(narrow)) => wide.is_subset(narrow),
            (Self::AnyOf(wide), Self::Equals(Scalar::Text(code))) => wide.contains(code.as_str()),
            (Self::Set(true), Self::AnyOf(_) | Self::Equals(_)) => true,
            _ => self == narrower,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn codes(list: &[&str]) -> BTreeSet<Code> {
        list.iter().map(|code| Code::parse(code).unwrap()).collect()
    }

    fn field(name: &str, test: Test) -> Condition {
        Condition::Field {
            path: FieldPath::parse(name).unwrap(),
            test,
        }
    }

    fn record(values: &[(&str, &[Scalar])]) -> BTreeMap<RegisterKey, Vec<Scalar>> {
        let parse = |key: &str| RegisterKey::parse(key).unwrap();
        values
            .iter()
            .map(|(key, values)| (parse(key), values.to_vec()))
            .collect()
    }

    #[test]
    fn any_of_several_concurrent_values_is_enough() {
        let shop = record(&[("gas", &[Scalar::text("none"), Scalar::text("bottle")])]);
        assert!(field("gas", Test::AnyOf(codes(&["bottle"]))).holds(&shop, None));
        assert!(!field("gas", Test::NoneOf(codes(&["bottle"]))).holds(&shop, None));
        assert!(!field("gas", Test::AnyOf(codes(&["pipe"]))).holds(&shop, None));
    }

    #[test]
    fn chosen_codes_count_only_while_they_are_true() {
        let party = record(&[
            ("roles#operator", &[Scalar::Bool(true)]),
            ("roles#tenant", &[Scalar::Null]),
        ]);
        assert!(field("roles", Test::AnyOf(codes(&["operator"]))).holds(&party, None));
        assert!(!field("roles", Test::AnyOf(codes(&["tenant", "landlord"]))).holds(&party, None));
    }

    #[test]
    fn a_cleared_field_is_not_set() {
        let record = record(&[("phone", &[Scalar::Null])]);
        assert!(field("phone", Test::Set(false)).holds(&record, None));
        assert!(field("name", Test::Set(false)).holds(&record, None));
        assert!(!field("phone", Test::Set(true)).holds(&record, None));
    }

    #[test]
    fn a_wider_condition_covers_a_narrower_one_and_not_the_reverse() {
        let wide = field("gas", Test::AnyOf(codes(&["pipe", "bottle"])));
        let narrow = field("gas", Test::AnyOf(codes(&["pipe"])));
        let both = Condition::All(vec![narrow.clone(), field("name", Test::Set(true))]);
        assert!(wide.covers(&narrow) && wide.covers(&both) && narrow.covers(&both));
        assert!(!narrow.covers(&wide) && !both.covers(&narrow));
        assert!(Condition::All(vec![]).covers(&narrow));
        assert!(!narrow.covers(&Condition::All(vec![])));
    }

    fn any_condition() -> impl Strategy<Value = Condition> {
        let code = prop::sample::select(vec!["a", "b", "c"]);
        let some =
            prop::collection::btree_set(code.clone().prop_map(|c| Code::parse(c).unwrap()), 1..3);
        let test = prop_oneof![
            some.clone().prop_map(Test::AnyOf),
            some.prop_map(Test::NoneOf),
            code.prop_map(|code| Test::Equals(Scalar::text(code))),
            any::<bool>().prop_map(Test::Set),
        ];
        let leaf =
            (prop::sample::select(vec!["x", "y"]), test).prop_map(|(name, test)| field(name, test));
        leaf.prop_recursive(2, 8, 3, |inner| {
            let list = prop::collection::vec(inner, 0..3);
            prop_oneof![
                list.clone().prop_map(Condition::All),
                list.prop_map(Condition::Any)
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_satisfies_a_covered_condition_satisfies_the_covering_one(
            wide in any_condition(), narrow in any_condition(),
            x in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..3),
            y in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..2),
        ) {
            let texts = |list: Vec<&str>| list.into_iter().map(Scalar::text).collect::<Vec<_>>();
            let (x, y) = (texts(x), texts(y));
            let record = record(&[("x", &x), ("y", &y)]);
            if wide.covers(&narrow) && narrow.holds(&record, None) {
                prop_assert!(wide.holds(&record, None));
            }
            prop_assert!(wide.covers(&wide));
        }
    }
}
