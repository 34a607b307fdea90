//! Stores that hold many deliveries, all of them settled at one sink.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use webhook_core::IdempotencyKey;
use webhook_inbox::store::{Claim, End, Settled};
use webhook_inbox::{Inbox, NewDelivery, Start, Store};

/// The sink at which everything is settled.
pub(crate) const SINK: &str = "worker";
/// How many rows one commit of the filling holds.
const BATCH: usize = 1000;
/// Short, because the number of rows is what may cost: a gigabyte of bodies says nothing more.
const BODY_BYTES: usize = 200;

/// The file of a store with so many rows.
pub(crate) fn path(folder: &Path, rows: usize) -> PathBuf {
    folder.join(format!("inbox-{rows}.db"))
}

pub(crate) fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Makes the store, unless it is there from an earlier run.
pub(crate) async fn filled(folder: &Path, rows: usize) -> PathBuf {
    let path = path(folder, rows);
    if path.exists() {
        return path;
    }
    std::fs::create_dir_all(folder).unwrap();
    let unfinished = folder.join("unfinished.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", unfinished.display()));
    }
    eprintln!("filling a store with {rows} rows");
    let store = Inbox::options().open_store(&url(&unfinished)).await.unwrap();
    store.register(SINK.to_owned(), Start::Oldest).await.unwrap();
    for start in (0..rows).step_by(BATCH) {
        let batch = (start..rows.min(start + BATCH)).map(|number| delivery(&format!("old-{number}")));
        store.put(batch.collect()).await.unwrap();
        settle_all(&store).await;
    }
    store.close().await.unwrap();
    std::fs::rename(unfinished, &path).unwrap();
    path
}

/// Claims and settles what is due.
pub(crate) async fn settle_all(store: &Arc<dyn Store>) {
    loop {
        let claimed = store.claim(Claim::new(SINK, BATCH, Duration::from_secs(600))).await.unwrap();
        if claimed.is_empty() {
            return;
        }
        let settled = claimed.into_iter().map(|claimed| Settled::new(claimed.lease, End::Done)).collect();
        assert!(store.settle(settled).await.unwrap().into_iter().all(|held| held));
    }
}

pub(crate) fn delivery(key: &str) -> NewDelivery {
    NewDelivery::raw("qase", &IdempotencyKey::vendor(key), vec![b'x'; BODY_BYTES])
}
