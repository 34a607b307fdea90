//! Others who use the database of an inbox at the same time: readers, writers, and settings of their own.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use webhook_inbox::{Kept, NewDelivery, Start};

use crate::bench::{Place, numbered};
use crate::server::connect;

/// The number of connections of the inbox that wait for a lock.
async fn waiting(client: &Client) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'webhook-inbox' AND wait_event_type = 'Lock'";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

async fn until_waiting(client: &Client, connections: i64) {
    let end = Instant::now() + Duration::from_secs(60);
    while waiting(client).await < connections {
        assert!(Instant::now() < end, "fewer than {connections} connections wait");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// `pg_dump` holds such a lock as long as it runs.
#[tokio::test]
async fn a_backup_that_reads_everything_delays_neither_a_new_sink_nor_a_delivery() {
    let Some(place) = Place::postgres().await else { return };
    let inbox = place.open().await;
    let backup = connect(&place.url).await;
    backup
        .batch_execute("BEGIN; LOCK TABLE webhook_inbox.sink, webhook_inbox.delivery IN ACCESS SHARE MODE")
        .await
        .unwrap();
    inbox.register("tickets", Start::Oldest).await.unwrap();
    inbox.keep(&numbered(1)).await.unwrap();
    assert_eq!(inbox.backlog().await.unwrap()[0].pending, 1);
}

/// A delivery whose batch has begun is either older than a sink, or dispatched to it.
#[tokio::test]
async fn a_delivery_that_is_stored_while_a_sink_is_registered_reaches_it() {
    let Some(place) = Place::postgres().await else { return };
    let store = place.options().open_store(&place.url).await.unwrap();
    let one = NewDelivery::of(&numbered(1));
    store.put(vec![one]).await.unwrap();
    // The batch has begun and waits for the row of this key.
    let (mut other, admin) = (connect(&place.url).await, connect(&place.url).await);
    let transaction = other.transaction().await.unwrap();
    transaction.execute("UPDATE webhook_inbox.delivery SET last_at = last_at", &[]).await.unwrap();
    let batch = vec![NewDelivery::of(&numbered(2)), NewDelivery::of(&numbered(1))];
    let release = async {
        until_waiting(&admin, 1).await;
        let register = async {
            store.register("oldest".to_owned(), Start::Oldest).await.unwrap();
            store.register("now".to_owned(), Start::Now).await.unwrap();
        };
        let commit = async {
            // The registration waits for the batch.
            until_waiting(&admin, 2).await;
            transaction.commit().await.unwrap();
        };
        tokio::join!(register, commit);
    };
    let (kept, ()) = tokio::join!(store.put(batch), release);
    assert!(matches!(kept.unwrap()[..], [Kept::New(_), Kept::Again(_)]));
    let sinks = store.counts(false).await.unwrap();
    let pending: Vec<_> = sinks.iter().map(|sink| (sink.sink.as_str(), sink.pending)).collect();
    assert_eq!(pending, [("now", 0), ("oldest", 2)]);
}

/// An administrator may set another isolation for a whole database. What is stored twice at once is an error in it.
#[tokio::test]
async fn the_isolation_of_transactions_is_that_of_the_inbox_whatever_the_database_says() {
    let Some(place) = Place::postgres().await else { return };
    let admin = connect(&place.url).await;
    let set = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''repeatable read''',
                                          current_database()); END $$";
    admin.batch_execute(set).await.unwrap();
    let store = place.options().open_store(&place.url).await.unwrap();
    store.put(vec![NewDelivery::of(&numbered(1))]).await.unwrap();
    let mut other = connect(&place.url).await;
    let transaction = other.transaction().await.unwrap();
    transaction.execute("UPDATE webhook_inbox.delivery SET last_at = last_at", &[]).await.unwrap();
    let release = async {
        until_waiting(&admin, 1).await;
        transaction.commit().await.unwrap();
    };
    let (kept, ()) = tokio::join!(store.put(vec![NewDelivery::of(&numbered(1))]), release);
    assert!(matches!(kept.unwrap()[..], [Kept::Again(_)]));
}
