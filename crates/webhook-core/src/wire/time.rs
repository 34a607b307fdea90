//! Points in time, in all known and likely spellings. A time without a zone is UTC.
//!
//! Reading is the same for every vendor. Writing is not, so a field names the spelling of its vendor.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::ser::Serializer;

use super::WireAs;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader, whole};

/// Written as seconds since 1970, with a fraction only if the time has one. A time that such a number cannot represent
/// exactly, such as nanoseconds or a leap second, is written as text.
#[derive(Debug)]
pub struct UnixSeconds;

/// Written as `2026-02-10T06:41:55.120Z`: milliseconds, and more digits only if the time has them.
#[derive(Debug)]
pub struct Iso8601;

/// Written as `2026-02-03 08:15:09`, without a zone, with a fraction only if the time has one.
#[derive(Debug)]
pub struct SpaceSeparated;

impl WireAs<DateTime<Utc>> for UnixSeconds {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<DateTime<Utc>>, NotJson> {
        match json.plain_integer() {
            Some(seconds) => Ok(noted(from_integer(i128::from(seconds)), json)),
            None => read(json),
        }
    }

    fn write<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        let nanoseconds = value.timestamp_subsec_nanos();
        if nanoseconds == 0 {
            return serializer.serialize_i64(value.timestamp());
        }
        #[expect(clippy::cast_precision_loss, reason = "the result is compared with the time")]
        let seconds = value.timestamp() as f64 + f64::from(nanoseconds) / 1e9;
        if from_number(&seconds.to_string()) == TimeReading::Time(*value) {
            serializer.serialize_f64(seconds)
        } else {
            <Iso8601 as WireAs<DateTime<Utc>>>::write(value, serializer)
        }
    }

    fn shape() -> Shape {
        Shape::UnixSeconds
    }
}

impl WireAs<DateTime<Utc>> for Iso8601 {
    fn read(json: &mut Reader<'_>) -> Result<Option<DateTime<Utc>>, NotJson> {
        read(json)
    }

    fn write<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        let format = match value.timestamp_subsec_nanos() % 1_000_000 {
            0 => SecondsFormat::Millis,
            _ => SecondsFormat::AutoSi,
        };
        let mut text = value.to_rfc3339_opts(format, true);
        trim_fraction(&mut text);
        serializer.serialize_str(&text)
    }

    fn shape() -> Shape {
        Shape::Time
    }
}

impl WireAs<DateTime<Utc>> for SpaceSeparated {
    fn read(json: &mut Reader<'_>) -> Result<Option<DateTime<Utc>>, NotJson> {
        read(json)
    }

    fn write<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&value.format("%Y-%m-%d %H:%M:%S%.f"))
    }

    fn shape() -> Shape {
        Shape::Time
    }
}

/// The result of reading a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeReading {
    /// A point in time.
    Time(DateTime<Utc>),
    /// A point in time whose unit is not the documented one: milliseconds or microseconds in place of seconds.
    OtherUnit(DateTime<Utc>),
    /// No time, in one of the forms that databases use.
    Nothing,
    /// No reading.
    Unusable,
}

impl TimeReading {
    /// A time that was read. An offset can move it out of the calendar.
    fn of(time: Option<DateTime<Utc>>) -> Self {
        time.filter(in_calendar).map_or(Self::Unusable, Self::Time)
    }

    fn time(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Time(time) | Self::OtherUnit(time) => Some(time),
            Self::Nothing | Self::Unusable => None,
        }
    }
}

/// Reads a point in time in any spelling.
pub(crate) fn read(json: &mut Reader<'_>) -> Result<Option<DateTime<Utc>>, NotJson> {
    reading(json).map(|reading| noted(reading, json))
}

/// The time, with a note where its unit is another one.
#[inline]
fn noted(reading: TimeReading, json: &mut Reader<'_>) -> Option<DateTime<Utc>> {
    if matches!(reading, TimeReading::OtherUnit(_)) {
        json.note_unexpected();
    }
    reading.time()
}

/// Reads the next value as a point in time.
pub(crate) fn reading(json: &mut Reader<'_>) -> Result<TimeReading, NotJson> {
    match json.kind()? {
        JsonKind::String => Ok(json.text()?.map_or(TimeReading::Unusable, |text| from_text(&text))),
        JsonKind::Number => {
            Ok(json.number()?.map_or(TimeReading::Unusable, |number| from_number(number.as_str())))
        }
        JsonKind::Object => from_php(json),
        _ => json.skip().map(|()| TimeReading::Unusable),
    }
}

/// Reads a date and time as text. It accepts RFC 3339 with a `T`, a `t` or a space, 0 to 9 fraction digits, and `Z`, an
/// offset, or nothing, which means UTC. It also accepts a time without seconds, a date alone (midnight), RFC 2822,
/// seconds since 1970, and `/Date(..)/` of .NET.
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    from_text(text).time()
}

fn from_text(text: &str) -> TimeReading {
    if let Some(time) = usual(text.as_bytes()) {
        return TimeReading::Time(time);
    }
    if text.is_empty() || text.starts_with("0000-00-00") {
        return TimeReading::Nothing;
    }
    if !text.is_ascii() {
        return TimeReading::Unusable;
    }
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        // An offset after the number is for display: the number itself is UTC.
        let end = milliseconds.bytes().skip(1).position(|byte| matches!(byte, b'+' | b'-'));
        let number = end.and_then(|end| milliseconds.get(..=end)).unwrap_or(milliseconds);
        return TimeReading::of(number.parse().ok().and_then(DateTime::from_timestamp_millis));
    }
    let number = from_number(text);
    if number != TimeReading::Unusable {
        return number;
    }
    let rfc2822 = || DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc());
    TimeReading::of(calendar(text).or_else(rfc2822))
}

/// Whether a year has at most four digits: only these can be written and read again.
fn in_calendar(time: &DateTime<Utc>) -> bool {
    (0..=9_999).contains(&time.year())
}

/// The usual form: all digits at fixed positions, at most nine fraction digits, and `Z` or no zone.
fn usual(text: &[u8]) -> Option<DateTime<Utc>> {
    let (day, text) = text.split_first_chunk()?;
    let date = date(*day)?;
    let (clock, tail) = text.split_first_chunk()?;
    let [b'T' | b't' | b' ', h0, h1, b':', n0, n1, b':', s0, s1] = *clock else { return None };
    let (fraction, zone) = match tail {
        [b'.', digits @ ..] => {
            digits.split_at(digits.iter().take_while(|byte| byte.is_ascii_digit()).count())
        }
        zone => ([].as_slice(), zone),
    };
    if fraction.len() > 9
        || (fraction.is_empty() && tail.starts_with(b"."))
        || !matches!(zone, [] | [b'Z' | b'z'])
    {
        return None;
    }
    let nanoseconds = nanoseconds(fraction);
    Some(date.and_hms_nano_opt(two(h0, h1)?, two(n0, n1)?, two(s0, s1)?, nanoseconds)?.and_utc())
}

/// A date: four digits, two and two, with `-` between them.
#[inline]
fn date(text: [u8; 10]) -> Option<NaiveDate> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return None };
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    NaiveDate::from_ymd_opt(year.try_into().ok()?, two(m0, m1)?, two(d0, d1)?)
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<u32> {
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[inline]
fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// The first nine digits after the decimal point.
fn nanoseconds(fraction: &[u8]) -> u32 {
    (0..9).fold(0, |sum, place| sum * 10 + fraction.get(place).map_or(0, |digit| u32::from(digit - b'0')))
}

/// A date, alone or with a time, seconds and a zone being optional.
fn calendar(text: &str) -> Option<DateTime<Utc>> {
    let date = date(*text.as_bytes().first_chunk()?)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    let time =
        rest.strip_prefix(['T', 't', ' ']).filter(|time| time.starts_with(|c: char| c.is_ascii_digit()))?;
    let (time, zone) = NaiveTime::parse_and_remainder(time, "%H:%M:%S%.f")
        .or_else(|_| NaiveTime::parse_and_remainder(time, "%H:%M"))
        .ok()?;
    at_zone(date.and_time(time), zone)
}

fn at_zone(naive: chrono::NaiveDateTime, zone: &str) -> Option<DateTime<Utc>> {
    match zone {
        "" | "Z" | "z" => Some(naive.and_utc()),
        offset => {
            let offset: FixedOffset = offset.parse().ok()?;
            Some(naive.and_local_timezone(offset).single()?.to_utc())
        }
    }
}

/// Seconds since 1970, with or without a fraction, by the grammar of JSON.
fn from_number(text: &str) -> TimeReading {
    if let Some(number) = whole(text) {
        return from_integer(number);
    }
    let Some((integer, fraction)) = text.split_once('.') else { return TimeReading::Unusable };
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) || whole(integer).is_none()
    {
        return TimeReading::Unusable;
    }
    let nanoseconds = nanoseconds(fraction.as_bytes());
    TimeReading::of(integer.parse::<i64>().ok().and_then(|seconds| match integer.starts_with('-') {
        false => DateTime::from_timestamp(seconds, nanoseconds),
        true if nanoseconds == 0 => DateTime::from_timestamp(seconds, 0),
        true => DateTime::from_timestamp(seconds.checked_sub(1)?, 1_000_000_000 - nanoseconds),
    }))
}

/// Seconds since 1970 within the years 0 to 9999. A larger number is milliseconds or microseconds, if that gives a time
/// in this century.
fn from_integer(number: i128) -> TimeReading {
    let Ok(number) = i64::try_from(number) else { return TimeReading::Unusable };
    if let Some(time) = DateTime::from_timestamp(number, 0).filter(in_calendar) {
        return TimeReading::Time(time);
    }
    let this_century = |time: &DateTime<Utc>| (2000..=2100).contains(&time.year());
    DateTime::from_timestamp_millis(number)
        .filter(this_century)
        .or_else(|| DateTime::from_timestamp_micros(number).filter(this_century))
        .map_or(TimeReading::Unusable, TimeReading::OtherUnit)
}

/// A `DateTime` of PHP, encoded as JSON: `{"date": "..", "timezone_type": 3, "timezone": "UTC"}`.
fn from_php(json: &mut Reader<'_>) -> Result<TimeReading, NotJson> {
    let Some(mut keys) = json.object()? else { return Ok(TimeReading::Unusable) };
    let (mut date, mut zone) = (None, None);
    while let Some(key) = json.next_text_key(&mut keys)? {
        match &*key {
            "date" => date = json.text()?,
            "timezone" => zone = Some(json.text()?),
            _ => json.skip()?,
        }
    }
    Ok(TimeReading::of(date.and_then(|date| {
        let time = usual(date.as_bytes())?;
        match zone {
            None => Some(time),
            Some(zone) => match &*zone? {
                "UTC" | "GMT" | "Etc/UTC" => Some(time),
                offset => at_zone(time.naive_utc(), offset),
            },
        }
    })))
}

/// Seven digits are 100-nanosecond steps: the two zeros that chrono adds are not significant.
fn trim_fraction(text: &mut String) {
    let Some(digits) = text.strip_suffix('Z').filter(|digits| digits.contains('.')) else {
        return;
    };
    let significant = digits.trim_end_matches('0').len();
    let milliseconds = digits.find('.').map_or(0, |dot| dot + 4);
    text.truncate(significant.max(milliseconds));
    text.push('Z');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_spelling_is_read() {
        for (text, expected) in [
            ("2026-02-03 08:15:09", "2026-02-03T08:15:09Z"),
            ("2026-02-10T06:41:55.120Z", "2026-02-10T06:41:55.120Z"),
            ("2026-02-10T06:41:55.1204417", "2026-02-10T06:41:55.1204417Z"),
            ("2026-02-17T22:59:59.9999999", "2026-02-17T22:59:59.9999999Z"),
            ("2026-02-12T10:30:04+01:00", "2026-02-12T09:30:04Z"),
            ("2026-02-12T10:30:04.5-0130", "2026-02-12T12:00:04.5Z"),
            ("2021-09-02T07:58:20.101990+00:00", "2021-09-02T07:58:20.101990Z"),
            ("2026-02-10t06:41:55.123456789z", "2026-02-10T06:41:55.123456789Z"),
            ("2026-02-10", "2026-02-10T00:00:00Z"),
            ("2026-02-10T06:41", "2026-02-10T06:41:00Z"),
            ("2026-02-10 06:41+02:00", "2026-02-10T04:41:00Z"),
            ("Tue, 10 Feb 2026 06:41:55 +0000", "2026-02-10T06:41:55Z"),
            ("Tue, 10 Feb 2026 06:41:55 GMT", "2026-02-10T06:41:55Z"),
            ("1770705715", "2026-02-10T06:41:55Z"),
            ("1770705715.25", "2026-02-10T06:41:55.25Z"),
            ("-0.5", "1969-12-31T23:59:59.5Z"),
            ("1770705715000", "2026-02-10T06:41:55Z"),
            ("1770705715000000", "2026-02-10T06:41:55Z"),
            ("/Date(1770705715000)/", "2026-02-10T06:41:55Z"),
            ("/Date(1770705715000+0100)/", "2026-02-10T06:41:55Z"),
            ("/Date(-1000)/", "1969-12-31T23:59:59Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_a_time_is_none() {
        for text in [
            "",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "2026-02-30T00:00:00Z",
            "2026-02-03T25:00:00Z",
            "2026-02-03T08:15:09 UTC",
            "2026-02-03_08:15:09",
            "2026-02-03T08:15:09+99:00",
            "2026-02-03T",
            "-025-06-03T06:40:12Z",
            "+026-06-03T06:40:12Z",
            "+26-+6-+3",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "2026-02-03T08:15:09+é",
            "éééééééééééé",
            "/Date(x)/",
            "/Date()/",
            "177070571500000000000",
            "1770705715.",
            "x",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_of_php_is_read_with_its_zone() {
        for (json, expected) in [
            (
                r#"{"date":"2026-02-10 06:41:55.000000","timezone_type":3,"timezone":"UTC"}"#,
                Some("2026-02-10T06:41:55Z"),
            ),
            (r#"{"timezone":"+02:00","date":"2026-02-10 06:41:55.5"}"#, Some("2026-02-10T04:41:55.5Z")),
            (r#"{"date":"2026-02-10 06:41:55","timezone":"Europe/Berlin"}"#, None),
            (r#"{"timezone":"UTC"}"#, None),
            (r#"{"date":"2026-02-10 06:41:55","timezone":true}"#, None),
        ] {
            let expected: Option<DateTime<Utc>> = expected.map(|text| text.parse().unwrap());
            assert_eq!(read(&mut Reader::new(json)), Ok(expected), "{json}");
        }
    }
}
