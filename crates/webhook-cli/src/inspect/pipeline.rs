//! The pipeline: one thread reads, several decode, one writes in the order of the input. The number of chunks in
//! progress is limited, so memory is bounded.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::source::{Piece, Sink, cut, has_lines};
use super::summary::Summary;
use super::{Output, Task, document};
use crate::report::Report;

/// The number of chunks in progress per worker: one in work, one that waits, one that waits to be written.
const PIECES_PER_WORKER: usize = 3;

/// The result of a chunk.
#[derive(Default)]
pub(super) struct Done {
    /// The text to print: whole lines.
    pub(super) text: Vec<u8>,
    pub(super) summary: Summary,
    /// The size of the input.
    pub(super) bytes: u64,
    /// What could not be read.
    pub(super) unread: Vec<String>,
}

/// Inspects all input of the command line. `write` gets the outcomes in order, and its first error ends the inspection.
///
/// After an error the threads are not joined, because one of them may wait for input.
pub(super) fn run(
    files: Vec<PathBuf>,
    task: Task,
    jobs: usize,
    mut write: impl FnMut(Done) -> io::Result<()>,
) -> io::Result<()> {
    let under_way = Arc::new(AtomicUsize::new(0));
    let (permit, permits) = mpsc::channel();
    for () in std::iter::repeat_n((), jobs.saturating_mul(PIECES_PER_WORKER)) {
        let _ = permit.send(());
    }
    let (work, pieces) = mpsc::sync_channel(jobs);
    let (done, outcomes) = mpsc::channel();
    let pieces = Arc::new(Mutex::new(pieces));
    for _ in 0..jobs {
        let (pieces, done) = (Arc::clone(&pieces), done.clone());
        thread::Builder::new().spawn(move || worker(&pieces, &done, task))?;
    }
    drop(done);
    let mut queue = Queue { work, permits, under_way: Arc::clone(&under_way), number: 0 };
    thread::Builder::new().spawn(move || cut(files, task.ndjson, &mut queue))?;

    let mut early = BTreeMap::new();
    let mut next = 0;
    for (number, outcome) in outcomes {
        early.insert(number, outcome);
        while let Some(outcome) = early.remove(&next) {
            under_way.fetch_sub(1, Ordering::Relaxed);
            write(outcome)?;
            next += 1;
            // The reader may have read everything.
            let _ = permit.send(());
        }
    }
    if early.is_empty() { Ok(()) } else { Err(io::Error::other("a part of the input was not inspected")) }
}

/// The channel of the chunks to the workers.
struct Queue {
    work: SyncSender<(u64, Piece)>,
    permits: Receiver<()>,
    under_way: Arc<AtomicUsize>,
    number: u64,
}

impl Sink for Queue {
    fn put(&mut self, piece: Piece) -> bool {
        if self.permits.recv().is_err() {
            return false;
        }
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let number = self.number;
        self.number += 1;
        self.work.send((number, piece)).is_ok()
    }

    fn is_idle(&self) -> bool {
        self.under_way.load(Ordering::Relaxed) == 0
    }
}

fn worker(pieces: &Mutex<Receiver<(u64, Piece)>>, done: &Sender<(u64, Done)>, task: Task) {
    loop {
        let piece = pieces.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, piece)) = piece else {
            return;
        };
        // The writer would wait for a chunk without an outcome.
        let outcome = catch_unwind(AssertUnwindSafe(|| Done::of(piece, task))).unwrap_or_else(|_| Done {
            unread: vec![
                "a part of the input was not inspected, because of a fault of this program".to_owned(),
            ],
            summary: Summary::of_unread(),
            ..Done::default()
        });
        if done.send((number, outcome)).is_err() {
            return;
        }
    }
}

impl Done {
    fn of(piece: Piece, task: Task) -> Self {
        let mut done = Self::default();
        done.piece(piece, task);
        done
    }

    fn piece(&mut self, piece: Piece, task: Task) {
        match piece {
            Piece::Files(files) => files.into_iter().for_each(|path| {
                let file = Arc::from(path.display().to_string());
                match fs::read(&path) {
                    Ok(text)
                        if task.ndjson || has_lines(&path) || document::is_stream(&text) == Some(true) =>
                    {
                        self.lines(&file, 1, &text, task);
                    }
                    Ok(text) => self.whole(file, &text, task),
                    Err(error) => self.unread(file, None, format!("failed to read: {error}"), task),
                }
            }),
            Piece::Whole { file, text } => self.whole(file, &text, task),
            Piece::Lines { file, first, text } => self.lines(&file, first, &text, task),
            Piece::Unread { file, line, message } => self.unread(file, line, message, task),
        }
    }

    fn whole(&mut self, file: Arc<str>, text: &[u8], task: Task) {
        self.bytes += text.len() as u64;
        self.note(&document::report(text, task).of_file(file, None), task);
    }

    fn lines(&mut self, file: &Arc<str>, first: u64, text: &[u8], task: Task) {
        self.bytes += text.len() as u64;
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', text).chain((!text.ends_with(b"\n")).then_some(text.len()));
        for (number, end) in (first..).zip(ends) {
            let line = text.get(start..end).unwrap_or_default().trim_ascii();
            start = end + 1;
            if !line.is_empty() {
                self.note(&document::report(line, task).of_file(Arc::clone(file), Some(number)), task);
            }
        }
    }

    fn unread(&mut self, file: Arc<str>, line: Option<u64>, message: String, task: Task) {
        let place = line.map(|line| format!(":{line}")).unwrap_or_default();
        self.unread.push(format!("{}{place}: {message}", crate::output::plain(&file)));
        self.summary.merge(Summary::of_unread());
        self.print(&Report::of_failure(message).of_file(file, line), task);
    }

    fn note(&mut self, report: &Report, task: Task) {
        self.summary.note(report);
        self.print(report, task);
    }

    fn print(&mut self, report: &Report, task: Task) {
        match task.output {
            // Writing to a vector cannot fail.
            Output::Json => drop(report.write_json_line(&mut self.text)),
            Output::People => self.text.extend_from_slice(report.to_string().as_bytes()),
            Output::Nothing => {}
        }
    }
}
