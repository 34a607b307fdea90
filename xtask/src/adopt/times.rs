//! Times in the vendors' spellings, moved without a change of spelling.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// The first time of a capture becomes this one, and all others keep their distance from it. So a fixture does not show
/// how far the times were moved.
const FIRST: i64 = 1_770_106_509;

/// Seconds that are a plausible time of an event: from 2000 to 2100.
const PLAUSIBLE: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// The shift of all times of a capture.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shift {
    /// The first plausible time.
    first: Option<i64>,
}

impl Shift {
    /// Notes a time.
    fn note(&mut self, seconds: i64) {
        if PLAUSIBLE.contains(&seconds) {
            self.first.get_or_insert(seconds);
        }
    }

    fn seconds(self) -> i64 {
        self.first.map_or(0, |first| FIRST - first)
    }

    /// The digits of a unix time, in seconds or milliseconds, moved; `None` when they are no plausible time.
    pub(super) fn unix(&mut self, digits: &str) -> Option<String> {
        let number: i64 = digits.parse().ok()?;
        if PLAUSIBLE.contains(&number) {
            self.note(number);
            let moved = number + self.seconds();
            return PLAUSIBLE.contains(&moved).then(|| moved.to_string());
        }
        let (seconds, rest) = (number / 1_000, number % 1_000);
        if !PLAUSIBLE.contains(&seconds) {
            return None;
        }
        self.note(seconds);
        let moved = seconds + self.seconds();
        PLAUSIBLE.contains(&moved).then(|| (moved * 1_000 + rest).to_string())
    }

    /// A date, or a date and time, moved and written as it was; `None` when the text is something else.
    ///
    /// The fraction of the second and the offset are kept. A date that means "never", such as the year 1, is not moved.
    pub(super) fn written(&mut self, text: &str) -> Option<String> {
        let parts = Parts::of(text)?;
        let date = NaiveDate::parse_from_str(parts.date, "%Y-%m-%d").ok()?;
        let time = match parts.time.len() {
            0 => NaiveTime::MIN,
            5 => NaiveTime::parse_from_str(parts.time, "%H:%M").ok()?,
            _ => NaiveTime::parse_from_str(parts.time, "%H:%M:%S").ok()?,
        };
        let moment = NaiveDateTime::new(date, time);
        let seconds = moment.and_utc().timestamp();
        if !PLAUSIBLE.contains(&seconds) {
            return is_never(date).then(|| text.to_owned());
        }
        self.note(seconds);
        let moved = moment.checked_add_signed(TimeDelta::try_seconds(self.seconds())?)?;
        if !PLAUSIBLE.contains(&moved.and_utc().timestamp()) {
            return None;
        }
        let date = moved.format("%Y-%m-%d");
        let time = match parts.time.len() {
            0 => String::new(),
            5 => moved.format("%H:%M").to_string(),
            _ => moved.format("%H:%M:%S").to_string(),
        };
        Some(format!("{date}{}{time}{}", parts.separator, parts.rest))
    }
}

fn is_never(date: NaiveDate) -> bool {
    ["0001-01-01", "1970-01-01", "9999-12-31"].contains(&date.to_string().as_str())
}

/// `2026-02-10`, `T`, `06:41:55`, `.1204417Z`.
struct Parts<'a> {
    date: &'a str,
    separator: &'a str,
    time: &'a str,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (date, after) = text.split_at_checked(10)?;
        if !pattern(date, "dddd-dd-dd") {
            return None;
        }
        if after.is_empty() {
            return Some(Self { date, separator: "", time: "", rest: "" });
        }
        let (separator, after) = after.split_at_checked(1)?;
        if !matches!(separator, "T" | "t" | " ") {
            return None;
        }
        let whole = after.get(..8).is_some_and(|time| pattern(time, "dd:dd:dd"));
        let (time, rest) = after.split_at_checked(if whole { 8 } else { 5 })?;
        if !pattern(time, if whole { "dd:dd:dd" } else { "dd:dd" }) {
            return None;
        }
        let zone = match rest.strip_prefix('.') {
            Some(fraction) => fraction.trim_start_matches(|letter: char| letter.is_ascii_digit()),
            None => rest,
        };
        let forms = ["Z", "z", "+dd:dd", "-dd:dd", "+dddd", "-dddd", "+dd", "-dd", " UTC", ""];
        let is_zone = forms.iter().any(|form| pattern(zone, form));
        is_zone.then_some(Self { date, separator, time, rest })
    }
}

/// Whether a text has a form in which `d` stands for a digit.
fn pattern(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            letter => byte == letter,
        })
}

#[cfg(test)]
mod tests {
    use super::Shift;

    #[test]
    fn times_keep_their_distance_and_their_spelling() {
        let mut shift = Shift::default();
        let moved: Vec<_> = [
            "2031-05-01T10:00:00.1204417",
            "2031-05-01T10:00:07Z",
            "2031-05-01 12:00:07+02:00",
            "2031-05-02",
            "2031-05-01T10:01",
        ]
        .into_iter()
        .map(|text| shift.written(text).unwrap())
        .collect();
        assert_eq!(
            moved,
            [
                "2026-02-03T08:15:09.1204417",
                "2026-02-03T08:15:16Z",
                "2026-02-03 10:15:16+02:00",
                "2026-02-03",
                "2026-02-03T08:16"
            ]
        );
        // 2031-05-01T10:00:07Z, in seconds and in milliseconds.
        assert_eq!(shift.unix("1935396007").unwrap(), "1770106516");
        assert_eq!(shift.unix("1935396007025").unwrap(), "1770106516025");
    }

    #[test]
    fn text_that_is_not_a_time_is_not_moved() {
        let mut shift = Shift::default();
        for text in ["", "2031", "2031-05-01x", "2031-05-01T10", "2031-05-01T10:00:00 by Ann", "31-05-2031"] {
            assert_eq!(shift.written(text), None, "{text}");
        }
        assert_eq!(shift.unix("4821"), None);
        assert_eq!(shift.unix("390137996571050950"), None);
    }

    #[test]
    fn a_time_that_means_never_is_kept() {
        let text = "0001-01-01T00:00:00";
        assert_eq!(Shift::default().written(text).as_deref(), Some(text));
    }
}
