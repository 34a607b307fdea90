//! Instructions, counted by callgrind. With the same compiler, the counts of two runs are nearly equal; the allocator
//! causes the difference.
//!
//! One process does everything that is to be counted, and calls [`boundary`] between one subject and the next;
//! callgrind writes what it counted since the last time whenever it enters that function.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::subject::{Group, Subject};

/// The argument under which the binary runs as the process that is counted.
pub const COUNTED: &str = "--counted";

/// The function at which callgrind writes its counts.
const BOUNDARY: &str = "*bench::instructions::boundary*";

/// Instructions of one repetition, per group and subject; `None` where there is no valgrind.
pub fn count(groups: &[Group]) -> Result<Option<Vec<Vec<f64>>>> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Ok(None);
    }
    let folder = std::env::temp_dir().join(format!("webhooks-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let counted = count_in(&folder, groups);
    fs::remove_dir_all(&folder)?;
    counted.map(Some)
}

fn count_in(folder: &Path, groups: &[Group]) -> Result<Vec<Vec<f64>>> {
    let out = folder.join("out");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", &format!("--dump-before={BOUNDARY}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .arg(COUNTED)
        .status()
        .context("failed to start valgrind")?;
    ensure!(status.success(), "valgrind failed");
    // The first is the preparation; then, for every subject, its warming up and its repetitions.
    let mut dump = 1;
    let mut total = || {
        dump += 1;
        total_of(&folder.join(format!("out.{dump}")))
    };
    let mut counted = Vec::new();
    for group in groups {
        let mut row = Vec::new();
        for subject in &group.subjects {
            total()?;
            row.push(total()? / f64::from(repetitions(subject)));
        }
        counted.push(row);
    }
    Ok(counted)
}

/// Runs in the counted process.
pub fn run(groups: &[Group]) {
    boundary();
    for subject in groups.iter().flat_map(|group| &group.subjects) {
        // The allocator's lists and the caches of feature detection are filled now, and not while counting.
        (subject.run)();
        (subject.run)();
        boundary();
        for _ in 0..repetitions(subject) {
            (subject.run)();
        }
        boundary();
    }
}

#[inline(never)]
fn boundary() {
    std::hint::black_box(());
}

/// Enough that the cost of the loop is negligible, and not more: callgrind is fifty times slower than the processor.
fn repetitions(subject: &Subject) -> u32 {
    let wanted = 400_000 / subject.bytes.max(1);
    u32::try_from(wanted).map_or(200, |wanted| wanted.clamp(2, 200))
}

fn total_of(dump: &Path) -> Result<f64> {
    let text = fs::read_to_string(dump).with_context(|| format!("callgrind wrote no {}", dump.display()))?;
    let total =
        text.lines().find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")));
    Ok(total.context("a callgrind file without its total")?.trim().parse()?)
}
