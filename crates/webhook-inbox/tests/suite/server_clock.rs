//! A clock of the server that is set back while it is used.

use std::time::{Duration, Instant};

use webhook_inbox::store::{Claim, End, Settled};
use webhook_inbox::{Inbox, Kept, NewDelivery, Start};

use crate::bench::{Place, numbered, unnumbered};
use crate::server::connect;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// Whoever waits for the adjustment of a large store gives up. The next one must not begin from the start.
#[tokio::test]
async fn an_adjustment_goes_on_when_the_operation_that_started_it_has_given_up() {
    let Some(place) = Place::postgres().await else { return };
    let store = place.options().open_store(&place.url).await.unwrap();
    let first = store.put(vec![unnumbered("{}")]).await.unwrap()[0].seq();
    let (other, admin) = (connect(&place.url).await, connect(&place.url).await);
    let window = async || {
        let row = admin.query_one("SELECT dedup_until FROM webhook_inbox.delivery", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    let before = window().await;
    other.batch_execute("BEGIN; LOCK TABLE webhook_inbox.delivery IN SHARE MODE").await.unwrap();
    place.shift(-60 * 60);
    store.put(vec![unnumbered("{}")]).await.unwrap_err();
    other.batch_execute("COMMIT").await.unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while window().await == before {
        assert!(Instant::now() < end, "it was given up, too");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(store.put(vec![unnumbered("{}")]).await.unwrap(), [Kept::Again(first)]);
    let moved = before - window().await;
    assert!((HOUR_MILLIS - 5_000..=HOUR_MILLIS).contains(&moved), "{moved}");
}

/// Each process finds out for itself that the clock was set. Until then it must not use the time of before.
#[tokio::test]
async fn a_process_that_read_the_clock_before_it_was_set_back_keeps_its_leases_and_takes_no_others() {
    let Some(place) = Place::postgres().await else { return };
    let admin = connect(&place.url).await;
    // A clock that can be set, in front of the one of the server.
    admin
        .batch_execute(
            "CREATE SCHEMA settable;
             CREATE TABLE settable.difference(by interval);
             INSERT INTO settable.difference VALUES ('0');
             CREATE FUNCTION settable.clock_timestamp() RETURNS timestamptz LANGUAGE sql
               AS 'SELECT pg_catalog.clock_timestamp() + by FROM settable.difference';
             DO $$ BEGIN
               EXECUTE format('ALTER DATABASE %I SET search_path = settable, pg_catalog', current_database());
             END $$",
        )
        .await
        .unwrap();
    let open = async || Inbox::options().open_store(&place.url).await.unwrap();
    let (one, other) = (open().await, open().await);
    one.register("a".to_owned(), Start::Oldest).await.unwrap();
    one.put((1..=2).map(|number| NewDelivery::of(&numbered(number))).collect()).await.unwrap();
    let lease = Duration::from_secs(60);
    let claim = |limit| Claim::new("a", limit, lease);
    let first = one.claim(claim(1)).await.unwrap().remove(0).lease;
    let second = other.claim(claim(1)).await.unwrap().remove(0).lease;
    admin.batch_execute("UPDATE settable.difference SET by = '-1 hour'").await.unwrap();
    // This one notices it, and adjusts the leases.
    assert!(open().await.claim(claim(2)).await.unwrap().is_empty());
    assert!(one.claim(claim(2)).await.unwrap().is_empty());
    assert_eq!(one.renew(vec![first.clone()], lease).await.unwrap(), [true]);
    let row = admin.query_one("SELECT max(due_at) FROM webhook_inbox.dispatch", &[]).await.unwrap();
    let now = admin.query_one("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint", &[]);
    // The connection of this test is older than the settable clock.
    let now = now.await.unwrap().get::<_, i64>(0) - HOUR_MILLIS;
    assert!(row.get::<_, i64>(0) <= now + 60_000, "no lease is longer");
    for (store, lease) in [(one, first), (other, second)] {
        assert_eq!(store.settle(vec![Settled::new(lease, End::Done)]).await.unwrap(), [true]);
    }
}
