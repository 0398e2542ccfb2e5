//! The record: premises.csv, inspections.csv, findings.csv.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;

use super::ReplayError;

/// A folder's record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// Premises: id and city.
    pub premises: Vec<(String, String)>,
    /// Days with inspections, in order.
    pub days: Vec<Day>,
    /// Rows of inspections and findings that name no premises or no day of them.
    pub orphans: u64,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its midnight in UTC, ms.
    pub midnight_ms: i64,
    /// Its visits, in the order of the file.
    pub visits: Vec<Visit>,
}

/// An inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which of the premises.
    pub premises: usize,
    /// 0 other, 1 initial, 2 routine, 3 follow-up, 4 complaint, 5 investigation.
    pub reason: u8,
    /// 0 not applicable, 1 pass, 2 conditional pass, 3 closed.
    pub result: u8,
    /// What was found: with the first visit of the premises on that day.
    pub findings: Vec<Finding>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In the county's words.
    pub description: String,
    /// 1 minor, 2 major, 3 critical; none where it is not known.
    pub degree: Option<u8>,
    /// Whether it was put right on the spot.
    pub corrected: bool,
}

#[derive(Deserialize)]
struct PremisesRow {
    premises_id: String,
    city: String,
}

#[derive(Deserialize)]
struct InspectionRow {
    premises_id: String,
    date: String,
    reason: Option<u8>,
    result: Option<u8>,
}

#[derive(Deserialize)]
struct FindingRow {
    premises_id: String,
    date: String,
    description: String,
    degree: Option<u8>,
    status: Option<u8>,
}

impl Data {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Self, ReplayError> {
        let rows: Vec<PremisesRow> = rows(folder, "premises.csv")?;
        let mut data = Self::default();
        let mut index = HashMap::new();
        for row in rows {
            index.insert(row.premises_id.clone(), data.premises.len());
            data.premises.push((row.premises_id, row.city));
        }
        let mut days: BTreeMap<Date, Vec<Visit>> = BTreeMap::new();
        for row in self::rows::<InspectionRow>(folder, "inspections.csv")? {
            let (Some(premises), Ok(day)) = (index.get(&row.premises_id), row.date.parse()) else {
                data.orphans += 1;
                continue;
            };
            days.entry(day).or_default().push(Visit {
                premises: *premises,
                reason: row.reason.unwrap_or(0),
                result: row.result.unwrap_or(0),
                findings: Vec::new(),
            });
        }
        for row in self::rows::<FindingRow>(folder, "findings.csv")? {
            let premises = index.get(&row.premises_id);
            let visits = row.date.parse().ok().and_then(|date| days.get_mut(&date));
            let visit = premises.zip(visits).and_then(|(premises, visits)| {
                visits.iter_mut().find(|visit| visit.premises == *premises)
            });
            let Some(visit) = visit else {
                data.orphans += 1;
                continue;
            };
            visit.findings.push(Finding {
                description: row.description,
                degree: row.degree,
                corrected: row.status == Some(2),
            });
        }
        data.days = days
            .into_iter()
            .filter_map(|(date, visits)| {
                let midnight = date.to_zoned(TimeZone::UTC).ok()?;
                Some(Day {
                    midnight_ms: midnight.timestamp().as_millisecond(),
                    visits,
                })
            })
            .collect();
        Ok(data)
    }

    /// Cities, those with most premises first.
    pub fn cities(&self) -> Vec<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, city) in &self.premises {
            *counts.entry(city).or_default() += 1;
        }
        let mut cities: Vec<(&str, usize)> = counts.into_iter().collect();
        cities.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        cities.into_iter().map(|(name, _)| name).collect()
    }
}

fn rows<T: serde::de::DeserializeOwned>(
    folder: &Path,
    file: &'static str,
) -> Result<Vec<T>, ReplayError> {
    let wrong = |error: csv::Error| ReplayError::Data {
        file,
        reason: error.to_string(),
    };
    let mut reader = csv::Reader::from_path(folder.join(file)).map_err(wrong)?;
    let rows = reader.deserialize::<T>().collect::<Result<_, _>>();
    rows.map_err(wrong)
}
