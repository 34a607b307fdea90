//! Looking at what is kept.

use chrono::{TimeDelta, Utc};
use webhook_core::IdempotencyKey;
use webhook_inbox::{Filter, Inbox, NewDelivery, Prune};

use crate::bench::{Place, numbered, on_every_store};

async fn keep(inbox: &Inbox, vendor: &str, event: &str, account: &str, key: &str) {
    let mut new = NewDelivery::raw(vendor, &IdempotencyKey::vendor(key), "{}");
    new.event = Some(event.to_owned());
    new.account = Some(account.to_owned());
    inbox.keep_raw(new).await.unwrap();
}

on_every_store! {
    async fn every_condition_of_a_filter_must_hold(place: Place) {
        let inbox = place.open().await;
        let start = Utc::now() - TimeDelta::seconds(5);
        keep(&inbox, "qase", "run.completed", "ORBIT", "1").await;
        keep(&inbox, "qase", "run.started", "APOLLO", "2").await;
        keep(&inbox, "qase", "defect.created", "ORBIT", "3").await;
        keep(&inbox, "deepsource", "run%completed_[x]?", "ORBIT", "4").await;
        inbox.keep_raw(NewDelivery::raw("qase", &IdempotencyKey::vendor("5"), "?")).await.unwrap();
        let any = Filter::default;
        for (filter, expected) in [
            (any(), 5),
            (any().vendor("qase"), 4),
            (any().event("run.*"), 2),
            (any().event("run.*").event("defect.created"), 3),
            (any().event("RUN.*"), 0),
            (any().event("run%*"), 1),
            (any().event("run_*"), 0),
            (any().event("*_[x]?"), 1),
            (any().event("*"), 4),
            (any().vendor("qase").account("ORBIT"), 2),
            (any().key("id:3"), 1),
            (any().received_from(start), 5),
            (any().received_before(start), 0),
            (any().route("elsewhere"), 0),
            (any().vendor("x' OR '1'='1"), 0),
            (any().account("\0"), 0),
        ] {
            let rows = inbox.list(&filter, None, 100).await.unwrap();
            assert_eq!(rows.len(), expected, "{filter:?}");
        }
    }

    async fn pages_cover_everything_once(place: Place) {
        let inbox = place.open().await;
        for number in 0..25 {
            inbox.keep(&numbered(number)).await.unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = inbox.list(&Filter::all(), after, 10).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.seq);
            seen.extend(page.into_iter().map(|row| row.key));
        }
        assert_eq!(seen, (0..25).map(|number| format!("id:{number}")).collect::<Vec<_>>());
    }

    async fn a_pruned_delivery_is_gone_and_still_recognised(place: Place) {
        let inbox = place.open().await;
        let seq = inbox.keep(&numbered(1)).await.unwrap().seq();
        assert_eq!(inbox.prune(&Prune::of(Filter::all())).await.unwrap(), 1);
        assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap(), []);
        let left = inbox.get(seq).await.unwrap().unwrap();
        assert!(left.body.is_empty() && left.row.pruned_at.is_some());
        assert_eq!(inbox.keep(&numbered(1)).await.unwrap(), webhook_inbox::Kept::Again(seq));
        assert_eq!(inbox.prune(&Prune::of(Filter::all())).await.unwrap(), 0);
    }

    async fn a_check_finds_a_sound_store_sound(place: Place) {
        let inbox = place.open().await;
        inbox.keep(&numbered(1)).await.unwrap();
        for deep in [false, true] {
            let health = inbox.check(deep).await.unwrap();
            assert!(health.is_sound(), "{health:?}");
            assert_eq!((health.deliveries, health.schema), (1, 1));
            assert!(health.bytes > 0);
        }
    }
}
