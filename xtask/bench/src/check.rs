//! The limits on instructions: `--check` fails if one is exceeded by more than the margin.

use anyhow::{Context, Result, ensure};

use crate::payload::{ANALYSIS_RUN, CASE_CREATED, CORRECTIVE_ACTION, REPOSITORY_ISSUE, RUN_COMPLETED};
use crate::run::{Measured, Results};
use crate::subject::{
    BAD, COMPARISONS, DECODE, ESCAPED, FIRST_WRONG, GOOD, LAST_WRONG, PARSING, PAYLOAD_FIRST, PEEK, PRETTY,
    REVERSED, SIMD_JSON, SONIC_RS, STRINGS, SURPRISE, TAGGED, UNLISTED_EVENT, UNLISTED_TEXT, VALUE,
};

/// How far a limit may be exceeded: compilers change.
const MARGIN: f64 = 1.05;

/// The first in relation to the second, at most.
struct Limit {
    group: &'static str,
    what: &'static str,
    of: &'static str,
    at_most: f64,
}

const LIMITS: &[Limit] = &[
    limit(ANALYSIS_RUN, DECODE, PARSING, 1.25),
    limit(RUN_COMPLETED, DECODE, PARSING, 1.2),
    limit(CASE_CREATED, DECODE, PARSING, 1.45),
    limit(CORRECTIVE_ACTION, DECODE, PARSING, 1.45),
    limit(REPOSITORY_ISSUE, DECODE, PARSING, 1.93),
    limit(ANALYSIS_RUN, DECODE, SONIC_RS, 1.0),
    limit(ANALYSIS_RUN, DECODE, SIMD_JSON, 1.0),
    limit(ANALYSIS_RUN, DECODE, VALUE, 1.0 / 2.2),
    limit(ANALYSIS_RUN, DECODE, TAGGED, 1.0 / 1.8),
    limit(ANALYSIS_RUN, PEEK, PARSING, 0.05),
    limit("errors", SURPRISE, GOOD, 2.0),
    limit("errors", BAD, GOOD, 4.0),
    limit(PRETTY, DECODE, PARSING, 1.65),
    limit(ESCAPED, DECODE, PARSING, 2.01),
    limit(REVERSED, DECODE, PARSING, 2.0),
    limit(PAYLOAD_FIRST, DECODE, PARSING, 3.03),
    limit("unlisted events", UNLISTED_EVENT, PARSING, 1.3),
    limit("vocabularies", UNLISTED_TEXT, STRINGS, 2.5),
];

/// The maximum difference of two counts that have to be equal: the cost of the loop around them.
const EQUAL: f64 = 0.000_1;

/// The cost per byte must not grow from a hundred checks to ten thousand.
const GROWTH_AT_MOST: f64 = 1.0;

const fn limit(group: &'static str, what: &'static str, of: &'static str, at_most: f64) -> Limit {
    Limit { group, what, of, at_most }
}

/// Prints every limit beside what was counted, and fails when one is exceeded.
pub fn run(results: &Results) -> Result<()> {
    let mut exceeded = 0;
    let mut judge = |text: String, counted: f64, at_most: f64| {
        let verdict = if counted <= at_most {
            "held"
        } else if counted <= at_most * MARGIN {
            "within 5 %"
        } else {
            exceeded += 1;
            "EXCEEDED"
        };
        println!("| {text} | {counted:.3} | {at_most:.3} | {verdict} |");
    };
    println!("## Limits\n\n| instructions | counted | at most | |\n|---|--:|--:|---|");
    let all = || results.table.iter().chain(&results.unusual);
    for limit in LIMITS {
        let group = all().find(|group| group.name == limit.group).context("a limit on nothing")?;
        let ratio = group.ratio(limit.what, limit.of);
        let ratio = ratio.context("limits are on instructions, which need valgrind")?;
        judge(format!("{}: {} / {}", limit.group, limit.what, limit.of), ratio, limit.at_most);
    }
    let growth = growth(&results.growth).context("the growth was not counted")?;
    judge("decode per byte, 10,000 checks / 100 checks".to_owned(), growth, GROWTH_AT_MOST);
    for name in COMPARISONS {
        let group = all().find(|group| group.name == name).context("a limit on nothing")?;
        let ratio = group.ratio(LAST_WRONG, FIRST_WRONG).context("a comparison was not counted")?;
        let equal = (ratio - 1.0).abs() <= EQUAL;
        exceeded += usize::from(!equal);
        let verdict = if equal { "held" } else { "EXCEEDED" };
        println!("| {name}: last letter / first letter | {ratio:.4} | 1.0000 | {verdict} |");
    }
    ensure!(exceeded == 0, "{exceeded} limits are exceeded by more than 5 %");
    Ok(())
}

fn growth(groups: &[Measured]) -> Option<f64> {
    let per_byte = |checks: &str| {
        let group = groups.iter().find(|group| group.name == checks)?;
        Some(group.find(DECODE)?.instructions? / group.bytes as f64)
    };
    Some(per_byte("10000")? / per_byte("100")?)
}
