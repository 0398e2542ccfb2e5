//! The county's words in ours.

use super::{Finding, Visit};

/// Words in a description, and the class that they mean. The first that fits counts.
const WORDS: [(&str, &str); 10] = [
    ("sleeping quarters", "illegal-living"),
    ("permit", "no-permit"),
    ("placard", "no-permit"),
    ("garbage", "exposed-refuse"),
    ("refuse", "exposed-refuse"),
    ("sewage", "sewage"),
    ("wastewater", "sewage"),
    ("storm water", "sewage"),
    ("ventilation", "fumes"),
    ("construction", "illegal-building"),
];

/// The class of a finding: most are about food.
pub fn finding_class(description: &str) -> &'static str {
    let folded = description.to_lowercase();
    let fits = WORDS.iter().find(|(word, _)| folded.contains(word));
    fits.map_or("food-safety", |(_, class)| class)
}

/// The severity of a degree.
pub const fn severity(degree: Option<u8>) -> &'static str {
    match degree {
        Some(3) => "urgent",
        Some(2) => "serious",
        _ => "normal",
    }
}

/// How a visit ended.
pub fn outcome(visit: &Visit) -> &'static str {
    match (visit.result, visit.findings.is_empty(), visit.reason) {
        (3, ..) => "shut",
        (_, false, _) | (2, ..) => "changed",
        (0, true, 0) => "nobody-in-charge",
        _ => "unchanged",
    }
}

impl Finding {
    /// The description as a remark may be.
    pub fn remark(&self) -> Option<String> {
        let text = self.description.trim();
        (!text.is_empty()).then(|| text.chars().take(500).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_county_find_their_class() {
        for (description, class) in [
            ("48. Permit available", "no-permit"),
            (
                "42. Garbage/refuse properly disposed; facilities maintained",
                "exposed-refuse",
            ),
            ("46. No unapproved sleeping quarters", "illegal-living"),
            ("Sewage and wastewater properly disposed", "sewage"),
            ("Wiping cloths: properly used and stored", "food-safety"),
        ] {
            assert_eq!(finding_class(description), class, "{description}");
        }
    }

    #[test]
    fn every_class_and_severity_is_one_of_the_schemas() {
        let schemas = crate::world::schemas();
        for (_, class) in WORDS {
            assert!(schemas.finding_class(class).is_some(), "{class}");
        }
        for degree in [None, Some(1), Some(2), Some(3), Some(9)] {
            let list = schemas.codes("severity").unwrap();
            assert!(list.get(severity(degree)).is_some());
        }
    }
}
