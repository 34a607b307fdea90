//! Vocabularies keep what is not listed, and are strict about what is no word of any vocabulary.

use std::collections::HashSet;

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::shape::Shape;
use webhook_core::{Code, Open, OpenCode, Wire};

use crate::{forms, read, written};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
enum Status {
    Open,
    InReview,
    /// Spelt in two ways; the vendor's present one is the one to write.
    #[strum(to_string = "merged", serialize = "MERGED")]
    Merged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Level {
    Low,
    High,
}

impl Code for Level {
    const CODES: &'static [i64] = &[1, -2];

    fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Low),
            -2 => Some(Self::High),
            _ => None,
        }
    }

    fn code(self) -> i64 {
        match self {
            Self::Low => 1,
            Self::High => -2,
        }
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
        ],
        &["null", "1", "1.5", "true", "[]", "{}", r#"["open"]"#],
    );
    for text in ["on_hold", "Open", " open", ""] {
        assert_eq!((unlisted(text).listed(), unlisted(text).as_str()), (None, text));
        assert!(matches!(unlisted(text), Open::Unlisted(kept) if kept.as_str() == text));
    }
    assert_eq!(unlisted("MERGED").listed(), Some(Status::Merged));
}

#[test]
fn a_text_is_written_as_it_came_or_in_the_present_spelling() {
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
    let distinct: HashSet<_> = ["open", "open", "on_hold", "on_hold"].map(Open::<Status>::from_text).into();
    assert_eq!(distinct.len(), 2);
}

#[test]
fn null_is_no_value_where_there_may_be_none() {
    forms(
        &[
            ("null", None),
            (r#""open""#, Some(Open::from(Status::Open))),
            (r#""null""#, Some(Open::<Status>::from_text("null"))),
        ],
        &["1", "false", "[]"],
    );
}

#[test]
fn a_number_is_listed_or_kept() {
    let code = OpenCode::<Level>::from;
    forms(
        &[
            ("1", code(1)),
            ("1.0", code(1)),
            ("1.0000", code(1)),
            ("-2", code(-2)),
            ("-2.0", code(-2)),
            ("7", code(7)),
            ("9223372036854775807", code(i64::MAX)),
            ("-9223372036854775808", code(i64::MIN)),
            ("9007199254740992.0", code(1 << 53)),
        ],
        &[
            "1.5",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "1e300",
            // Decimals of this size are no integers any more.
            "9007199254740994.0",
            r#""1""#,
            "true",
            "null",
            "[]",
            "{}",
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
    let Shape::Codes { name, listed } = <OpenCode<Level> as Wire>::shape() else { panic!("another shape") };
    assert_eq!((name, listed), ("Level", [1, -2].as_slice()));
}
