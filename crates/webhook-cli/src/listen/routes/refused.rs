//! What was turned away, for the operator: the first of a kind with its cause, the others as a count.

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

/// For this long the same refusal of the same address is counted and not printed.
const WINDOW: Duration = Duration::from_secs(10);

/// Kinds of refusals that are told apart within a window: the others share one count.
const MAX_KINDS: usize = 64;

/// A larger body is not searched for the mistake, which takes dozens of passes: a sender must not make us work.
const MAX_EXPLAINED_BYTES: usize = 64 * 1024;

/// How long the end of the process waits for the last explanations.
const SETTLE_GRACE: Duration = Duration::from_secs(1);

/// Why a request was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Refusal {
    /// A path that nothing is served at; what is shown of it.
    Path(String),
    /// The vendor has no secret.
    NotServed,
    Method,
    Host,
    Encoding(&'static str),
    Body(Fault),
    Connections,
    /// Not genuine, and by which check.
    Rejected(&'static str),
}

/// The refusals of the current window.
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

    /// Notes a refusal, and prints it when it is the first of its kind.
    pub(super) fn note(&self, peer: SocketAddr, vendor: Option<Vendor>, refusal: &Refusal) {
        if self.count(peer.ip(), vendor, refusal.clone()) {
            print(peer, vendor, refusal, &refusal.cause(vendor));
        }
    }

    /// Notes a request that is not genuine; what explains it runs beside the answer, and not for every one.
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
            let cause = format!("{rejected}; `webhooks verify` says why, for a body of {body_bytes} bytes");
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

    /// Whether it is the first of its kind in this window.
    fn count(&self, peer: IpAddr, vendor: Option<Vendor>, refusal: Refusal) -> bool {
        let mut kinds = self.kinds();
        let mut kind = (Some(peer.to_canonical()), vendor, Some(refusal));
        if kinds.len() >= MAX_KINDS && !kinds.contains_key(&kind) {
            // Neither many addresses nor many paths make a line each.
            kind = (None, None, None);
        }
        let count = kinds.entry(kind).or_default();
        *count += 1;
        *count == 1
    }

    /// Ends every window with the counts of what was not printed, for as long as the process runs.
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
        // What takes longer is left out.
        let _ = timeout(SETTLE_GRACE, last.join_all()).await;
        self.summarise();
    }

    /// Prints the counts of what was not printed, and begins anew.
    fn summarise(&self) {
        for ((peer, vendor, refusal), count) in std::mem::take(&mut *self.kinds()) {
            let more = count - 1;
            if more == 0 {
                continue;
            }
            let peer = peer.map_or_else(|| "several".to_owned(), |peer| peer.to_string());
            let vendor = vendor.map_or("-", Vendor::name);
            let reason = refusal.as_ref().map_or("several", Refusal::name);
            tracing::warn!(%peer, vendor, reason, more, "more requests were turned away for the same reason");
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
    /// A word for programs that read the log.
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

    /// What the operator should know.
    fn cause(&self, vendor: Option<Vendor>) -> String {
        match self {
            Self::Path(shown) => {
                let names: Vec<String> =
                    Vendor::ALL.iter().copied().map(|vendor| format!("/{}", vendor.name())).collect();
                format!("nothing is served at {shown}; deliveries come in at {}", names.join(", "))
            }
            Self::NotServed => {
                let variable = vendor.map_or("its secret", secrets::variable);
                format!("{variable} is not set")
            }
            Self::Method => "a delivery is a POST".to_owned(),
            Self::Host => "not exactly one Host header".to_owned(),
            Self::Encoding(encoding) => {
                format!("the body is encoded with {encoding}; no vendor does that, so a proxy may have")
            }
            Self::Body(Fault::TooLarge) => "the body is over the limit".to_owned(),
            Self::Body(Fault::Unreadable) => "the body ended early or is malformed".to_owned(),
            Self::Body(Fault::TimedOut) => "the body did not come in time".to_owned(),
            Self::Body(Fault::Busy) => "the bodies in flight fill their share of memory".to_owned(),
            Self::Connections => "this address has too many connections".to_owned(),
            Self::Rejected(reason) => (*reason).to_owned(),
        }
    }
}
