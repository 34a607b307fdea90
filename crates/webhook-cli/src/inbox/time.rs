//! Points in time on the command line: a time, a date, or an age.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Parses `2026-03-01T12:00:00Z`, `2026-03-01` (its start in UTC), or an age such as `90m`, `12h`, `7d`.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    if let Ok(date) = text.parse::<NaiveDate>() {
        return date.and_hms_opt(0, 0, 0).map(|time| time.and_utc()).ok_or_else(expected);
    }
    let age = age(text).ok_or_else(expected)?;
    Utc::now().checked_sub_signed(age).ok_or_else(expected)
}

fn expected() -> String {
    "expected a time such as 2026-03-01T12:00:00Z, a date such as 2026-03-01, or an age such as 90m, 12h or 7d".to_owned()
}

fn age(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().next_back()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|number| *number >= 0)?;
    match unit {
        's' => TimeDelta::try_seconds(number),
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_dates_and_ages_are_taken() {
        let at = |text: &str| moment(text).unwrap();
        assert_eq!(at("2026-03-01T12:00:00+02:00").to_rfc3339(), "2026-03-01T10:00:00+00:00");
        assert_eq!(at("2026-03-01").to_rfc3339(), "2026-03-01T00:00:00+00:00");
        for (age, seconds) in [("0s", 0), ("90m", 5_400), ("12h", 43_200), ("7d", 604_800)] {
            let then = at(age);
            let since = (Utc::now() - then).num_seconds();
            assert!((seconds..seconds + 60).contains(&since), "{age}: {since}");
        }
        for wrong in ["", "7", "d", "-1d", "7w", "1.5h", "2026-13-01", "yesterday", "99999999999999999d", "é"]
        {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
