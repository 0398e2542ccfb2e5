//! Areas hang together, and their settings name existing codes.

use std::collections::BTreeSet;

use super::Check;
use crate::area::Settings;
use crate::path::Code;
use crate::place::Place;

/// The lists that settings refer to.
const BUSINESS_TYPES: &str = "business-type";
const LICENCE_TYPES: &str = "licence-type";

pub(super) fn check(on: Check<'_>) {
    let mut seen = BTreeSet::new();
    for area in on.set.areas() {
        if !seen.insert(area.code.as_str()) {
            on.error(
                &area.place,
                format!("area `{}` is declared twice", area.code),
                "",
            );
        }
        if let Some(above) = area.parent().filter(|above| on.set.area(above).is_none()) {
            let message = format!("area `{}` has nothing above it", area.code);
            on.error(&area.place, message, &format!("add the area `{above}`"));
        }
    }
    let mut holds_for = BTreeSet::new();
    for settings in &on.set.settings {
        if !settings.area.is_empty() && on.set.area(&settings.area).is_none() {
            let known = on.set.areas().iter().map(|area| area.code.as_str());
            on.sink
                .unknown(&settings.place, "area", &settings.area, known);
        }
        if !holds_for.insert(&settings.area) {
            on.error(
                &settings.place,
                "area has its settings twice".to_owned(),
                "",
            );
        }
        check_settings(on, settings);
    }
    if let Some(area) = on
        .set
        .areas()
        .first()
        .filter(|_| !holds_for.contains(&String::new()))
    {
        let help = "add `[settings]` without `area` to one of areas/";
        on.error(
            &area.place,
            "there are no default settings".to_owned(),
            help,
        );
    }
}

fn check_settings(on: Check<'_>, settings: &Settings) {
    let licences = settings.licence_lead.iter().map(|(code, _)| code);
    for code in licences {
        check_code(on, &settings.place, LICENCE_TYPES, code);
    }
    for row in &settings.needed {
        check_code(on, &row.place, BUSINESS_TYPES, &row.business_type);
        row.licences
            .iter()
            .for_each(|code| check_code(on, &row.place, LICENCE_TYPES, code));
        let same = |other: &&crate::area::NeededLicences| other.business_type == row.business_type;
        if settings.needed.iter().filter(same).count() > 1 {
            let message = format!("business type `{}` stands twice", row.business_type);
            on.error(&row.place, message, "put its licences into one line");
        }
    }
}

fn check_code(on: Check<'_>, place: &Place, list: &str, code: &Code) {
    let Some(codes) = on.set.codes(list) else {
        return on.unknown_list(place, list);
    };
    if codes.get(code.as_str()).is_none() {
        let known = codes.entries().iter().map(|entry| entry.code.as_str());
        on.sink
            .unknown(place, &format!("code of {list}"), code.as_str(), known);
    }
}
