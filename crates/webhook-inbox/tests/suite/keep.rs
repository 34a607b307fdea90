//! Storing: what comes back is what came in, once.

use std::collections::BTreeSet;

use webhook_core::{Delivery, IdempotencyKey};
use webhook_inbox::{Filter, Inbox, Kept, MAX_KEY_BYTES, NewDelivery};

use crate::bench::{DAY, Place, numbered, on_every_store, unnumbered};
use crate::faults::Faulty;

on_every_store! {
    async fn a_kept_delivery_is_there_with_its_exact_bytes(place: Place) {
        let inbox = place.open().await;
        let body = b"{\"event\":\"AUDIT_COMPLETED\",\"data\":\xff\0 not JSON".to_vec();
        let delivery = Delivery::<monitorqa_webhooks::Webhook>::from_unverified(body.clone());
        let Kept::New(seq) = inbox.keep(&delivery).await.unwrap() else { panic!("it is new") };
        inbox.close().await.unwrap();

        let inbox = place.open().await;
        let stored = inbox.get(seq).await.unwrap().unwrap();
        assert_eq!(&stored.body[..], &body[..]);
        assert_eq!(stored.row.vendor, "monitorqa");
        assert_eq!(stored.row.event.as_deref(), Some("AUDIT_COMPLETED"));
        assert_eq!(stored.row.copies, 1);
        assert_eq!(stored.row.body_bytes, body.len() as u64);
    }

    async fn what_the_envelope_says_can_be_searched_for(place: Place) {
        let inbox = place.open().await;
        let sample = qase_webhooks::samples::all().iter().find(|sample| sample.event() == "run.completed").unwrap();
        let seq = inbox.keep(&sample.delivery()).await.unwrap().seq();
        let row = inbox.get(seq).await.unwrap().unwrap().row;
        assert_eq!(row.event.as_deref(), Some("run.completed"));
        assert!(row.account.is_some() && row.occurred_at.is_some(), "{row:?}");
    }

    async fn a_vendors_id_is_one_delivery_for_ever_and_its_copies_are_counted(place: Place) {
        let inbox = place.open().await;
        let seq = inbox.keep(&numbered(1)).await.unwrap();
        let Kept::New(seq) = seq else { panic!("it is new") };
        for _ in 0..3 {
            place.shift(400 * 24 * 60 * 60);
            assert_eq!(inbox.keep(&numbered(1)).await.unwrap(), Kept::Again(seq));
        }
        let row = inbox.get(seq).await.unwrap().unwrap().row;
        assert_eq!(row.copies, 4);
        assert!(row.last_at > row.received_at);
        assert!(matches!(inbox.keep(&numbered(2)).await.unwrap(), Kept::New(other) if other > seq));
    }

    async fn a_fingerprint_is_one_delivery_inside_its_window_only(place: Place) {
        let inbox = place.open().await;
        let Kept::New(first) = inbox.keep_raw(unnumbered("{}")).await.unwrap() else { panic!("it is new") };
        place.shift(47 * 60 * 60);
        assert_eq!(inbox.keep_raw(unnumbered("{}")).await.unwrap(), Kept::Again(first));
        place.shift(2 * 60 * 60);
        let Kept::New(second) = inbox.keep_raw(unnumbered("{}")).await.unwrap() else {
            panic!("an equal event two days later is another one")
        };
        assert_ne!(first, second);
        assert_eq!(inbox.keep_raw(unnumbered("{}")).await.unwrap(), Kept::Again(second));
    }

    async fn the_window_can_be_configured(place: Place) {
        let inbox = place.options().fingerprint_window(DAY).open(&place.url).await.unwrap();
        inbox.keep_raw(unnumbered("{}")).await.unwrap();
        place.shift(25 * 60 * 60);
        assert!(matches!(inbox.keep_raw(unnumbered("{}")).await.unwrap(), Kept::New(_)));
    }

    async fn keys_are_unique_per_vendor_and_route(place: Place) {
        let inbox = place.open().await;
        let key = IdempotencyKey::vendor("1");
        let mut seqs = BTreeSet::new();
        for (vendor, route) in [("qase", "a"), ("qase", "b"), ("deepsource", "a"), ("deepsource", "")] {
            let new = NewDelivery::raw(vendor, &key, "{}").at_route(route);
            assert!(matches!(inbox.keep_raw(new.clone()).await.unwrap(), Kept::New(seq) if seqs.insert(seq)));
            assert!(matches!(inbox.keep_raw(new).await.unwrap(), Kept::Again(_)));
        }
    }

    async fn a_thousand_copies_at_the_same_time_are_one_row(place: Place) {
        let (one, other) = (place.open().await, place.open().await);
        let tasks: Vec<_> = (0..1000)
            .map(|number| {
                let inbox = if number % 2 == 0 { one.clone() } else { other.clone() };
                tokio::spawn(async move { inbox.keep(&numbered(number % 10)).await.unwrap() })
            })
            .collect();
        let mut new = 0;
        for task in tasks {
            new += usize::from(matches!(task.await.unwrap(), Kept::New(_)));
        }
        assert_eq!(new, 10);
        let rows = one.list(&Filter::default(), None, 100).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.copies).collect::<Vec<_>>(), [100; 10]);
    }

    async fn copies_in_one_commit_are_told_apart(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        let new = |number| NewDelivery::of(&numbered(number));
        let kept = store.put(vec![new(7), new(8), new(7), new(7)]).await.unwrap();
        assert!(matches!(
            kept[..],
            [Kept::New(a), Kept::New(_), Kept::Again(b), Kept::Again(c)] if a == b && b == c
        ));
        assert_eq!(store.get(kept[0].seq()).await.unwrap().unwrap().row.copies, 3);
    }

    async fn text_that_no_database_likes_is_kept_all_the_same(place: Place) {
        let inbox = place.open().await;
        let body = format!(
            r#"{{"id":"{}\u0000","type":"a\u0000{}","createdAt":1,"data":{{}}}}"#,
            "k".repeat(1 << 20),
            "é".repeat(1 << 10),
        );
        let delivery = Delivery::<deepsource_webhooks::Webhook>::from_unverified(body.clone());
        let seq = inbox.keep(&delivery).await.unwrap().seq();
        assert_eq!(inbox.keep(&delivery).await.unwrap(), Kept::Again(seq));
        let stored = inbox.get(seq).await.unwrap().unwrap();
        assert!(stored.row.key.len() <= MAX_KEY_BYTES);
        assert_eq!(stored.body, body.as_bytes());
        assert_eq!(inbox.list(&Filter::default().key(stored.row.key), None, 9).await.unwrap().len(), 1);
    }

    async fn of_the_headers_only_those_on_the_list_are_kept(place: Place) {
        let inbox = place.open().await;
        let head = [
            ("Content-Type", "application/json"),
            ("X-Qase-Secret", "hunter2"),
            ("Authorization", "Bearer hunter2"),
            ("Cookie", "hunter2"),
            ("X-DeepSource-Signature", "hunter2"),
            ("User-Agent", "vendor/1"),
            ("User-Agent", "again"),
        ];
        let mut new = NewDelivery::of(&numbered(1)).with_headers(&head);
        new.headers.push(("x-qase-secret".to_owned(), "hunter2".to_owned()));
        let seq = inbox.keep_raw(new).await.unwrap().seq();
        let headers = inbox.get(seq).await.unwrap().unwrap().row.headers;
        let expected = [("content-type", "application/json"), ("user-agent", "vendor/1")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    async fn deliveries_that_wait_share_a_commit(place: Place) {
        let inbox = place.open().await;
        let tasks: Vec<_> = (0..500)
            .map(|number| {
                let inbox = inbox.clone();
                tokio::spawn(async move { inbox.keep(&numbered(number)).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let metrics = inbox.metrics();
        assert_eq!(metrics.commit_rows, 500);
        assert!(metrics.commit_seconds.count <= 250, "{metrics:?}");
    }

    async fn everything_that_is_kept_is_counted(place: Place) {
        let inbox = place.open().await;
        for number in [1, 2, 2] {
            inbox.keep(&numbered(number)).await.unwrap();
        }
        let invented = Delivery::<deepsource_webhooks::Webhook>::from_unverified(r#"{"id":"9","type":"invented"}"#);
        inbox.keep(&invented).await.unwrap();
        let metrics = inbox.metrics();
        let counted: Vec<_> =
            metrics.received.iter().map(|one| (one.event.as_str(), one.count, one.duplicates)).collect();
        assert_eq!(counted, [("test.event", 3, 1), ("unlisted", 1, 0)]);
        assert_eq!((metrics.commit_rows, metrics.commit_seconds.count), (4, 4));
        assert!(metrics.last_commit_ok);
    }
}

/// Who was just answered joins those who wait. Otherwise the two would take turns for ever, with half of the clients in
/// each commit.
#[tokio::test]
async fn clients_that_come_back_share_every_commit() {
    const CLIENTS: usize = 64;
    const TURNS: usize = 20;
    let place = Place::sqlite();
    let (store, faults) = Faulty::over(place.options().open_store(&place.url).await.unwrap());
    let inbox = Inbox::over(store, place.options());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let inbox = inbox.clone();
            tokio::spawn(async move {
                for turn in 0..TURNS {
                    inbox.keep(&numbered(client * TURNS + turn)).await.unwrap();
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let batches = faults.batches.lock().unwrap();
    assert_eq!(batches.iter().sum::<usize>(), CLIENTS * TURNS);
    // A few at the beginning and at the end hold less; taking turns would need two for each.
    assert!(batches.len() < TURNS + TURNS / 3, "{batches:?}");
}
