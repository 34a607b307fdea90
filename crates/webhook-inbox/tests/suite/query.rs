//! Looking at what is kept.

use chrono::{TimeDelta, Utc};
use webhook_core::IdempotencyKey;
use webhook_inbox::{Filter, Inbox, NewDelivery, Prune, Seq, Steps};

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
        let fourth = inbox.list(&any(), None, 10).await.unwrap()[3].seq;
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
            (any().key_contains("d:"), 5),
            (any().key_contains("3"), 1),
            (any().key_contains("%"), 0),
            (any().received_from(start), 5),
            (any().received_before(start), 0),
            (any().route("elsewhere"), 0),
            (any().seq_from(Seq::new(1)), 5),
            (any().seq_from(fourth).vendor("qase"), 1),
            (any().seq_from(Seq::new(i64::MAX)), 0),
            (any().vendor("x' OR '1'='1"), 0),
            (any().account("\0"), 0),
        ] {
            let rows = inbox.list(&filter, None, 100).await.unwrap();
            assert_eq!(rows.len(), expected, "{filter:?}");
        }
    }

    async fn the_newest_come_first_where_that_is_asked_for(place: Place) {
        let inbox = place.open().await;
        for number in 0..25 {
            inbox.keep(&numbered(number)).await.unwrap();
        }
        let newest = Filter::default().newest_first();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = inbox.list(&newest, after, 10).await.unwrap();
            after = match page.last() {
                Some(row) => Some(row.seq),
                None => break,
            };
            seen.extend(page.into_iter().map(|row| row.seq));
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        assert!(inbox.replay(&newest, None).await.is_err(), "an order is no condition");
    }

    async fn a_bound_of_the_time_lists_by_the_time_of_receipt(place: Place) {
        let inbox = place.open().await;
        let start = Utc::now() - TimeDelta::seconds(30);
        // The clock is set back by hours in between: numbers 4 to 6 are older than 1 to 3.
        for number in 1..=6 {
            inbox.keep(&numbered(number)).await.unwrap();
            place.shift(if number == 3 { -7200 } else { 60 });
        }
        let by_time = [4, 5, 6, 1, 2, 3];
        let early = start - TimeDelta::hours(3);
        for newest_first in [false, true] {
            let mut filter = Filter::default().received_from(early);
            let mut expected = by_time.to_vec();
            if newest_first {
                filter = filter.newest_first();
                expected.reverse();
            }
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = inbox.list(&filter, after, 2).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.seq);
                seen.extend(page.into_iter().map(|row| row.seq.get()));
            }
            assert_eq!(seen, expected);
        }
        let of = async |filter: Filter| {
            let rows = inbox.list(&filter, None, 9).await.unwrap();
            rows.into_iter().map(|row| row.seq.get()).collect::<Vec<_>>()
        };
        assert_eq!(of(Filter::default().received_from(start)).await, [1, 2, 3]);
        assert_eq!(of(Filter::default().received_before(start)).await, [4, 5, 6]);
        // A position whose delivery is not there is one between the others.
        let filter = Filter::default().received_from(early);
        assert_eq!(inbox.list(&filter, Some(Seq::new(0)), 9).await.unwrap().len(), 6);
        assert_eq!(inbox.list(&filter.newest_first(), Some(Seq::new(99)), 9).await.unwrap().len(), 3);
    }

    async fn deliveries_are_counted_by_when_they_were_stored(place: Place) {
        let inbox = place.open().await;
        let start = Utc::now() - TimeDelta::seconds(1);
        inbox.keep(&numbered(1)).await.unwrap();
        place.shift(60);
        inbox.keep(&numbered(2)).await.unwrap();
        inbox.keep(&numbered(3)).await.unwrap();
        inbox.keep(&numbered(3)).await.unwrap();
        let half_a_minute = std::time::Duration::from_secs(30);
        let counts = inbox.received(Steps::new(start, half_a_minute, 4)).await.unwrap();
        assert_eq!(counts.iter().sum::<u64>(), 3, "{counts:?}");
        assert_eq!((counts[0], counts[2]), (1, 2), "{counts:?}");
        let before = inbox.received(Steps::new(start - TimeDelta::hours(1), half_a_minute, 4)).await.unwrap();
        assert_eq!(before, [0; 4]);
        assert!(inbox.received(Steps::new(start, half_a_minute, usize::MAX)).await.unwrap().len() <= Steps::MAX);
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
            assert_eq!((health.deliveries, health.schema > 0), (1, true));
            assert!(health.bytes > 0);
        }
    }
}
