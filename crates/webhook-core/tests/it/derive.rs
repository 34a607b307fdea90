//! What the attributes of `#[derive(Wire)]` do.

use webhook_core::Wire;
use webhook_core::describe::{Shape, identity};
use webhook_core::wire::Object;

use crate::{forms, read, written};

/// A parcel,
/// which is sent.
///
/// Not part of the summary.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
struct Parcel {
    /// The order that it belongs to.
    #[wire(identity)]
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

/// A parcel that moved: its fields are beside its place.
#[derive(Debug, Clone, PartialEq, Wire)]
struct Moved {
    /// Where it is now.
    #[wire(alias = "location")]
    place: Option<String>,
    /// The parcel.
    #[wire(flatten, optional)]
    parcel: Parcel,
}

/// A value with several forms.
#[derive(Debug, Clone, PartialEq, Wire)]
enum Told {
    Whole(Parcel),
    Id(u64),
    Name(String),
}

/// A value with its identity in one of two places.
#[derive(Debug, Clone, PartialEq, Wire)]
struct Placed {
    /// The id.
    #[wire(identity, or = "details.order_id")]
    id: u64,
    /// The details.
    details: Option<Parcel>,
}

fn parcel(json: &str) -> Parcel {
    read(json).unwrap_or_else(|| panic!("{json} has no reading"))
}

#[test]
fn only_the_identity_is_required() {
    let parcel = parcel(r#"{"orderId": 1}"#);
    assert_eq!(parcel, Parcel::new(1));
    forms::<Parcel>(&[], &[r#"{"type": "x"}"#, r#"{"orderId": null}"#, "null", "[]", "1", r#""x""#]);
}

#[test]
fn a_value_that_does_not_fit_is_none() {
    let odd =
        r#"{"orderId": 1, "type": {"x": 1}, "skipped": -1, "note": null, "items": [1, {}], "class": []}"#;
    assert_eq!(parcel(odd), Parcel::new(1));
}

#[test]
fn keys_have_the_spelling_of_the_vendor() {
    let parcel = parcel(r#"{"orderId": 1, "type": "box", "class": "a", "order_id": 2, "kind": "bag"}"#);
    assert_eq!(
        (parcel.order_id, parcel.kind.as_deref(), parcel.class.as_deref()),
        (1, Some("box"), Some("a"))
    );
}

#[test]
fn the_first_spelling_with_a_usable_value_is_used() {
    for (json, expected) in [
        (r#"{"orderId": 1, "skiped": 2}"#, 2),
        (r#"{"orderId": 1, "skip": 2}"#, 2),
        (r#"{"orderId": 1, "skiped": 2, "skipped": 3}"#, 3),
        (r#"{"orderId": 1, "skipped": 3, "skiped": 2}"#, 3),
        (r#"{"orderId": 1, "skipped": null, "skiped": 2}"#, 2),
        (r#"{"orderId": 1, "skiped": 2, "skipped": "x"}"#, 2),
        (r#"{"orderId": 1, "skipped": 3, "skiped": "any form"}"#, 3),
        (r#"{"orderId": 1, "skip": 4, "skiped": 2}"#, 2),
        (r#"{"orderId": 1, "skiped": 2, "skip": 4}"#, 2),
    ] {
        assert_eq!(parcel(json).skipped, Some(expected), "{json}");
    }
}

#[test]
fn the_last_usable_value_of_a_repeated_key_is_used() {
    for json in [
        r#"{"orderId": 1, "orderId": 2}"#,
        r#"{"orderId": 2, "orderId": null}"#,
        r#"{"orderId": 1, "new": 1, "new": [{}], "orderId": 2}"#,
    ] {
        assert_eq!(parcel(json), Parcel::new(2), "{json}");
    }
}

#[test]
fn keys_come_in_any_order() {
    let expected =
        parcel(r#"{"orderId":1,"type":"a","skipped":2,"note":"b","items":[{"orderId":3}],"class":"c"}"#);
    for json in [
        r#"{"class":"c","items":[{"orderId":3}],"note":"b","skipped":2,"type":"a","orderId":1}"#,
        r#"{ "class" : "c" , "orderId" : 1 , "type" : "a" , "note" : "b" , "items" : [ { "orderId" : 3 } ] , "skip" : 2 }"#,
        r#"{"note":"b","x":1,"\u0063lass":"c","skiped":2,"y":{"orderId":9},"items":[{"orderId":3}],"type":"a","z":[],"orderId":1}"#,
    ] {
        assert_eq!(parcel(json), expected, "{json}");
    }
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
fn a_flattened_struct_has_its_keys_beside_the_others() {
    let moved = read::<Moved>(r#"{"orderId":1,"location":"here","skiped":2,"place":null}"#).unwrap();
    assert_eq!((moved.place.as_deref(), moved.parcel.skipped), (Some("here"), Some(2)));
    assert_eq!(moved.parcel.order_id, 1);
    assert_eq!(written(&moved), r#"{"place":"here","orderId":1,"skipped":2}"#);
    assert_eq!(read::<Moved>(r#"{"place":"here"}"#), None);
    assert_eq!(read::<Moved>(r#"{"orderId":1}"#), Some(Moved::new(Parcel::new(1))));
    let fields: Vec<_> = Moved::fields().iter().map(|field| (field.name, field.optional)).collect();
    assert_eq!(fields[..3], [("place", false), ("orderId", false), ("type", true)]);
}

#[test]
fn an_enum_is_its_first_variant_that_can_read_the_value() {
    forms(
        &[
            (r#"{"orderId":1}"#, Told::Whole(Parcel::new(1))),
            ("7", Told::Id(7)),
            (r#""7""#, Told::Id(7)),
            (r#""seven""#, Told::Name("seven".to_owned())),
            ("-7", Told::Name("-7".to_owned())),
            // Text that is not how JSON writes an integer is kept as text.
            (r#""007""#, Told::Name("007".to_owned())),
            (r#""1e3""#, Told::Name("1e3".to_owned())),
            (r#""7.0""#, Told::Name("7.0".to_owned())),
            (r#""0""#, Told::Id(0)),
            ("7.0", Told::Id(7)),
        ],
        &["null", "[]", "{}", r#"{"type":"x"}"#],
    );
    assert_eq!(written(&Told::Id(7)), "7");
    assert_eq!(written(&Told::Name("x".to_owned())), r#""x""#);
}

#[test]
fn an_identity_may_stand_in_another_place() {
    for (json, id) in [
        (r#"{"id":1,"details":{"orderId":2}}"#, 1),
        (r#"{"details":{"orderId":2}}"#, 2),
        (r#"{"id":"x","details":{"orderId":2}}"#, 2),
        (r#"{"id":1,"details":{"orderId":null}}"#, 1),
    ] {
        assert_eq!(read::<Placed>(json).unwrap().id, id, "{json}");
    }
    assert_eq!(read::<Placed>(r#"{"details":{}}"#), None);
    let paths: Vec<_> = identity(Placed::shape()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["id", "details.order_id"]);
}

#[test]
fn a_struct_works_with_every_serde_format() {
    let parcel = parcel(r#"{"orderId": 1, "type": "box"}"#);
    let value = serde_json::to_value(&parcel).unwrap();
    assert_eq!(serde_json::from_value::<Parcel>(value).unwrap(), parcel);
    let told = serde_json::to_value(Told::Id(7)).unwrap();
    assert_eq!(serde_json::from_value::<Told>(told).unwrap(), Told::Id(7));
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
    assert!(fields()[0].identity && !fields()[1].identity);
    let skipped = &Parcel::fields()[2];
    assert!(skipped.answers_to("skipped") && skipped.answers_to("skiped") && skipped.answers_to("skip"));
    assert!(!skipped.answers_to("Skipped"));
}
