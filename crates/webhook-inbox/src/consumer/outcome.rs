//! The outcome of an attempt.

use std::fmt::Display;
use std::time::Duration;

use crate::text::bounded;

/// The maximum number of bytes of a note that are stored with an attempt.
pub const MAX_NOTE_BYTES: usize = 500;

/// The outcome of an attempt, as decided by the handler. Handlers may return `()`, an outcome, or a `Result` of these
/// with any error that implements `Display`.
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
    /// Not counted as an attempt; the sink gets no delivery for this long.
    Pause(Duration),
}

impl Outcome {
    /// It was handled.
    pub fn done() -> Self {
        Self::of(What::Done)
    }

    /// It failed and is retried after the consumer's backoff, unless this was the last attempt.
    pub fn retry() -> Self {
        Self::of(What::Retry(None))
    }

    /// It failed and is not retried before this time has passed. For an answer with `Retry-After`.
    pub fn retry_after(wait: Duration) -> Self {
        Self::of(What::Retry(Some(wait)))
    }

    /// It failed and a retry is useless: it is dead at once.
    pub fn dead() -> Self {
        Self::of(What::Dead)
    }

    /// The sink as a whole cannot accept deliveries. It gets none for this long, in any process, and this attempt is
    /// not counted.
    pub fn pause_sink(pause: Duration) -> Self {
        Self::of(What::Pause(pause))
    }

    /// The same with a note that is recorded for the attempt, cut to [`MAX_NOTE_BYTES`].
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

/// It was handled.
impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Outcome::done()
    }
}

/// An error causes a retry, and its message is recorded.
impl<T: IntoOutcome, E: Display> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(outcome) => outcome.into_outcome(),
            // The alternate form of some errors includes their causes.
            Err(error) => Outcome::retry().note(format!("{error:#}")),
        }
    }
}
