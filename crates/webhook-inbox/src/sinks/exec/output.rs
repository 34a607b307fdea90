//! The output of a command: all of it is read, and its end is kept.

use std::collections::VecDeque;

use crate::consumer::{MAX_NOTE_BYTES, Outcome};

/// The end of the standard output and error of a command, in the order in which they were read.
#[derive(Default)]
pub(super) struct Output(VecDeque<u8>);

impl Output {
    /// Keeps the bytes that were read from a stream. The stream has ended if there were none.
    pub(super) fn take<S>(&mut self, buffer: &[u8], read: usize, stream: &mut Option<S>) {
        if read == 0 {
            *stream = None;
            return;
        }
        self.0.extend(buffer.iter().take(read));
        let excess = self.0.len().saturating_sub(MAX_NOTE_BYTES);
        self.0.drain(..excess);
    }

    /// The outcome with its note: an optional message, and the output up to the maximum size.
    pub(super) fn note_to(mut self, outcome: Outcome, what: Option<&str>) -> Outcome {
        let start = what.map_or(0, |what| what.len() + 2);
        let excess = (self.0.len() + start).saturating_sub(MAX_NOTE_BYTES);
        self.0.drain(..excess.min(self.0.len()));
        let text = String::from_utf8_lossy(self.0.make_contiguous()).trim().to_owned();
        match (what, text.as_str()) {
            (None, "") => outcome,
            (None, text) => outcome.note(text),
            (Some(what), "") => outcome.note(what),
            (Some(what), text) => outcome.note(format!("{what}: {text}")),
        }
    }
}
