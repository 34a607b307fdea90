//! Every payload that the workspace knows comes back byte for byte: when it is read, when it is handed to a consumer,
//! and when it is replayed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use webhook_core::{Delivery, Envelope};
use webhook_inbox::{Filter, Inbox, NewDelivery, Seq};

use crate::bench::{Place, on_every_store};

type Bodies = BTreeMap<Seq, Vec<u8>>;

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

async fn keep_all<W: Envelope>(inbox: &Inbox, bodies: &mut Bodies) {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(W::VENDOR), &mut found);
    assert!(found.len() > 10, "the fixtures of {}", W::VENDOR);
    for path in found {
        let body = fs::read(&path).unwrap();
        // Some fixtures are of one event: the name of the file keeps them apart.
        let new = NewDelivery::of(&Delivery::<W>::from_unverified(body.clone()))
            .at_route(path.display().to_string());
        bodies.insert(inbox.keep_raw(new).await.unwrap().seq(), body);
    }
}

/// What a consumer gets.
async fn consumed(inbox: &Inbox, count: usize) -> Bodies {
    let seen = Arc::new(Mutex::new(Bodies::new()));
    let consumer = inbox.consumer("a").concurrency(64).on_raw({
        let seen = Arc::clone(&seen);
        move |delivery, _| {
            seen.lock().unwrap().insert(delivery.row.seq, delivery.body.to_vec());
            std::future::ready(())
        }
    });
    let all = async {
        while seen.lock().unwrap().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    consumer.run(all).await.unwrap();
    seen.lock().unwrap().clone()
}

on_every_store! {
    async fn every_fixture_comes_back_byte_for_byte(place: Place) {
        let inbox = place.open().await;
        let mut bodies = Bodies::new();
        keep_all::<qase_webhooks::Webhook>(&inbox, &mut bodies).await;
        keep_all::<deepsource_webhooks::Webhook>(&inbox, &mut bodies).await;
        keep_all::<monitorqa_webhooks::Webhook>(&inbox, &mut bodies).await;
        for (seq, body) in &bodies {
            assert_eq!(inbox.get(*seq).await.unwrap().unwrap().body, body);
        }
        assert_eq!(consumed(&inbox, bodies.len()).await, bodies);
        assert_eq!(inbox.replay(&Filter::all(), Some("a")).await.unwrap(), bodies.len() as u64);
        assert_eq!(consumed(&inbox, bodies.len()).await, bodies);
    }
}
