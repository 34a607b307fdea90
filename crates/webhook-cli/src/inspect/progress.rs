//! A progress bar on standard error, if that is a terminal.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar is redrawn per second.
const DRAWS_PER_SECOND: u8 = 5;

pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar over the bytes of these files, or a count of bytes if the total size is not known.
    pub(super) fn of(files: &[PathBuf], has_room: bool) -> Self {
        // Lines and a bar on one terminal would overwrite each other.
        if !io::stderr().is_terminal() || !has_room {
            return Self(ProgressBar::hidden());
        }
        let sizes = files
            .iter()
            .map(|file| fs::metadata(file).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len()));
        let bytes: Option<u64> = sizes.sum();
        let (template, bar) = match bytes {
            Some(bytes) => ("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}", ProgressBar::new(bytes)),
            None => ("{bytes} {bytes_per_sec} {elapsed}", ProgressBar::new_spinner()),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND));
        Self(bar.with_style(style))
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Runs a closure that prints, while the bar is hidden.
    pub(super) fn around(&self, act: impl FnOnce()) {
        self.0.suspend(act);
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
