//! Splitting of the input into chunks of about the same size: small files in batches, streams in chunks of whole lines.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::document;
use super::walk::Walk;
use crate::input::{MAX_BYTES, is_stdin};

/// The size of a chunk of a stream.
pub(super) const CHUNK_BYTES: usize = 1024 * 1024;
/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;
/// The maximum number of small files in a chunk.
const BATCH_FILES: usize = 64;
/// Their maximum total size.
const BATCH_BYTES: u64 = 256 * 1024;

/// A chunk of work.
pub(super) enum Piece {
    /// Files that the worker reads, none larger than a chunk.
    Files(Vec<PathBuf>),
    /// One text that is not a stream.
    Whole { file: Arc<str>, text: Vec<u8> },
    /// Whole lines of a stream; `first` is the number of the first one.
    Lines { file: Arc<str>, first: u64, text: Vec<u8> },
    /// An input that cannot be read.
    Unread { file: Arc<str>, line: Option<u64>, message: String },
}

/// The receiver of the chunks.
pub(super) trait Sink {
    /// Passes a chunk on, and waits while too many are in progress. Returns `false` if the receiver has ended.
    fn put(&mut self, piece: Piece) -> bool;

    /// Whether all workers are idle.
    fn is_idle(&self) -> bool;
}

/// Splits all input of the command line. Ends early if the receiver has ended.
pub(super) fn cut(files: Vec<PathBuf>, ndjson: bool, sink: &mut impl Sink) {
    let mut batch = Batch::default();
    for file in Walk::of(files) {
        let going = match file {
            Ok(file) => match small(&file) {
                Some(bytes) => batch.add(file, bytes, sink),
                None => batch.flush(sink) && stream(&file, ndjson, sink),
            },
            Err((folder, error)) => batch.flush(sink) && sink.put(unread(&folder, None, &error)),
        };
        if !going {
            return;
        }
    }
    batch.flush(sink);
}

fn unread(file: &std::path::Path, line: Option<u64>, error: &io::Error) -> Piece {
    let message = format!("failed to read: {error}");
    Piece::Unread { file: file.display().to_string().into(), line, message }
}

/// The size of a file that fits into a chunk.
fn small(file: &std::path::Path) -> Option<u64> {
    let metadata = if is_stdin(file) { None } else { fs::metadata(file).ok() };
    metadata
        .filter(fs::Metadata::is_file)
        .map(|found| found.len())
        .filter(|bytes| *bytes <= CHUNK_BYTES as u64)
}

/// Small files that wait for more of them.
#[derive(Default)]
struct Batch {
    files: Vec<PathBuf>,
    bytes: u64,
}

impl Batch {
    fn add(&mut self, file: PathBuf, bytes: u64, sink: &mut impl Sink) -> bool {
        self.files.push(file);
        self.bytes += bytes;
        let full = self.files.len() >= BATCH_FILES || self.bytes >= BATCH_BYTES;
        !full || self.flush(sink)
    }

    fn flush(&mut self, sink: &mut impl Sink) -> bool {
        self.bytes = 0;
        self.files.is_empty() || sink.put(Piece::Files(std::mem::take(&mut self.files)))
    }
}

/// Splits standard input or one large file.
fn stream(path: &std::path::Path, ndjson: bool, sink: &mut impl Sink) -> bool {
    let input: io::Result<Box<dyn Read>> = if is_stdin(path) {
        Ok(Box::new(io::stdin().lock()))
    } else {
        File::open(path).map(|file| Box::new(file) as _)
    };
    let file: Arc<str> = path.display().to_string().into();
    match input {
        Ok(input) => {
            let lines = if ndjson || has_lines(path) { Some(1) } else { None };
            let buffer = vec![0; READ_BYTES].into();
            let mut stream = Stream {
                input,
                buffer,
                file,
                held: Vec::new(),
                has_newline: false,
                ended: false,
                is_whole: false,
                line: lines,
                skipping: false,
            };
            match stream.cut(sink) {
                Ok(going) => going,
                Err(error) => sink.put(unread(path, stream.line, &error)),
            }
        }
        Err(error) => sink.put(unread(path, None, &error)),
    }
}

/// Whether each line is a payload, by the name of the file.
pub(super) fn has_lines(path: &std::path::Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ndjson", "jsonl"].iter().any(|lines| extension.eq_ignore_ascii_case(lines))
}

struct Stream<R> {
    input: R,
    buffer: Box<[u8]>,
    file: Arc<str>,
    /// The bytes that were read but not passed on.
    held: Vec<u8>,
    /// Whether there is a newline in it.
    has_newline: bool,
    ended: bool,
    /// Whether it is known that the text is not a stream of lines.
    is_whole: bool,
    /// The number of the next line; `None` until it is known that each line is a payload.
    line: Option<u64>,
    /// Whether the line that is being read is too long, and already reported.
    skipping: bool,
}

impl<R: Read> Stream<R> {
    fn cut(&mut self, sink: &mut impl Sink) -> io::Result<bool> {
        loop {
            self.read_more(sink)?;
            if self.line.is_none() && !self.is_whole && self.has_newline {
                match document::is_stream(&self.held) {
                    Some(true) => self.line = Some(1),
                    Some(false) => self.is_whole = true,
                    None => {}
                }
            }
            let going = match self.line {
                Some(line) => self.put_lines(line, sink),
                None if self.held.len() > MAX_BYTES => return Ok(self.put_too_long(None, sink)),
                None if self.ended => {
                    let text = std::mem::take(&mut self.held);
                    return Ok(sink.put(Piece::Whole { file: Arc::clone(&self.file), text }));
                }
                // The end of the text, or of its first line, is not read yet.
                None => true,
            };
            if !going || self.ended {
                return Ok(going);
            }
        }
    }

    /// Reads a chunk, or less if all workers are idle and there is a complete line.
    fn read_more(&mut self, sink: &impl Sink) -> io::Result<()> {
        let goal = self.held.len() + CHUNK_BYTES;
        while self.held.len() < goal {
            match self.input.read(&mut self.buffer) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(length) => {
                    let read = self.buffer.get(..length).unwrap_or_default();
                    self.has_newline = self.has_newline || memchr::memchr(b'\n', read).is_some();
                    self.held.extend_from_slice(read);
                    // After a short read the sender has no more data for now, so a complete line must not wait for the
                    // next one.
                    let paused = length < self.buffer.len();
                    if self.has_newline && (paused || sink.is_idle()) {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Passes the whole lines on, and keeps the rest after the last one.
    fn put_lines(&mut self, first: u64, sink: &mut impl Sink) -> bool {
        if !self.has_newline && !self.ended {
            if self.held.len() <= MAX_BYTES {
                return true;
            }
            let going = self.skipping || self.put_too_long(Some(first), sink);
            self.skipping = true;
            self.held.clear();
            return going;
        }
        let last = memchr::memrchr(b'\n', &self.held).map_or(0, |last| last + 1);
        let end = if self.ended { self.held.len() } else { last };
        let mut rest = Vec::with_capacity(CHUNK_BYTES + self.held.len() - end);
        rest.extend_from_slice(self.held.get(end..).unwrap_or_default());
        let mut text = std::mem::replace(&mut self.held, rest);
        self.has_newline = false;
        text.truncate(end);
        let mut first = first;
        if self.skipping {
            // The end of the line that was too long.
            let behind = memchr::memchr(b'\n', &text).map_or(text.len(), |at| at + 1);
            text.drain(..behind);
            first += 1;
            self.skipping = false;
        }
        self.line = Some(first + memchr::memchr_iter(b'\n', &text).count() as u64);
        text.is_empty() || sink.put(Piece::Lines { file: Arc::clone(&self.file), first, text })
    }

    fn put_too_long(&self, line: Option<u64>, sink: &mut impl Sink) -> bool {
        let message = "failed to read: longer than 64 MiB".to_owned();
        sink.put(Piece::Unread { file: Arc::clone(&self.file), line, message })
    }
}
