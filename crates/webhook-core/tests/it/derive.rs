//! What the attributes of `#[derive(Wire)]` do.

use chrono::{DateTime, Utc};
use webhook_core::Wire;
use webhook_core::lenient::UnixSeconds;
use webhook_core::shape::Shape;
use webhook_core::wire::Object;

use crate::{read, written};

/// A parcel,
/// which is sent.
///
/// Not part of the summary.
#[derive(Debug, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
struct Parcel {
    /// The order that it belongs to.
    order_id: u64,
    /// Its kind.
    #[wire(rename = "type")]
    kind: Option<String>,
    /// How many were skipped.
    ///
    /// Not part of the summary.
    ///
    /// **Trap:** not those
    /// that were lost.
    #[wire(optional, alias = "skiped", alias = "skip")]
    skipped: Option<u64>,
    /// What is known to be null at times.
    #[wire(nullable)]
    note: Option<String>,
    /// What is in it.
    #[wire(optional)]
    items: Vec<Parcel>,
    /// Its class.
    r#class: Option<String>,
}

fn parcel(json: &str) -> Parcel {
    read(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn only_what_has_no_absent_value_is_required() {
    let parcel = parcel(r#"{"orderId": 1}"#);
    assert_eq!((parcel.order_id, parcel.kind, parcel.items.len()), (1, None, 0));
    let error = read::<Parcel>(r#"{"type": "x"}"#).unwrap_err();
    assert!(error.to_string().starts_with("missing field `orderId`"), "{error}");
    assert!(read::<Parcel>(r#"{"orderId": null}"#).is_err());
    for json in ["null", "[]", "1", r#""x""#] {
        assert!(read::<Parcel>(json).is_err(), "{json}");
    }
}

#[test]
fn a_null_is_nothing_whatever_is_documented() {
    let nulls =
        r#"{"orderId": 1, "type": null, "skipped": null, "note": null, "items": null, "class": null}"#;
    assert_eq!(parcel(nulls), parcel(r#"{"orderId": 1}"#));
}

#[test]
fn keys_are_spelt_as_the_vendor_does() {
    let parcel = parcel(r#"{"orderId": 1, "type": "box", "class": "a", "order_id": 2, "kind": "bag"}"#);
    assert_eq!(
        (parcel.order_id, parcel.kind.as_deref(), parcel.class.as_deref()),
        (1, Some("box"), Some("a"))
    );
}

#[test]
fn an_alias_gives_way_to_the_key() {
    for (json, expected) in [
        (r#"{"orderId": 1, "skiped": 2}"#, 2),
        (r#"{"orderId": 1, "skip": 2}"#, 2),
        (r#"{"orderId": 1, "skiped": 2, "skipped": 3}"#, 3),
        (r#"{"orderId": 1, "skipped": 3, "skiped": 2}"#, 3),
        (r#"{"orderId": 1, "skipped": 3, "skiped": "any form"}"#, 3),
        (r#"{"orderId": 1, "skiped": 2, "skip": 4}"#, 2),
    ] {
        assert_eq!(parcel(json).skipped, Some(expected), "{json}");
    }
}

#[test]
fn a_key_comes_once() {
    for json in [
        r#"{"orderId": 1, "orderId": 1}"#,
        r#"{"orderId": 1, "note": null, "note": null}"#,
        r#"{"orderId": 1, "skiped": 2, "skipped": 3, "skipped": 3}"#,
    ] {
        assert!(read::<Parcel>(json).unwrap_err().to_string().starts_with("duplicate field"), "{json}");
    }
    // Nobody knows what a key means that no type has.
    assert_eq!(parcel(r#"{"orderId": 1, "new": 1, "new": [{}]}"#), parcel(r#"{"orderId": 1}"#));
}

#[test]
fn only_an_optional_key_is_left_out() {
    assert_eq!(
        written(&parcel(r#"{"orderId": 1}"#)),
        r#"{"orderId":1,"type":null,"note":null,"class":null}"#
    );
    assert_eq!(
        written(&parcel(r#"{"orderId": 1, "skiped": "2", "items": [{"orderId": "3"}]}"#)),
        concat!(
            r#"{"orderId":1,"type":null,"skipped":2,"note":null,"#,
            r#""items":[{"orderId":3,"type":null,"note":null,"class":null}],"class":null}"#,
        )
    );
}

#[test]
fn an_optional_key_with_a_value_is_written() {
    /// What has no absent value.
    #[derive(Debug, PartialEq, Wire)]
    struct Counted {
        /// How many.
        #[wire(optional)]
        count: u64,
        /// Since when.
        #[wire(optional, with = UnixSeconds)]
        since: DateTime<Utc>,
    }

    let json = r#"{"count":0,"since":0}"#;
    assert_eq!(written(&read::<Counted>(json).unwrap()), json);
    assert!(read::<Counted>("{}").is_err());
}

#[test]
fn a_struct_works_with_every_serde_format() {
    let parcel = parcel(r#"{"orderId": 1, "type": "box"}"#);
    let value = serde_json::to_value(&parcel).unwrap();
    assert_eq!(serde_json::from_value::<Parcel>(value).unwrap(), parcel);
}

#[test]
fn a_struct_describes_itself() {
    let Shape::Object { name, doc, fields } = Parcel::shape() else { panic!("another shape") };
    assert_eq!((name, doc), ("Parcel", "A parcel, which is sent."));
    let described: Vec<_> =
        fields().iter().map(|field| (field.name, field.nullable, field.optional, field.doc)).collect();
    assert_eq!(
        described,
        [
            ("orderId", false, false, "The order that it belongs to."),
            ("type", false, false, "Its kind."),
            ("skipped", false, true, "How many were skipped. Trap: not those that were lost."),
            ("note", true, false, "What is known to be null at times."),
            ("items", false, true, "What is in it."),
            ("class", false, false, "Its class."),
        ]
    );
    let skipped = &Parcel::fields()[2];
    assert!(skipped.answers_to("skipped") && skipped.answers_to("skiped") && skipped.answers_to("skip"));
    assert!(!skipped.answers_to("Skipped"));
}
