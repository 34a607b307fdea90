//! The tables, as Markdown.

use std::fmt::Write as _;

use crate::run::{Measured, Results};
use crate::subject::{DECODE, PARSING};

/// Prints everything that was measured.
pub fn print(results: &Results) {
    if results.table.iter().flat_map(|group| &group.measures).all(|measure| measure.instructions.is_none()) {
        println!("valgrind is not installed: instructions are not counted.\n");
    }
    println!("## Cost relative to parsing alone\n");
    for group in &results.table {
        println!("{}", table(group));
    }
    println!("## What the unusual costs\n");
    for group in &results.unusual {
        println!("{}", table(group));
    }
    println!("## Growth\n\n{}", growth(&results.growth));
}

/// One group: time and instructions relative to its first row, allocations as they are.
fn table(group: &Measured) -> String {
    let mut text = format!(
        "### {}, {} bytes\n\n| | time | instructions | allocations | bytes allocated |\n|---|--:|--:|--:|--:|\n",
        group.name, group.bytes
    );
    let base = group.measures.first().and_then(|first| first.instructions);
    for measure in &group.measures {
        let instructions = measure.instructions.zip(base).map(|(own, base)| own / base);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            measure.name,
            ratio(measure.time),
            ratio(instructions),
            measure.allocations.count,
            measure.allocations.bytes
        );
    }
    text
}

fn growth(groups: &[Measured]) -> String {
    let mut text = String::from(
        "| checks | bytes | decode relative to parsing | instructions per byte | allocations per check |\n\
         |--:|--:|--:|--:|--:|\n",
    );
    for group in groups {
        let decode = group.find(DECODE);
        let per_byte = decode
            .and_then(|decode| decode.instructions)
            .map(|instructions| instructions / group.bytes as f64);
        let checks: f64 = group.name.parse().unwrap_or(f64::NAN);
        let allocations = decode.map_or(f64::NAN, |decode| decode.allocations.count as f64);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {:.1} |",
            group.name,
            group.bytes,
            ratio(group.ratio(DECODE, PARSING)),
            ratio(per_byte),
            allocations / checks
        );
    }
    text
}

fn ratio(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if value < 0.1 => format!("{value:.3}"),
        Some(value) => format!("{value:.2}"),
    }
}
