//! Others who use the database of an inbox at the same time: readers, writers, and settings of their own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;
use tokio_postgres::Client;
use webhook_inbox::{Filter, Inbox, Kept, NewDelivery, Start};

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

/// Others may hold the tables, and indexes of a large store take minutes.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_takes_as_long_as_it_must_and_others_that_start_wait_for_it() {
    let Some(place) = Place::postgres().await else { return };
    let other = connect(&place.url).await;
    other.batch_execute(include_str!("stored/postgres-1.sql")).await.unwrap();
    other.batch_execute("BEGIN; LOCK TABLE webhook_inbox.delivery IN ROW EXCLUSIVE MODE").await.unwrap();
    let release = async {
        // Longer than any other statement of an inbox.
        tokio::time::sleep(Duration::from_secs(6)).await;
        other.batch_execute("COMMIT").await.unwrap();
    };
    let (one, two, ()) = tokio::join!(Inbox::open(&place.url), Inbox::open(&place.url), release);
    for inbox in [one.unwrap(), two.unwrap()] {
        assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 3);
    }
}

/// Each of them needs a connection as long as it runs, and an inbox has a limited number.
#[tokio::test]
async fn many_operations_that_take_long_leave_connections_for_storing() {
    let Some(place) = Place::postgres().await else { return };
    let store = place.options().open_store(&place.url).await.unwrap();
    let seq = store.put(vec![NewDelivery::of(&numbered(1))]).await.unwrap()[0].seq();
    let (mut other, admin) = (connect(&place.url).await, connect(&place.url).await);
    let transaction = other.transaction().await.unwrap();
    transaction.execute("SELECT FROM webhook_inbox.delivery FOR UPDATE", &[]).await.unwrap();
    let replays: Vec<_> = (0..20)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.replay(Filter::default().seq(seq), None).await })
        })
        .collect();
    until_waiting(&admin, 4).await;
    for number in 2..20 {
        store.put(vec![NewDelivery::of(&numbered(number))]).await.unwrap();
    }
    assert_eq!(waiting(&admin).await, 4);
    transaction.commit().await.unwrap();
    for replay in replays {
        replay.await.unwrap().unwrap();
    }
}

/// Whoever closes a page early and opens it again leaves no queries on the server.
#[tokio::test]
async fn an_operation_that_nobody_waits_for_is_cancelled_on_the_server() {
    let Some(place) = Place::postgres().await else { return };
    is_cancelled(&place.url, &place.url).await;
}

/// Gives up a list of the inbox while it waits for a lock of the other address.
pub(crate) async fn is_cancelled(url: &str, other: &str) {
    let inbox = Inbox::open(url).await.unwrap();
    let (mut other, admin) = (connect(other).await, connect(other).await);
    let transaction = other.transaction().await.unwrap();
    transaction.batch_execute("LOCK TABLE webhook_inbox.delivery").await.unwrap();
    let all = Filter::all();
    tokio::select! {
        _ = inbox.list(&all, None, 9) => panic!("the table is locked"),
        () = until_waiting(&admin, 1) => {}
    }
    // The time limit of the query is longer.
    let end = Instant::now() + Duration::from_secs(25);
    while waiting(&admin).await > 0 {
        assert!(Instant::now() < end, "the query goes on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    transaction.commit().await.unwrap();
    assert!(inbox.list(&all, None, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_inbox_is_closed_after_the_operations_that_are_under_way() {
    let Some(place) = Place::postgres().await else { return };
    let store = place.options().open_store(&place.url).await.unwrap();
    store.put(vec![NewDelivery::of(&numbered(1))]).await.unwrap();
    let (mut other, admin) = (connect(&place.url).await, connect(&place.url).await);
    let transaction = other.transaction().await.unwrap();
    transaction.execute("SELECT FROM webhook_inbox.delivery FOR UPDATE", &[]).await.unwrap();
    let again = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.put(vec![NewDelivery::of(&numbered(1))]).await }
    });
    until_waiting(&admin, 1).await;
    let mut closing = store.close();
    assert!(timeout(Duration::from_millis(50), &mut closing).await.is_err(), "it does not wait");
    transaction.commit().await.unwrap();
    closing.await.unwrap();
    assert!(matches!(again.await.unwrap().unwrap()[..], [Kept::Again(_)]));
    store.put(vec![NewDelivery::of(&numbered(2))]).await.unwrap_err();
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
