//! Commands: their input, their environment, their end.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use webhook_inbox::sinks::ExecSink;
use webhook_inbox::{Ended, State};

use crate::bench::{Bench, start};

/// A script in the folder of a bench.
fn script(bench: &Bench, text: &str) -> PathBuf {
    let path = bench.folder.path().join("script.sh");
    let partial = bench.folder.path().join("script.partial");
    fs::write(&partial, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&partial, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(partial, &path).unwrap();
    path
}

fn sink(bench: &Bench, text: &str) -> ExecSink {
    ExecSink::new(script(bench, text)).directory(bench.folder.path())
}

#[tokio::test]
async fn a_command_that_fails_twice_and_then_succeeds_gets_the_exact_payload_each_time() {
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let text = r#"cat > payload.$WEBHOOK_ATTEMPT; echo "attempt $WEBHOOK_ATTEMPT"; test "$WEBHOOK_ATTEMPT" -ge 3 || { echo broken >&2; exit 7; }"#;
    let handled = bench.drain(sink(&bench, text)).await;
    assert_eq!((handled.done, handled.retried), (1, 2));
    let body = bench.inbox.get(row.seq).await.unwrap().unwrap().body;
    for attempt in 1..=3 {
        assert_eq!(fs::read(bench.folder.path().join(format!("payload.{attempt}"))).unwrap(), body);
    }
    let attempts = bench.attempts().await;
    let ends: Vec<_> = attempts.iter().map(|attempt| attempt.ended).collect();
    assert_eq!(ends, [Ended::Retry, Ended::Retry, Ended::Done]);
    let note = attempts[0].note.as_deref().unwrap();
    assert!(
        note.starts_with("exit status 7: ") && note.contains("attempt 1") && note.contains("broken"),
        "{note}"
    );
    assert_eq!(attempts[2].note.as_deref(), Some("attempt 3"));
}

#[tokio::test]
async fn facts_are_in_the_environment_and_nothing_else_is() {
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let sink = sink(&bench, "cat > /dev/null; env > environment").variable("CARGO_PKG_NAME");
    assert_eq!(bench.drain(sink).await.done, 1);
    let text = fs::read_to_string(bench.folder.path().join("environment")).unwrap();
    for line in [
        "WEBHOOK_VENDOR=qase".to_owned(),
        "WEBHOOK_EVENT=run.completed".to_owned(),
        format!("WEBHOOK_KEY={}", row.key),
        format!("WEBHOOK_ACCOUNT={}", row.account.unwrap()),
        format!("WEBHOOK_SEQ={}", row.seq),
        "WEBHOOK_SINK=sink".to_owned(),
        "WEBHOOK_ATTEMPT=1".to_owned(),
        "CARGO_PKG_NAME=webhook-inbox".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
    }
    assert!(text.contains("WEBHOOK_OCCURRED_AT=20"), "{text}");
    assert!(!text.contains("WEBHOOK_ROUTE"), "{text}");
    assert!(!text.contains("CARGO_MANIFEST_DIR"), "{text}");
}

#[tokio::test]
async fn no_shell_reads_the_facts_or_the_arguments() {
    let bench = Bench::new().await;
    let mut new = webhook_inbox::NewDelivery::raw(
        "qase",
        &webhook_core::IdempotencyKey::vendor("$(touch pwned)"),
        "{}",
    );
    new.event = Some("`touch pwned`; touch pwned".to_owned());
    bench.keep(new).await;
    let sink = sink(&bench, r#"printf '%s' "$1$WEBHOOK_KEY""#).arguments(["$(touch pwned)*"]);
    assert_eq!(bench.drain(sink).await.done, 1);
    assert_eq!(bench.notes().await, ["$(touch pwned)*id:$(touch pwned)"]);
    assert!(!bench.folder.path().join("pwned").exists());
}

#[tokio::test]
async fn output_without_an_end_is_read_and_its_end_kept() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let sink = sink(&bench, "head -c 50000000 /dev/zero | tr '\\0' x; echo; echo the end");
    assert_eq!(bench.drain(sink).await.done, 1);
    let notes = bench.notes().await;
    assert!(notes[0].ends_with("the end") && notes[0].len() <= 500, "{notes:?}");
}

#[tokio::test]
async fn a_large_payload_reaches_a_command_that_reads_and_harms_none_that_does_not() {
    for text in ["wc -c | tr -d ' \\n'", "exit 0", "exec 0<&-; sleep 0.1"] {
        let bench = Bench::new().await;
        bench.keep_bytes(vec![b'x'; 3_000_000]).await;
        assert_eq!(bench.drain(sink(&bench, text)).await.done, 1, "{text}");
        if text.starts_with("wc") {
            assert_eq!(bench.notes().await, ["3000000"]);
        }
    }
}

#[tokio::test]
async fn a_command_that_never_reads_its_large_payload_is_ended_after_the_time_limit() {
    let bench = Bench::new().await;
    bench.keep_bytes(vec![b'x'; 3_000_000]).await;
    let sink = sink(&bench, "exec sleep 1000").timeout(Duration::from_millis(300));
    let running = start(bench.consumer(sink).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert_eq!(bench.notes().await, ["terminated at its time limit of 300ms"]);
}

#[tokio::test]
async fn a_process_that_is_left_behind_with_the_payload_half_read_holds_nothing_up() {
    let bench = Bench::new().await;
    bench.keep_bytes(vec![b'x'; 3_000_000]).await;
    let started = Instant::now();
    // It has the input of the command, and never reads it.
    let text = "exec 3<&0; sleep 100 <&3 & echo $! > child; echo done";
    assert_eq!(bench.drain(sink(&bench, text)).await.done, 1);
    assert!(started.elapsed() < Duration::from_secs(50));
    assert_eq!(bench.notes().await, ["done"]);
    let id = fs::read_to_string(bench.folder.path().join("child")).unwrap();
    let _ = std::process::Command::new("kill").arg(id.trim()).status();
}

#[tokio::test]
async fn after_the_time_limit_the_command_and_what_it_started_are_ended() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    // It ignores the first signal, and so does what it started.
    let text = "trap '' TERM; echo started; sh -c \"trap '' TERM; echo \\$\\$ > child; sleep 1000\" & echo $$ > parent; sleep 1000; sleep 1000";
    let sink = sink(&bench, text).timeout(Duration::from_millis(500));
    let running = start(bench.consumer(sink).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert_eq!(bench.notes().await, ["terminated at its time limit of 500ms: started"]);
    for name in ["parent", "child"] {
        let id = fs::read_to_string(bench.folder.path().join(name)).unwrap();
        assert_ended(id.trim());
    }
}

#[tokio::test]
async fn a_process_that_is_left_behind_with_the_output_open_holds_nothing_up() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let started = Instant::now();
    assert_eq!(bench.drain(sink(&bench, "sleep 100 & echo $! > child; echo done")).await.done, 1);
    assert!(started.elapsed() < Duration::from_secs(50));
    assert_eq!(bench.notes().await, ["done"]);
    let id = fs::read_to_string(bench.folder.path().join("child")).unwrap();
    assert!(is_running(id.trim()), "what a command left behind is its own");
    let _ = std::process::Command::new("kill").arg(id.trim()).status();
}

#[tokio::test]
async fn a_worker_that_stops_ends_its_command_and_the_delivery_comes_again() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let text = "echo $$ > id.partial; mv id.partial id.$WEBHOOK_ATTEMPT.$(ls id.* 2>/dev/null | wc -l | tr -d ' '); test -e go || sleep 1000";
    let running = start(bench.consumer(sink(&bench, text)).shutdown_grace(Duration::from_millis(200)));
    let first = bench.folder.path().join("id.1.1");
    let first = if first.exists() { first } else { bench.folder.path().join("id.1.0") };
    let other = bench.folder.path().join("id.1.1");
    let begun = Instant::now();
    while !first.exists() && !other.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let id = fs::read_to_string(if first.exists() { first } else { other }).unwrap();
    assert_eq!(running.stop().await.done, 0);
    assert_ended(id.trim());
    assert_eq!(bench.state().await, State::Pending);
    fs::write(bench.folder.path().join("go"), "").unwrap();
    assert_eq!(
        bench
            .drain(ExecSink::new(bench.folder.path().join("script.sh")).directory(bench.folder.path()))
            .await
            .done,
        1
    );
}

#[tokio::test]
async fn a_command_that_is_killed_or_not_there_is_tried_again() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let running = start(bench.consumer(sink(&bench, "kill -9 $$")).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert!(bench.notes().await[0].contains("signal: 9"), "{:?}", bench.notes().await);

    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let running = start(bench.consumer(ExecSink::new("no-such-command-anywhere")).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert!(bench.notes().await[0].starts_with("failed to start no-such-command-anywhere: "));
}

fn assert_ended(id: &str) {
    let started = Instant::now();
    while is_running(id) {
        assert!(started.elapsed() < Duration::from_secs(10), "process {id} runs on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process is there and no zombie.
fn is_running(id: &str) -> bool {
    let output = std::process::Command::new("ps").args(["-o", "stat=", "-p", id]).output().unwrap();
    let state = String::from_utf8(output.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}
