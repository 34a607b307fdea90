//! One run: everything that is measured, on identical bytes.

use anyhow::Result;

use crate::allocations::{self, Allocations};
use crate::subject::{self, Group};
use crate::{instructions, payload, time};

/// The measurements of one subject.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    pub name: &'static str,
    /// Relative to the first of its group; `None` when times were not asked for.
    pub time: Option<f64>,
    /// `None` where there is no valgrind.
    pub instructions: Option<f64>,
    pub allocations: Allocations,
}

/// The measurements of a group.
#[derive(Debug, Clone)]
pub struct Measured {
    pub name: String,
    pub bytes: usize,
    pub measures: Vec<Measure>,
}

/// Everything, in the order of [`groups`].
#[derive(Debug, Clone)]
pub struct Results {
    pub table: Vec<Measured>,
    pub unusual: Vec<Measured>,
    pub growth: Vec<Measured>,
}

/// Every group; the binaries that count go through the same list.
pub fn groups() -> Result<Vec<Group>> {
    let mut groups = subject::table()?;
    groups.extend(subject::unusual()?);
    groups.extend(subject::growth()?);
    Ok(groups)
}

/// Measures everything.
pub fn measure(times: bool) -> Result<Results> {
    let groups = groups()?;
    eprintln!("counting instructions");
    let instructions = instructions::count(&groups)?;
    eprintln!("counting allocations");
    let allocations = allocations::count(&groups)?;
    if times {
        eprintln!("measuring times");
    }
    let mut measured = Vec::new();
    for (position, (group, allocations)) in groups.iter().zip(allocations).enumerate() {
        let times = times.then(|| time::ratios(group));
        let instructions = instructions.as_ref().and_then(|all| all.get(position));
        let rows = group.subjects.iter().zip(allocations).enumerate();
        let rows = rows.map(|(position, (subject, allocations))| Measure {
            name: subject.name,
            time: times.as_ref().and_then(|times| times.get(position)).copied(),
            instructions: instructions.and_then(|row| row.get(position)).copied(),
            allocations,
        });
        measured.push(Measured { name: group.name.clone(), bytes: group.bytes, measures: rows.collect() });
    }
    let growth = measured.split_off(measured.len() - payload::GROWTH.len());
    let unusual = measured.split_off(payload::all()?.len());
    Ok(Results { table: measured, unusual, growth })
}

impl Measured {
    /// The subject of this name.
    pub fn find(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// Its instructions relative to those of another.
    pub fn ratio(&self, name: &str, base: &str) -> Option<f64> {
        Some(self.find(name)?.instructions? / self.find(base)?.instructions?)
    }
}
