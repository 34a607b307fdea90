//! What a command writes: all of it is read, the end of it is kept.

use std::collections::VecDeque;

use crate::consumer::{MAX_NOTE_BYTES, Outcome};

/// The end of what a command wrote to its standard output and error, in the order in which it came.
#[derive(Default)]
pub(super) struct Output(VecDeque<u8>);

impl Output {
    /// Keeps what was read from a stream, which is closed when that was nothing.
    pub(super) fn take<S>(&mut self, buffer: &[u8], read: usize, stream: &mut Option<S>) {
        if read == 0 {
            *stream = None;
            return;
        }
        self.0.extend(buffer.iter().take(read));
        let excess = self.0.len().saturating_sub(MAX_NOTE_BYTES);
        self.0.drain(..excess);
    }

    /// The outcome with its note: what happened, if that is to be said, and as much of the output as there is room for.
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
