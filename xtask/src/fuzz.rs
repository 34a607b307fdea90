//! `cargo xtask fuzz`: sends arbitrary bytes to the code that reads bytes from a sender.
//!
//! libFuzzer is run directly, with the coverage counters of the stable compiler, so only a C++ compiler has to be
//! installed. `--keep` writes inputs that reach new code to `xtask/fuzz/corpus`, shortest first. `--differential`
//! runs `xtask/differential`, a plain loop that compares our code with `serde_json`, without libFuzzer.

mod corpus;
mod dictionary;

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::vendor::{Vendor, files_below, workspace_root};

/// Send arbitrary bytes to the code that reads bytes from a sender.
///
/// Needs a C++ compiler. Every run continues earlier ones on this machine, in target/fuzz.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Seconds that each target runs; 0 tries each known input once
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Maximum number of executions of each target; 0 for no limit
    #[arg(long, default_value_t = 0)]
    runs: u64,
    /// Write the inputs that reached new code to xtask/fuzz/corpus, in the repository
    #[arg(long)]
    keep: bool,
    /// The longest input
    #[arg(long, default_value_t = 4096)]
    max_len: usize,
    /// Compare changed fixtures with `serde_json` in a plain loop on every processor, without libFuzzer
    #[arg(long, conflicts_with_all = ["keep", "max_len", "targets"])]
    differential: bool,
    /// Where the random numbers of `--differential` start: another number gives other bodies
    #[arg(long, default_value_t = 1, requires = "differential")]
    seed: u64,
    /// These targets only
    targets: Vec<String>,
}

/// A program to run, and what its inputs look like.
struct Target {
    name: &'static str,
    /// The fixtures of a vendor, those of all vendors, or seeds of its own.
    seeds: Seeds,
}

#[derive(Clone, Copy)]
enum Seeds {
    Payloads(Option<Vendor>),
    Requests,
}

const TARGETS: &[Target] = &[
    Target { name: "decode_qase", seeds: Seeds::Payloads(Some(Vendor::Qase)) },
    Target { name: "decode_deepsource", seeds: Seeds::Payloads(Some(Vendor::Deepsource)) },
    Target { name: "decode_monitorqa", seeds: Seeds::Payloads(Some(Vendor::Monitorqa)) },
    Target { name: "peek", seeds: Seeds::Payloads(None) },
    Target { name: "drift", seeds: Seeds::Payloads(None) },
    Target { name: "shared_token", seeds: Seeds::Requests },
    Target { name: "body_hmac", seeds: Seeds::Requests },
    Target { name: "url_token", seeds: Seeds::Requests },
];

/// What the compiler adds for libFuzzer: a counter at every edge, a table of places, the operands of comparisons.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.differential {
        return differential(arguments);
    }
    for name in &arguments.targets {
        let known = TARGETS.iter().map(|target| target.name).collect::<Vec<_>>();
        ensure!(known.contains(&name.as_str()), "no target {name}; there are {}", known.join(", "));
    }
    eprintln!("building the targets");
    let programs = build()?;
    let chosen = |target: &&Target| {
        arguments.targets.is_empty() || arguments.targets.iter().any(|name| name == target.name)
    };
    let mut found = Vec::new();
    for target in TARGETS.iter().filter(chosen) {
        let folders = Folders::of(target)?;
        let program = programs.join(target.name);
        eprintln!("running {}", target.name);
        if !folders.fuzz(&program, arguments)? {
            found.push(target.name);
        } else if arguments.keep {
            folders.keep(&program, arguments.max_len)?;
        }
    }
    if !found.is_empty() {
        bail!("{} found something; its input is under {}", found.join(", "), work().display());
    }
    Ok(())
}

/// Runs the loop of `xtask/differential`, which is told how long it runs, how many bodies are enough, and the seed.
fn differential(arguments: &Arguments) -> Result<()> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--profile", "differential", "--package", "webhook-differential", "--"])
        .args([arguments.seconds, arguments.runs, arguments.seed].map(|number| number.to_string()))
        .current_dir(workspace_root())
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "our reader and serde_json differ; each difference becomes a test");
    Ok(())
}

/// Builds every target with coverage counters, for this machine.
fn build() -> Result<PathBuf> {
    let version = Command::new("rustc").arg("-vV").output().context("failed to start rustc")?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say what it compiles for")?;
    let target = work().join("target");
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--manifest-path"])
        .arg(home().join("Cargo.toml"))
        // A target of its own keeps the counters out of build scripts.
        .args(["--target", host, "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", COVERAGE)
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "the targets do not build; libFuzzer needs a C++ compiler");
    Ok(target.join(host).join("release"))
}

/// Where the inputs of a target are.
struct Folders {
    name: &'static str,
    /// What people wrote.
    seeds: Vec<PathBuf>,
    /// What earlier runs found worth keeping, out of the repository.
    kept: PathBuf,
    /// What all runs on this machine found.
    found: PathBuf,
    dictionary: PathBuf,
}

impl Folders {
    fn of(target: &Target) -> Result<Self> {
        let fixtures = workspace_root().join("fixtures");
        let seeds = match target.seeds {
            Seeds::Payloads(Some(vendor)) => vec![fixtures.join(vendor.name())],
            Seeds::Payloads(None) => vec![fixtures],
            Seeds::Requests => vec![home().join("seeds").join(target.name)],
        };
        let folders = Self {
            name: target.name,
            seeds,
            kept: work().join("kept").join(target.name),
            found: work().join("corpus").join(target.name),
            dictionary: work().join(format!("{}.dict", target.name)),
        };
        empty(&folders.kept)?;
        for (number, input) in corpus::read(&folders.archive())?.iter().enumerate() {
            fs::write(folders.kept.join(number.to_string()), input).context("failed to write an input")?;
        }
        fs::create_dir_all(&folders.found).context("failed to make the folder for inputs")?;
        let words = match target.seeds {
            Seeds::Payloads(vendor) => dictionary::of_payloads(vendor),
            Seeds::Requests => dictionary::of_requests(),
        };
        fs::write(&folders.dictionary, words).context("failed to write the dictionary")?;
        Ok(folders)
    }

    /// The kept inputs in the repository.
    fn archive(&self) -> PathBuf {
        home().join("corpus").join(format!("{}.txt", self.name))
    }

    /// Runs the target; false when it found something.
    fn fuzz(&self, program: &Path, arguments: &Arguments) -> Result<bool> {
        let artifacts = work().join("found").join(self.name);
        fs::create_dir_all(&artifacts).context("failed to make the folder for findings")?;
        let mut prefix = OsString::from("-artifact_prefix=");
        prefix.push(artifacts.join(""));
        let mut dictionary = OsString::from("-dict=");
        dictionary.push(&self.dictionary);
        let mut command = Command::new(program);
        command.args([prefix, dictionary]);
        command.args(["-timeout=5", "-rss_limit_mb=1024", "-verbosity=0", "-print_final_stats=1"]);
        command.arg(format!("-max_len={}", arguments.max_len));
        match (arguments.seconds, arguments.runs) {
            (0, _) => command.arg("-runs=0"),
            (seconds, 0) => command.arg(format!("-max_total_time={seconds}")),
            (seconds, runs) => command.args([format!("-max_total_time={seconds}"), format!("-runs={runs}")]),
        };
        command.arg(&self.found).arg(&self.kept).args(&self.seeds);
        let (success, log) = self.logged(&mut command)?;
        let executed = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
        match executed {
            Some(executed) if success => {
                println!("== {}: {} executions, no finding", self.name, executed.trim());
            }
            _ => println!("{log}"),
        }
        Ok(success)
    }

    /// Runs a command with what it says in a file: libFuzzer has much to say, of interest only when it finds something.
    fn logged(&self, command: &mut Command) -> Result<(bool, String)> {
        let path = work().join(format!("{}.log", self.name));
        let file = File::create(&path).with_context(|| format!("failed to write {}", path.display()))?;
        let status =
            command.stderr(file).status().with_context(|| format!("failed to start {}", self.name))?;
        let log = fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
        Ok((status.success(), String::from_utf8_lossy(&log).into_owned()))
    }

    /// Keeps the inputs that reach code which no seed reaches.
    fn keep(&self, program: &Path, max_len: usize) -> Result<()> {
        // A merge adds to the first folder what the others reach beyond it.
        let merged = work().join("merged").join(self.name);
        empty(&merged)?;
        let seeds = self.seeds.iter().map(|folder| files_below(folder)).collect::<Result<Vec<_>>>()?.concat();
        for (number, seed) in seeds.iter().enumerate() {
            fs::copy(seed, merged.join(format!("seed-{number}"))).context("failed to copy a seed")?;
        }
        let mut merge = Command::new(program);
        // How often an edge is taken is not worth an input.
        merge.args(["-merge=1", "-use_counters=0", "-verbosity=0", "-rss_limit_mb=1024"]);
        merge.arg(format!("-max_len={max_len}")).arg(&merged).arg(&self.kept).arg(&self.found);
        let (success, log) = self.logged(&mut merge)?;
        ensure!(success, "the inputs of {} cannot be merged: {log}", self.name);
        for number in 0..seeds.len() {
            fs::remove_file(merged.join(format!("seed-{number}"))).context("failed to remove a seed")?;
        }
        let inputs = files_below(&merged)?.iter().map(fs::read).collect::<std::io::Result<Vec<_>>>();
        let count = corpus::write(&self.archive(), inputs.context("failed to read an input")?)?;
        println!("== {}: {count} inputs are kept", self.name);
        Ok(())
    }
}

/// Makes an empty folder.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("failed to empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))
}

/// The package with the targets.
fn home() -> PathBuf {
    workspace_root().join("xtask").join("fuzz")
}

/// What is not kept in the repository.
fn work() -> PathBuf {
    workspace_root().join("target").join("fuzz")
}
