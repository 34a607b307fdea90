//! The inbox: store, list, replay and remove deliveries.

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

/// The maximum number of deliveries on one page of [`Inbox::list`].
pub const MAX_PAGE: usize = 1000;

/// A durable inbox: a delivery is on disk when [`keep`](Self::keep) returns.
///
/// Cheap to clone and to share. The store is closed when the last clone is dropped; [`close`](Self::close) waits for
/// that.
#[derive(Clone)]
pub struct Inbox {
    inner: Arc<Inner>,
    /// The route of deliveries without a route.
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

    /// Creates an inbox with any store, for tests that inject faults. Must be called inside a tokio runtime.
    pub fn over(store: Arc<dyn Store>, options: Options) -> Self {
        let (commits, _) = watch::channel(0);
        let counters = Arc::<Counters>::default();
        let commit =
            GroupCommit::start(Arc::clone(&store), options.deadline, Arc::clone(&counters), commits.clone());
        Self { inner: Arc::new(Inner { store, commit, commits, counters, options }), route: Arc::from("") }
    }

    /// The same inbox for deliveries at this route. Two receivers of one vendor with the same inbox need different
    /// names. Otherwise events of one account may be treated as repetitions of another's. Never use a path that
    /// contains a token: the name is stored and printed.
    #[must_use]
    pub fn at_route(&self, route: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), route: Arc::from(route) }
    }

    /// Stores a delivery and returns when it is on disk, so that the vendor can be answered with success.
    ///
    /// A delivery that was stored before is counted as a copy. Dropping the future does not undo anything: the delivery
    /// may be stored or not.
    ///
    /// # Errors
    ///
    /// The store is full, down or slow: answer [`Error::status`], 503.
    pub async fn keep<W: Envelope>(&self, delivery: &Delivery<W>) -> Result<Kept, Error> {
        self.keep_raw(NewDelivery::of(delivery)).await
    }

    /// The same as [`keep`](Self::keep) for a delivery with a route and headers, or from a vendor of your own.
    ///
    /// # Errors
    ///
    /// The errors of [`keep`](Self::keep). Also if the name of the vendor or the route is too long.
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

    /// Limits the length of values for the database, and removes headers that must not be stored.
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

    /// The deliveries that a filter selects, after a position: the last number of the previous page. At most
    /// [`MAX_PAGE`].
    ///
    /// The order is that of their numbers. If the filter bounds the time of receipt, the order is that of this time, and
    /// of the numbers within a millisecond. The two orders differ where the clock was set back.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn list(&self, filter: &Filter, after: Option<Seq>, limit: usize) -> Result<Vec<Row>, Error> {
        self.inner.store.list(filter.clone(), after, limit.min(MAX_PAGE)).await
    }

    /// A delivery with its exact bytes; `None` if there is no delivery with this number.
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

    /// Makes the selected deliveries pending again, at one sink or at all sinks that know them. Returns the number of
    /// dispatches. Deliveries that wait or are being handled are not changed. A filter with states replays deliveries
    /// in one of these states. A named sink that started later than a delivery gets it now.
    ///
    /// # Errors
    ///
    /// The filter has no condition and is not [`Filter::all`]; no sink has the name; the store is not available. In the
    /// last case a part may be done.
    pub async fn replay(&self, filter: &Filter, sink: Option<&str>) -> Result<u64, Error> {
        filter.must_mean_it("a replay")?;
        let replayed = self.inner.store.replay(filter.clone(), sink.map(str::to_owned)).await;
        self.inner.commits.send_modify(|commits| *commits += 1);
        replayed
    }

    /// Removes the bodies of deliveries that every sink has handled, and returns their number.
    ///
    /// # Errors
    ///
    /// The filter has no condition and is not [`Filter::all`]; the store is not available. In the last case a part may
    /// be done.
    pub async fn prune(&self, prune: &Prune) -> Result<u64, Error> {
        prune.filter.must_mean_it("pruning")?;
        self.inner.store.prune(prune.clone()).await
    }

    /// The counts of every sink, including finished deliveries. This reads every dispatch.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn counts(&self) -> Result<Vec<SinkCounts>, Error> {
        self.inner.store.counts(true).await
    }

    /// The counts of every sink without finished deliveries. The cost depends only on the length of the backlog.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn backlog(&self) -> Result<Vec<SinkCounts>, Error> {
        self.inner.store.counts(false).await
    }

    /// The number of deliveries that were stored in each of these time steps, without repetitions.
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

    /// Pauses a sink for this long; zero resumes it.
    ///
    /// # Errors
    ///
    /// The store is not available.
    pub async fn pause(&self, sink: &str, pause: std::time::Duration) -> Result<(), Error> {
        let paused = self.inner.store.pause(sink.to_owned(), pause).await;
        self.inner.commits.send_modify(|commits| *commits += 1);
        paused
    }

    /// Whether the last commit succeeded. After a failure a commit is tried every second, so this recovers by itself: after
    /// [`Options::max_bytes`] was reached, when there is room for the smallest delivery that was refused.
    pub fn last_commit_ok(&self) -> bool {
        self.inner.commit.last_commit_ok()
    }

    /// The counters of this inbox since it was opened.
    pub fn metrics(&self) -> Metrics {
        self.inner.counters.snapshot(self.last_commit_ok())
    }

    /// Counts a request that failed a check, for [`Metrics::rejected`].
    pub fn count_rejected<W: Envelope>(&self, rejected: &Rejected) {
        self.inner.counters.rejected(W::VENDOR, rejected.reason().as_str());
    }

    /// Closes the store after the operations on it that have begun. Nothing can be stored after that. Deliveries that
    /// still wait for a commit are answered with an error. It is not required before the process ends, because stored
    /// deliveries are on disk.
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

/// Rejects a name that is too long for an index.
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
