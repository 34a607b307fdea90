//! The log of rejected requests: the first of a kind with its cause, the others as a count.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use webhook_core::{Explanation, Rejected};

use crate::listen::body::Fault;
use crate::secrets;
use crate::vendor::Vendor;

/// The window in which repeated rejections of the same address are counted and not printed.
const WINDOW: Duration = Duration::from_secs(10);

/// The maximum number of kinds of rejections in a window. Further kinds share one count.
const MAX_KINDS: usize = 64;

/// The largest body that is searched for the cause. The search takes dozens of passes, and a sender must not cause much
/// work.
const MAX_EXPLAINED_BYTES: usize = 64 * 1024;

/// How long the shutdown waits for the last explanations.
const SETTLE_GRACE: Duration = Duration::from_secs(1);

/// The reason why a request was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Refusal {
    /// An unknown path, in a form that may be shown.
    Path(String),
    /// The vendor has no secret.
    NotServed,
    Method,
    Host,
    Encoding(&'static str),
    Body(Fault),
    Connections,
    /// It is not genuine, with the check that failed.
    Rejected(&'static str),
}

/// The rejections of the current window.
pub(in crate::listen) struct Refused {
    kinds: Mutex<HashMap<Kind, u64>>,
    /// One explanation at a time.
    turn: Arc<Semaphore>,
    explaining: Mutex<JoinSet<()>>,
}

type Kind = (Option<IpAddr>, Option<Vendor>, Option<Refusal>);

impl Refused {
    pub(in crate::listen) fn new() -> Arc<Self> {
        let turn = Arc::new(Semaphore::new(1));
        Arc::new(Self { kinds: Mutex::default(), turn, explaining: Mutex::default() })
    }

    /// Records a rejection, and prints it if it is the first of its kind.
    pub(super) fn note(&self, peer: SocketAddr, vendor: Option<Vendor>, refusal: &Refusal) {
        if self.count(peer.ip(), vendor, refusal.clone()) {
            print(peer, vendor, refusal, &refusal.cause(vendor));
        }
    }

    /// Records a request that is not genuine. The explanation runs in the background, and not for every request.
    pub(super) fn note_rejected(
        &self,
        peer: SocketAddr,
        vendor: Vendor,
        rejected: &Rejected,
        body_bytes: usize,
        explain: impl FnOnce() -> Explanation + Send + 'static,
    ) {
        let refusal = Refusal::Rejected(rejected.reason().as_str());
        if !self.count(peer.ip(), Some(vendor), refusal.clone()) {
            return;
        }
        if body_bytes > MAX_EXPLAINED_BYTES {
            let cause =
                format!("{rejected}; `webhooks verify` explains why, for a body of {body_bytes} bytes");
            return print(peer, Some(vendor), &refusal, &cause);
        }
        let (turn, check) = (Arc::clone(&self.turn), rejected.to_string());
        let mut explaining = self.explaining.lock().unwrap_or_else(PoisonError::into_inner);
        while explaining.try_join_next().is_some() {}
        explaining.spawn(async move {
            let _turn = turn.acquire().await;
            let explanation = tokio::task::spawn_blocking(explain).await;
            let causes = explanation.iter().flat_map(Explanation::causes).map(ToString::to_string);
            let causes: Vec<String> = causes.collect();
            let cause = if causes.is_empty() { check } else { causes.join("; ") };
            print(peer, Some(vendor), &refusal, &cause);
        });
    }

    /// Whether a rejection is the first of its kind in this window.
    fn count(&self, peer: IpAddr, vendor: Option<Vendor>, refusal: Refusal) -> bool {
        let mut kinds = self.kinds();
        let mut kind = (Some(peer.to_canonical()), vendor, Some(refusal));
        if kinds.len() >= MAX_KINDS && !kinds.contains_key(&kind) {
            // Many addresses or many paths must not cause one line each.
            kind = (None, None, None);
        }
        let count = kinds.entry(kind).or_default();
        *count += 1;
        *count == 1
    }

    /// Prints the counts of unprinted rejections at the end of every window.
    pub(in crate::listen) async fn report(self: Arc<Self>) {
        let mut ticks = interval(WINDOW);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            self.summarise();
        }
    }

    /// Waits for the last explanations, and prints the last counts.
    pub(in crate::listen) async fn settle(&self) {
        let last = std::mem::take(&mut *self.explaining.lock().unwrap_or_else(PoisonError::into_inner));
        // Explanations that take longer are left out.
        let _ = timeout(SETTLE_GRACE, last.join_all()).await;
        self.summarise();
    }

    /// Prints the counts of unprinted rejections, and starts a new window.
    fn summarise(&self) {
        for ((peer, vendor, refusal), count) in std::mem::take(&mut *self.kinds()) {
            let more = count - 1;
            if more == 0 {
                continue;
            }
            let peer = peer.map_or_else(|| "several".to_owned(), |peer| peer.to_string());
            let vendor = vendor.map_or("-", Vendor::name);
            let reason = refusal.as_ref().map_or("several", Refusal::name);
            tracing::warn!(%peer, vendor, reason, more, "more requests were rejected for the same reason");
        }
    }

    fn kinds(&self) -> MutexGuard<'_, HashMap<Kind, u64>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn print(peer: SocketAddr, vendor: Option<Vendor>, refusal: &Refusal, cause: &str) {
    let vendor = vendor.map_or("-", Vendor::name);
    tracing::warn!(vendor, reason = refusal.name(), %peer, cause, "webhook rejected");
}

impl Refusal {
    /// A name for programs that read the log.
    fn name(&self) -> &'static str {
        match self {
            Self::Path(_) => "not_found",
            Self::NotServed => "not_served",
            Self::Method => "method_not_allowed",
            Self::Host => "host_missing",
            Self::Encoding(_) => "content_encoding",
            Self::Body(Fault::TooLarge) => "body_too_large",
            Self::Body(Fault::Unreadable) => "body_unreadable",
            Self::Body(Fault::TimedOut) => "body_timed_out",
            Self::Body(Fault::Busy) => "memory_full",
            Self::Connections => "too_many_connections",
            Self::Rejected(reason) => reason,
        }
    }

    /// The message for the operator.
    fn cause(&self, vendor: Option<Vendor>) -> String {
        match self {
            Self::Path(shown) => {
                let names: Vec<String> =
                    Vendor::ALL.iter().copied().map(|vendor| format!("/{}", vendor.name())).collect();
                format!("nothing is served at {shown}; deliveries are received at {}", names.join(", "))
            }
            Self::NotServed => {
                let variable = vendor.map_or("its secret", secrets::variable);
                format!("{variable} is not set")
            }
            Self::Method => "deliveries must be POST requests".to_owned(),
            Self::Host => "there must be exactly one Host header".to_owned(),
            Self::Encoding(encoding) => {
                format!("the body is encoded with {encoding}; no vendor does that, so a proxy may have")
            }
            Self::Body(Fault::TooLarge) => "the body is over the limit".to_owned(),
            Self::Body(Fault::Unreadable) => "the body ended early or is malformed".to_owned(),
            Self::Body(Fault::TimedOut) => "the body did not arrive in time".to_owned(),
            Self::Body(Fault::Busy) => "the memory for bodies in flight is used up".to_owned(),
            Self::Connections => "this address has too many connections".to_owned(),
            Self::Rejected(reason) => (*reason).to_owned(),
        }
    }
}
