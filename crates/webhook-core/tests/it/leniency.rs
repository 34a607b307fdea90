//! Each rule of leniency: the forms that it takes, and the forms that it does not.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::IntoDeserializer as _;
use serde::de::value::StringDeserializer;
use webhook_core::lenient::{EmptyAsArray, Iso8601, SpaceSeparated, UnixSeconds};
use webhook_core::wire::{EncodedAs, WireAs};
use webhook_core::{RawJson, Wire};

use crate::{forms, read, read_as, written};

#[test]
fn a_counter_may_be_its_digits() {
    forms(
        &[
            ("0", 0_u64),
            ("25", 25),
            (r#""25""#, 25),
            (r#""0""#, 0),
            (r#""0025""#, 25),
            (r#""\u0032\u0035""#, 25),
            ("18446744073709551615", u64::MAX),
            (r#""18446744073709551615""#, u64::MAX),
        ],
        &[
            "-1",
            r#""-1""#,
            "18446744073709551616",
            r#""18446744073709551616""#,
            "1.0",
            "1.5",
            "1e3",
            r#""1.0""#,
            r#""1e3""#,
            r#""+1""#,
            r#"" 1""#,
            r#""1 ""#,
            r#""0x1f""#,
            r#""1_000""#,
            r#""٣""#,
            r#""""#,
            "true",
            "null",
            "[]",
            "[1]",
            "{}",
        ],
    );
    assert_eq!(written(&read::<u64>(r#""25""#).unwrap()), "25");
}

#[test]
fn a_signed_number_may_be_its_digits() {
    forms(
        &[
            ("-1", -1_i64),
            (r#""-1""#, -1),
            ("25", 25),
            (r#""25""#, 25),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            (r#""-9223372036854775808""#, i64::MIN),
        ],
        &[
            "9223372036854775808",
            "-9223372036854775809",
            r#""9223372036854775808""#,
            r#""-9223372036854775809""#,
            "18446744073709551615",
            r#""--1""#,
            r#""-""#,
            r#""+1""#,
            r#""""#,
            "1.0",
            "false",
            "null",
        ],
    );
}

#[test]
fn a_boolean_may_be_a_digit() {
    forms(
        &[("true", true), ("false", false), ("1", true), ("0", false), (r#""1""#, true), (r#""0""#, false)],
        &["2", "-1", "1.0", r#""2""#, r#""true""#, r#""false""#, r#""""#, r#""01""#, "null", "[]", "{}"],
    );
    assert_eq!(written(&read::<bool>(r#""1""#).unwrap()), "true");
}

#[test]
fn a_number_has_a_fraction_or_not() {
    forms(
        &[("4", 4.0), ("4.0000", 4.0), ("-1", -1.0), ("2.5", 2.5), ("1e3", 1000.0), ("0", 0.0)],
        &[r#""4""#, r#""""#, "1e999", "true", "null", "[]", "{}"],
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
fn text_is_kept_as_it_came() {
    forms(
        &[
            (r#""""#, String::new()),
            (r#"" a ""#, " a ".to_owned()),
            (r#""null""#, "null".to_owned()),
            (r#""a\n\u00e9\ud83e\udd80""#, "a\né🦀".to_owned()),
        ],
        &["null", "1", "true", "[]", "{}", r#""\ud83e""#],
    );
}

#[test]
fn null_is_nothing_and_anything_else_goes_by_its_own_rule() {
    forms(
        &[("null", None), ("25", Some(25_u64)), (r#""25""#, Some(25))],
        &["-1", r#""""#, "1.5", "[]", "18446744073709551616"],
    );
    forms(&[("null", None), ("1", Some(true)), (r#""0""#, Some(false))], &["2", r#""""#]);
    forms(&[("null", None), (r#""""#, Some(String::new()))], &["1", "[]"]);
    forms(&[("null", None), ("4.0", Some(4.0))], &[r#""4""#]);
    assert_eq!(written(&None::<u64>), "null");
}

#[test]
fn a_list_may_be_null() {
    forms(
        &[("[]", vec![]), ("null", vec![]), ("[1]", vec![1_u64]), (r#"[1, "2"]"#, vec![1, 2])],
        &["{}", r#""""#, "1", "false", "[null]", "[-1]", "[[1]]"],
    );
    forms(&[("[null, 1]", vec![None, Some(1_u64)])], &["[true]"]);
    assert_eq!(written(&read::<Vec<u64>>("null").unwrap()), "[]");
}

#[test]
fn a_map_may_be_an_array() {
    let map = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
    };
    forms(
        &[
            ("{}", map(&[])),
            ("[]", map(&[])),
            ("null", map(&[])),
            (r#"{"7": "1", "a": 2}"#, map(&[("7", 1), ("a", 2)])),
            ("[5, 6]", map(&[("0", 5), ("1", 6)])),
            (r#"{"": 1}"#, map(&[("", 1)])),
        ],
        &[r#""""#, "1", "false", r#"{"a": null}"#, r#"{"a": 1, "a": 1}"#, r#"{"a": 1, "\u0061": 2}"#, "[-1]"],
    );
    assert_eq!(written(&map(&[])), "{}");
}

#[test]
fn an_empty_map_can_be_written_the_way_it_comes() {
    let rewritten = |json| {
        let map: BTreeMap<String, u64> = read_as::<EmptyAsArray, _>(json).unwrap();
        serde_json::to_string(&EncodedAs::<EmptyAsArray, _>::new(&map)).unwrap()
    };
    assert_eq!(rewritten("[]"), "[]");
    assert_eq!(rewritten("{}"), "[]");
    assert_eq!(rewritten(r#"{"7":1}"#), r#"{"7":1}"#);
}

#[test]
fn json_is_kept_to_the_byte() {
    for json in [r#"{ "b" : 1.50,  "a":[ ] }"#, "1e400", "123456789012345678901234567890", r#""\u0061""#] {
        let kept = read::<RawJson>(json).unwrap();
        assert_eq!(kept.get(), json);
        assert_eq!(written(&kept), json);
    }
    assert!(read::<RawJson>("[1,").is_err());
    assert!(RawJson::from_text("[1,".to_owned()).is_err());
    assert!(read::<RawJson>("null").unwrap().is_null());
    assert!(!read::<RawJson>("0").unwrap().is_null());
    assert_eq!(read::<RawJson>("[1]").unwrap(), read::<RawJson>(" [1] ").unwrap());
    assert_ne!(read::<RawJson>("[1]").unwrap(), read::<RawJson>("[1 ]").unwrap());
    assert_eq!(read::<RawJson>(r#""a\u0062""#).unwrap().as_text().as_deref(), Some("ab"));
    assert_eq!(read::<RawJson>("12").unwrap().as_text(), None);
    assert_eq!(format!("{:?}", read::<RawJson>(r#""private-text""#).unwrap()), "RawJson(14 bytes)");
}

#[test]
fn seconds_may_be_their_digits_and_stay_within_the_calendar() {
    let read = read_as::<UnixSeconds, DateTime<Utc>>;
    for (json, expected) in [
        ("1770830431", "2026-02-11T17:20:31Z"),
        (r#""1770830431""#, "2026-02-11T17:20:31Z"),
        ("0", "1970-01-01T00:00:00Z"),
        ("-1", "1969-12-31T23:59:59Z"),
        (r#""-1""#, "1969-12-31T23:59:59Z"),
    ] {
        assert_eq!(read(json).unwrap(), expected.parse::<DateTime<Utc>>().unwrap(), "{json}");
    }
    for json in [
        "1770830431.5",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        r#""9223372036854775807""#,
        r#""2026-02-11T17:20:31Z""#,
        r#""1770830431.5""#,
        r#""""#,
        "null",
        "true",
        "[]",
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}

#[test]
fn a_time_is_written_in_the_spelling_of_its_vendor() {
    fn rewritten<A: WireAs<DateTime<Utc>>>(text: &str) -> String {
        let time = read_as::<A, DateTime<Utc>>(&format!("{text:?}")).unwrap();
        serde_json::to_value(EncodedAs::<A, _>::new(&time)).unwrap().as_str().unwrap().to_owned()
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
    assert!(read_as::<Iso8601, DateTime<Utc>>("1770830431").is_err());
    assert!(read_as::<SpaceSeparated, DateTime<Utc>>("null").is_err());
}

#[test]
fn a_time_may_be_missing_where_it_is_optional() {
    assert_eq!(read_as::<Iso8601, Option<DateTime<Utc>>>("null").unwrap(), None);
    assert_eq!(read_as::<UnixSeconds, Option<DateTime<Utc>>>("null").unwrap(), None);
    assert!(read_as::<Iso8601, Option<DateTime<Utc>>>(r#""""#).is_err());
    assert_eq!(read_as::<UnixSeconds, Option<DateTime<Utc>>>(r#""0""#).unwrap(), Some(DateTime::UNIX_EPOCH));
}

/// A value that is there is never taken for none.
#[test]
fn a_value_or_null_is_either() {
    forms(&[("null", None), ("-3", Some(-3_i64)), (r#""-3""#, Some(-3))], &["1.5", "[]", r#""""#]);
    forms(&[("null", None), ("3", Some(3_u64)), (r#""3""#, Some(3))], &["-1", "1.5", "{}"]);
    forms(&[("null", None), ("-3", Some(-3.0)), ("0.5", Some(0.5)), ("2", Some(2.0))], &["[]", "true"]);
    forms(&[("null", None), ("[1]", Some(vec![1_u64])), ("[]", Some(vec![]))], &["1", "{}"]);
    let map = |key: &str| Some(BTreeMap::from([(key.to_owned(), 1_u64)]));
    forms(&[("null", None), (r#"{"a":1}"#, map("a")), ("[1]", map("0"))], &["1", r#"{"a":-1}"#]);
    let time = DateTime::from_timestamp(1_707_503_999, 0);
    for (json, expected) in [("null", None), (r#""2024-02-09 18:39:59""#, time)] {
        assert_eq!(read_as::<SpaceSeparated, Option<DateTime<Utc>>>(json).unwrap(), expected);
    }
    for (json, expected) in [("null", None), (r#"{"a":1}"#, map("a"))] {
        assert_eq!(read_as::<EmptyAsArray, Option<BTreeMap<String, u64>>>(json).unwrap(), expected);
    }
}

/// In a box or not, as a map or as what PHP makes of one.
#[test]
fn what_is_absent_is_what_is_empty() {
    type Map = BTreeMap<String, u64>;
    let full = Map::from([("a".to_owned(), 1)]);
    assert_eq!(<Map as Wire>::absent(), Some(Map::new()));
    assert!(Map::new().is_absent() && !full.is_absent());
    assert_eq!(<EmptyAsArray as WireAs<Map>>::absent(), Some(Map::new()));
    assert!(<EmptyAsArray as WireAs<Map>>::is_absent(&Map::new()));
    assert!(!<EmptyAsArray as WireAs<Map>>::is_absent(&full));
    assert_eq!(<Box<Option<u64>> as Wire>::absent(), Some(Box::new(None)));
    assert_eq!(<Box<u64> as Wire>::absent(), None);
    assert!(Box::new(None::<u64>).is_absent() && !Box::new(Some(0_u64)).is_absent());
    assert_eq!(<u64 as Wire>::absent(), None);
    assert!(!0_u64.is_absent());
    assert_eq!(<UnixSeconds as WireAs<DateTime<Utc>>>::absent(), None);
    assert!(!<UnixSeconds as WireAs<DateTime<Utc>>>::is_absent(&DateTime::UNIX_EPOCH));
}

/// Formats other than JSON hand over text that they own.
#[test]
fn text_may_be_owned_by_the_format() {
    let text: StringDeserializer<serde::de::value::Error> = "a text".to_owned().into_deserializer();
    assert_eq!(<String as Wire>::decode(text).unwrap(), "a text");
}

/// A minus sign of typographers is no part of a time.
#[test]
fn an_offset_has_a_sign_of_ascii() {
    for offset in ["\u{2212}01:00", " +01:00", "01:00", "+1", "UTC"] {
        let json = format!(r#""2024-02-09T18:39:59{offset}""#);
        assert!(read_as::<Iso8601, DateTime<Utc>>(&json).is_err(), "{json}");
    }
}
