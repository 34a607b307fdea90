//! `cargo xtask power-cut`: what the inbox acknowledged is on disk, whenever the power fails.
//!
//! The system calls of a process that stores and settles deliveries are recorded. At random moments the disk is rebuilt
//! as a power cut may leave it: with all synced data, and with any part of the other data. The inbox is opened there,
//! and must have every delivery, every repetition and every settlement that was acknowledged by then. The control case
//! is the same inbox with `synchronous=NORMAL`, where some must be missing: otherwise the test could not detect a loss.

mod disk;
mod promises;
mod random;
mod trace;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use self::disk::Disk;
use self::promises::{Lost, Promises};
use self::random::Random;
use self::trace::Event;
use crate::vendor::workspace_root;

/// Simulate power cuts of the inbox, and check that it has all acknowledged deliveries.
///
/// Linux only, and needs strace: `apt-get install strace`, `dnf install strace`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Number of power cuts, for the inbox and for the control case each
    #[arg(long, default_value_t = 1000)]
    cuts: usize,
    /// Number of deliveries that are stored while the calls are recorded, a tenth of them repetitions
    #[arg(long, default_value_t = 3000)]
    deliveries: usize,
    /// Number of concurrent clients
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// The seed of the random moments and lost writes, to repeat a run with the same recording
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The file into which the recorded process writes the acknowledgements that it got.
const ACKNOWLEDGED: &str = "acknowledged";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let found = Command::new("strace").arg("--version").output();
    ensure!(
        found.is_ok_and(|output| output.status.success()),
        "strace is missing, which records the system calls (Linux only): apt-get install strace"
    );
    let program = build()?;
    let full = replay(&program, "full", arguments)?;
    let normal = replay(&program, "normal", arguments)?;
    println!(
        "| synchronous | moments recorded | power cuts | with a loss | deliveries lost | repetitions lost | settlements lost | did not open |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for (name, tally) in [("FULL", &full), ("NORMAL (control)", &normal)] {
        let Tally { moments, cuts, with_loss, lost: Lost { deliveries, repetitions, settlements }, failed } =
            tally;
        println!(
            "| {name} | {moments} | {cuts} | {with_loss} | {deliveries} | {repetitions} | {settlements} | {} |",
            failed.len()
        );
    }
    for failure in full.failed.iter().chain(&normal.failed).take(5) {
        eprintln!("did not open: {failure}");
    }
    ensure!(full.lost == Lost::default(), "a power cut took back what was acknowledged");
    ensure!(full.failed.is_empty() && normal.failed.is_empty(), "a power cut left what is no sound inbox");
    let Lost { deliveries, repetitions, settlements } = normal.lost;
    ensure!(
        deliveries > 0 && repetitions > 0 && settlements > 0,
        "the control lost nothing of a kind, so this run proves nothing: take more --deliveries"
    );
    Ok(())
}

/// What came out of the power cuts of one recording.
#[derive(Default)]
struct Tally {
    moments: usize,
    cuts: usize,
    with_loss: usize,
    lost: Lost,
    failed: Vec<String>,
}

/// Builds the program that is recorded, and says where it is.
fn build() -> Result<PathBuf> {
    eprintln!("building what is recorded");
    let output = Command::new("cargo")
        .args(["build", "--quiet", "--package", "webhook-inbox", "--all-features", "--example", "power_cut"])
        .args(["--message-format", "json"])
        .current_dir(workspace_root())
        .stderr(Stdio::inherit())
        .output()
        .context("failed to start cargo")?;
    ensure!(output.status.success(), "cargo build --package webhook-inbox --example power_cut failed");
    let messages = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<serde_json::Value>();
    let programs =
        messages.filter_map(|message| Some(PathBuf::from(message.ok()?.get("executable")?.as_str()?)));
    programs.last().context("cargo does not say where it put the program")
}

/// Records one run, and cuts its power many times.
fn replay(program: &Path, mode: &str, arguments: &Arguments) -> Result<Tally> {
    let place = Place::new(mode)?;
    eprintln!("recording {} deliveries with synchronous={mode}", arguments.deliveries);
    let trace = record(program, mode, &place, arguments)?;
    let events = trace::read(&trace, &place.recorded)?;
    let mut random = Random::new(arguments.seed);
    let mut moments: Vec<usize> = (0..arguments.cuts).map(|_| random.below(events.len() + 1)).collect();
    moments.sort_unstable();
    eprintln!("cutting the power at {} of {} moments", moments.len(), events.len());

    let mut tally = Tally { moments: events.len(), ..Tally::default() };
    let mut reader = Reader::start(program)?;
    let (mut disk, mut promises) = (Disk::default(), Promises::default());
    let (mut events, mut passed) = (events.into_iter(), 0);
    for moment in moments {
        for event in events.by_ref().take(moment - passed) {
            match event {
                Event::Acknowledged(line) => promises.add(&line)?,
                Event::Disk(call) => disk.apply(call)?,
            }
        }
        passed = moment;
        disk.cut(&mut random, &place.cut)?;
        tally.cuts += 1;
        match reader.held(&place.cut)? {
            Ok(held) => {
                let lost = promises.missing_in(&held);
                tally.with_loss += usize::from(lost != Lost::default());
                tally.lost += lost;
            }
            Err(failure) => tally.failed.push(format!("{mode}, moment {moment}: {failure}")),
        }
    }
    // Otherwise the run was no test of it.
    for event in events {
        if let Event::Acknowledged(line) = event {
            promises.add(&line)?;
        }
    }
    let (kept, settled) = (promises.kept(), promises.settled());
    ensure!(kept == arguments.deliveries, "the recording has {kept} acknowledgements");
    ensure!(settled > kept / 2, "the recording has {settled} settlements");
    Ok(tally)
}

/// Runs the program under strace, and returns the path of what that wrote.
fn record(program: &Path, mode: &str, place: &Place, arguments: &Arguments) -> Result<PathBuf> {
    let trace = place.root.join("trace");
    let status = Command::new("strace")
        .args(["--follow-forks", "--seccomp-bpf", "--decode-fds=path", "--quiet=all"])
        // Everything in hexadecimal, and no argument shortened.
        .args(["-xx", "--string-limit=4194304", trace::CALLS, "--output"])
        .arg(&trace)
        .arg(program)
        .arg("record")
        .arg(&place.recorded)
        .args([mode, &arguments.clients.to_string(), &arguments.deliveries.to_string()])
        .status()
        .context("failed to start strace")?;
    ensure!(status.success(), "the recorded process failed");
    Ok(trace)
}

/// A folder for the recording and for the disk that is rebuilt, removed at the end.
struct Place {
    root: PathBuf,
    recorded: PathBuf,
    cut: PathBuf,
}

impl Place {
    fn new(mode: &str) -> Result<Self> {
        // In memory where possible: nothing of it has to last, and a thousand disks are written.
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let root = parent.join(format!("webhooks-power-cut-{}-{mode}", std::process::id()));
        let place = Self { recorded: root.join("recorded"), cut: root.join("cut"), root };
        fs::create_dir_all(&place.recorded)
            .with_context(|| format!("failed to create {}", place.recorded.display()))?;
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The process that opens the inbox in a folder.
struct Reader {
    child: Child,
    folders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reader {
    fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("read")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {}", program.display()))?;
        let folders = child.stdin.take().context("no standard input")?;
        let answers = BufReader::new(child.stdout.take().context("no standard output")?);
        Ok(Self { child, folders, answers })
    }

    /// What is there, or why the inbox cannot be used.
    fn held(&mut self, folder: &Path) -> Result<Result<Promises, String>> {
        writeln!(self.folders, "{}", folder.display())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if let Some(failure) = answer.strip_prefix("failed ") {
            return Ok(Err(failure.trim().to_owned()));
        }
        let Some(held) = answer.strip_prefix("holds ") else { bail!("the reading process failed: {answer}") };
        let mut promises = Promises::default();
        for line in held.split(',').map(str::trim).filter(|line| !line.is_empty()) {
            promises.add(line)?;
        }
        Ok(Ok(promises))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
