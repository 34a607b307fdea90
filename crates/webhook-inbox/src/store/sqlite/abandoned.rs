//! Tests of operations whose caller has given up, while the thread that writes is held.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;
use webhook_core::IdempotencyKey;

use super::SqliteStore;
use crate::error::Error;
use crate::options::Options;
use crate::store::{Claim, Start, Store};
use crate::{Inbox, NewDelivery, State};

const SHORT: Duration = Duration::from_millis(20);

async fn store() -> (Arc<SqliteStore>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let store = SqliteStore::open(path.to_str().unwrap(), &Options::default()).await.unwrap();
    (Arc::new(store), folder)
}

/// One delivery for the sink `a`.
async fn with_one() -> (Arc<SqliteStore>, TempDir) {
    let (store, folder) = store().await;
    store.register("a".to_owned(), Start::Oldest).await.unwrap();
    store.put(vec![NewDelivery::raw("qase", &IdempotencyKey::vendor("1"), "{}")]).await.unwrap();
    (store, folder)
}

fn claim() -> Claim {
    Claim::new("a", 1, Duration::from_secs(60))
}

/// An operation that takes until it is released, and a signal that it has begun.
fn slow(
    store: &SqliteStore,
) -> (impl Future<Output = Result<(), Error>> + use<>, oneshot::Receiver<()>, mpsc::Sender<()>) {
    let (start, begun) = oneshot::channel();
    let (release, released) = mpsc::channel();
    let writer = Arc::clone(&store.writer);
    let operation = async move {
        let work = move |_: &rusqlite::Connection, _| {
            let _ = start.send(());
            let _ = released.recv();
            Ok(())
        };
        writer.write(work).await
    };
    (operation, begun, release)
}

#[tokio::test]
async fn a_claim_that_was_given_up_before_it_began_is_no_attempt() {
    let (store, _folder) = with_one().await;
    let (operation, begun, release) = slow(&store);
    let operation = tokio::spawn(operation);
    begun.await.unwrap();
    for _ in 0..3 {
        assert!(timeout(SHORT, store.claim(claim())).await.is_err());
    }
    release.send(()).unwrap();
    operation.await.unwrap().unwrap();
    let inbox = Inbox::over(store, Options::default());
    let (done, handled) = oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let consumer = inbox.consumer("a").max_attempts(1).on_raw(move |_, context| {
        let _ = done.lock().unwrap().take().unwrap().send(context.attempt());
        std::future::ready(())
    });
    let mut attempt = 0;
    consumer.run(async { attempt = handled.await.unwrap() }).await.unwrap();
    assert_eq!(attempt, 1);
    let rows = inbox.list(&crate::Filter::all(), None, 9).await.unwrap();
    assert_eq!(rows[0].sinks[0].state, State::Done);
}

#[tokio::test]
async fn a_claim_that_was_given_up_during_its_commit_is_undone() {
    let (store, _folder) = with_one().await;
    let (first, first_begun, release_first) = slow(&store);
    let first = tokio::spawn(first);
    first_begun.await.unwrap();
    let (second, second_begun, release_second) = slow(&store);
    let mut second = pin!(second);
    {
        // Both wait, so they share a transaction.
        let mut abandoned = store.claim(claim());
        assert!(timeout(SHORT, &mut abandoned).await.is_err());
        assert!(timeout(SHORT, &mut second).await.is_err());
        release_first.send(()).unwrap();
        first.await.unwrap().unwrap();
        second_begun.await.unwrap();
    }
    release_second.send(()).unwrap();
    second.await.unwrap();
    let claimed = store.claim(claim()).await.unwrap();
    assert_eq!(claimed.iter().map(|claimed| claimed.attempt).collect::<Vec<_>>(), [1]);
}

/// A body that counts how many of its kind are in memory.
struct Counted(&'static [u8], Arc<AtomicUsize>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn what_waits_for_a_stalled_commit_is_limited() {
    static BODY: [u8; 1 << 20] = [b'x'; 1 << 20];

    let (store, _folder) = store().await;
    let (operation, begun, release) = slow(&store);
    let operation = tokio::spawn(operation);
    begun.await.unwrap();
    let inbox = Inbox::over(store, Options::default().deadline(SHORT));
    let in_memory = Arc::<AtomicUsize>::default();
    for round in 0..8 {
        let keeps: Vec<_> = (0..80)
            .map(|number| {
                in_memory.fetch_add(1, Ordering::Relaxed);
                let body = Bytes::from_owner(Counted(&BODY, Arc::clone(&in_memory)));
                let key = IdempotencyKey::vendor(&format!("{round}-{number}"));
                let (inbox, new) = (inbox.clone(), NewDelivery::raw("qase", &key, body));
                tokio::spawn(async move { inbox.keep_raw(new).await })
            })
            .collect();
        for keep in keeps {
            keep.await.unwrap().unwrap_err();
        }
        assert!(in_memory.load(Ordering::Relaxed) <= 64, "{in_memory:?}");
    }
    release.send(()).unwrap();
    operation.await.unwrap().unwrap();
    let new = NewDelivery::raw("qase", &IdempotencyKey::vendor("new"), &BODY[..]);
    while inbox.keep_raw(new.clone()).await.is_err() {}
    assert_eq!(in_memory.load(Ordering::Relaxed), 0);
}
