//! The keys that distinguish deliveries.

use std::collections::{BTreeSet, HashSet};

use webhook_core::{Delivery, Envelope as _, IdempotencyKey};

use crate::invented::SharedToken as Webhook;

fn key(body: &str) -> IdempotencyKey {
    Webhook::key_of(body.as_bytes())
}

#[test]
fn the_key_is_the_id_of_the_vendor_at_any_position() {
    for body in [
        r#"{"id":"e-1","name":"thing.made","payload":{"id":7}}"#,
        r#"{"name":"thing.made","payload":{"id":7},"id":"e-1"}"#,
        r#"{"payload":{"id":"not this one"},"i\u0064":"e\u002d1"}"#,
    ] {
        assert_eq!(key(body), IdempotencyKey::vendor("e-1"), "{body}");
        assert_eq!(Delivery::<Webhook>::from_unverified(body).key(), key(body));
    }
}

/// The id of the webhook and the key of its body are equal, also if the body has several ids.
#[test]
fn the_first_usable_value_of_a_repeated_id_is_used() {
    for (body, id) in [
        (r#"{"id":"e-1","name":"thing.made","payload":{"id":7},"id":"e-2"}"#, "e-1"),
        (r#"{"name":"thing.made","id":"e-1","id":"e-2","payload":{"id":7}}"#, "e-1"),
        (r#"{"id":null,"name":"thing.made","id":"e-2","payload":{"id":7},"id":"e-3"}"#, "e-2"),
        (r#"{"id":[1],"id":"e-1","name":"thing.made","payload":{"id":7},"id":null}"#, "e-1"),
    ] {
        assert_eq!(key(body), IdempotencyKey::vendor(id), "{body}");
        let webhook = Webhook::from_slice(body.as_bytes()).unwrap();
        assert_eq!(webhook.event_id(), Some(id), "{body}");
    }
}

/// A fast path reads the start of a body, where a number may be cut off.
#[test]
fn an_id_that_is_a_number_is_read_to_its_end() {
    for spaces in 200..260 {
        let body = format!(r#"{{{}"id":1234567890,"name":"thing.made"}}"#, " ".repeat(spaces));
        assert_eq!(key(&body), IdempotencyKey::vendor("1234567890"), "{spaces}");
    }
    let cut = r#"{"name":"thing.made","id":123"#;
    assert_eq!(key(cut), IdempotencyKey::fingerprint(cut.as_bytes()));
}

#[test]
fn a_body_that_does_not_decode_has_its_key() {
    for body in [
        r#"{"id":"e-1","name":"thing.made","payload":{"id":"x"}}"#,
        r#"{"id":"e-1","name":7}"#,
        r#"{"id":"e-1","payl"#,
    ] {
        assert!(Webhook::from_slice(body.as_bytes()).is_err());
        assert_eq!(key(body), IdempotencyKey::vendor("e-1"), "{body}");
    }
}

#[test]
fn without_an_id_the_key_is_a_fingerprint_of_the_body() {
    for body in [
        r#"{"name":"thing.made","payload":{"id":7}}"#,
        r#"{"name":"thing.made","payload":{"id":7},"id":null}"#,
        r#"{"name":"thing.made","payload":{"id":7},"id":[7]}"#,
        r#"{"payload":{"id":"e-1"}}"#,
        // All deliveries would have the same key.
        r#"{"name":"thing.made","payload":{"id":7},"id":""}"#,
        "no JSON",
        "",
    ] {
        assert_eq!(key(body), IdempotencyKey::fingerprint(body.as_bytes()), "{body}");
    }
}

#[test]
fn a_fingerprint_is_of_the_bytes() {
    let body = r#"{"name":"thing.made","payload":{"id":7}}"#;
    assert_eq!(key(body), key(body));
    assert_ne!(key(body), key(r#"{"name":"thing.made","payload":{"id": 7}}"#));
}

#[test]
fn an_id_and_a_fingerprint_are_never_equal() {
    let fingerprint = IdempotencyKey::fingerprint(b"{}");
    let forged = IdempotencyKey::vendor(&fingerprint.to_string());
    assert_ne!(forged, fingerprint);
    assert_ne!(forged.to_string(), fingerprint.to_string());
}

#[test]
fn keys_can_be_hashed_and_ordered() {
    let keys = ["a", "b", "a"].map(IdempotencyKey::vendor);
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 2);
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 2);
}

#[test]
fn keys_are_written_as_text_and_read_back() {
    for key in [
        IdempotencyKey::vendor("431588815459544902"),
        IdempotencyKey::vendor("sha256:no"),
        IdempotencyKey::vendor(""),
        IdempotencyKey::fingerprint(b"{}"),
    ] {
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, serde_json::to_string(&key.to_string()).unwrap());
        assert_eq!(serde_json::from_str::<IdempotencyKey>(&json).unwrap(), key);
    }
    let digits = "0".repeat(64);
    for other in [
        String::new(),
        "431588815459544902".to_owned(),
        "ID:1".to_owned(),
        "md5:0".to_owned(),
        "sha256:".to_owned(),
        format!("sha256:{}", &digits[1..]),
        format!("sha256:{digits}00"),
        format!("sha256:{}A", &digits[1..]),
        format!("sha256:{}g", &digits[1..]),
    ] {
        assert!(other.parse::<IdempotencyKey>().is_err(), "{other}");
    }
    assert_eq!(
        "1".parse::<IdempotencyKey>().unwrap_err().to_string(),
        "expected `id:` and an id, or `sha256:` and 64 hexadecimal digits in lower case"
    );
}
