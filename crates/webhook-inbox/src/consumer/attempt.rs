//! One attempt, from its claim to the recorded outcome.

use std::any::Any;

use tokio::task::JoinError;
use tracing::Instrument as _;

use super::context::{Context, SettledFlag};
use super::handler::{Handlers, Way};
use super::outcome::{MAX_NOTE_BYTES, Outcome, What};
use crate::backoff::Backoff;
use crate::store::{Claimed, End, Lease, Settled};
use crate::text::bounded;

/// How a task ended.
pub(crate) enum Ended {
    /// With an outcome to be recorded, and a pause of the sink before that.
    Settle(Settled, Option<std::time::Duration>),
    /// The handler has settled it in its own transaction.
    AlreadySettled,
}

/// The parameters of the end of an attempt, besides its handler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) backoff: Backoff,
    pub(crate) max_attempts: u32,
}

/// Runs the handler.
pub(crate) async fn run(claimed: Claimed, handlers: &Handlers, rules: Rules, settled: SettledFlag) -> Ended {
    let Claimed { lease, attempt, delivery } = claimed;
    if attempt > rules.max_attempts {
        // It was claimed this many times without an outcome.
        let note = format!("{} attempts ended without an outcome: the process died or stalled", attempt - 1);
        return Ended::Settle(Settled { lease, end: End::Dead, note: Some(note) }, None);
    }
    let row = &delivery.row;
    let event = row.event.as_deref().unwrap_or_default();
    let span = tracing::info_span!(
        "handle",
        sink = lease.sink.as_str(),
        attempt,
        vendor = row.vendor.as_str(),
        event,
        key = row.key.as_str()
    );
    let context = Context::new(delivery, attempt, rules.max_attempts, lease.clone(), settled.clone());
    let (end, note, pause) = match handlers.way(&context) {
        Way::Skip => (End::Skipped, None, None),
        Way::Dead(note) => (End::Dead, Some(bounded(&note, MAX_NOTE_BYTES)), None),
        Way::Handle(handled) => {
            let Outcome { what, note } = handled.instrument(span).await;
            if settled.is_set() && what == What::Done {
                return Ended::AlreadySettled;
            }
            let (end, pause) = rules.end(what, attempt);
            (end, note, pause)
        }
    };
    Ended::Settle(Settled { lease, end, note }, pause)
}

impl Rules {
    fn end(self, what: What, attempt: u32) -> (End, Option<std::time::Duration>) {
        match what {
            What::Done => (End::Done, None),
            What::Dead => (End::Dead, None),
            What::Retry(_) if attempt >= self.max_attempts => (End::Dead, None),
            What::Retry(wait) => {
                // Never before the backoff: otherwise a receiver that asks for one second each time would use up all
                // attempts.
                let backoff = self.backoff.after(attempt);
                (End::Retry(wait.map_or(backoff, |wait| wait.max(backoff))), None)
            }
            What::Pause(pause) => (End::Released, Some(pause)),
        }
    }

    /// The outcome of a task that did not finish.
    pub(crate) fn broken(self, lease: Lease, attempt: u32, error: JoinError) -> Settled {
        if error.is_cancelled() {
            return Settled::new(lease, End::Released);
        }
        let note = format!("the handler panicked: {}", panic_message(&*error.into_panic()));
        let (end, _) = self.end(What::Retry(None), attempt);
        Settled { lease, end, note: Some(bounded(&note, MAX_NOTE_BYTES)) }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
