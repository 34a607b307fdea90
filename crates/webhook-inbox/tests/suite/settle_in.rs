//! Handlers that settle a delivery in a transaction of their own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use webhook_inbox::{ErrorKind, Filter, Inbox, Kept, Outcome, Seq, State};

use crate::bench::{Place, numbered};
use crate::faults::Faulty;
use crate::server::connect;

/// Waits until nothing is pending at any sink.
async fn all_settled(inbox: Inbox) {
    loop {
        let sinks = inbox.backlog().await.unwrap();
        if !sinks.is_empty() && sinks.iter().all(|sink| sink.pending + sink.claimed == 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_handler_writes_and_the_record_of_it_are_committed_together() {
    let Some(place) = Place::postgres().await else { return };
    let inbox = place.open().await;
    for number in 0..20 {
        inbox.keep(&numbered(number)).await.unwrap();
    }
    connect(&place.url).await.batch_execute("CREATE TABLE ticket(seq bigint)").await.unwrap();
    let url = place.url.clone();
    let consumer = inbox
        .consumer("tickets")
        .concurrency(4)
        .retry(webhook_inbox::Backoff::constant(Duration::from_millis(1)))
        .on_raw(move |_, context| {
            let url = url.clone();
            async move {
                let mut client = connect(&url).await;
                let transaction = client.transaction().await.unwrap();
                transaction.execute("INSERT INTO ticket VALUES ($1)", &[&context.seq().get()]).await.unwrap();
                context.settle_in(&transaction).await.unwrap();
                // The first attempt fails after it has written, and before it commits.
                if context.attempt() == 1 && context.seq().get() % 3 == 0 {
                    return Outcome::retry().note("changed its mind");
                }
                transaction.commit().await.unwrap();
                Outcome::done()
            }
        });
    let handled = consumer.run(all_settled(inbox.clone())).await.unwrap();
    assert_eq!(handled.lost, 0);
    let client = connect(&place.url).await;
    let row = client.query_one("SELECT count(*), count(DISTINCT seq) FROM ticket", &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (20, 20));
    assert_eq!(inbox.list(&Filter::default().state(State::Done), None, 99).await.unwrap().len(), 20);
}

/// Waits until a lease was renewed twice.
async fn renewed_twice(client: &tokio_postgres::Client, seq: Seq) {
    let mut times = BTreeSet::<i64>::new();
    let end = Instant::now() + Duration::from_secs(60);
    while times.len() < 3 {
        assert!(Instant::now() < end, "it is not renewed");
        let sql = "SELECT due_at FROM webhook_inbox.dispatch WHERE seq = $1 AND state = 1";
        times.extend(client.query(sql, &[&seq.get()]).await.unwrap().iter().map(|row| row.get::<_, i64>(0)));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The leases of the same worker are renewed while the transaction is open, and its own handler goes on after the commit.
#[tokio::test]
async fn a_handler_may_take_its_time_before_and_after_the_commit_of_its_transaction() {
    let Some(place) = Place::postgres().await else { return };
    let inbox = place.open().await;
    let Kept::New(own) = inbox.keep(&numbered(1)).await.unwrap() else { panic!("it is new") };
    let Kept::New(other) = inbox.keep(&numbered(2)).await.unwrap() else { panic!("it is new") };
    let (url, ended) = (place.url.clone(), Arc::new(tokio::sync::Notify::new()));
    let consumer = inbox.consumer("a").concurrency(2).lease_time(Duration::from_secs(3));
    let consumer = consumer.on_raw(move |_, context| {
        let (url, ended) = (url.clone(), Arc::clone(&ended));
        async move {
            if context.seq() == own {
                let (mut client, second) = (connect(&url).await, connect(&url).await);
                let transaction = client.transaction().await.unwrap();
                context.settle_in(&transaction).await.unwrap();
                renewed_twice(&second, other).await;
                transaction.commit().await.unwrap();
                renewed_twice(&second, other).await;
                ended.notify_one();
            } else {
                ended.notified().await;
            }
        }
    });
    let handled = consumer.run(all_settled(inbox.clone())).await.unwrap();
    assert_eq!((handled.done, handled.lost), (2, 0));
    assert_eq!(inbox.list(&Filter::default().state(State::Done), None, 9).await.unwrap().len(), 2);
}

/// A renewal that was on its way before the commit, and finds no lease behind it.
#[tokio::test]
async fn a_renewal_that_a_commit_overtakes_stops_no_handler() {
    let Some(place) = Place::postgres().await else { return };
    let (store, faults) = Faulty::over(place.options().open_store(&place.url).await.unwrap());
    let inbox = Inbox::over(store, place.options());
    inbox.keep(&numbered(1)).await.unwrap();
    faults.hold_renewals.store(true, Ordering::Relaxed);
    let url = place.url.clone();
    let consumer = inbox.consumer("a").lease_time(Duration::from_secs(6)).on_raw(move |_, context| {
        let (url, faults) = (url.clone(), Arc::clone(&faults));
        async move {
            while faults.renewals_held.load(Ordering::Relaxed) == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let mut client = connect(&url).await;
            let transaction = client.transaction().await.unwrap();
            context.settle_in(&transaction).await.unwrap();
            transaction.commit().await.unwrap();
            faults.hold_renewals.store(false, Ordering::Relaxed);
        }
    });
    let handled = consumer.run(all_settled(inbox.clone())).await.unwrap();
    assert_eq!((handled.done, handled.lost), (1, 0));
}

/// What is committed is done, whatever becomes of its handler.
#[tokio::test]
async fn a_handler_that_fails_after_the_commit_of_its_transaction_has_handled_the_delivery() {
    let Some(place) = Place::postgres().await else { return };
    let inbox = place.open().await;
    for number in 0..2 {
        inbox.keep(&numbered(number)).await.unwrap();
    }
    let url = place.url.clone();
    let consumer = inbox.consumer("a").on_raw(move |_, context| {
        let url = url.clone();
        async move {
            let mut client = connect(&url).await;
            let transaction = client.transaction().await.unwrap();
            context.settle_in(&transaction).await.unwrap();
            transaction.commit().await.unwrap();
            assert_ne!(context.seq(), Seq::new(1), "it panics");
            Outcome::retry()
        }
    });
    let handled = consumer.run(all_settled(inbox.clone())).await.unwrap();
    assert_eq!((handled.done, handled.lost, handled.retried), (2, 0, 0));
}

#[tokio::test]
async fn a_lost_lease_does_not_settle_in_a_transaction_either() {
    let Some(place) = Place::postgres().await else { return };
    let inbox = place.open().await;
    inbox.keep(&numbered(1)).await.unwrap();
    let (url, admin) = (place.url.clone(), connect(&place.url).await);
    let (told, tell) = tokio::sync::oneshot::channel();
    let told = std::sync::Mutex::new(Some(told));
    let consumer = inbox.consumer("a").on_raw(move |_, context| {
        let (url, told) = (url.clone(), told.lock().unwrap().take());
        async move {
            let mut client = connect(&url).await;
            client.batch_execute("UPDATE webhook_inbox.dispatch SET lease = lease + 1").await.unwrap();
            let transaction = client.transaction().await.unwrap();
            let outcome = context.settle_in(&transaction).await.map_err(|error| error.kind());
            let _ = told.unwrap().send(outcome);
            std::future::pending::<()>().await;
        }
    });
    let task = tokio::spawn(consumer.run(std::future::pending()));
    assert_eq!(tell.await.unwrap(), Err(ErrorKind::LeaseLost));
    task.abort();
    let row = admin.query_one("SELECT state FROM webhook_inbox.dispatch", &[]).await.unwrap();
    assert_eq!(row.get::<_, i16>(0), 1);
}
