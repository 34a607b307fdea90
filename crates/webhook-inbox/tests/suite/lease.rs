//! Who holds a delivery, and who cannot settle it any more.

use std::time::Duration;

use webhook_inbox::store::{Claim, End, Settled};
use webhook_inbox::{Ended, Filter, NewDelivery, Prune, Seq, Start, State, Store};

use crate::bench::{Place, numbered, on_every_store};

const LEASE: Duration = Duration::from_secs(60);

async fn keep(store: &dyn Store, count: usize) -> Vec<Seq> {
    let batch = (0..count).map(|number| NewDelivery::of(&numbered(number))).collect();
    store.put(batch).await.unwrap().into_iter().map(webhook_inbox::Kept::seq).collect()
}

async fn claim(store: &dyn Store, sink: &str, limit: usize) -> Vec<webhook_inbox::store::Claimed> {
    store.claim(Claim::new(sink, limit, LEASE)).await.unwrap()
}

async fn states(store: &dyn Store) -> Vec<State> {
    let rows = store.list(Filter::all(), None, 100).await.unwrap();
    rows.into_iter().flat_map(|row| row.sinks).map(|sink| sink.state).collect()
}

on_every_store! {
    async fn a_delivery_is_handed_to_one_worker_at_a_time(place: Place) {
        let (one, other) =
            (place.options().open_store(&place.url).await.unwrap(), place.options().open_store(&place.url).await.unwrap());
        one.register("a".to_owned(), Start::Oldest).await.unwrap();
        keep(&*one, 20).await;
        let (mine, theirs) = tokio::join!(claim(&*one, "a", 15), claim(&*other, "a", 15));
        let mut seqs: Vec<_> = mine.iter().chain(&theirs).map(|claimed| claimed.lease.seq).collect();
        seqs.sort();
        seqs.dedup();
        assert_eq!((mine.len() + theirs.len(), seqs.len()), (20, 20));
        assert!(claim(&*one, "a", 1).await.is_empty());
    }

    async fn a_new_sink_starts_with_the_oldest_or_with_now(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        keep(&*store, 3).await;
        store.register("oldest".to_owned(), Start::Oldest).await.unwrap();
        store.register("now".to_owned(), Start::Now).await.unwrap();
        store.put(vec![NewDelivery::of(&numbered(100))]).await.unwrap();
        // Registering again changes nothing.
        store.register("now".to_owned(), Start::Oldest).await.unwrap();
        assert_eq!(claim(&*store, "oldest", 9).await.len(), 4);
        assert_eq!(claim(&*store, "now", 9).await.len(), 1);
        assert_eq!(claim(&*store, "unknown", 9).await.len(), 0);
        // What was missed can be asked for.
        assert_eq!(store.replay(Filter::all(), Some("now".to_owned())).await.unwrap(), 3);
        assert_eq!(claim(&*store, "now", 9).await.len(), 3);
    }

    async fn a_lease_that_ran_out_settles_nothing(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        store.register("a".to_owned(), Start::Oldest).await.unwrap();
        keep(&*store, 1).await;
        let first = claim(&*store, "a", 1).await.remove(0);
        assert_eq!(first.attempt, 1);
        place.shift(61);
        assert_eq!(store.settle(vec![Settled::new(first.lease.clone(), End::Done)]).await.unwrap(), [false]);
        assert_eq!(store.renew(vec![first.lease.clone()], LEASE).await.unwrap(), [false]);
        let second = claim(&*store, "a", 1).await.remove(0);
        assert_eq!((second.attempt, second.lease.seq), (2, first.lease.seq));
        for end in [End::Done, End::Dead, End::Released, End::Retry(LEASE)] {
            assert_eq!(store.settle(vec![Settled::new(first.lease.clone(), end)]).await.unwrap(), [false]);
        }
        assert_eq!(store.renew(vec![first.lease, second.lease.clone()], LEASE).await.unwrap(), [false, true]);
        assert_eq!(store.settle(vec![Settled::new(second.lease.clone(), End::Done)]).await.unwrap(), [true]);
        assert_eq!(store.settle(vec![Settled::new(second.lease, End::Dead)]).await.unwrap(), [false]);
        assert_eq!(states(&*store).await, [State::Done]);
    }

    async fn a_renewed_lease_lasts_longer(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        store.register("a".to_owned(), Start::Oldest).await.unwrap();
        keep(&*store, 1).await;
        let lease = claim(&*store, "a", 1).await.remove(0).lease;
        for _ in 0..5 {
            place.shift(45);
            assert_eq!(store.renew(vec![lease.clone()], LEASE).await.unwrap(), [true]);
            assert!(claim(&*store, "a", 1).await.is_empty());
        }
        assert_eq!(store.settle(vec![Settled::new(lease, End::Done)]).await.unwrap(), [true]);
    }

    async fn every_end_leads_where_it_says(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        store.register("a".to_owned(), Start::Oldest).await.unwrap();
        keep(&*store, 5).await;
        let claimed = claim(&*store, "a", 5).await;
        let ends = [End::Done, End::Dead, End::Skipped, End::Retry(Duration::from_secs(30)), End::Released];
        let batch = claimed.iter().zip(ends);
        let batch = batch.map(|(claimed, end)| Settled::new(claimed.lease.clone(), end).note("why")).collect();
        assert_eq!(store.settle(batch).await.unwrap(), [true; 5]);
        assert_eq!(
            states(&*store).await,
            [State::Done, State::Dead, State::Skipped, State::Pending, State::Pending]
        );
        let counts = store.counts(true).await.unwrap().remove(0);
        assert_eq!(
            (counts.done, counts.dead, counts.skipped, counts.pending, counts.claimed),
            (Some(1), 1, Some(1), 2, 0)
        );
        assert!(counts.oldest_pending_at.is_some());
        // What was released is due as if nothing had happened, what is to be tried again when its time has come.
        let released = claim(&*store, "a", 5).await;
        assert_eq!(released.iter().map(|claimed| claimed.attempt).collect::<Vec<_>>(), [1]);
        place.shift(31);
        let again = claim(&*store, "a", 5).await;
        assert_eq!(again.iter().map(|claimed| claimed.attempt).collect::<Vec<_>>(), [2]);
        let attempts = store.attempts(again[0].lease.seq).await.unwrap();
        assert_eq!(attempts.len(), 1);
        assert_eq!(
            (attempts[0].number, attempts[0].ended, attempts[0].note.as_deref()),
            (1, Ended::Retry, Some("why"))
        );
        let dead = store.list(Filter::default().state(State::Dead), None, 9).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].sinks[0].error.as_deref(), Some("why"));
    }

    async fn a_replay_takes_a_delivery_from_nobody_and_starts_its_attempts_anew(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        for sink in ["a", "b"] {
            store.register(sink.to_owned(), Start::Oldest).await.unwrap();
        }
        keep(&*store, 2).await;
        let claimed = claim(&*store, "a", 1).await.remove(0);
        for claimed in claim(&*store, "b", 2).await {
            store.settle(vec![Settled::new(claimed.lease, End::Dead).note("no")]).await.unwrap();
        }
        // One is under way at `a` and one waits there; both are dead at `b`.
        let dead = Filter::default().state(State::Dead);
        assert_eq!(store.replay(dead.clone().sink("a"), None).await.unwrap(), 0);
        assert_eq!(store.replay(Filter::default().seq(claimed.lease.seq), None).await.unwrap(), 1);
        assert_eq!(store.replay(dead, None).await.unwrap(), 1);
        let again = claim(&*store, "b", 9).await;
        assert_eq!(again.iter().map(|claimed| claimed.attempt).collect::<Vec<_>>(), [1, 1]);
        store.settle(vec![Settled::new(again[0].lease.clone(), End::Done)]).await.unwrap();
        // Attempts are counted over all replays.
        let attempts = store.attempts(again[0].lease.seq).await.unwrap();
        assert_eq!(attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(store.settle(vec![Settled::new(claimed.lease, End::Done)]).await.unwrap(), [true]);
    }

    async fn a_paused_sink_gets_nothing_until_its_time_has_come_or_it_is_resumed(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        for sink in ["a", "b"] {
            store.register(sink.to_owned(), Start::Oldest).await.unwrap();
        }
        keep(&*store, 3).await;
        store.pause("a".to_owned(), LEASE).await.unwrap();
        assert_eq!((claim(&*store, "a", 1).await.len(), claim(&*store, "b", 1).await.len()), (0, 1));
        assert!(store.counts(false).await.unwrap()[0].paused_until.is_some());
        place.shift(61);
        assert_eq!(claim(&*store, "a", 1).await.len(), 1);
        store.pause("a".to_owned(), LEASE).await.unwrap();
        assert_eq!(claim(&*store, "a", 1).await.len(), 0);
        store.pause("a".to_owned(), Duration::ZERO).await.unwrap();
        assert_eq!(claim(&*store, "a", 1).await.len(), 1);
    }

    async fn nothing_that_somebody_waits_for_is_pruned(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        store.register("a".to_owned(), Start::Oldest).await.unwrap();
        keep(&*store, 4).await;
        let ends = [End::Done, End::Dead, End::Retry(LEASE)];
        let batch = claim(&*store, "a", 3).await.into_iter().zip(ends);
        store.settle(batch.map(|(claimed, end)| Settled::new(claimed.lease, end)).collect()).await.unwrap();
        let all = || Prune::of(Filter::all());
        assert_eq!(store.prune(all()).await.unwrap(), 1);
        assert_eq!(states(&*store).await, [State::Dead, State::Pending, State::Pending]);
        assert_eq!(store.prune(all().and_dead()).await.unwrap(), 1);
        assert_eq!(states(&*store).await, [State::Pending, State::Pending]);
        assert_eq!(store.prune(all().and_pending()).await.unwrap(), 2);
        assert!(claim(&*store, "a", 9).await.is_empty());
        assert_eq!(store.replay(Filter::all(), Some("a".to_owned())).await.unwrap(), 0);
    }

    async fn a_clock_that_is_set_back_delays_nothing_and_lengthens_no_window(place: Place) {
        let store = place.options().open_store(&place.url).await.unwrap();
        store.register("a".to_owned(), Start::Oldest).await.unwrap();
        let fingerprint = || crate::bench::unnumbered("{}");
        store.put(vec![fingerprint(), NewDelivery::of(&numbered(1)), NewDelivery::of(&numbered(2))]).await.unwrap();
        let claimed = claim(&*store, "a", 2).await;
        let retry = Settled::new(claimed[0].lease.clone(), End::Retry(Duration::from_secs(30)));
        store.settle(vec![retry]).await.unwrap();

        place.shift(-5 * 60 * 60);
        // The time is noted every ten seconds, and what was due since then is due when they have passed.
        let mut third = claim(&*store, "a", 9).await.len();
        place.shift(10);
        third += claim(&*store, "a", 9).await.len();
        assert_eq!(third, 1);
        assert_eq!(store.renew(vec![claimed[1].lease.clone()], LEASE).await.unwrap(), [true]);
        place.shift(31);
        assert_eq!(claim(&*store, "a", 9).await.len(), 1);
        // Two leases run out, and the third lasts as long as it was meant to.
        place.shift(30);
        assert_eq!(claim(&*store, "a", 9).await.len(), 2);
        place.shift(31);
        assert_eq!(claim(&*store, "a", 9).await.len(), 1);
        place.shift(48 * 60 * 60);
        let again = store.put(vec![fingerprint()]).await.unwrap();
        assert!(matches!(again[0], webhook_inbox::Kept::New(_)), "{again:?}");
    }
}
