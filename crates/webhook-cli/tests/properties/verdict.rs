//! What must hold for any body at all.

use serde_json::Value;
use webhook_core::drift::{Drift, MOST_FINDINGS};
use webhook_core::{DecodeError, DecodeErrorKind, Delivery};

use crate::json::Json;
use crate::payloads::Webhook;

/// Decodes a body that is JSON, after holding everything against it that holds for all of them.
pub(crate) fn decode<W: Webhook>(json: &Json) -> Result<W, DecodeError> {
    let body = json.to_string();
    let decoded = W::from_slice(body.as_bytes());
    let name = name_of::<W>(json);
    drift::<W>(&body);
    match &decoded {
        Ok(webhook) => {
            assert_eq!(Some(webhook.name()), name, "{body}");
            assert_eq!(W::peek(body.as_bytes()).unwrap().name(), webhook.name(), "{body}");
            let written = serde_json::to_vec(webhook).unwrap();
            let again = W::from_slice(&written).unwrap();
            assert!(again == *webhook || close(&again, webhook), "{body}");
        }
        Err(error) => explains(error, name, &body),
    }
    decoded
}

/// `serde_json` reads a decimal of more than 15 digits to within its last place, each time that it reads it.
fn close<W: Webhook>(again: &W, webhook: &W) -> bool {
    fn values(left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => {
                let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) else { return false };
                (left - right).abs() <= left.abs() * 1e-15
            }
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| values(left, right))
            }
            (Value::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| values(left, right)))
            }
            (left, right) => left == right,
        }
    }
    let [again, webhook] = [again, webhook].map(|webhook| serde_json::to_value(webhook).unwrap());
    values(&again, &webhook)
}

/// An error says where, or is about the body as a whole, and knows the event whenever the body tells it.
pub(crate) fn explains(error: &DecodeError, name: Option<&str>, body: &str) {
    let whole = matches!(
        error.kind(),
        DecodeErrorKind::NotUtf8 | DecodeErrorKind::NotJson | DecodeErrorKind::NotAnObject
    );
    assert!(whole || !error.path().is_empty(), "{error}: {body}");
    assert!(!error.expected().is_empty(), "{error}: {body}");
    assert!(!error.to_string().contains(char::is_control), "{error}: {body}");
    if let Some(name) = name {
        assert_eq!(error.event(), Some(name), "{error}: {body}");
    }
}

/// What the body holds that is not known.
pub(crate) fn drift<W: Webhook>(body: &str) -> Vec<Drift> {
    let findings = Delivery::<W>::from_unverified(body.to_owned()).drift();
    assert!(findings.len() <= MOST_FINDINGS);
    assert!(findings.iter().all(|finding| !finding.path.is_empty()), "{body}");
    findings
}

/// The name of the event, if the body tells it beyond doubt.
pub(crate) fn name_of<W: Webhook>(json: &Json) -> Option<&str> {
    let text = |key: &str| match json.get(key)? {
        Json::Text(text) => Some(text.as_str()),
        _ => None,
    };
    match json.get(W::NAME_KEY) {
        Some(_) => text(W::NAME_KEY),
        None => text(W::OLD_NAME_KEY?),
    }
}
