//! What a handler says about a delivery.

use std::fmt::Display;
use std::time::Duration;

use crate::text::bounded;

/// How many bytes of a note are kept with an attempt.
pub const MAX_NOTE_BYTES: usize = 500;

/// What becomes of a delivery, as its handler says. Handlers may return `()`, a `Result` of any of these with any error
/// that can be printed, or an outcome itself.
///
/// ```
/// use std::time::Duration;
/// use webhook_inbox::Outcome;
///
/// let outcome = Outcome::retry_after(Duration::from_secs(30)).note("503 with Retry-After");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub(crate) what: What,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Done,
    /// After the consumer's backoff, or after this long.
    Retry(Option<Duration>),
    Dead,
    /// Not counted as an attempt; nothing is handed out to the sink for this long.
    Pause(Duration),
}

impl Outcome {
    /// It was handled.
    pub fn done() -> Self {
        Self::of(What::Done)
    }

    /// It failed and is tried again after the consumer's backoff, unless this was the last attempt.
    pub fn retry() -> Self {
        Self::of(What::Retry(None))
    }

    /// It failed and is not tried again before this time has passed; for an answer with `Retry-After`.
    pub fn retry_after(wait: Duration) -> Self {
        Self::of(What::Retry(Some(wait)))
    }

    /// It failed and trying again is of no use: it is given up at once.
    pub fn dead() -> Self {
        Self::of(What::Dead)
    }

    /// The sink as a whole cannot take anything: nothing is handed out to it for this long, in any process, and this
    /// attempt does not count.
    pub fn pause_sink(pause: Duration) -> Self {
        Self::of(What::Pause(pause))
    }

    /// The same with what is recorded for the attempt, cut to [`MAX_NOTE_BYTES`].
    #[must_use]
    pub fn note(mut self, note: impl AsRef<str>) -> Self {
        self.note = Some(bounded(note.as_ref(), MAX_NOTE_BYTES));
        self
    }

    fn of(what: What) -> Self {
        Self { what, note: None }
    }
}

/// What a handler may return.
pub trait IntoOutcome {
    /// What it means.
    fn into_outcome(self) -> Outcome;
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

/// Nothing to say: it was handled.
impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Outcome::done()
    }
}

/// An error is tried again, and its message is recorded.
impl<T: IntoOutcome, E: Display> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(outcome) => outcome.into_outcome(),
            // The alternate form of some errors has their causes.
            Err(error) => Outcome::retry().note(format!("{error:#}")),
        }
    }
}
