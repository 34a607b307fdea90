//! A build in which numbers reach a visitor as objects decodes what any other build decodes.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use webhook_core::{Delivery, Envelope};

#[test]
fn the_feature_is_on() {
    let number: serde_json::Number = serde_json::from_str("1.00000000000000000000000001").unwrap();
    assert_eq!(number.to_string(), "1.00000000000000000000000001");
}

#[test]
fn qase() {
    every_payload_is_as_its_snapshot_says::<qase_webhooks::Webhook>();
}

#[test]
fn deepsource() {
    every_payload_is_as_its_snapshot_says::<deepsource_webhooks::Webhook>();
}

#[test]
fn monitorqa() {
    every_payload_is_as_its_snapshot_says::<monitorqa_webhooks::Webhook>();
}

#[test]
fn an_object_is_not_a_number() {
    for (payload, taken) in [
        (r#"{"id":1,"severity":3}"#, true),
        (r#"{"id":1,"severity":{"title":"High","id":3}}"#, true),
        (r#"{"id":1,"severity":1.5}"#, true),
        (r#"{"id":1.0,"steps":1.5}"#, true),
        (r#"{"id":18446744073709551615}"#, true),
        (r#"{"id":18446744073709551616}"#, false),
        (r#"{"id":{"a":1}}"#, false),
        (r#"{"id":{}}"#, false),
        (r#"{"id":1.5}"#, false),
        (r#"{"id":-1}"#, false),
    ] {
        let body = format!(r#"{{"event_name":"case.created","timestamp":1,"payload":{payload}}}"#);
        let decoded = qase_webhooks::Webhook::from_slice(body.as_bytes());
        assert_eq!(decoded.is_ok(), taken, "{payload}: {decoded:?}");
        assert_eq!(serde_json::from_str::<qase_webhooks::Webhook>(&body).is_ok(), taken, "{payload}");
        if let Err(error) = decoded {
            assert_eq!(error.path(), "payload.id");
        }
    }
}

/// The snapshots were written by a build without the feature: the decoded value stands at their end, and in front of it
/// what is said of a payload that does not decode.
fn every_payload_is_as_its_snapshot_says<W: Envelope + Debug + DeserializeOwned>() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let snapshots = root.join(format!("crates/{}-webhooks/tests/it/snapshots", W::VENDOR));
    let mut count = 0;
    for event in entries(&root.join("fixtures").join(W::VENDOR)) {
        for path in entries(&event) {
            let (event, case) = (event.file_name().unwrap(), path.file_stem().unwrap());
            let snapshot = snapshots.join(event).join(case).with_extension("snap");
            let snapshot = fs::read_to_string(&snapshot).unwrap();
            let body = fs::read(&path).unwrap();
            let found = match W::from_slice(&body) {
                Ok(webhook) => {
                    // Through serde, numbers do arrive as objects; JSON that is kept loses its white space.
                    let through_serde = serde_json::from_slice::<W>(&body).unwrap();
                    let value = |webhook: &W| serde_json::to_value(webhook).unwrap();
                    assert_eq!(value(&through_serde), value(&webhook), "{}", path.display());
                    format!("{webhook:#?}")
                }
                Err(error) => error.to_string(),
            };
            assert!(snapshot.contains(&found), "{}: {found} is not in {snapshot}", path.display());
            let found = Delivery::<W>::from_unverified(body).drift().into_iter().map(|finding| {
                let json = finding.json.map_or_else(|| "nothing".to_owned(), |json| json.to_string());
                format!("drift: {} {} ({json})", finding.kind, finding.path)
            });
            let expected = snapshot.lines().filter(|line| line.starts_with("drift: "));
            assert!(found.eq(expected), "{}: the drift differs", path.display());
            count += 1;
        }
    }
    assert!(count > 10);
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
