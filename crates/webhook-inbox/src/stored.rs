//! Stored deliveries, their states and attempts.

use std::fmt::{self, Write as _};
use std::num::ParseIntError;
use std::str::FromStr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The number of a stored delivery. It is unique in its inbox, and increases in the order in which a receiver stores
/// deliveries.
///
/// If several receivers share a Postgres, their numbers interleave, and a smaller number may become visible after a
/// larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Seq(i64);

/// Whether a delivery was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    /// It is new, and is on disk now.
    New(Seq),
    /// It is a repetition of this delivery, whose number of copies was increased.
    Again(Seq),
}

/// A stored delivery without its body.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// Its number.
    pub seq: Seq,
    /// The vendor, in lower case.
    pub vendor: String,
    /// The route at which it was received.
    pub route: String,
    /// The key by which a repeated delivery is recognised: `id:` and the vendor's id, or `sha256:` and a fingerprint of
    /// the body.
    pub key: String,
    /// The name of the event; `None` if the body has no readable name.
    pub event: Option<String>,
    /// The account of the event; `None` if the delivery has none or does not decode.
    pub account: Option<String>,
    /// When it happened, by the vendor's clock.
    pub occurred_at: Option<DateTime<Utc>>,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
    /// The number of times it was received, including the first.
    pub copies: u64,
    /// When it was last received.
    pub last_at: DateTime<Utc>,
    /// The stored headers: a short list without credentials.
    pub headers: Vec<(String, String)>,
    /// The length of the body.
    pub body_bytes: u64,
    /// When the body was removed. The key is kept, so that a repeated delivery is still recognised.
    pub pruned_at: Option<DateTime<Utc>>,
    /// Its state at each sink.
    pub sinks: Vec<Dispatch>,
}

/// The state of one delivery at one sink.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Dispatch {
    /// The sink.
    pub sink: String,
    /// The state.
    pub state: State,
    /// The number of attempts since it was stored or last replayed.
    pub attempts: u32,
    /// When it is due next, or when the lease of the running attempt ends. In any other state it has no meaning.
    pub due_at: DateTime<Utc>,
    /// The last failure.
    pub error: Option<String>,
}

/// The state of a delivery at a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Waits for its first or next attempt.
    Pending,
    /// Is being handled.
    Claimed,
    /// Was handled.
    Done,
    /// Its last attempt failed. It is not tried again until it is replayed.
    Dead,
    /// The sink does not select its event.
    Skipped,
}

/// A stored delivery with its exact bytes.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredDelivery {
    /// Everything except the body.
    pub row: Row,
    /// The exact bytes; empty if they were pruned.
    pub body: Bytes,
}

/// One attempt of a sink to handle a delivery. An attempt whose process died is not listed: its number is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// The sink.
    pub sink: String,
    /// Its number, counted from 1 over all replays.
    pub number: u32,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How it ended.
    pub ended: Ended,
    /// The note of the handler, cut to [`MAX_NOTE_BYTES`](crate::MAX_NOTE_BYTES).
    pub note: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ended {
    /// The delivery was handled.
    Done,
    /// It will be retried.
    Retry,
    /// It became dead.
    Dead,
}

impl Seq {
    /// A number that was printed or stored elsewhere.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seq {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl Row {
    /// The id of the delivery for systems that it is passed on to: the same on every attempt and after every replay, and
    /// never that of another delivery.
    ///
    /// The key alone is not unique: it is unique per vendor and route, and may be used again after its window. The number
    /// alone is not unique either: after a backup is restored, numbers are given again to new deliveries. The id is a
    /// hash of all of them and of the time of receipt. It has 36 characters: `msg_` and hexadecimal digits.
    pub fn message_id(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.vendor, &self.route, &self.key] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(self.received_at.timestamp_millis().to_be_bytes());
        hash.update(self.seq.get().to_be_bytes());
        let mut id = "msg_".to_owned();
        for byte in hash.finalize().iter().take(16) {
            // Writing to a text does not fail.
            let _ = write!(id, "{byte:02x}");
        }
        id
    }
}

impl Kept {
    /// The number of the delivery, new or not.
    pub fn seq(self) -> Seq {
        match self {
            Self::New(seq) | Self::Again(seq) => seq,
        }
    }
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Claimed, Self::Done, Self::Dead, Self::Skipped];

    /// The state in one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Claimed => "claimed",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Skipped => "skipped",
        }
    }

    /// The stored code. Pending and claimed come first, so that one comparison selects unfinished deliveries.
    pub(crate) const fn code(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Claimed => 1,
            Self::Done => 2,
            Self::Dead => 3,
            Self::Skipped => 4,
        }
    }

    pub(crate) fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}

/// A text that is not a [`State`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownState;

impl fmt::Display for UnknownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected one of pending, claimed, done, dead, skipped")
    }
}

impl std::error::Error for UnknownState {}

impl Ended {
    pub(crate) const fn code(self) -> i16 {
        match self {
            Self::Done => 0,
            Self::Retry => 1,
            Self::Dead => 2,
        }
    }

    pub(crate) fn from_code(code: i16) -> Option<Self> {
        [Self::Done, Self::Retry, Self::Dead].into_iter().find(|ended| ended.code() == code)
    }
}

impl fmt::Debug for StoredDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredDelivery").field("row", &self.row).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            seq: Seq(1),
            vendor: "qase".to_owned(),
            route: String::new(),
            key: "id:1".to_owned(),
            event: None,
            account: None,
            occurred_at: None,
            received_at: DateTime::UNIX_EPOCH,
            copies: 1,
            last_at: DateTime::UNIX_EPOCH,
            headers: Vec::new(),
            body_bytes: 2,
            pruned_at: None,
            sinks: Vec::new(),
        }
    }

    #[test]
    fn a_message_id_is_that_of_one_delivery() {
        let id = row().message_id();
        assert_eq!(id.len(), 36);
        // What changes while a delivery waits or is replayed is no part of it.
        assert_eq!(Row { copies: 2, last_at: Utc::now(), ..row() }.message_id(), id);
        let others = [
            Row { seq: Seq(2), ..row() },
            Row { route: "b".to_owned(), ..row() },
            Row { key: "id:2".to_owned(), ..row() },
            Row { vendor: "deepsource".to_owned(), ..row() },
            // The number is given again after a backup is restored.
            Row { received_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::milliseconds(1), ..row() },
        ];
        assert!(others.iter().all(|other| other.message_id() != id));
    }
}
