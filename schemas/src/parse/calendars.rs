//! calendars/*.toml: one year of public holidays and swapped working days.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::table::{At, Table};
use crate::calendar::Year;
use crate::checks::date;
use crate::set::SchemaSet;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    let Some(year) = table.need_int_in::<i16>("year", 2000..=2199) else {
        return;
    };
    let holidays = days(table, "holidays", year);
    let workdays = days(table, "workdays", year);
    for (day, at) in &workdays {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            let help = Some("list only worked Saturdays and Sundays".to_owned());
            table
                .file
                .sink
                .push(at, format!("{day} is no weekend day"), help);
        }
        if holidays.iter().any(|(holiday, _)| holiday == day) {
            table
                .file
                .sink
                .push(at, format!("{day} is both holiday and working day"), None);
        }
    }
    let only = |days: Vec<(Date, _)>| {
        days.into_iter()
            .map(|(day, _)| day)
            .collect::<BTreeSet<_>>()
    };
    let days = Year {
        holidays: only(holidays),
        workdays: only(workdays),
    };
    if !set.calendar.insert(year, days) {
        table
            .file
            .sink
            .push(&table.place, format!("year {year} has two calendars"), None);
    }
}

fn days(table: &Table<'_>, key: &'static str, year: i16) -> Vec<(Date, crate::place::Place)> {
    let one = |found: At<String>| {
        let day = date::check(&found.value)
            .ok()
            .filter(|day| day.year() == year);
        if day.is_none() {
            let help = Some(format!("write a day of {year} as \"{year}-01-01\""));
            table.file.sink.push(
                &found.place,
                format!("`{key}` holds no day of {year}"),
                help,
            );
        }
        Some((day?, found.place))
    };
    table.texts(key).into_iter().filter_map(one).collect()
}
