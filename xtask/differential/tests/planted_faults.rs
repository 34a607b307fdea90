//! The comparison finds faults: each subject has one, and must be told from `serde_json` by a changed fixture.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

use std::borrow::Cow;

use webhook_core::drift::{self, Decoded, Drift};
use webhook_core::json::{Keys, NotJson, Reader};
use webhook_core::{Authenticated, DecodeError, IdempotencyKey, Wire as _};
use webhook_differential::bodies::{Fixtures, Random};
use webhook_differential::{Ours, Subject, check};

/// So many bodies are tried for each fault. All are found among the first few thousand.
const BODIES: usize = 30_000;

/// The first difference, among changed fixtures of Qase.
fn first_difference<S: Subject>() -> Option<String> {
    let fixtures = Fixtures::of("qase");
    let mut random = Random::new(1);
    let mut body = Vec::new();
    (0..BODIES).find_map(|_| {
        fixtures.changed(&mut random, &mut body);
        check::<S, qase_webhooks::Webhook>(&body).err()
    })
}

#[track_caller]
fn finds<S: Subject>(difference: &str) {
    let found = first_difference::<S>().expect("the fault is overlooked");
    assert!(found.contains(difference), "{found}");
}

#[test]
fn the_code_as_it_is_has_no_difference() {
    assert_eq!(first_difference::<Ours>(), None);
}

#[test]
fn a_vendor_without_an_old_name_key_has_one_name_key() {
    let body = br#"{"\u0000":"analysis_run.updated","data":null}"#;
    assert!(check::<Ours, deepsource_webhooks::Webhook>(body).is_ok());
}

#[test]
fn a_reader_that_accepts_a_trailing_comma() {
    struct Fault;
    impl Subject for Fault {
        fn accepts(text: &str) -> bool {
            Ours::accepts(&text.replace(",]", "]").replace(",}", "}"))
        }
    }
    finds::<Fault>("serde_json accepts: false");
}

#[test]
fn a_reader_that_does_not_look_behind_the_value() {
    struct Fault;
    impl Subject for Fault {
        fn accepts(text: &str) -> bool {
            Reader::new(text).skip().is_ok()
        }
    }
    finds::<Fault>("serde_json accepts: false");
}

#[test]
fn an_integer_of_twenty_digits_that_wraps() {
    struct Fault;
    impl Subject for Fault {
        fn unsigned(json: &mut Reader<'_>) -> Result<Option<u64>, NotJson> {
            Ok(Ours::number(json)?.and_then(|digits| {
                let wrap = |sum: u64, digit: u8| sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                let plain = digits.len() <= 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
                if plain {
                    Some(digits.bytes().fold(0, wrap))
                } else {
                    u64::read(&mut Reader::new(digits)).ok()?
                }
            }))
        }
    }
    finds::<Fault>("an integer");
}

#[test]
fn a_negative_integer_without_its_sign() {
    struct Fault;
    impl Subject for Fault {
        fn signed(json: &mut Reader<'_>) -> Result<Option<i64>, NotJson> {
            Ok(Ours::signed(json)?.map(i64::saturating_abs))
        }
    }
    finds::<Fault>("an integer");
}

#[test]
fn a_number_that_loses_a_zero_at_its_end() {
    struct Fault;
    impl Subject for Fault {
        fn number<'de>(json: &mut Reader<'de>) -> Result<Option<&'de str>, NotJson> {
            Ok(Ours::number(json)?.map(|digits| digits.strip_suffix(".0").unwrap_or(digits)))
        }
    }
    finds::<Fault>("a number");
}

#[test]
fn a_lone_surrogate_that_is_replaced() {
    struct Fault;
    impl Subject for Fault {
        fn text<'de>(json: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, NotJson> {
            Ok(Ours::text(json)?.or(Some(Cow::Borrowed("\u{fffd}"))))
        }
    }
    finds::<Fault>("a text");
}

#[test]
fn an_escaped_key_that_is_cut_off() {
    struct Fault;
    impl Subject for Fault {
        fn key<'de>(json: &mut Reader<'de>, keys: &mut Keys) -> Result<Option<Cow<'de, str>>, NotJson> {
            Ok(Ours::key(json, keys)?.map(|key| match key {
                Cow::Owned(mut key) => {
                    key.pop();
                    Cow::Owned(key)
                }
                plain @ Cow::Borrowed(_) => plain,
            }))
        }
    }
    finds::<Fault>("a key");
}

/// Decodes a body after a change to its text.
fn decode_changed<W: Authenticated>(
    body: &[u8],
    change: impl FnOnce(&str) -> Option<String>,
) -> Result<W, DecodeError> {
    match str::from_utf8(body).ok().and_then(change) {
        Some(text) => W::from_slice(text.as_bytes()),
        None => W::from_slice(body),
    }
}

#[test]
fn a_decoder_that_overlooks_escaped_keys() {
    struct Fault;
    impl Subject for Fault {
        fn decode<W: Authenticated>(body: &[u8]) -> Result<W, DecodeError> {
            decode_changed(body, |text| Some(text.replace("\"\\u0069d\"", "\"unknown\"")))
        }
    }
    finds::<Fault>("respelled");
}

#[test]
fn a_decoder_that_takes_the_last_of_two_names() {
    struct Fault;
    impl Subject for Fault {
        fn decode<W: Authenticated>(body: &[u8]) -> Result<W, DecodeError> {
            decode_changed(body, |text| {
                let key = format!("\"{}\"", W::NAME_KEY);
                (text.matches(&key).count() > 1).then(|| text.replacen(&key, "\"unknown\"", 1))
            })
        }
    }
    finds::<Fault>("another name than");
}

#[test]
fn a_decoder_that_refuses_a_webhook() {
    struct Fault;
    impl Subject for Fault {
        fn decode<W: Authenticated>(body: &[u8]) -> Result<W, DecodeError> {
            W::from_slice(if body.windows(4).any(|four| four == b"null") { b"{}" } else { body })
        }
    }
    finds::<Fault>("another name than");
}

#[test]
fn drift_that_loses_its_last_finding() {
    struct Fault;
    impl Subject for Fault {
        fn drift<W: Authenticated>(body: &[u8]) -> Vec<Drift> {
            let mut found = drift::of::<W>(body);
            found.pop();
            found
        }
    }
    finds::<Fault>("drift");
}

#[test]
fn drift_that_overlooks_unknown_keys() {
    struct Fault;
    fn known(drift: Vec<Drift>) -> Vec<Drift> {
        drift.into_iter().filter(|finding| finding.kind != drift::DriftKind::UnknownField).collect()
    }
    impl Subject for Fault {
        fn drift<W: Authenticated>(body: &[u8]) -> Vec<Drift> {
            known(drift::of::<W>(body))
        }
        fn decode_with_drift<W: Authenticated>(body: &[u8]) -> Result<Decoded<W>, DecodeError> {
            let mut decoded = drift::decode::<W>(body)?;
            decoded.drift = known(decoded.drift);
            Ok(decoded)
        }
    }
    finds::<Fault>("drift names the keys");
}

#[test]
fn decoding_that_misses_what_drift_would_report() {
    struct Fault;
    impl Subject for Fault {
        fn decode_with_drift<W: Authenticated>(body: &[u8]) -> Result<Decoded<W>, DecodeError> {
            let mut decoded = drift::decode::<W>(body)?;
            decoded.drift.clear();
            Ok(decoded)
        }
    }
    finds::<Fault>("with decoding []");
}

#[test]
fn a_fingerprint_that_depends_on_nothing() {
    struct Fault;
    impl Subject for Fault {
        fn idempotency_key<W: Authenticated>(_: &[u8]) -> IdempotencyKey {
            IdempotencyKey::fingerprint(b"")
        }
    }
    finds::<Fault>("the key is");
}
