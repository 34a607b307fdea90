//! Vocabularies keep unlisted values.

use std::collections::HashSet;

use webhook_core::describe::Shape;
use webhook_core::{Open, OpenCode, Wire, codes, vocabulary};

use crate::{forms, read, written};

vocabulary! {
    /// Where it stands.
    pub enum Status {
        /// Not decided.
        Open = "open",
        /// Being looked at.
        InReview = "in_review",
        /// Has two spellings; the canonical one is written.
        Merged = "merged" | "MERGED",
    }
}

codes! {
    /// How loud it is.
    pub enum Level {
        /// Hardly.
        Low = 1 => "low",
        /// Very.
        High = -2 => "high",
    }
}

#[test]
fn a_text_is_listed_or_kept() {
    let unlisted = |text| Open::<Status>::from_text(text);
    forms(
        &[
            (r#""open""#, Open::from(Status::Open)),
            (r#""in_review""#, Open::from(Status::InReview)),
            (r#""merged""#, Open::from(Status::Merged)),
            (r#""MERGED""#, Open::from(Status::Merged)),
            (r#""in\u005freview""#, Open::from(Status::InReview)),
            (r#""on_hold""#, unlisted("on_hold")),
            (r#""Open""#, unlisted("Open")),
            (r#"" open""#, unlisted(" open")),
            (r#""""#, unlisted("")),
            (r#""\"größer\" \ud83e\udd80""#, unlisted("\"größer\" 🦀")),
            ("1.50", unlisted("1.50")),
            ("true", unlisted("true")),
        ],
        &["null", "[]", "{}", r#"["open"]"#, r#""\ud800""#],
    );
    for text in ["on_hold", "Open", " open", ""] {
        assert_eq!((unlisted(text).listed(), unlisted(text).as_str()), (None, text));
        assert!(matches!(unlisted(text), Open::Unlisted(kept) if kept.as_str() == text));
    }
    assert_eq!(unlisted("MERGED").listed(), Some(Status::Merged));
}

#[test]
fn a_text_is_written_as_received_or_in_the_canonical_spelling() {
    for (json, expected) in [
        (r#""open""#, r#""open""#),
        (r#""MERGED""#, r#""merged""#),
        (r#""on_hold""#, r#""on_hold""#),
        (r#""\"größer\"""#, r#""\"größer\"""#),
    ] {
        assert_eq!(written(&read::<Open<Status>>(json).unwrap()), expected);
    }
}

#[test]
fn a_value_is_compared_with_a_listed_one_directly() {
    let status = Open::<Status>::from_text("in_review");
    assert_eq!(status, Status::InReview);
    assert_ne!(status, Status::Open);
    assert_ne!(Open::from_text("on_hold"), Status::Open);
    assert_eq!(status.to_string(), "in_review");
    assert_eq!("on_hold".parse::<Open<Status>>().unwrap(), Open::from_text("on_hold"));
    let distinct: HashSet<_> = ["open", "open", "on_hold", "on_hold"].map(Open::<Status>::from_text).into();
    assert_eq!(distinct.len(), 2);
}

#[test]
fn a_vocabulary_is_a_list_of_names() {
    assert_eq!(Status::ALL, [Status::Open, Status::InReview, Status::Merged]);
    assert!(Status::Open < Status::Merged);
    assert_eq!("MERGED".parse(), Ok(Status::Merged));
    assert_eq!(serde_json::to_string(&Status::InReview).unwrap(), r#""in_review""#);
    assert_eq!(serde_json::from_str::<Status>(r#""MERGED""#).unwrap(), Status::Merged);
    assert_eq!(Level::ALL.iter().map(ToString::to_string).collect::<Vec<_>>(), ["low", "high"]);
}

#[test]
fn an_unlisted_name_is_reported_with_similar_names() {
    let error = "in-review".parse::<Status>().unwrap_err();
    assert_eq!(error.close(), ["in_review"]);
    assert_eq!(error.to_string(), "not a listed name; similar names: `in_review`");
    let error = "private".parse::<Status>().unwrap_err();
    assert_eq!(
        format!("{error} {error:?}"),
        "not a listed name; listed: `open`, `in_review`, `merged` UnlistedName { close: [] }"
    );
    assert!("x".repeat(1_000_000).parse::<Status>().unwrap_err().close().is_empty());
}

#[test]
fn a_number_is_listed_or_kept() {
    let code = OpenCode::<Level>::from;
    forms(
        &[
            ("1", code(1)),
            ("1.0", code(1)),
            ("1.0000", code(1)),
            (r#""1""#, code(1)),
            ("-2", code(-2)),
            ("-0.2e1", code(-2)),
            ("7", code(7)),
            ("9223372036854775807", code(i64::MAX)),
            ("-9223372036854775808", code(i64::MIN)),
            ("9007199254740994.0", code(9_007_199_254_740_994)),
        ],
        &[
            "1.5",
            "9223372036854775808",
            "-9223372036854775809",
            "1e300",
            "true",
            "null",
            "[]",
            "{}",
            r#""low""#,
        ],
    );
    assert_eq!(code(-2), Level::High);
    assert_eq!((code(7).listed(), code(7).code()), (None, 7));
    assert_ne!(code(7), Level::Low);
    assert_eq!(code(1).listed(), Some(Level::Low));
    assert_eq!(written(&code(7)), "7");
    assert_eq!(written(&read::<OpenCode<Level>>("1.0").unwrap()), "1");
}

#[test]
fn a_vocabulary_describes_itself() {
    let Shape::Vocabulary { name, listed, accepts } = <Open<Status> as Wire>::shape() else {
        panic!("another shape");
    };
    assert_eq!((name, listed), ("Status", ["open", "in_review", "merged"].as_slice()));
    assert!(accepts("MERGED") && !accepts("on_hold"));
    let Shape::Codes { name, listed, meanings } = <OpenCode<Level> as Wire>::shape() else {
        panic!("another shape");
    };
    assert_eq!((name, listed, meanings), ("Level", [1, -2].as_slice(), ["low", "high"].as_slice()));
}
