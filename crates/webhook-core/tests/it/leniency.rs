//! Each rule of leniency: the forms that can be read, and the forms that cannot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use webhook_core::wire::{EmptyAsArray, Iso8601, SpaceSeparated, UnixSeconds, WireAs, WrittenAs};
use webhook_core::{RawJson, text_id};

use crate::{forms, read, read_as, written};

#[test]
fn an_integer_is_read_in_any_spelling() {
    forms(
        &[
            ("0", 0_u64),
            ("25", 25),
            (r#""25""#, 25),
            (r#""0025""#, 25),
            (r#""\u0032\u0035""#, 25),
            ("25.0", 25),
            (r#""25.0""#, 25),
            ("1e2", 100),
            ("2.5e1", 25),
            ("18446744073709551615", u64::MAX),
            (r#""18446744073709551615""#, u64::MAX),
            ("18446744073709551615.0", u64::MAX),
        ],
        &[
            "-1",
            r#""-1""#,
            "18446744073709551616",
            "1.5",
            "1e400",
            r#""+1""#,
            r#"" 1""#,
            r#""1 ""#,
            r#""0x1f""#,
            r#""1_000""#,
            r#""٣""#,
            r#""""#,
            r#""-""#,
            "true",
            "null",
            "[]",
            "[1]",
            r#"{"a":[{}]}"#,
        ],
    );
    forms(
        &[
            ("-1", -1_i64),
            (r#""-1""#, -1),
            ("-1.0", -1),
            ("25", 25),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            (r#""-9223372036854775808""#, i64::MIN),
        ],
        &["9223372036854775808", "-9223372036854775809", "18446744073709551615", r#""--1""#, "false", "null"],
    );
    assert_eq!(written(&read::<u64>(r#""25""#).unwrap()), "25");
}

#[test]
fn a_boolean_may_be_a_digit_or_text() {
    forms(
        &[
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("1.0", true),
            (r#""1""#, true),
            (r#""0""#, false),
            (r#""true""#, true),
            (r#""false""#, false),
        ],
        &["2", "-1", r#""2""#, r#""""#, r#""01""#, r#""yes""#, "null", "[]", "{}"],
    );
    assert_eq!(written(&read::<bool>(r#""1""#).unwrap()), "true");
}

#[test]
fn a_number_has_a_fraction_or_not() {
    forms(
        &[
            ("4", 4.0),
            ("4.0000", 4.0),
            ("-1", -1.0),
            ("1e3", 1000.0),
            (r#""87.25""#, 87.25),
            (r#""0.0000""#, 0.0),
        ],
        &[r#""""#, r#"" 4""#, r#""4 ""#, r#""NaN""#, r#""inf""#, "1e999", "true", "null", "[]", "{}"],
    );
    for (number, expected) in [
        (4.0, "4"),
        (-1.0, "-1"),
        (2.5, "2.5"),
        (-0.0, "-0.0"),
        (9_007_199_254_740_992.0, "9007199254740992"),
    ] {
        assert_eq!(written(&number), expected);
    }
    for number in [-0.0, 2.5, 0.1, 1e300, 5e-324, f64::MAX, 9_007_199_254_740_992.0] {
        assert_eq!(read::<f64>(&written(&number)).unwrap().to_bits(), number.to_bits(), "{number}");
    }
}

#[test]
fn text_and_the_spelling_of_a_number_are_kept() {
    let text = str::to_owned;
    forms(
        &[
            (r#""""#, String::new()),
            (r#"" a ""#, text(" a ")),
            (r#""null""#, text("null")),
            (r#""a\n\u00e9\ud83e\udd80\/\\\"""#, text("a\né🦀/\\\"")),
            ("404", text("404")),
            ("0.10", text("0.10")),
            ("1e3", text("1e3")),
            ("12345678901234567890123", text("12345678901234567890123")),
            ("true", text("true")),
            ("false", text("false")),
        ],
        &["null", "[]", "{}", r#"["a"]"#, r#""\ud83e""#, r#""\ud83e\ud83e""#, r#""\udd80""#, r#""\ud83ex""#],
    );
}

#[test]
fn an_id_is_text_or_its_digits() {
    text_id! {
        /// An id.
        pub struct Id;
    }
    let id = |text: &str| Id::from(text);
    forms(
        &[
            (r#""a""#, id("a")),
            ("612345678901234567", id("612345678901234567")),
            ("61234567890123456789012345", id("61234567890123456789012345")),
            ("0", id("0")),
        ],
        &[r#""""#, "-1", "2.5", "1e3", "true", "null", "[]", "{}", r#""\ud800""#],
    );
}

#[test]
fn a_list_leaves_out_unusable_elements() {
    forms(
        &[
            ("[]", vec![]),
            ("[1]", vec![1_u64]),
            (r#"[1, "2", null, true, [], 3]"#, vec![1, 2, 3]),
            (r#"{"0": 1, "2": 2}"#, vec![1, 2]),
            ("{}", vec![]),
        ],
        &["null", r#""""#, "1", "false", r#"{"a": 1}"#, r#"{"0": 1, "": 2}"#],
    );
    assert_eq!(read::<Vec<RawJson>>("[null, [null]]").unwrap().len(), 2);
}

#[test]
fn a_map_may_be_an_array_and_leaves_out_unusable_values() {
    let map = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
    };
    forms(
        &[
            ("{}", map(&[])),
            ("[]", map(&[])),
            (r#"{"7": "1", "a": 2, "b": null, "c": []}"#, map(&[("7", 1), ("a", 2)])),
            ("[5, null, 6]", map(&[("0", 5), ("2", 6)])),
            (r#"{"": 1}"#, map(&[("", 1)])),
            (r#"{"a": 1, "\u0061": 2}"#, map(&[("a", 2)])),
        ],
        &["null", r#""""#, "1", "false"],
    );
    assert_eq!(written(&map(&[])), "{}");
}

#[test]
fn an_empty_map_can_be_written_as_a_list() {
    let rewritten = |json| {
        let map: BTreeMap<String, u64> = read_as::<EmptyAsArray, _>(json).unwrap();
        serde_json::to_string(&WrittenAs::<EmptyAsArray, _>::new(&map)).unwrap()
    };
    assert_eq!(rewritten("[]"), "[]");
    assert_eq!(rewritten("{}"), "[]");
    assert_eq!(rewritten(r#"{"7":1}"#), r#"{"7":1}"#);
}

#[test]
fn raw_json_is_kept_byte_for_byte() {
    for json in [r#"{ "b" : 1.50,  "a":[ ] }"#, "1e400", "123456789012345678901234567890", r#""\u0061""#] {
        let kept = read::<RawJson>(json).unwrap();
        assert_eq!(kept.get(), json);
        assert_eq!(written(&kept), json);
    }
    assert!(RawJson::from_text("[1,".to_owned()).is_err());
    assert!(read::<RawJson>("null").unwrap().is_null());
    assert_eq!(read::<Option<RawJson>>("null"), None);
    assert!(!read::<RawJson>("0").unwrap().is_null());
    assert_eq!(read::<RawJson>("[1]").unwrap(), read::<RawJson>(" [1] ").unwrap());
    assert_ne!(read::<RawJson>("[1]").unwrap(), read::<RawJson>("[1 ]").unwrap());
    assert_eq!(read::<RawJson>(r#""a\u0062""#).unwrap().as_text().as_deref(), Some("ab"));
    assert_eq!(read::<RawJson>("12").unwrap().as_text(), None);
    assert_eq!(format!("{:?}", read::<RawJson>(r#""private-text""#).unwrap()), "RawJson(14 bytes)");
}

#[test]
fn a_time_is_read_in_any_spelling_whatever_the_vendor_writes() {
    let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (json, expected) in [
        ("1770830431", "2026-02-11T17:20:31Z"),
        (r#""1770830431""#, "2026-02-11T17:20:31Z"),
        ("1770830431.5", "2026-02-11T17:20:31.5Z"),
        ("1770830431.0", "2026-02-11T17:20:31Z"),
        ("1770830431000", "2026-02-11T17:20:31Z"),
        ("1770830431000000", "2026-02-11T17:20:31Z"),
        ("-1", "1969-12-31T23:59:59Z"),
        ("253402300799", "9999-12-31T23:59:59Z"),
        (r#""2026-02-11T17:20:31Z""#, "2026-02-11T17:20:31Z"),
        (r#""2026-02-11""#, "2026-02-11T00:00:00Z"),
        (
            r#"{"date":"2026-02-11 17:20:31.000000","timezone_type":3,"timezone":"UTC"}"#,
            "2026-02-11T17:20:31Z",
        ),
    ] {
        assert_eq!(read_as::<UnixSeconds, _>(json), Some(time(expected)), "{json}");
        assert_eq!(read_as::<Iso8601, _>(json), Some(time(expected)), "{json}");
        assert_eq!(read_as::<SpaceSeparated, Option<_>>(json), Some(Some(time(expected))), "{json}");
    }
    for json in [
        "9223372036854775807",
        "253402300800",
        "1770830431000000000",
        "18446744073709551616",
        "2.5e0",
        r#""""#,
        r#""0000-00-00 00:00:00""#,
        "null",
        "true",
        "[]",
        "{}",
    ] {
        assert_eq!(read_as::<UnixSeconds, DateTime<Utc>>(json), None, "{json}");
        assert_eq!(read_as::<Iso8601, DateTime<Utc>>(json), None, "{json}");
    }
}

#[test]
fn seconds_are_written_without_loss() {
    for (text, expected) in [
        ("2026-02-10T06:41:55Z", "1770705715"),
        ("2026-02-10T06:41:55.25Z", "1770705715.25"),
        ("2026-02-10T06:41:55.120441Z", "1770705715.120441"),
        ("2026-02-10T06:41:55.123456789Z", r#""2026-02-10T06:41:55.123456789Z""#),
        ("2026-12-31T23:59:60Z", r#""2026-12-31T23:59:60.000Z""#),
    ] {
        let time = webhook_core::wire::parse_time(text).unwrap();
        let json = serde_json::to_string(&WrittenAs::<UnixSeconds, _>::new(&time)).unwrap();
        assert_eq!(json, expected);
        assert_eq!(read_as::<UnixSeconds, _>(&json), Some(time));
    }
}

#[test]
fn a_time_is_written_in_the_spelling_of_its_vendor() {
    fn rewritten<A: WireAs<DateTime<Utc>>>(text: &str) -> String {
        let time = read_as::<A, DateTime<Utc>>(&format!("{text:?}")).unwrap();
        serde_json::to_value(WrittenAs::<A, _>::new(&time)).unwrap().as_str().unwrap().to_owned()
    }
    for (text, iso, spaced) in [
        ("2026-02-10T06:41:55.120Z", "2026-02-10T06:41:55.120Z", "2026-02-10 06:41:55.120"),
        ("2026-02-10T06:41:55.1204417", "2026-02-10T06:41:55.1204417Z", "2026-02-10 06:41:55.120441700"),
        ("2026-02-10 06:41:55", "2026-02-10T06:41:55.000Z", "2026-02-10 06:41:55"),
        ("2026-02-10T07:41:55+01:00", "2026-02-10T06:41:55.000Z", "2026-02-10 06:41:55"),
        ("2026-02-10T06:41:55.000000001Z", "2026-02-10T06:41:55.000000001Z", "2026-02-10 06:41:55.000000001"),
    ] {
        assert_eq!(rewritten::<Iso8601>(text), iso);
        assert_eq!(rewritten::<SpaceSeparated>(text), spaced);
    }
}

/// U+2212 is not a sign of an offset.
#[test]
fn an_offset_has_a_sign_of_ascii() {
    for offset in ["\u{2212}01:00", "01:00", "UTC"] {
        let json = format!(r#""2024-02-09T18:39:59{offset}""#);
        assert_eq!(read_as::<Iso8601, DateTime<Utc>>(&json), None, "{json}");
    }
}
