//! The schema files that come with the program, built in: no file system is needed.

use crate::set::SourceFile;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(SourceFile { name: $name, text: include_str!(concat!("../", $name)) }),*]
    };
}

/// Every built-in file, as a server hands them to phones.
pub const FILES: &[SourceFile<'static>] = files![
    "schema.toml",
    "offices.toml",
    "entries.toml",
    "kinds/finding.toml",
    "kinds/party.toml",
    "kinds/resident.toml",
    "kinds/shop.toml",
    "kinds/spot-check.toml",
    "kinds/task.toml",
    "kinds/visit.toml",
    "kinds/worker.toml",
    "codes/area-band.toml",
    "codes/arrival-reason.toml",
    "codes/business-change-step.toml",
    "codes/business-type.toml",
    "codes/check-method.toml",
    "codes/finding-class.toml",
    "codes/finding-source.toml",
    "codes/gas.toml",
    "codes/gbt4754-2017.csv",
    "codes/id-type.toml",
    "codes/judgement.toml",
    "codes/licence-match.toml",
    "codes/licence-type.toml",
    "codes/living-part.toml",
    "codes/operating-state.toml",
    "codes/party-role.toml",
    "codes/party-type.toml",
    "codes/person-category.toml",
    "codes/place-type.toml",
    "codes/premises-use.toml",
    "codes/relation.toml",
    "codes/resident-state.toml",
    "codes/severity.toml",
    "codes/task-state.toml",
    "codes/task-type.toml",
    "codes/visit-change.toml",
    "codes/visit-outcome.toml",
    "codes/worker-state.toml",
    "codes/yes-no-unknown.toml",
    "rules/business.toml",
    "rules/findings.toml",
    "rules/proposals.toml",
    "rules/residents.toml",
    "rules/roster.toml",
    "areas/default.toml",
    "areas/demo.toml",
    "calendars/2025.toml",
    "calendars/2026.toml",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_schema_file_of_the_folder_is_built_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let alone = ["schema.toml", "offices.toml", "entries.toml"];
        let mut found = BTreeSet::from(alone.map(str::to_owned));
        for folder in ["kinds", "codes", "rules", "areas", "calendars"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                found.insert(format!(
                    "{folder}/{}",
                    entry.unwrap().file_name().to_str().unwrap()
                ));
            }
        }
        let built_in: BTreeSet<String> = FILES.iter().map(|file| file.name.to_owned()).collect();
        assert_eq!(built_in, found);
    }
}
