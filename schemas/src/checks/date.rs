//! Calendar dates, ISO 8601 `YYYY-MM-DD` (GB/T 7408).

use jiff::civil::Date;

use super::ValueError;
use crate::limits::YEARS;

/// Checks a date: exactly `YYYY-MM-DD`, a real day of the Gregorian calendar, a plausible year.
pub fn check(text: &str) -> Result<Date, ValueError> {
    let date = parse(text).ok_or(ValueError::NotADate)?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(ValueError::ImplausibleDate)
    }
}

fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..)?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_days_exist_only_in_leap_years() {
        assert!(check("2024-02-29").is_ok());
        assert!(check("2000-02-29").is_ok());
        assert_eq!(check("2023-02-29"), Err(ValueError::NotADate));
        assert_eq!(check("1900-02-29"), Err(ValueError::NotADate));
    }

    #[test]
    fn other_ways_to_write_a_date_are_refused() {
        for text in [
            "",
            "2024-2-9",
            "20240209",
            "2024/02/09",
            "2024-02-09 ",
            "+024-02-09",
        ] {
            assert_eq!(check(text), Err(ValueError::NotADate), "{text}");
        }
    }

    #[test]
    fn years_beyond_a_life_are_implausible() {
        assert_eq!(check("1899-12-31"), Err(ValueError::ImplausibleDate));
        assert_eq!(check("2200-01-01"), Err(ValueError::ImplausibleDate));
        assert!(check("1900-01-01").is_ok());
    }
}
