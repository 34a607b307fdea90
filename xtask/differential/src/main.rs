//! Compares our code with `serde_json`, on changed fixtures, on every processor.
//!
//! `webhook-differential [SECONDS [BODIES [SEED]]]` stops after so many seconds or bodies. `cargo xtask fuzz
//! --differential` starts it. A plain loop tries many times as many bodies as libFuzzer in the same time, because nothing
//! is measured, and each body is a few bytes away from one that means something.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use webhook_differential::bodies::{Fixtures, Random};
use webhook_differential::{Ours, Verdict, check};

/// After so many findings nothing new is learned.
const MAX_FINDINGS: usize = 20;

#[derive(Default)]
struct Counts {
    bodies: AtomicU64,
    json: AtomicU64,
    decoded: AtomicU64,
    respelled: AtomicU64,
}

struct Run {
    until: Instant,
    bodies: u64,
    seed: u64,
    stop: AtomicBool,
    findings: Mutex<Vec<String>>,
    vendors: [Counts; 3],
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap_or(0));
    let seconds = arguments.next().unwrap_or(60);
    let bodies = arguments.next().filter(|bodies| *bodies > 0).unwrap_or(u64::MAX);
    let seed = arguments.next().unwrap_or(1);
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let run = Run {
        until: start + Duration::from_secs(seconds),
        bodies,
        seed,
        stop: AtomicBool::new(false),
        findings: Mutex::default(),
        vendors: Default::default(),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads as u64 {
            let run = &run;
            scope.spawn(move || work(run, run.seed.wrapping_mul(1_000).wrapping_add(thread)));
        }
    });
    report(&run, start.elapsed())
}

fn work(run: &Run, seed: u64) {
    let fixtures = ["qase", "deepsource", "monitorqa"].map(Fixtures::of);
    let mut random = Random::new(seed);
    let mut body = Vec::new();
    while !run.stop.load(Ordering::Relaxed) {
        // The clock is looked at, and numbers are published, once for many bodies.
        for (vendor, (fixtures, counts)) in fixtures.iter().zip(&run.vendors).enumerate() {
            for _ in 0..2_000 {
                fixtures.changed(&mut random, &mut body);
                let outcome = std::panic::catch_unwind(|| match vendor {
                    0 => check::<Ours, qase_webhooks::Webhook>(&body),
                    1 => check::<Ours, deepsource_webhooks::Webhook>(&body),
                    _ => check::<Ours, monitorqa_webhooks::Webhook>(&body),
                });
                match outcome {
                    Ok(Ok(verdict)) => count(counts, &verdict),
                    Ok(Err(difference)) => found(run, &difference, &body),
                    Err(_) => found(run, "a panic", &body),
                }
            }
        }
        let bodies: u64 = run.vendors.iter().map(|counts| counts.bodies.load(Ordering::Relaxed)).sum();
        if Instant::now() >= run.until || bodies >= run.bodies {
            run.stop.store(true, Ordering::Relaxed);
        }
    }
}

fn count(counts: &Counts, verdict: &Verdict) {
    counts.bodies.fetch_add(1, Ordering::Relaxed);
    counts.json.fetch_add(u64::from(verdict.json), Ordering::Relaxed);
    counts.decoded.fetch_add(u64::from(verdict.decoded), Ordering::Relaxed);
    counts.respelled.fetch_add(u64::from(verdict.respelled), Ordering::Relaxed);
}

fn found(run: &Run, difference: &str, body: &[u8]) {
    let Ok(mut findings) = run.findings.lock() else { return };
    findings.push(format!("{difference}\n    {}", body.escape_ascii()));
    if findings.len() >= MAX_FINDINGS {
        run.stop.store(true, Ordering::Relaxed);
    }
}

fn report(run: &Run, elapsed: Duration) -> ExitCode {
    let mut sum = 0;
    for (vendor, counts) in ["qase", "deepsource", "monitorqa"].iter().zip(&run.vendors) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        sum += load(&counts.bodies);
        println!(
            "{vendor}: {} bodies, {} well-formed, {} decoded, {} respelled",
            load(&counts.bodies),
            load(&counts.json),
            load(&counts.decoded),
            load(&counts.respelled)
        );
    }
    let findings = run.findings.lock().map(|findings| findings.clone()).unwrap_or_default();
    println!("{sum} bodies in {} s, seed {}, {} findings", elapsed.as_secs(), run.seed, findings.len());
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
