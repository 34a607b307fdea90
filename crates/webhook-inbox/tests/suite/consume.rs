//! Consumers: every delivery reaches every sink, or is listed as dead.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use webhook_core::Delivery;
use webhook_inbox::{
    Backoff, Consumer, Error, Filter, Handled, Inbox, NewDelivery, Outcome, Seq, Start, State, Undecodable,
};

use crate::bench::{Place, numbered, on_every_store, unnumbered};
use crate::faults::Faulty;

/// A consumer that is running.
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<Handled, Error>>,
}

fn start(consumer: Consumer) -> Running {
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(consumer.run(async {
        let _ = stopped.await;
    }));
    Running { stop, task }
}

impl Running {
    async fn stop(self) -> Handled {
        let _ = self.stop.send(());
        self.task.await.unwrap().unwrap()
    }
}

/// Waits until there are sinks and nothing waits at any.
async fn drained(inbox: &Inbox) {
    loop {
        let sinks = inbox.backlog().await.unwrap();
        if !sinks.is_empty() && sinks.iter().all(|sink| sink.pending + sink.claimed == 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn quick() -> Backoff {
    Backoff::constant(Duration::from_millis(1))
}

async fn keep(inbox: &Inbox, count: usize) {
    for number in 0..count {
        inbox.keep(&numbered(number)).await.unwrap();
    }
}

on_every_store! {
    async fn each_delivery_goes_to_the_handler_of_its_vendor(place: Place) {
        let inbox = place.open().await;
        let sample = qase_webhooks::samples::all().iter().find(|sample| sample.event() == "run.completed").unwrap();
        inbox.keep(&sample.delivery()).await.unwrap();
        inbox.keep(&numbered(1)).await.unwrap();
        inbox.keep_raw(unnumbered(r#"{"event":"AUDIT_EXPIRED"}"#)).await.unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (qase, deepsource, raw) = (Arc::clone(&seen), Arc::clone(&seen), Arc::clone(&seen));
        let running = start(
            inbox
                .consumer("tickets")
                .on(move |webhook: qase_webhooks::Webhook, context| {
                    let seen = Arc::clone(&qase);
                    async move { seen.lock().unwrap().push(format!("{} {}", webhook.name(), context.attempt())) }
                })
                .on(move |webhook: deepsource_webhooks::Webhook, _| {
                    let seen = Arc::clone(&deepsource);
                    async move {
                        seen.lock().unwrap().push(webhook.name().to_owned());
                        Ok::<_, Error>(())
                    }
                })
                .on_raw(move |delivery, _| {
                    let seen = Arc::clone(&raw);
                    async move { seen.lock().unwrap().push(format!("raw {}", delivery.row.vendor)) }
                }),
        );
        while seen.lock().unwrap().len() < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let handled = running.stop().await;
        assert_eq!((handled.done, handled.dead), (3, 0));
        assert_eq!(*seen.lock().unwrap(), ["run.completed 1", "test.event", "raw monitorqa"]);
    }

    async fn a_failure_is_tried_again_and_after_the_last_attempt_listed_as_dead(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 3).await;
        let running = start(inbox.consumer("a").retry(quick()).max_attempts(4).concurrency(2).on(
            |_: deepsource_webhooks::Webhook, context| async move {
                match context.key() {
                    // The second works in the end.
                    "id:1" if context.attempt() == 3 => Ok(()),
                    _ if context.is_last_attempt() => Err("the last straw"),
                    _ => Err("not yet"),
                }
            },
        ));
        drained(&inbox).await;
        let handled = running.stop().await;
        assert_eq!((handled.done, handled.retried, handled.dead), (1, 3 + 2 + 3, 2));
        let dead = inbox.list(&Filter::default().state(State::Dead), None, 9).await.unwrap();
        assert_eq!(dead.len(), 2);
        for row in dead {
            assert_eq!(row.sinks[0].error.as_deref(), Some("the last straw"));
            assert_eq!(row.sinks[0].attempts, 4);
            assert_eq!(inbox.attempts(row.seq).await.unwrap().len(), 4);
        }
        // And can be replayed.
        assert_eq!(inbox.replay(&Filter::default().state(State::Dead), Some("a")).await.unwrap(), 2);
        let running = start(inbox.consumer("a").on_raw(|_, _| async {}));
        drained(&inbox).await;
        assert_eq!(running.stop().await.done, 2);
    }

    async fn a_panic_is_a_failure_of_that_delivery_alone(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 10).await;
        let running = start(inbox.consumer("a").retry(quick()).max_attempts(2).concurrency(4).on_raw(
            |_, context| async move { assert_ne!(context.key(), "id:4", "no fours") },
        ));
        drained(&inbox).await;
        let handled = running.stop().await;
        assert_eq!((handled.done, handled.dead), (9, 1));
        let dead = inbox.list(&Filter::default().state(State::Dead), None, 9).await.unwrap();
        assert!(dead[0].sinks[0].error.as_deref().is_some_and(|error| error.contains("no fours")), "{dead:?}");
    }

    async fn what_does_not_decode_goes_where_it_is_told_and_blocks_nobody(place: Place) {
        let inbox = place.open().await;
        let broken = Delivery::<deepsource_webhooks::Webhook>::from_unverified(r#"{"id":"b","type":7}"#);
        inbox.keep(&broken).await.unwrap();
        keep(&inbox, 2).await;
        let typed = |_: deepsource_webhooks::Webhook, _| async {};
        let dead = start(inbox.consumer("dead").on(typed));
        let raw = start(inbox.consumer("raw").on(typed).on_raw(|_, _| async {}).undecodable(Undecodable::Raw));
        while inbox.counts().await.unwrap().len() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drained(&inbox).await;
        let (dead, raw) = (dead.stop().await, raw.stop().await);
        assert_eq!((dead.done, dead.dead), (2, 1));
        assert_eq!((raw.done, raw.dead), (3, 0));
        let rows = inbox.list(&Filter::default().state(State::Dead), None, 9).await.unwrap();
        let error = rows[0].sinks.iter().find_map(|sink| sink.error.clone()).unwrap();
        assert!(error.contains("does not decode") && error.contains("deepsource"), "{error}");
    }

    async fn events_that_do_not_concern_a_sink_are_skipped_visibly(place: Place) {
        let inbox = place.open().await;
        for (number, event) in [(1, "run.completed"), (2, "case.created"), (3, "defect.created")] {
            let mut new = NewDelivery::of(&numbered(number));
            new.event = Some(event.to_owned());
            inbox.keep_raw(new).await.unwrap();
        }
        inbox.keep_raw(unnumbered("no name")).await.unwrap();
        let running =
            start(inbox.consumer("a").events(["run.*", "defect.created"]).concurrency(8).on_raw(|_, _| async {}));
        drained_of(&inbox, 4).await;
        let handled = running.stop().await;
        assert_eq!((handled.done, handled.skipped), (2, 2));
        assert_eq!(inbox.counts().await.unwrap()[0].skipped, Some(2));
    }

    async fn a_handler_can_give_up_wait_or_pause_the_sink(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 4).await;
        let running = start(inbox.consumer("a").on_raw(|_, context| async move {
            match context.key() {
                "id:0" => Outcome::dead().note("410 Gone"),
                "id:1" => Outcome::retry_after(Duration::from_secs(60 * 60)).note("503"),
                "id:2" => Outcome::done().note("201"),
                _ => Outcome::pause_sink(Duration::from_secs(60 * 60)).note("401"),
            }
        }));
        while inbox.backlog().await.unwrap().first().is_none_or(|sink| sink.paused_until.is_none()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let handled = running.stop().await;
        assert_eq!((handled.dead, handled.retried, handled.done), (1, 1, 1));
        let rows = inbox.list(&Filter::all(), None, 9).await.unwrap();
        let states: Vec<_> = rows.iter().map(|row| (row.sinks[0].state, row.sinks[0].attempts)).collect();
        // A pause is no attempt.
        assert_eq!(
            states,
            [(State::Dead, 1), (State::Pending, 1), (State::Done, 1), (State::Pending, 0)]
        );
        assert!(rows[1].sinks[0].due_at > rows[1].received_at + chrono::TimeDelta::minutes(59));
        assert_eq!(inbox.attempts(rows[2].seq).await.unwrap()[0].note.as_deref(), Some("201"));
    }

    async fn a_note_is_cut(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 1).await;
        let running = start(inbox.consumer("a").max_attempts(1).on_raw(|_, _| async { Err::<(), _>("é".repeat(100_000)) }));
        drained_of(&inbox, 1).await;
        running.stop().await;
        let row = inbox.list(&Filter::all(), None, 9).await.unwrap().remove(0);
        assert_eq!(row.sinks[0].error.as_ref().map(String::len), Some(webhook_inbox::MAX_NOTE_BYTES));
    }

    async fn at_the_signal_running_handlers_get_their_time_and_the_rest_goes_back(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 4).await;
        let started = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&started);
        let running = start(
            inbox.consumer("a").concurrency(3).shutdown_grace(Duration::from_millis(500)).on_raw(move |_, context| {
                count.fetch_add(1, Ordering::Relaxed);
                async move {
                    let wait = if context.key() == "id:1" { 100 } else { 60_000 };
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
            }),
        );
        while started.load(Ordering::Relaxed) < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let handled = running.stop().await;
        assert_eq!(handled.done, 1);
        let counts = inbox.counts().await.unwrap().remove(0);
        assert_eq!((counts.done, counts.pending, counts.claimed), (Some(1), 3, 0));
        let rows = inbox.list(&Filter::all(), None, 9).await.unwrap();
        assert!(rows.iter().all(|row| row.sinks[0].state == State::Done || row.sinks[0].attempts == 0));
    }

    async fn a_handler_that_takes_longer_than_its_lease_keeps_it(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 1).await;
        let calls = Arc::new(AtomicUsize::new(0));
        let consumer = || {
            let calls = Arc::clone(&calls);
            // A renewal may be late by two seconds on a busy machine.
            inbox.consumer("a").lease_time(Duration::from_secs(3)).on_raw(move |_, _| {
                calls.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(4))
            })
        };
        let (one, other) = (start(consumer()), start(consumer()));
        drained_of(&inbox, 1).await;
        let (one, other) = (one.stop().await, other.stop().await);
        assert_eq!((one.done + other.done, one.lost + other.lost), (1, 0));
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }

    async fn a_delivery_that_kills_its_process_ends_as_dead(place: Place) {
        let inbox = place.open().await;
        keep(&inbox, 1).await;
        for _ in 0..3 {
            let (taken, wait) = oneshot::channel();
            let taken = Mutex::new(Some(taken));
            let consumer = inbox.consumer("a").max_attempts(3).on_raw(move |_, _| {
                let _ = taken.lock().unwrap().take().map(|taken| taken.send(()));
                std::future::pending::<()>()
            });
            let task = tokio::spawn(consumer.run(std::future::pending()));
            wait.await.unwrap();
            task.abort();
            let _ = task.await;
            place.shift(61);
        }
        let running = start(inbox.consumer("a").max_attempts(3).on_raw(|_, _| async {}));
        drained_of(&inbox, 1).await;
        assert_eq!(running.stop().await.dead, 1);
        let row = inbox.list(&Filter::all(), None, 9).await.unwrap().remove(0);
        assert!(row.sinks[0].error.as_deref().is_some_and(|error| error.contains("3 attempts")), "{row:?}");
    }

    async fn every_row_reaches_every_sink_through_failures_of_handlers_and_store(place: Place) {
        const ROWS: usize = 200;
        let (store, faults) = Faulty::over(place.options().open_store(&place.url).await.unwrap());
        let inbox = Inbox::over(store, place.options());
        for sink in ["a", "b"] {
            inbox.register(sink, Start::Oldest).await.unwrap();
        }
        faults.every.store(11, Ordering::Relaxed);
        for number in 0..ROWS {
            while inbox.keep(&numbered(number)).await.is_err() {}
        }
        let seen: Arc<Mutex<BTreeMap<(String, Seq), u32>>> = Arc::default();
        let consumer = |sink: &str| {
            let seen = Arc::clone(&seen);
            let calls = AtomicU32::new(0);
            inbox.consumer(sink).lease_time(Duration::from_millis(800)).retry(quick()).max_attempts(50).concurrency(5).on_raw(
                move |_, context| {
                    let call = calls.fetch_add(1, Ordering::Relaxed);
                    let seen = Arc::clone(&seen);
                    async move {
                        assert!(!call.is_multiple_of(7), "injected");
                        if call.is_multiple_of(5) {
                            return Err("injected");
                        }
                        *seen.lock().unwrap().entry((context.sink().to_owned(), context.seq())).or_default() += 1;
                        Ok(())
                    }
                },
            )
        };
        // Workers are killed in the middle of their work, again and again.
        for _ in 0..4 {
            let tasks = ["a", "b"].map(|sink| tokio::spawn(consumer(sink).run(std::future::pending())));
            tokio::time::sleep(Duration::from_millis(150)).await;
            for task in tasks {
                task.abort();
                let _ = task.await;
            }
        }
        let running: Vec<_> = ["a", "b", "a"].into_iter().map(|sink| start(consumer(sink))).collect();
        drained(&inbox).await;
        faults.every.store(0, Ordering::Relaxed);
        for running in running {
            running.stop().await;
        }
        let counts = inbox.counts().await.unwrap();
        for sink in &counts {
            assert_eq!(sink.done.unwrap() + sink.dead + sink.pending + sink.claimed, ROWS as u64, "{sink:?}");
        }
        let done = counts.iter().map(|sink| sink.done.unwrap()).sum::<u64>();
        assert!(seen.lock().unwrap().len() as u64 >= done);
        assert_eq!(done, 2 * ROWS as u64);
    }
}

/// Waits until a sink is there and has finished so many.
async fn drained_of(inbox: &Inbox, count: u64) {
    loop {
        let finished = |sink: &webhook_inbox::SinkCounts| {
            sink.done.unwrap_or_default() + sink.skipped.unwrap_or_default() + sink.dead
        };
        if inbox.counts().await.unwrap().first().is_some_and(|sink| finished(sink) >= count) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_consumer_without_a_handler_or_a_name_is_refused() {
    let inbox = Place::sqlite().open().await;
    let never = std::future::pending::<()>;
    assert!(inbox.consumer("a").run(never()).await.is_err());
    assert!(inbox.consumer("").on_raw(|_, _| async {}).run(never()).await.is_err());
    let typed = |_: qase_webhooks::Webhook, _| async {};
    assert!(inbox.consumer("a").on(typed).undecodable(Undecodable::Raw).run(never()).await.is_err());
}
