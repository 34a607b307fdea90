//! Changes to a payload that do not change its meaning.

use serde_json::Value;
use webhook_core::drift;

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::Json;
use crate::oracle::name_of;

for_each_vendor! {
    fn every_letter_may_be_escaped = escapes;
    fn an_event_name_may_be_unlisted = renames;
    fn what_is_written_is_read_again = comes_back;
}

/// `\u0061` is `a`, in keys and in values.
fn escapes<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let json = fixture.json();
        let escaped = json.write(true);
        match (W::from_slice(fixture.body.as_bytes()), W::from_slice(escaped.as_bytes())) {
            (Ok(before), Ok(after)) => assert_eq!(same(&before), same(&after), "{}", fixture.name),
            (Err(before), Err(after)) => {
                assert_eq!(
                    (before.event(), before.path()),
                    (after.event(), after.path()),
                    "{}",
                    fixture.name
                );
            }
            (before, after) => panic!("{before:?} {after:?}: {escaped}"),
        }
        assert_eq!(
            drift::of::<W>(fixture.body.as_bytes()),
            drift::of::<W>(escaped.as_bytes()),
            "{}",
            fixture.name
        );
    }
}

/// An unlisted name gives an unlisted event.
fn renames<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let mut json = fixture.json();
        let Some(name) = name_of::<W>(&json).map(str::to_owned) else { continue };
        let Json::Object(entries) = &mut json else { continue };
        for (key, value) in entries {
            if key == W::NAME_KEY || W::OLD_NAME_KEY == Some(key) {
                *value = Json::Text(format!("{name}.unlisted"));
            }
        }
        let webhook = W::from_slice(json.to_string().as_bytes()).unwrap();
        assert_eq!((webhook.name(), webhook.info()), (format!("{name}.unlisted").as_str(), None));
    }
}

/// Through JSON and through a binary format.
fn comes_back<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let Ok(webhook) = W::from_slice(fixture.body.as_bytes()) else { continue };
        let json = serde_json::to_vec(&webhook).unwrap();
        let again = W::from_slice(&json).unwrap();
        assert_eq!(serde_json::to_vec(&again).unwrap(), json, "{}", fixture.name);
        let mut cbor = Vec::new();
        ciborium::into_writer(&again, &mut cbor).unwrap();
        let third: W = ciborium::from_reader(cbor.as_slice()).unwrap();
        assert_eq!(same(&third), same(&again), "{}", fixture.name);
    }
}

/// The content of a webhook, apart from the spelling of raw JSON.
pub(crate) fn same<W: Webhook>(webhook: &W) -> Option<Value> {
    serde_json::to_value(webhook).ok()
}
