//! Allocations: their number and their bytes.

use std::alloc::System;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use stats_alloc::{Region, StatsAlloc};

use crate::subject::Group;

/// The allocations of one repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocations {
    /// Blocks that were allocated, or grown.
    pub count: usize,
    pub bytes: usize,
}

/// Per group and subject, from the binary whose allocator counts.
pub fn count(groups: &[Group]) -> Result<Vec<Vec<Allocations>>> {
    let binary = std::env::current_exe()?.with_file_name("count_allocations");
    let output = Command::new(&binary).output();
    let output = output.with_context(|| format!("failed to start {}", binary.display()))?;
    ensure!(output.status.success(), "{} failed", binary.display());
    let text = String::from_utf8(output.stdout)?;
    let mut lines = text.lines();
    let mut next = || {
        let (count, bytes) = lines.next()?.split_once(' ')?;
        Some(Allocations { count: count.parse().ok()?, bytes: bytes.parse().ok()? })
    };
    let mut counted = Vec::new();
    for group in groups {
        let row: Option<Vec<_>> = group.subjects.iter().map(|_| next()).collect();
        counted.push(row.context("fewer counts than subjects")?);
    }
    Ok(counted)
}

/// Runs in the counting binary, with its allocator.
pub fn run(allocator: &StatsAlloc<System>, groups: &[Group]) {
    for subject in groups.iter().flat_map(|group| &group.subjects) {
        (subject.run)();
        let region = Region::new(allocator);
        (subject.run)();
        let change = region.change();
        println!("{} {}", change.allocations + change.reallocations, change.bytes_allocated);
    }
}
