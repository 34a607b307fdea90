//! `cargo xtask load`: deliveries at a steady rate through `listen --inbox` and `run` with two sinks, one of which fails.
//!
//! Both commands are the release build, as processes of their own. While they run, the backlog and the memory of both are
//! looked at; at the end every delivery that was acknowledged has to be done at both sinks.

mod sender;
mod target;
mod tool;

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;

use self::sender::Sent;
use self::target::Target;
use self::tool::Tool;

/// Send deliveries at a steady rate through the listener, SQLite and two sinks, one of which fails.
///
/// Linux only: the memory of a process is read from /proc.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How long to send
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Deliveries in a second
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    /// Connections that send them
    #[arg(long, default_value_t = 32)]
    connections: u64,
    /// How many deliveries a sink handles at the same time
    #[arg(long, default_value_t = 16)]
    concurrency: u64,
    /// Of so many requests, the failing sink is answered 500 to one
    #[arg(long, default_value_t = 10)]
    fails_one_of: u64,
    /// How long the sinks may take for the rest when no more is sent
    #[arg(long, default_value_t = 120)]
    drain_seconds: u64,
    /// The program, if it is built already
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// The names of the sinks, in the order in which they are printed.
const SINKS: [&str; 2] = ["sound", "failing"];

/// The process at one moment.
struct Sample {
    second: u64,
    acknowledged: u64,
    backlog: [u64; 2],
    listen_kib: u64,
    run_kib: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => tool::build()?,
    };
    let folder = Folder::new()?;
    let (sound, failing) = (Target::start(None)?, Target::start(Some(arguments.fails_one_of))?);
    let configuration = folder.0.join("webhooks.toml");
    let sink = |name: &str, target: &Target| {
        format!(
            "[sink.{name}]\ntype = \"http\"\nurl = \"{}\"\nunsigned = true\nconcurrency = {}\nretry_first = \"1s\"\n",
            target.url, arguments.concurrency
        )
    };
    fs::write(&configuration, sink(SINKS[0], &sound) + &sink(SINKS[1], &failing))?;
    let inbox = format!("sqlite:{}", folder.0.join("inbox.db").display());
    let listen =
        Tool::start(&program, &["listen", "--port", "0", "--insecure", "deepsource", "--inbox", &inbox])?;
    let configuration = configuration.display().to_string();
    let sinks = Tool::start(
        &program,
        &["run", "--inbox", &inbox, "--config", &configuration, "--admin", "127.0.0.1:0"],
    )?;

    println!(
        "| second | acknowledged | backlog {} | backlog {} | listen KiB | run KiB |",
        SINKS[0], SINKS[1]
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    let sent = Sent::default();
    let begun = Instant::now();
    let mut samples = Vec::new();
    let outcome = thread::scope(|scope| {
        let sending = scope.spawn(|| {
            let time = Duration::from_secs(arguments.seconds);
            sender::send(listen.address, arguments.rate, time, arguments.connections, &sent)
        });
        while !sending.is_finished() {
            thread::sleep(Duration::from_secs(1));
            samples.push(sample(begun, &sent, &listen, &sinks)?);
        }
        sending.join().unwrap_or_else(|_| anyhow::bail!("the sender stopped early"))
    });
    outcome?;
    let took = begun.elapsed();
    let acknowledged = sent.acknowledged();
    let drained = Instant::now();
    loop {
        let sample = sample(begun, &sent, &listen, &sinks)?;
        let rest: u64 = sample.backlog.iter().sum();
        samples.push(sample);
        if rest == 0 {
            break;
        }
        ensure!(drained.elapsed().as_secs() < arguments.drain_seconds, "{rest} are still to be done");
        thread::sleep(Duration::from_secs(1));
    }
    let drained = drained.elapsed();
    drop((listen, sinks));
    conclude(&program, &inbox, &samples, acknowledged)?;
    println!("acknowledged {acknowledged} of {} in {:.1} s", sent.offered(), took.as_secs_f64());
    println!(
        "answered within {:?} (median), {:?} (99 of 100), {:?} (all)",
        sent.within(0.5),
        sent.within(0.99),
        sent.within(1.0)
    );
    println!(
        "requests: {} at {}, {} at {}, {} of them refused",
        sound.requests(),
        SINKS[0],
        failing.requests(),
        SINKS[1],
        failing.refused()
    );
    println!("the rest was done {:.1} s after the last delivery", drained.as_secs_f64());
    ensure!(acknowledged == sent.offered(), "deliveries were not acknowledged");
    Ok(())
}

fn sample(begun: Instant, sent: &Sent, listen: &Tool, sinks: &Tool) -> Result<Sample> {
    let sample = Sample {
        second: begun.elapsed().as_secs(),
        acknowledged: sent.acknowledged(),
        backlog: sinks.backlog(SINKS)?,
        listen_kib: listen.resident_kib()?,
        run_kib: sinks.resident_kib()?,
    };
    if sample.second.is_multiple_of(10) {
        let Sample { second, acknowledged, backlog: [sound, failing], listen_kib, run_kib } = &sample;
        println!("| {second} | {acknowledged} | {sound} | {failing} | {listen_kib} | {run_kib} |");
    }
    Ok(sample)
}

/// Every delivery is done at both sinks, and neither backlog nor memory grew with the time.
fn conclude(program: &std::path::Path, inbox: &str, samples: &[Sample], acknowledged: u64) -> Result<()> {
    let counts = tool::counts(program, inbox)?;
    for sink in SINKS {
        let count = |name: &str| {
            counts.get(sink).and_then(|counts| counts.get(name)).and_then(serde_json::Value::as_u64)
        };
        let (done, dead) = (count("done").unwrap_or_default(), count("dead").unwrap_or_default());
        println!("{sink}: {done} done, {dead} dead");
        ensure!(done == acknowledged && dead == 0, "{sink} has not all of {acknowledged}");
    }
    let half = samples.len() / 2;
    let (first, second) = samples.split_at_checked(half).context("nothing was sampled")?;
    for (name, of) in [
        ("backlog", (|sample| sample.backlog.iter().sum()) as fn(&Sample) -> u64),
        ("KiB of listen", |sample| sample.listen_kib),
        ("KiB of run", |sample| sample.run_kib),
    ] {
        let most = |samples: &[Sample]| samples.iter().map(of).max().unwrap_or_default();
        println!("most {name}: {} in the first half, {} in the second", most(first), most(second));
    }
    Ok(())
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    /// On the disk of the build, not in memory: what is measured waits for a disk.
    fn new() -> Result<Self> {
        let folder = crate::vendor::workspace_root().join(format!("target/load-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("failed to create {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
