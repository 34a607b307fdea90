//! What `webhooks inspect` costs on a long stream, relative to parsing the same lines and throwing all away.
//!
//! `cargo xtask bench inspect`. The stream holds the samples of all vendors without their white space, again and again.
//! All take turns within one run; only the ratios mean something.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot run has nothing to say")]

mod compact;

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use webhook_core::samples::Sample;

use self::compact::compact;

/// The argument with which this program is what is compared with.
const PARSE: &str = "--parse-alone";

const ONE_CORE: &str = "0";
const TWO_CORES: &str = "0,1";

/// A way to read the stream.
struct Row {
    name: &'static str,
    cores: &'static str,
    arguments: &'static [&'static str],
    piped: bool,
}

const ROWS: [Row; 7] = [
    Row {
        name: "without drift, from a file",
        cores: ONE_CORE,
        arguments: &["--no-drift", "--jobs=1"],
        piped: false,
    },
    Row {
        name: "without drift, from a pipe",
        cores: ONE_CORE,
        arguments: &["--no-drift", "--jobs=1"],
        piped: true,
    },
    Row { name: "with drift, from a file", cores: ONE_CORE, arguments: &["--jobs=1"], piped: false },
    Row { name: "with drift, from a pipe", cores: ONE_CORE, arguments: &["--jobs=1"], piped: true },
    Row { name: "the same, two cores, one worker", cores: TWO_CORES, arguments: &["--jobs=1"], piped: false },
    Row {
        name: "the same, two cores, two workers",
        cores: TWO_CORES,
        arguments: &["--jobs=2"],
        piped: false,
    },
    Row {
        name: "without drift, two cores, two workers",
        cores: TWO_CORES,
        arguments: &["--no-drift", "--jobs=2"],
        piped: false,
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [parse, file] = arguments.as_slice()
        && parse == PARSE
    {
        return parse_alone(Path::new(file));
    }
    let number = |place: usize, otherwise: u64| {
        arguments.get(place).and_then(|number| number.parse().ok()).unwrap_or(otherwise)
    };
    let (megabytes, rounds) = (number(0, 200), number(1, 3));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stream.ndjson");
    let lines = write_stream(&file, megabytes * 1_000_000);
    println!("{megabytes} MB in {lines} lines, medians of {rounds} rounds");
    println!("{:<40} {:>8} {:>10} {:>10}", "", "seconds", "of parsing", "peak MB");
    let mut measured = vec![Vec::new(); ROWS.len() + 1];
    for _ in 0..rounds {
        let own = std::env::current_exe().unwrap();
        let parse = [PARSE, file.to_str().unwrap()];
        let mut taken = vec![run(Command::new("taskset").args(["-c", ONE_CORE]).arg(&own).args(parse), None)];
        for row in &ROWS {
            let mut command = Command::new("taskset");
            command.args(["-c", row.cores, env!("CARGO_BIN_EXE_webhooks"), "inspect", "--summary", "--json"]);
            command
                .args(row.arguments)
                .args(["--ndjson", if row.piped { "-" } else { file.to_str().unwrap() }]);
            taken.push(run(&mut command, row.piped.then_some(file.as_path())));
        }
        measured.iter_mut().zip(taken).for_each(|(all, taken)| all.push(taken));
    }
    let medians: Vec<(f64, u64)> = measured.into_iter().map(median).collect();
    let parsing = medians.first().unwrap().0;
    let names = std::iter::once("parsing alone (`IgnoredAny`)").chain(ROWS.iter().map(|row| row.name));
    for (name, (seconds, kilobytes)) in names.zip(medians) {
        println!("{name:<40} {seconds:>8.2} {:>10.2} {:>10}", seconds / parsing, kilobytes / 1_000);
    }
}

/// The samples of all vendors, a line each, until there are enough bytes.
fn write_stream(path: &Path, bytes: u64) -> u64 {
    let bodies = qase_webhooks::samples::all()
        .iter()
        .map(Sample::body)
        .chain(deepsource_webhooks::samples::all().iter().map(Sample::body))
        .chain(monitorqa_webhooks::samples::all().iter().map(Sample::body));
    // A line is one payload: what is no JSON has no such form.
    let is_json = |body: &&str| serde_json::from_str::<IgnoredAny>(body).is_ok();
    let bodies: Vec<String> = bodies.filter(is_json).map(compact).collect();
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut written, mut lines) = (0, 0);
    for body in bodies.iter().cycle() {
        if written >= bytes {
            break;
        }
        writeln!(file, "{body}").unwrap();
        written += body.len() as u64 + 1;
        lines += 1;
    }
    file.flush().unwrap();
    lines
}

/// Seconds, and the most memory in kilobytes.
fn run(command: &mut Command, input: Option<&Path>) -> (f64, u64) {
    command.stdout(Stdio::null()).stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let started = Instant::now();
    let mut child = command.spawn().expect("taskset of util-linux is there");
    let status = format!("/proc/{}/status", child.id());
    let feeder = input.map(|input| {
        let (mut from, mut to) = (File::open(input).unwrap(), child.stdin.take().unwrap());
        thread::spawn(move || std::io::copy(&mut from, &mut to))
    });
    let mut kilobytes = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        kilobytes = fs::read_to_string(&status).ok().and_then(|text| peak(&text)).unwrap_or(kilobytes);
        thread::sleep(Duration::from_millis(5));
    };
    let taken = started.elapsed().as_secs_f64();
    feeder.map(|feeder| feeder.join().unwrap().unwrap());
    // Some samples are there to be refused.
    assert!(matches!(ended.code(), Some(0 | 1)), "{ended}");
    (taken, kilobytes)
}

fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn median(mut all: Vec<(f64, u64)>) -> (f64, u64) {
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn parse_alone(file: &Path) {
    let mut lines = BufReader::with_capacity(1024 * 1024, File::open(file).unwrap());
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).unwrap() > 0 {
        let _ = serde_json::from_slice::<IgnoredAny>(&line).map(std::hint::black_box);
        line.clear();
    }
}
