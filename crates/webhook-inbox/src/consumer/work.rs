//! The loop of a consumer: claim, renew, settle, and shut down.

use std::collections::HashMap;
use std::future::Future;
use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};

use super::Consumer;
use super::attempt::{self, Ended, Rules};
use super::context::SettledFlag;
use super::handler::Handlers;
use crate::error::Error;
use crate::store::{Claim, End, Lease, Settled, Start, Store};
use crate::stored::{Seq, State};

/// The interval of polling, if this process did not store new deliveries.
const POLL: Duration = Duration::from_millis(500);
/// The delay after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// The time limit for an answer of the store.
const STORE_TIMEOUT: Duration = Duration::from_secs(10);

/// The counters of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Handled {
    /// Deliveries that were handled.
    pub done: u64,
    /// Attempts that failed and are retried.
    pub retried: u64,
    /// Deliveries that became dead.
    pub dead: u64,
    /// Deliveries whose events the sink does not select.
    pub skipped: u64,
    /// Attempts whose delivery was claimed by another worker before they ended.
    pub lost: u64,
}

pub(crate) struct Work {
    store: Arc<dyn Store>,
    commits: watch::Receiver<u64>,
    sink: String,
    start: Start,
    registered: bool,
    handlers: Arc<Handlers>,
    rules: Rules,
    concurrency: usize,
    lease_time: Duration,
    grace: Duration,
    tasks: JoinSet<Ended>,
    running: HashMap<Id, Running>,
    /// The outcomes that are not recorded yet.
    ended: Vec<Unrecorded>,
    /// The time of the next poll.
    look_at: Instant,
    handled: Handled,
}

struct Running {
    lease: Lease,
    attempt: u32,
    settled: SettledFlag,
    abort: AbortHandle,
}

struct Unrecorded {
    outcome: Settled,
    /// Whether the handler has settled it in its own transaction before this outcome.
    settled: SettledFlag,
}

impl Work {
    pub(crate) fn new(consumer: Consumer) -> Self {
        let inner = consumer.inbox.inner();
        Self {
            store: Arc::clone(&inner.store),
            commits: inner.commits.subscribe(),
            sink: consumer.sink,
            start: consumer.start,
            registered: false,
            handlers: Arc::new(consumer.handlers),
            rules: consumer.rules,
            concurrency: consumer.concurrency,
            lease_time: consumer.lease_time,
            grace: consumer.grace,
            tasks: JoinSet::new(),
            running: HashMap::new(),
            ended: Vec::new(),
            look_at: Instant::now(),
            handled: Handled::default(),
        }
    }

    pub(crate) async fn run(mut self, shutdown: impl Future<Output = ()>) -> Handled {
        let mut shutdown = pin!(shutdown);
        let mut renewal = interval(self.lease_time / 3);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let room = self.running.len() + self.ended.len() < self.concurrency;
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                // Before the tasks, because tasks that end continuously would starve it.
                _ = renewal.tick() => self.renew().await,
                Some(ended) = self.tasks.join_next_with_id() => self.note_all(ended).await,
                Ok(()) = self.commits.changed(), if room => self.look().await,
                () = sleep_until(self.look_at), if room || !self.ended.is_empty() => self.look().await,
            }
        }
        self.leave().await;
        self.handled
    }

    /// Records outcomes, and claims deliveries up to the concurrency.
    async fn look(&mut self) {
        self.look_at = Instant::now() + POLL;
        if let Err(error) = self.try_look().await {
            tracing::warn!(sink = self.sink, error = %error.shared(), "the inbox is not available");
            self.look_at = Instant::now() + AFTER_FAILURE;
        }
    }

    async fn try_look(&mut self) -> Result<(), Error> {
        if !self.registered {
            in_time(self.store.register(self.sink.clone(), self.start)).await?;
            self.registered = true;
        }
        self.settle().await?;
        let room = self.concurrency.saturating_sub(self.running.len() + self.ended.len());
        if room == 0 {
            return Ok(());
        }
        let claimed = in_time(self.store.claim(Claim::new(self.sink.clone(), room, self.lease_time))).await?;
        if claimed.len() == room {
            // There is probably more.
            self.look_at = Instant::now();
        }
        for claimed in claimed {
            let (lease, attempt) = (claimed.lease.clone(), claimed.attempt);
            let (handlers, rules, settled) = (Arc::clone(&self.handlers), self.rules, SettledFlag::default());
            let flag = settled.clone();
            let abort = self.tasks.spawn(async move { attempt::run(claimed, &handlers, rules, flag).await });
            self.running.insert(abort.id(), Running { lease, attempt, settled, abort });
        }
        Ok(())
    }

    /// Collects all tasks that have ended, and records their outcomes together.
    async fn note_all(&mut self, ended: Result<(Id, Ended), JoinError>) {
        self.note(ended).await;
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.note(ended).await;
        }
        self.look().await;
    }

    async fn note(&mut self, ended: Result<(Id, Ended), JoinError>) {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        // None if the lease was lost.
        let Some(Running { lease, attempt, settled, .. }) = self.running.remove(&id) else { return };
        let outcome = match ended {
            Ok((_, Ended::Settle(outcome, None))) => outcome,
            Ok((_, Ended::Settle(outcome, Some(pause)))) => {
                tracing::warn!(sink = self.sink, seconds = pause.as_secs(), "the sink is paused");
                // Before the delivery is released, so that it is not claimed in between.
                if let Err(error) = in_time(self.store.pause(self.sink.clone(), pause)).await {
                    tracing::warn!(sink = self.sink, error = %error.shared(), "the sink could not be paused");
                }
                outcome
            }
            Ok((_, Ended::AlreadySettled)) => {
                self.handled.done += 1;
                return;
            }
            Err(error) => self.rules.broken(lease, attempt, error),
        };
        self.ended.push(Unrecorded { outcome, settled });
    }

    /// Records outcomes. A failure is retried. An outcome that can never be recorded is dropped, and its lease expires.
    async fn settle(&mut self) -> Result<(), Error> {
        if self.ended.is_empty() {
            return Ok(());
        }
        let outcomes = self.ended.iter().map(|ended| ended.outcome.clone()).collect();
        let held = in_time(self.store.settle(outcomes)).await?;
        for (Unrecorded { outcome, settled }, held) in mem::take(&mut self.ended).into_iter().zip(held) {
            let seq = outcome.lease.seq;
            if !held {
                // The handler may have failed, or been stopped, after the commit of its transaction.
                if settled.is_set() && self.is_done(seq).await {
                    self.handled.done += 1;
                    continue;
                }
                self.handled.lost += 1;
                tracing::warn!(
                    sink = self.sink,
                    seq = seq.get(),
                    "the lease was lost before the outcome was recorded: the delivery is handled again"
                );
                continue;
            }
            match outcome.end {
                End::Done => self.handled.done += 1,
                End::Skipped => self.handled.skipped += 1,
                End::Retry(_) => self.handled.retried += 1,
                End::Dead => {
                    self.handled.dead += 1;
                    tracing::error!(sink = self.sink, seq = seq.get(), "the delivery is dead");
                }
                End::Released => {}
            }
        }
        Ok(())
    }

    async fn is_done(&self, seq: Seq) -> bool {
        let delivery = in_time(self.store.get(seq)).await.ok().flatten();
        let sinks = delivery.map(|delivery| delivery.row.sinks).unwrap_or_default();
        sinks.iter().any(|dispatch| dispatch.sink == self.sink && dispatch.state == State::Done)
    }

    /// Renews the leases of running handlers. A handler is stopped if its delivery was claimed by another worker.
    async fn renew(&mut self) {
        // Outcomes that could not be recorded still have to be recorded.
        let ended = self.ended.iter().map(|ended| (None, ended.outcome.lease.clone()));
        // What a handler has settled in its transaction is done after the commit. Before, its row is locked, and all
        // others would wait for it.
        let running = self.running.iter().filter(|(_, running)| !running.settled.is_set());
        let running = running.map(|(id, running)| (Some(*id), running.lease.clone()));
        let (ids, leases): (Vec<_>, Vec<_>) = running.chain(ended).unzip();
        if leases.is_empty() {
            return;
        }
        match in_time(self.store.renew(leases, self.lease_time)).await {
            Ok(held) => {
                for (id, held) in ids.into_iter().zip(held) {
                    // Its handler may have settled it while the renewal was on its way.
                    let is_lost =
                        |id: &Id| self.running.get(id).is_some_and(|running| !running.settled.is_set());
                    let lost = id.filter(|id| !held && is_lost(id));
                    if let Some(running) = lost.and_then(|id| self.running.remove(&id)) {
                        self.handled.lost += 1;
                        tracing::warn!(sink = self.sink, seq = running.lease.seq.get(), "the lease was lost");
                        running.abort.abort();
                    }
                }
            }
            Err(error) => {
                tracing::warn!(sink = self.sink, error = %error.shared(), "the leases could not be renewed");
            }
        }
    }

    /// Stops claiming, waits for running handlers, and releases the other deliveries.
    async fn leave(&mut self) {
        let mut grace = pin!(sleep(self.grace));
        let mut renewal = interval(self.lease_time / 3);
        while !self.tasks.is_empty() {
            tokio::select! {
                Some(ended) = self.tasks.join_next_with_id() => self.note(ended).await,
                _ = renewal.tick() => self.renew().await,
                () = &mut grace => break,
            }
        }
        self.tasks.abort_all();
        // A task that blocks its thread cannot be stopped; its lease expires.
        let aborted = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                self.note(ended).await;
            }
        };
        let _ = timeout(AFTER_FAILURE, aborted).await;
        if let Err(error) = self.settle().await {
            tracing::warn!(sink = self.sink, error = %error.shared(), "the last outcomes could not be recorded");
        }
    }
}

/// The answer of the store, within the time limit.
async fn in_time<T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(STORE_TIMEOUT, answer)
        .await
        .unwrap_or_else(|_| Err(Error::unavailable("the store did not answer in time")))
}
