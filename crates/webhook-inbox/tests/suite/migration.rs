//! Inboxes that an earlier release has made: the scripts in `stored` are of one version of the schema each, and are never
//! changed after that version was released.

use std::sync::{Arc, Mutex};

use webhook_inbox::{Ended, Filter, Inbox, Kept, NewDelivery, State};

use crate::bench::{Place, unnumbered};

/// What the scripts have stored: one that is done, one that is dead after two attempts, and one that is pending.
async fn holds_what_was_stored(inbox: &Inbox) {
    let rows = inbox.list(&Filter::all(), None, 9).await.unwrap();
    let states: Vec<_> = rows.iter().map(|row| (row.key.as_str(), row.copies, row.sinks[0].state)).collect();
    assert_eq!(states, [("id:1", 1, State::Done), ("id:2", 3, State::Dead), ("id:3", 1, State::Pending)]);
    assert_eq!(inbox.get(rows[1].seq).await.unwrap().unwrap().body, &b"{\"id\": \"2\"}\xff"[..]);
    let attempts = inbox.attempts(rows[1].seq).await.unwrap();
    let ended: Vec<_> = attempts.iter().map(|attempt| (attempt.number, attempt.ended)).collect();
    assert_eq!(ended, [(1, Ended::Retry), (2, Ended::Dead)]);
    assert_eq!(rows[1].sinks[0].error.as_deref(), Some("410 Gone"));
    assert_eq!(rows[0].event.as_deref(), Some("run.completed"));
    assert!(inbox.check(true).await.unwrap().is_sound());

    // It is used as any other: copies are recognised, new ones are stored, and a consumer goes on.
    let again = NewDelivery::raw("qase", &webhook_core::IdempotencyKey::vendor("1"), "{}");
    assert_eq!(inbox.keep_raw(again).await.unwrap(), Kept::Again(rows[0].seq));
    let Kept::New(new) = inbox.keep_raw(unnumbered("new")).await.unwrap() else { panic!("it is new") };
    assert!(new > rows[2].seq);
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let handled = Arc::clone(&seen);
    let consumer = inbox.consumer("tickets").on_raw(move |_, context| {
        handled.lock().unwrap().push(context.seq());
        std::future::ready(())
    });
    let waiting = async {
        while inbox.backlog().await.unwrap().iter().any(|sink| sink.pending + sink.claimed > 0) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    consumer.run(waiting).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [rows[2].seq, new]);
}

#[tokio::test]
async fn sqlite_opens_a_file_of_schema_version_1() {
    let place = Place::sqlite();
    let path = place.url.strip_prefix("sqlite:").unwrap();
    let old = rusqlite::Connection::open(path).unwrap();
    old.execute_batch(include_str!("stored/sqlite-1.sql")).unwrap();
    old.close().unwrap();
    holds_what_was_stored(&place.open().await).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres_opens_a_schema_of_version_1() {
    let Some(place) = Place::postgres().await else { return };
    let old = crate::server::connect(&place.url).await;
    old.batch_execute(include_str!("stored/postgres-1.sql")).await.unwrap();
    holds_what_was_stored(&place.open().await).await;
}
