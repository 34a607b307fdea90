// Its first example needs the feature.
#![cfg_attr(any(not(doctest), feature = "axum"), doc = include_str!("../README.md"))]

mod backoff;
mod consumer;
mod counts;
mod dedup;
mod error;
mod filter;
mod glob;
mod group_commit;
#[cfg(any(feature = "axum", feature = "actix-web"))]
mod handler;
mod health;
mod inbox;
mod metrics;
mod new_delivery;
mod open;
mod options;
#[cfg(feature = "prometheus")]
mod prometheus;
mod prune;
#[cfg(feature = "sinks")]
pub mod sinks;
pub mod store;
mod stored;
mod text;

pub use backoff::Backoff;
pub use consumer::{
    Consumer, Context, Handled, IntoOutcome, LEASE_TIME, MAX_ATTEMPTS, MAX_NOTE_BYTES, Outcome,
    SHUTDOWN_GRACE, Undecodable,
};
pub use counts::SinkCounts;
pub use dedup::{Dedup, FINGERPRINT_WINDOW, MAX_KEY_BYTES};
pub use error::{Error, ErrorKind};
pub use filter::Filter;
pub use group_commit::MAX_BATCH;
#[cfg(any(feature = "axum", feature = "actix-web"))]
pub use handler::READ_TIMEOUT;
pub use health::Health;
pub use inbox::{Inbox, MAX_PAGE};
pub use metrics::{COMMIT_SECONDS, Histogram, Metrics, Received, RejectedCount, UNLISTED_EVENT};
pub use new_delivery::{KEPT_HEADERS, MAX_HEADER_BYTES, MAX_NAME_BYTES, NewDelivery};
pub use options::{KEEP_DEADLINE, Options};
#[cfg(feature = "prometheus")]
pub use prometheus::OPENMETRICS;
pub use prune::Prune;
pub use store::{Start, Steps, Store};
pub use stored::{Attempt, Dispatch, Ended, Kept, Row, Seq, State, StoredDelivery, UnknownState};
