//! Counts the allocations of every subject of the table, a line each.

use std::alloc::System;

use bench::{allocations, run};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> anyhow::Result<()> {
    allocations::run(ALLOCATOR, &run::groups()?);
    Ok(())
}
