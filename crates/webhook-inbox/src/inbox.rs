//! The inbox: keep, look, replay, remove.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;
use tracing::Instrument as _;
use webhook_core::{Delivery, Envelope, Rejected};

use crate::counts::SinkCounts;
use crate::dedup::{Dedup, bounded_text};
use crate::error::Error;
use crate::filter::Filter;
use crate::group_commit::GroupCommit;
use crate::health::Health;
use crate::metrics::{Counters, Metrics};
use crate::new_delivery::{KEPT_HEADERS, MAX_HEADER_BYTES, MAX_NAME_BYTES, NewDelivery};
use crate::options::Options;
use crate::prune::Prune;
use crate::store::{Steps, Store};
use crate::stored::{Attempt, Kept, Row, Seq, StoredDelivery};
use crate::text::bounded;

/// How many deliveries one page of [`Inbox::list`] has at most.
pub const MAX_PAGE: usize = 1000;

/// A durable inbox: what [`keep`](Self::keep) returned for is on disk.
///
/// Cheap to clone and to share. The last clone that is dropped lets go of the store; [`close`](Self::close) waits for
/// that.
#[derive(Clone)]
pub struct Inbox {
    inner: Arc<Inner>,
    /// Where deliveries come in that name no route.
    route: Arc<str>,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    commit: GroupCommit,
    pub(crate) commits: watch::Sender<u64>,
    counters: Arc<Counters>,
    options: Options,
}

impl Inbox {
    /// Opens the inbox at `sqlite:FILE` or `postgres://…`; creates and migrates it if needed.
    ///
    /// # Errors
    ///
    /// Those of [`Options::open`].
    pub async fn open(url: &str) -> Result<Self, Error> {
        Self::options().open(url).await
    }

    /// The configuration to open an inbox with.
    pub fn options() -> Options {
        Options::default()
    }

    /// An inbox over any store, for tests that put faults in between. Must be called inside a tokio runtime.
    pub fn over(store: Arc<dyn Store>, options: Options) -> Self {
        let (commits, _) = watch::channel(0);
        let counters = Arc::<Counters>::default();
        let commit =
            GroupCommit::start(Arc::clone(&store), options.deadline, Arc::clone(&counters), commits.clone());
        Self { inner: Arc::new(Inner { store, commit, commits, counters, options }), route: Arc::from("") }
    }

    /// The same inbox for deliveries that come in at this route. Two receivers of one vendor with one inbox need two
    /// names, or the events of one account may pass for repetitions of another's. Never use a path that has a token in
    /// it: the name is stored and printed.
    #[must_use]
    pub fn at_route(&self, route: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), route: Arc::from(route) }
    }

    /// Stores a delivery and returns when it is on disk, so that the vendor can be answered with success.
    ///
    /// One that was stored before is counted as a copy. Dropping the future does not undo anything: the delivery is
    /// stored or not.
    ///
    /// # Errors
    ///
    /// The store is full, down or slow: answer [`Error::status`], 503.
    pub async fn keep<W: Envelope>(&self, delivery: &Delivery<W>) -> Result<Kept, Error> {
        self.keep_raw(NewDelivery::of(delivery)).await
    }

    /// The same for a delivery with a route and headers, or of a vendor of your own.
    ///
    /// # Errors
    ///
    /// Those of [`keep`](Self::keep); and the name of the vendor or the route is too long to be stored.
    pub async fn keep_raw(&self, new: NewDelivery) -> Result<Kept, Error> {
        let kept = match self.prepared(new) {
            Ok(new) => {
                let event = new.event.as_deref().unwrap_or_default();
                let span =
                    tracing::info_span!("keep", vendor = new.vendor.as_str(), event, key = new.key.as_str());
                self.inner.commit.put(new).instrument(span).await
            }
            Err(error) => return Err(error),
        };
        if kept.is_err() {
            self.inner.counters.unavailable();
        }
        kept
    }

    /// Bounds what may be longer than a database likes, and drops headers that are not to be kept.
    fn prepared(&self, mut new: NewDelivery) -> Result<NewDelivery, Error> {
        name("the vendor's name", &new.vendor)?;
        if new.route.is_empty() {
            new.route = self.route.to_string();
        }
        if !new.route.is_empty() {
            name("the route", &new.route)?;
        }
        new.key = bounded_text(new.key);
        new.event = new.event.map(|event| bounded(&event, MAX_NAME_BYTES));
        new.account = new.account.map(|account| bounded(&account, MAX_NAME_BYTES));
        new.headers.retain(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
        new.headers.truncate(KEPT_HEADERS.len());
        for (_, value) in &mut new.headers {
            *value = bounded(value, MAX_HEADER_BYTES);
        }
        if new.dedup == Dedup::InWindow {
            new.dedup = Dedup::For(self.inner.options.fingerprint_window);
        }
        Ok(new)
    }

    /// The deliveries that a filter selects, in the order of their numbers, behind a position: the number of the last
    /// one of the page before. At most [`MAX_PAGE`].
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn list(&self, filter: &Filter, after: Option<Seq>, limit: usize) -> Result<Vec<Row>, Error> {
        self.inner.store.list(filter.clone(), after, limit.min(MAX_PAGE)).await
    }

    /// A delivery with its exact bytes; `None` where there is none of this number.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn get(&self, seq: Seq) -> Result<Option<StoredDelivery>, Error> {
        self.inner.store.get(seq).await
    }

    /// The attempts of all sinks to handle a delivery, oldest first.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn attempts(&self, seq: Seq) -> Result<Vec<Attempt>, Error> {
        self.inner.store.attempts(seq).await
    }

    /// Makes what a filter selects pending again, at one sink or at all that know it, and says how many dispatches that
    /// were. What waits or is being handled stays as it is; a filter with states replays what is in one of them. A named
    /// sink that started later than a delivery gets it now.
    ///
    /// # Errors
    ///
    /// The filter has no condition and is not [`Filter::all`]; no sink has the name; the store is not available, in
    /// which case a part may be done.
    pub async fn replay(&self, filter: &Filter, sink: Option<&str>) -> Result<u64, Error> {
        filter.must_mean_it("a replay")?;
        let replayed = self.inner.store.replay(filter.clone(), sink.map(str::to_owned)).await;
        self.inner.commits.send_modify(|commits| *commits += 1);
        replayed
    }

    /// Removes bodies of deliveries that every sink has handled, and says how many.
    ///
    /// # Errors
    ///
    /// The filter has no condition and is not [`Filter::all`]; the store is not available, in which case a part may be
    /// done.
    pub async fn prune(&self, prune: &Prune) -> Result<u64, Error> {
        prune.filter.must_mean_it("pruning")?;
        self.inner.store.prune(prune.clone()).await
    }

    /// The numbers of every sink, what is finished included: that reads every dispatch.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn counts(&self) -> Result<Vec<SinkCounts>, Error> {
        self.inner.store.counts(true).await
    }

    /// The numbers of every sink without what is finished: as quick as the backlog is short.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn backlog(&self) -> Result<Vec<SinkCounts>, Error> {
        self.inner.store.counts(false).await
    }

    /// How many deliveries were stored in each of these steps of time, repetitions not counted.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn received(&self, steps: Steps) -> Result<Vec<u64>, Error> {
        self.inner.store.received(steps).await
    }

    /// Checks the store; a deep check reads all of it.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn check(&self, deep: bool) -> Result<Health, Error> {
        self.inner.store.check(deep).await
    }

    /// Hands out nothing more of a sink for this long; a zero resumes it.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn pause(&self, sink: &str, pause: std::time::Duration) -> Result<(), Error> {
        let paused = self.inner.store.pause(sink.to_owned(), pause).await;
        self.inner.commits.send_modify(|commits| *commits += 1);
        paused
    }

    /// Whether the last commit succeeded. After a failure it is tried again every second, so this recovers by itself.
    pub fn last_commit_ok(&self) -> bool {
        self.inner.commit.last_commit_ok()
    }

    /// What this inbox has counted since it was opened.
    pub fn metrics(&self) -> Metrics {
        self.inner.counters.snapshot(self.last_commit_ok())
    }

    /// Counts a request that failed a check, for [`Metrics::rejected`].
    pub fn count_rejected<W: Envelope>(&self, rejected: &Rejected) {
        self.inner.counters.rejected(W::VENDOR, rejected.reason().as_str());
    }

    /// Lets go of the store after what is under way; nothing can be kept any more. Not needed before the process ends:
    /// what was kept is on disk.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn close(&self) -> Result<(), Error> {
        self.inner.store.close().await
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

/// Refuses a name that no index takes.
pub(crate) fn name(what: &str, name: &str) -> Result<(), Error> {
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains('\0') {
        return Err(Error::misuse(format!("{what} must have 1 to {MAX_NAME_BYTES} bytes and no NUL")));
    }
    Ok(())
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox").field("options", &self.inner.options).finish_non_exhaustive()
    }
}
