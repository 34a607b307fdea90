//! Points in time: whole seconds since 1970, or a date and time as text in any of the vendors' spellings.
//!
//! Reading is the same for every vendor; writing is not, so a field names the spelling of its vendor. A time without a
//! zone is UTC.

use std::fmt;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, SecondsFormat, Utc};
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::ser::Serializer;

use crate::lenient::Nullable;
use crate::shape::Shape;
use crate::wire::{WireAs, any};

/// Whole seconds since 1970 as a number, also read from decimal digits as text.
#[derive(Debug)]
pub struct UnixSeconds;

/// Written as `2026-02-10T06:41:55.120Z`: milliseconds, and more digits only where the time has them.
#[derive(Debug)]
pub struct Iso8601;

/// Written as `2026-02-03 08:15:09`, without a zone, with a fraction only where the time has one.
#[derive(Debug)]
pub struct SpaceSeparated;

impl WireAs<DateTime<Utc>> for UnixSeconds {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        any(deserializer, Seconds)
    }

    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        any(deserializer, Nullable(Seconds))
    }

    fn encode<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(value.timestamp())
    }

    fn shape() -> Shape {
        Shape::UnixSeconds
    }
}

impl WireAs<DateTime<Utc>> for Iso8601 {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_str(Text)
    }

    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        any(deserializer, Nullable(Text))
    }

    fn encode<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
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
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_str(Text)
    }

    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        any(deserializer, Nullable(Text))
    }

    fn encode<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&value.format("%Y-%m-%d %H:%M:%S%.f"))
    }

    fn shape() -> Shape {
        Shape::Time
    }
}

/// Reads a date and time in any spelling the vendors use: a `T` or a space between date and time, 0 to 9 fraction
/// digits, `Z`, an offset, or nothing, which means UTC.
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    // chrono alone would take a sign or spaces in front of the year, and the minus sign of typographers.
    if !text.is_ascii() || !text.bytes().take(4).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let separator = text.as_bytes().get(10)?;
    if !matches!(separator, b'T' | b' ') {
        return None;
    }
    // Nearly all are of RFC 3339, which chrono reads much faster than a format.
    let time = match DateTime::parse_from_rfc3339(text) {
        Ok(time) => time.to_utc(),
        Err(_) => parse_other_time(text, *separator == b'T')?,
    };
    // An offset can lead out of the years of four digits, which alone can be written and read again.
    (0..=9_999).contains(&time.year()).then_some(time)
}

/// What RFC 3339 does not know: a time without a zone, a second without a fraction behind its point, and the like.
fn parse_other_time(text: &str, with_t: bool) -> Option<DateTime<Utc>> {
    let format = if with_t { "%Y-%m-%dT%H:%M:%S%.f" } else { "%Y-%m-%d %H:%M:%S%.f" };
    let (naive, zone) = NaiveDateTime::parse_and_remainder(text, format).ok()?;
    match zone {
        "" | "Z" | "z" => Some(naive.and_utc()),
        offset => {
            let offset: FixedOffset = offset.parse().ok()?;
            Some(naive.and_local_timezone(offset).single()?.to_utc())
        }
    }
}

/// Seven digits are 100-nanosecond steps: the two zeros that chrono adds up to nine are no precision.
fn trim_fraction(text: &mut String) {
    let Some(digits) = text.strip_suffix('Z').filter(|digits| digits.contains('.')) else {
        return;
    };
    let significant = digits.trim_end_matches('0').len();
    let milliseconds = digits.find('.').map_or(0, |dot| dot + 4);
    text.truncate(significant.max(milliseconds));
    text.push('Z');
}

struct Seconds;

impl Seconds {
    fn time<E: Error>(self, seconds: i64) -> Result<DateTime<Utc>, E> {
        DateTime::from_timestamp(seconds, 0)
            .ok_or_else(|| E::invalid_value(Unexpected::Signed(seconds), &self))
    }
}

impl Visitor<'_> for Seconds {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whole seconds since 1970, as a number or its digits, within the calendar")
    }

    #[inline]
    fn visit_i64<E: Error>(self, seconds: i64) -> Result<DateTime<Utc>, E> {
        self.time(seconds)
    }

    #[inline]
    fn visit_u64<E: Error>(self, seconds: u64) -> Result<DateTime<Utc>, E> {
        match i64::try_from(seconds) {
            Ok(seconds) => self.time(seconds),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(seconds), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
        match super::integer::Signed.visit_str::<E>(text) {
            Ok(seconds) => self.time(seconds),
            Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time as text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
        parse_time(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_spelling_is_read() {
        for (text, expected) in [
            ("2026-02-03 08:15:09", "2026-02-03T08:15:09Z"),
            ("2026-02-10T06:41:55.120Z", "2026-02-10T06:41:55.120Z"),
            ("2026-02-10T06:41:55.1204417", "2026-02-10T06:41:55.1204417Z"),
            ("2026-02-17T22:59:59", "2026-02-17T22:59:59Z"),
            ("2026-02-17T22:59:59.9999999", "2026-02-17T22:59:59.9999999Z"),
            ("2026-02-12T10:30:04+01:00", "2026-02-12T09:30:04Z"),
            ("2026-02-12T10:30:04.5-0130", "2026-02-12T12:00:04.5Z"),
            ("2021-09-02T07:58:20.101990+00:00", "2021-09-02T07:58:20.101990Z"),
            ("2026-02-10T06:41:55.123456789z", "2026-02-10T06:41:55.123456789Z"),
        ] {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(parse_time(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026",
            "2026-02-03",
            "2026-02-30T00:00:00Z",
            "2026-02-03T25:00:00Z",
            "2026-02-03T08:15Z",
            "2026-02-03T08:15:09 UTC",
            "2026-02-03_08:15:09",
            "2026-02-03T08:15:09+99:00",
            "-025-06-03T06:40:12Z",
            "+026-06-03T06:40:12Z",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "1770106509",
            "2026-02-03T08:15:09+é",
            "éééééééééééé",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    /// The fast way is a short cut and not another rule.
    #[test]
    fn both_ways_read_the_same() {
        let dates = [
            "2026-02-03",
            "2024-02-29",
            "2026-02-29",
            "0000-01-01",
            "9999-12-31",
            "2026-2-03x",
            "2026-13-01",
        ];
        let times = ["00:00:00", "23:59:59", "23:59:60", "24:00:00", "7:05:09", "07:5:09", "07:05"];
        let fractions = ["", ".", ".1", ".120", ".123456789", ".1234567891", ".x"];
        let zones =
            ["", "Z", "z", "+00:00", "-00:00", "+01:00", "-0130", "+1", "+23:59", "+24:00", " +01:00", "UTC"];
        for separator in ["T", " ", "t", "  "] {
            for (date, time) in dates.iter().flat_map(|date| times.map(|time| (date, time))) {
                for (fraction, zone) in
                    fractions.iter().flat_map(|fraction| zones.map(|zone| (fraction, zone)))
                {
                    let text = format!("{date}{separator}{time}{fraction}{zone}");
                    let slowly = match text.as_bytes()[10] {
                        b'T' => parse_other_time(&text, true),
                        b' ' => parse_other_time(&text, false),
                        _ => None,
                    };
                    let slowly = slowly.filter(|time| (0..=9_999).contains(&time.year()));
                    assert_eq!(parse_time(&text), slowly, "{text}");
                }
            }
        }
    }
}
