//! Any value may replace another: the webhook decodes unless the value is what
//! identifies its entity, and drift reports a value that cannot be read.

use webhook_core::drift::{self, DriftKind};
use webhook_core::{DecodeErrorKind, Events as _};

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::Json;
use crate::oracle::{Reading, identity_paths, is_element, is_identified, name_of, reading, shape_at};

/// What is put in the place of every value.
const REPLACEMENTS: [&str; 11] =
    ["null", "true", "-1", "2.5", "18446744073709551616", "\"\"", "\"x\"", "[]", "{}", "[null]", "{\"0\":1}"];

for_each_vendor! {
    fn any_value_may_replace_another = replaces;
}

fn replaces<W: Webhook>() {
    let mut tried = 0_u32;
    let mut refused = 0_u32;
    let mut wrong = Vec::new();
    for fixture in fixtures::<W>() {
        let json = fixture.json();
        let Some(name) = name_of::<W>(&json) else { continue };
        for route in json.routes() {
            let path = json.path(&route);
            if path == W::NAME_KEY || W::OLD_NAME_KEY == Some(&path) {
                continue;
            }
            let (shape, is_element) =
                (shape_at::<W>(name, &json, &route), is_element::<W>(name, &json, &route));
            let shown = |value: &str| format!("{} with {value} at {path}", fixture.name);
            for value in REPLACEMENTS {
                let changed = json.with(&route, |place| *place = Json::parse(value));
                tried += 1;
                if decodes::<W>(name, &changed, &shown(value)) {
                    // An element is left out.
                    let reads = match shape.map(|shape| reading(shape, value)) {
                        Some(Reading::Nothing) if is_element => Some(Reading::Unusable),
                        reads => reads,
                    };
                    wrong.extend(named::<W>(&changed, &path, value, reads, &shown(value)));
                } else {
                    refused += 1;
                }
            }
            tried += 1;
            refused += u32::from(!decodes::<W>(name, &json.without(&route), &shown("nothing")));
        }
    }
    assert!(wrong.is_empty(), "{} findings are wrong: {wrong:#?}", wrong.len());
    assert!(tried > 5_000 && refused > 100 && refused < tried / 5, "{refused} of {tried} are refused");
}

/// Whether a body decodes, which must agree with whether its main entity is identified.
fn decodes<W: Webhook>(name: &str, json: &Json, shown: &str) -> bool {
    let body = json.to_string();
    let decoded = W::from_slice(body.as_bytes());
    assert_eq!(decoded.is_ok(), is_identified::<W>(name, json), "{shown}: {decoded:?}");
    match &decoded {
        Ok(webhook) => {
            assert_eq!(webhook.name(), name, "{shown}");
            assert_eq!(webhook.info().is_some(), W::Event::find(name).is_some(), "{shown}");
        }
        Err(error) => {
            assert_eq!(error.kind(), DecodeErrorKind::NoIdentity, "{shown}");
            let preferred = format!("{}.{}", W::PAYLOAD_KEY, identity_paths::<W>(name)[0]);
            assert_eq!((error.path(), error.event()), (preferred.as_str(), Some(name)), "{shown}");
        }
    }
    decoded.is_ok()
}

/// An error in drift: a value that cannot be read must be reported at its path or below it, and a readable value must not
/// be reported as unusable.
fn named<W: Webhook>(
    json: &Json,
    path: &str,
    value: &str,
    reads: Option<Reading>,
    shown: &str,
) -> Option<String> {
    let findings = drift::of::<W>(json.to_string().as_bytes());
    let below = |found: &str| found.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
    let at = |found: &str| found == path || below(found);
    let right = match reads {
        // Whether `null` is drift depends on the documentation of the field.
        _ if value == "null" => true,
        Some(Reading::Unusable) => findings.iter().any(|finding| at(&finding.path)),
        Some(Reading::Reads | Reading::Nothing) => {
            !findings.iter().any(|found| found.path == path && found.kind == DriftKind::UnexpectedValue)
        }
        // The place is unknown, so there is a finding at it or above it.
        None => findings.iter().any(|finding| at(&finding.path) || path.starts_with(&finding.path)),
    };
    (!right).then(|| format!("{shown}: {reads:?}, but {findings:?}"))
}
