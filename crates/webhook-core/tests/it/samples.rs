//! Requests from samples equal those of the vendor.

use serde_json::Value;
use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{Authenticated, Receiver, Secret};

use crate::invented::{BodyHmac, Event, SharedToken, UrlToken};

const BODY: &str = r#"{"name":"thing.made","payload":{"id":7}}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn signed<W: Authenticated>(text: &str) -> SignedRequest {
    Sample::<W>::new("thing.made", "plain", true, BODY).signed(&secret(text))
}

fn accepted_only_with_its_secret<W: Authenticated>() {
    let receiver = Receiver::<W>::new(secret("the-right-one"));
    let right = signed::<W>("the-right-one");
    assert_eq!(receiver.accept(&right, right.body()).unwrap().name().unwrap(), "thing.made");
    let request = right.into_http().unwrap();
    assert!(receiver.accept(&request, request.body().clone()).is_ok());
    let wrong = signed::<W>("the-wrong-one");
    assert_eq!(receiver.accept(&wrong, wrong.body()).unwrap_err().status(), 401);
}

#[test]
fn a_request_is_accepted_with_its_secret_and_no_other() {
    accepted_only_with_its_secret::<SharedToken>();
    accepted_only_with_its_secret::<BodyHmac>();
    accepted_only_with_its_secret::<UrlToken>();
}

/// Computed by Python's `hmac`.
#[test]
fn a_signature_is_in_hexadecimal_digits() {
    let request = signed::<BodyHmac>("the-right-one").into_http().unwrap();
    let expected = "3c005fd4ecddb8d75569cf658d351e5f9c5713b850d140989c1a362364a83b47";
    assert_eq!(request.headers()["x-signature"], expected);
}

#[test]
fn a_sample_can_have_other_values() {
    let sample = Sample::<BodyHmac>::new("thing.made", "plain", true, BODY);
    let changed = sample.with("payload.id", 8).unwrap().with("payload.name", "other").unwrap();
    assert_eq!(changed.body(), r#"{"name":"thing.made","payload":{"id":8,"name":"other"}}"#);
    let Event::ThingMade(thing) = changed.delivery().decode().unwrap().event else { panic!("another event") };
    assert_eq!((thing.id, thing.name.as_deref()), (8, Some("other")));
    let request = changed.signed(&secret("the-right-one"));
    assert!(Receiver::<BodyHmac>::new(secret("the-right-one")).accept(&request, request.body()).is_ok());
    // The sample itself is unchanged.
    assert_eq!(sample.body(), BODY);
}

#[test]
fn a_path_is_written_as_in_errors_and_drift() {
    const DEEP: &str = r#"{"a b":[{"c":1},[2]],"":{"d.e":3}}"#;
    let sample = Sample::<BodyHmac>::new("thing.made", "plain", true, DEEP);
    for (path, pointer) in [
        (r#"["a b"][0].c"#, "/a b/0/c"),
        (r#"["a b"][1][0]"#, "/a b/1/0"),
        (r#"["a b"][0].new"#, "/a b/0/new"),
        (r#"[""]["d.e"]"#, "//d.e"),
        ("new", "/new"),
    ] {
        let changed: Value = serde_json::from_str(&sample.with(path, "x").unwrap().body()).unwrap();
        assert_eq!(changed.pointer(pointer), Some(&Value::from("x")), "{path}");
    }
    for path in ["", ".", "a.b", r#"["a b"][2]"#, r#"["a b"].c"#, r#"["a b"#, "[0]", "[x]", "[0", "new.new"] {
        let error = sample.with(path, 0).unwrap_err();
        assert_eq!(error.to_string(), format!("the sample has no path `{path}`"));
    }
}
