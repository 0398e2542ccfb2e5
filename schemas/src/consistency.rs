//! What no single file can show: names that refer to nothing, rules that can never fire, kinds
//! that ask for too much. Every finding is an error.

mod areas;
mod classes;
mod conditions;
mod entries;
mod fields;
mod kinds;
mod rules;

use crate::access::Access;
use crate::parse::Sink;
use crate::place::Place;
use crate::set::SchemaSet;

/// Checks a whole set; reports into `sink`.
pub(crate) fn check(set: &SchemaSet, sink: &Sink) {
    let check = Check { set, sink };
    for kind in set.kinds() {
        kinds::check(check, kind);
    }
    rules::check(check);
    classes::check(check);
    areas::check(check);
    entries::check(check);
}

/// What every check needs.
#[derive(Clone, Copy)]
struct Check<'a> {
    set: &'a SchemaSet,
    sink: &'a Sink,
}

impl Check<'_> {
    fn error(self, place: &Place, message: String, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.sink.push(place, message, help);
    }

    /// An office that something new goes to must exist and not be retired.
    fn office(self, place: &Place, name: &str) {
        match self.set.office(name) {
            None => {
                let known = self.set.offices().iter().map(|office| office.name.as_str());
                self.sink.unknown(place, "office", name, known);
            }
            Some(office) if office.retired => {
                self.error(
                    place,
                    format!("office `{name}` is retired"),
                    "name its successor",
                );
            }
            Some(_) => {}
        }
    }

    /// The offices that an access list names.
    fn access(self, place: &Place, access: &Access) {
        for name in access.0.iter().filter_map(crate::access::Grant::office) {
            self.office(place, name);
        }
    }

    fn unknown_kind(self, place: &Place, name: &str) {
        let known = self.set.kinds().iter().map(crate::kind::Kind::name);
        self.sink.unknown(place, "kind", name, known);
    }

    fn unknown_list(self, place: &Place, name: &str) {
        let known = self.set.code_lists().map(crate::code::CodeList::name);
        self.sink.unknown(place, "code list", name, known);
    }
}
